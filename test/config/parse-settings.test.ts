import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSettings, settingsJsonSchema } from '../../src/config/parse-settings.ts';
import { defaultCluster, type Settings, type SettingsProblem } from '../../src/config/settings.ts';

const SCHEMA_FILE = join(import.meta.dirname, '../../docs/schema/settings.schema.json');
const DEFAULTS: Settings = {
  clusters: [{ name: 'default', default: true }],
  slack: {
    mode: 'socket',
    port: 3000,
    host: '0.0.0.0',
    command: '/k8s',
    connections: 2,
    guests: 'refuse',
    sharedChannels: 'refuse',
    botsMayAsk: false,
  },
  channels: [],
  reading: [],
  alerts: {
    senders: [],
    mappings: [],
    clusterLabel: 'cluster',
    clusterNames: {},
    routes: [],
    ignore: [],
    mute: [],
    storm: { incidentsPerMinute: 10, calmMinutes: 5 },
    people: { acknowledge: ['*'], silence: [] },
    alertmanagers: [],
    watch: [],
    forgetAfterHours: 24,
    owners: { labels: ['owner', 'team'], ids: {} },
  },
  remediation: {
    rules: [],
    identities: [],
    protectedNamespaces: [
      'kube-system',
      'kube-public',
      'kube-node-lease',
      'rook-ceph',
      'ceph*',
      '*-csi*',
      'cilium*',
      'calico*',
      'tigera*',
      'kube-flannel',
      'longhorn-system',
    ],
    freezes: [],
    limits: {
      perClusterHour: 5,
      perNamespaceHour: 3,
      perTargetMinutes: 30,
      perTargetDay: 2,
      inFlightPerNamespace: 1,
      inFlightPerCluster: 2,
    },
    times: { proposalMinutes: 30, approvalMinutes: 15, leaseSeconds: 30, verifyMinutes: 5 },
    operators: [],
    sharedChannels: 'refuse',
    upgrades: 'refuse',
    runbooks: [],
  },
  limits: {
    questionsPerUserPerMinute: 20,
    questionTimeoutSeconds: 15,
    questionExpirySeconds: 300,
    diagnoserConcurrency: 8,
  },
  playbooks: [],
  retention: { days: 30 },
  redis: { prefix: 'kubewhy' },
};

describe('parseSettings', () => {
  it.each([[undefined], [null], [{}]])('of %j gives what holds by default', (content) => {
    expect(parseSettings(content)).toEqual({ kind: 'valid', settings: DEFAULTS });
  });

  it('reads everything', () => {
    const content = {
      clusters: [
        { name: 'prod', kubeconfig: 'prod.yaml', context: 'prod@eu', default: true, description: 'Frankfurt' },
        { name: 'stage' },
      ],
      slack: { mode: 'http', port: 8080, guests: 'allow', sharedChannels: 'allow', botsMayAsk: true, command: '/kw' },
      channels: [{ id: 'C0SHOP', cluster: 'stage', namespace: 'shop' }],
      reading: [
        { channels: ['C0SHOP', 'direct'], users: ['U0ANN'], clusters: ['prod'], namespaces: ['shop', 'team-*'] },
      ],
      alerts: {
        senders: [{ name: 'prometheus', format: 'robusta', cluster: 'prod', namespaces: ['shop', 'team-*'] }],
        mappings: [
          {
            name: 'robusta',
            list: 'alerts',
            labelsFrom: 'labels',
            annotationsFrom: 'annotations',
            labels: { alertname: 'title' },
            annotations: { summary: 'description' },
            resolved: { path: 'failure', values: ['false'] },
            startsAt: 'starts_at',
            endsAt: 'ends_at',
            fingerprint: 'aggregation_key',
          },
        ],
        clusterLabel: 'k8s_cluster',
        clusterNames: { 'eu-prod-1': 'prod' },
        routes: [
          {
            match: {
              alertname: 'Kube*',
              cluster: 'prod',
              namespace: 'shop',
              severity: 'critical',
              labels: { team: 'a*' },
            },
            channel: 'C0SHOP',
            mention: 'owner',
          },
        ],
        channel: 'C0SHOP',
        ignore: ['KubeCPU*'],
        mute: [
          {
            name: 'night',
            match: { severity: 'warning' },
            windows: [
              { from: '22:00', to: '06:00', days: ['sat', 'sun'], timezone: 'Europe/Berlin' },
              { starts: '2026-11-20T22:00:00Z', ends: '2026-11-20T23:00:00+01:00' },
            ],
          },
        ],
        fallbackChannel: 'C0ELSE',
        storm: { incidentsPerMinute: 20, calmMinutes: 10 },
        people: { acknowledge: ['U0ANN', 'S0STORE'], silence: ['U0ANN'] },
        alertmanagers: [{ name: 'main', url: 'http://alertmanager:9093', clusters: ['prod'] }],
        watch: [{ clusters: ['prod'], namespaces: ['shop'], afterSeconds: 60 }],
        forgetAfterHours: 48,
        owners: { labels: ['owner'], ids: { storefront: 'S0STORE' } },
      },
      limits: { questionTimeoutSeconds: 30 },
      playbooks: ['./playbooks'],
      retention: { days: 7 },
      redis: { prefix: 'kw' },
    };

    expect(parseSettings(content)).toEqual({
      kind: 'valid',
      settings: {
        ...content,
        slack: { ...DEFAULTS.slack, ...content.slack },
        remediation: DEFAULTS.remediation,
        limits: { ...DEFAULTS.limits, ...content.limits },
      },
    });
  });

  it('lists every problem at once, with its place', () => {
    const content = {
      clusters: [{ nam: 'x', name: 'UPPER' }],
      slack: { mode: 'web', token: 'hidden' },
      reading: [{ channels: [], namespaces: ['a b'] }],
      limits: { diagnoserConcurrency: 0 },
      routing: [],
    };

    expect(placesOf(problemsOf(content))).toEqual([
      'clusters.0.name',
      'clusters.0.nam',
      'slack.mode',
      'slack.token',
      'reading.0.channels',
      'reading.0.namespaces.0',
      'limits.diagnoserConcurrency',
      'routing',
    ]);
    expect(JSON.stringify(problemsOf(content))).not.toContain('hidden');
  });

  it('compares the parts of the alerts with each other', () => {
    const content = {
      clusters: [{ name: 'prod' }, { name: 'stage' }],
      alerts: {
        senders: [{ name: 'a', format: 'robsta', cluster: 'prd' }, { name: 'a' }],
        mappings: [{ name: 'robusta' }, { name: 'robusta' }, { name: 'grafana' }],
        clusterNames: { eu: 'prodd' },
        routes: [
          { match: { cluster: 'nowhere' }, channel: 'C01' },
          { match: { cluster: 'st*' }, channel: 'C01' },
        ],
        alertmanagers: [
          { name: 'main', url: 'http://alertmanager:9093', clusters: ['prod', 'prode'] },
          { name: 'main', url: 'http://alertmanager:9093' },
        ],
        watch: [{ namespaces: ['shop'] }, { namespaces: ['shop'], clusters: ['stag'] }],
      },
    };

    expect(placesOf(problemsOf(content))).toEqual([
      'alerts.senders.1.name',
      'alerts.mappings.1.name',
      'alerts.alertmanagers.1.name',
      'alerts.mappings.2.name',
      'alerts.senders.0.format',
      'alerts.senders.0.cluster',
      'alerts.clusterNames.eu',
      'alerts.alertmanagers.0.clusters.1',
      'alerts.watch.1.clusters.0',
      'alerts.routes.0.match.cluster',
    ]);
  });

  it('refuses what alerts could not be routed by', () => {
    const alerts = {
      clusterLabel: '__name__',
      routes: [{ match: { namespace: '*****' }, channel: 'shop', mention: '@here' }],
      mute: [{ name: 'x', windows: [{ from: '25:00', to: '06:00' }] }],
      owners: { ids: { a: 'channel' } },
    };

    expect(placesOf(problemsOf({ alerts }))).toEqual([
      'alerts.clusterLabel',
      'alerts.routes.0.match.namespace',
      'alerts.routes.0.channel',
      'alerts.routes.0.mention',
      'alerts.mute.0.windows.0.from',
      'alerts.owners.ids.a',
    ]);
  });

  it('knows the keys of the place where one is not known', () => {
    const [problem] = problemsOf({ channels: [{ id: 'C0SHOP', namespce: 'x' }] });

    expect(problem).toEqual({
      path: ['channels', 0, 'namespce'],
      reason: 'there is no such key',
      unknown: { word: 'namespce', known: ['id', 'cluster', 'namespace'] },
    });
  });

  it('says where secrets belong', () => {
    const [problem] = problemsOf({ slack: { botToken: 'xoxb-1' } });

    expect(problem?.reason).toBe('there is no such key; secrets belong into the environment, see .env.example');
  });

  it('compares the parts with each other', () => {
    const content = {
      clusters: [{ name: 'a', default: true }, { name: 'b', default: true }, { name: 'a' }],
      channels: [{ id: 'C01', cluster: 'c' }, { id: 'C01' }],
      reading: [{ channels: ['C01'], namespaces: ['*'], clusters: ['a', 'd'] }],
    };

    expect(placesOf(problemsOf(content))).toEqual([
      'clusters.2.name',
      'clusters.1.default',
      'channels.1.id',
      'channels.0.cluster',
      'reading.0.clusters.1',
    ]);
  });

  it.each(['a b', 'a:b', '../x', 'a\u0000', '-a', 'a-', 'A', 'x'.repeat(64), '', '<!channel>', 'a{b}', 'a\n'])(
    'refuses %j as the name of a cluster',
    (name) => {
      expect(placesOf(problemsOf({ clusters: [{ name }] }))).toContain('clusters.0.name');
    },
  );

  it('cannot be changed', () => {
    const result = parseSettings({ reading: [{ channels: ['direct'], namespaces: ['a'] }] });

    const parts =
      result.kind === 'valid' ? [result.settings, result.settings.slack, result.settings.reading[0]?.namespaces] : [];

    expect(parts.map((part) => Object.isFrozen(part))).toEqual([true, true, true]);
  });

  it('never throws, whatever the file says', () => {
    fc.assert(
      fc.property(fc.anything(), (content) => {
        expect(['valid', 'invalid']).toContain(parseSettings(content).kind);
      }),
    );
  });
});

describe('defaultCluster', () => {
  it.each([
    [[{ name: 'a' }], 'a'],
    [[{ name: 'a' }, { name: 'b', default: true }], 'b'],
    [[{ name: 'a' }, { name: 'b' }], undefined],
  ])('of %j is %s', (clusters, name) => {
    expect(defaultCluster({ clusters })).toBe(name);
  });
});

describe('docs/schema/settings.schema.json', () => {
  it('is what the code accepts (node scripts/write-schema.ts)', () => {
    expect(JSON.parse(readFileSync(SCHEMA_FILE, 'utf8'))).toEqual(structuredClone(settingsJsonSchema()));
  });
});

function problemsOf(content: unknown): readonly SettingsProblem[] {
  const result = parseSettings(content);
  return result.kind === 'invalid' ? result.problems : [];
}

function placesOf(problems: readonly SettingsProblem[]): readonly string[] {
  return problems.map(({ path }) => path.join('.'));
}

describe('the words of a problem', () => {
  it.each([
    [{ slack: { connections: 99 } }, 'at most 10'],
    [{ limits: { questionTimeoutSeconds: 0 } }, 'at least 1'],
    [{ slack: { host: 'x'.repeat(300) } }, 'at most 253 characters'],
    [{ slack: { mode: 'sockets' } }, 'expected one of "socket" or "http"'],
    [{ reading: [{ channels: ['direct'] }] }, 'this key is required'],
  ])('%j', (content, reason) => {
    expect(parseSettings(content)).toMatchObject({ kind: 'invalid', problems: [{ reason }] });
  });
});
