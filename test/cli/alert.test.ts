import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadAllPlaybooks } from '../../src/app/playbooks.ts';
import type { Output } from '../../src/cli/output.ts';
import { runCommandLine } from '../../src/cli/run.ts';
import { parseConfig } from '../../src/config/config.ts';
import { wireAlert, wirePayload } from '../core/triage/payloads.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples');
const INCIDENT = join(EXAMPLES, 'alerts/incident-a.json');
const RECORDING = join(EXAMPLES, 'incident-a-subpath');
const folder = mkdtempSync(join(tmpdir(), 'kubewhy-alert-'));
const playbooks = loadAllPlaybooks([]);
let files = 0;

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function fileOf(content: object | string): string {
  files += 1;
  const path = join(folder, `${files}.json`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const SETTINGS = fileOf(
  JSON.stringify({
    clusters: [{ name: 'prod', default: true }, { name: 'stage' }],
    alerts: {
      senders: [
        { name: 'robusta', format: 'robusta', cluster: 'prod' },
        { name: 'team-b', cluster: 'prod', namespaces: ['team-b'] },
      ],
      mappings: [{ name: 'robusta', labels: { alertname: 'title', pod: 'pod', namespace: 'namespace' } }],
      routes: [{ match: { namespace: 'shop' }, channel: 'C0SHOP', mention: 'owner' }],
      channel: 'C0ALL',
      owners: { ids: { storefront: 'S0STORE' } },
    },
  }),
);

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly notes: string;
}

async function run(...args: readonly string[]): Promise<Ran> {
  const out: string[] = [];
  const notes: string[] = [];
  const output: Output = {
    width: 100,
    noteWidth: Number.POSITIVE_INFINITY,
    terminal: false,
    print: (text) => void out.push(text),
    note: (text) => void notes.push(text),
    waiting: (_text, task) => task(),
  };
  const code = await runCommandLine(['alert', ...args], {
    output,
    readConfig: () => parseConfig({}),
    loadPlaybooks: () => playbooks,
  });
  return { code, out: out.join('\n'), notes: notes.join('\n') };
}

describe('kubewhy alert FILE', () => {
  it('refuses what the mapping of the sender does not fit', async () => {
    const { code, out, notes } = await run(INCIDENT, '--config', SETTINGS, '--sender', 'robusta');

    expect(notes).toContain('not accepted: none of the 1 entries of its list is an alert');
    expect([code, out]).toEqual([3, '']);
  });

  it('shows the object, the channel and what was left out', async () => {
    const payload = wirePayload(
      [
        wireAlert({
          alertname: 'KubePodNotReady',
          namespace: 'shop',
          pod: 'web-0',
          cluster: 'prod',
          team: 'storefront',
        }),
        wireAlert({ alertname: 'KubePodNotReady', namespace: 'shop', pod: 'web-0' }, { status: 'resolved' }),
        wireAlert({ alertname: 'Watchdog' }),
      ],
      { truncatedAlerts: 3 },
    );

    const { code, out } = await run(fileOf(payload), '--config', SETTINGS);

    expect(out.split('\n')).toEqual([
      '3 alerts: 2 firing, 1 resolved · alertmanager · receiver kubewhy',
      '  3 alerts were left out by the sender',
      '',
      '  ● firing KubePodNotReady',
      '    Pod shop/web-0 → channel C0SHOP, mentions S0STORE',
      '',
      '  ✓ resolved KubePodNotReady',
      '    not mapped, it has no label cluster, and there are several clusters: prod and stage → channel',
      '    C0ALL',
      '',
      '  ● firing Watchdog',
      '    ignored, it only says that alerting works',
      '',
      'to diagnose them name a cluster (-c, --context, --kubeconfig) or a recording (--from)',
    ]);
    expect(code).toBe(0);
  });

  it('explains', async () => {
    const { out } = await run(join(EXAMPLES, 'alerts/resolved-and-firing.json'), '--explain');

    expect(out).toContain('    - label instance is the address of the node: 10.0.0.12');
    expect(out).toContain('    - team names the owner "storefront"');
    expect(out).toContain('    - to test first: volume-full');
  });

  it('reads by the mapping of a sender', async () => {
    const payload = fileOf({ title: 'Shop is down', pod: 'web-0', namespace: 'shop' });

    const { out } = await run(payload, '--config', SETTINGS, '--sender', 'robusta', '--explain');

    expect(out).toContain('● firing Shop is down\n    Pod shop/web-0 → channel C0SHOP');
    expect(out).toContain('cluster prod: that of the sender');
  });

  it('says about which namespaces a sender may not speak', async () => {
    const payload = fileOf(wirePayload([wireAlert({ alertname: 'KubePodNotReady', namespace: 'shop', pod: 'web-0' })]));

    const { out } = await run(payload, '--config', SETTINGS, '--sender', 'team-b', '--explain');

    expect(out).toContain(
      '    - not mapped, it is about the namespace shop, and its sender may speak about team-b only',
    );
    expect(out).toContain('    - no route fits: default channel C0ALL');
  });

  it('never prints what a terminal obeys', async () => {
    const hostile = '\u001b[2J\u202e<!channel>';
    const labels = { alertname: hostile, namespace: hostile, pod: hostile, team: hostile, cluster: hostile };

    const { out } = await run(fileOf(wirePayload([wireAlert(labels)], { receiver: hostile })), '--explain');

    expect(out).toContain('<!channel>');
    expect(out).not.toContain('\u001b');
    expect(out).not.toContain('\u202e');
  });

  it.each([
    [[], 'Which payload?'],
    [['a', 'b'], 'Which payload?'],
    [[join(folder, 'nothing')], 'cannot be read (ENOENT)'],
    [[folder], 'cannot be read (EISDIR)'],
    [[fileOf('{"a":')], 'The payload is not accepted: it is not JSON.'],
    [
      [INCIDENT, '--config', SETTINGS, '-c', 'prd'],
      'There is no cluster "prd" in the settings; there is prod and stage.',
    ],
    [[INCIDENT, '--config', SETTINGS, '--sender', 'robsta'], 'Did you mean `robusta`?'],
  ])('%j is wrong: %s', async (args, note) => {
    const { code, notes } = await run(...args);

    expect(notes).toContain(note);
    expect(code).toBe(3);
  });

  it('reads the first 8 MiB of a payload, however long it is', async () => {
    const alerts = Array.from({ length: 20_000 }, (_, index) =>
      wireAlert(
        { alertname: 'KubePodNotReady', namespace: 'shop', pod: `web-${index}` },
        {
          annotations: { description: 'x'.repeat(1000) },
        },
      ),
    );
    const path = fileOf(wirePayload(alerts));
    // The file system holds no bytes for the rest.
    truncateSync(path, 300 * 1024 * 1024);
    const before = process.memoryUsage().rss;

    const { code, out } = await run(path);

    expect(out).toContain('the end of the payload was not read: it was longer than 8 MiB, or too slow to come');
    expect(out).toMatch(/^6\d{3} alerts: 6\d{3} firing, 0 resolved/);
    expect(out).toMatch(/and \d{4} more, shown with -o json/);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
    expect(code).toBe(0);
  });
});

describe('kubewhy alert FILE --from', () => {
  it('answers once for the pods of one workload', async () => {
    const { code, out } = await run(INCIDENT, '--from', RECORDING);

    const answers = out.slice(out.indexOf('\n● Deployment')).trim();
    expect(answers.match(/^[●?✓] .*/gm)).toEqual([
      expect.stringContaining('● Deployment shop/blog-api: container `blog-api` cannot restart: ConfigMap'),
      expect.stringContaining(
        '● Deployment shop/i-web: the liveness probe of `i-web` fails while `blog-api` has no ready pod',
      ),
    ]);
    expect(answers).toContain('3 alerts: Pod shop/blog-api-599bdd9787-9cpn7');
    expect(code).toBe(1);
  });

  it('asks about the pod when it is alone', async () => {
    const labels = { alertname: 'KubePodCrashLooping', namespace: 'shop', pod: 'blog-api-599bdd9787-9cpn7' };
    const uid = '00000000-0000-0000-0000-000000000000';

    const { code, out } = await run(fileOf(wirePayload([wireAlert({ ...labels, uid })])), '--from', RECORDING, '-v');

    expect(out).toContain('● shop/blog-api-599bdd9787-9cpn7: container `blog-api` cannot restart');
    expect(out).toContain('  proof ');
    expect(out).toContain('pod blog-api-599bdd9787-9cpn7 was replaced since');
    expect(code).toBe(1);
  });

  it('says what it does not ask about', async () => {
    const alerts = [
      { alertname: 'KubeQuotaExceeded', namespace: 'shop', resourcequota: 'compute' },
      { alertname: 'KubeAPIDown' },
      { alertname: 'KubeCPUOvercommit' },
      { alertname: 'NodeClockSkewDetected', instance: '10.9.9.9:9100' },
      { alertname: 'Something' },
    ];

    const { code, out } = await run(fileOf(wirePayload(alerts.map((one) => wireAlert(one)))), '--from', RECORDING);

    expect(out).toContain(
      '- ResourceQuota shop/compute: not asked about, Kubewhy cannot be asked about a ResourceQuota',
    );
    expect(out).toContain('- control plane: api-server: not asked about, it is about no object');
    expect(out).toContain('- the cluster as a whole: not asked about, it is information only');
    expect(out).toContain('no node has the address 10.9.9.9');
    expect(out).toContain('it has no label namespace that names a Namespace');
    expect(code).toBe(0);
  });

  it('says that an object is gone', async () => {
    const payload = wirePayload([wireAlert({ alertname: 'KubePodNotReady', namespace: 'shop', pod: 'gone-0' })]);

    const { code, out } = await run(fileOf(payload), '--from', RECORDING);

    expect(out).toContain('? shop/gone-0: ');
    expect(code).toBe(3);
  });

  it('asks about 20 root objects', async () => {
    const alerts = Array.from({ length: 25 }, (_, index) =>
      wireAlert({ alertname: 'KubeDeploymentReplicasMismatch', namespace: 'shop', deployment: `gone-${index}` }),
    );

    const { out } = await run(fileOf(wirePayload(alerts)), '--from', RECORDING);

    expect(out.match(/^\? /gm)).toHaveLength(20);
    expect(out).toContain('5 more were not asked about');
  });

  it('prints data', async () => {
    const { code, out } = await run(INCIDENT, '--from', RECORDING, '-o', 'json');

    const document = JSON.parse(out);
    expect(document).toMatchObject({
      apiVersion: 'kubewhy.dev/v1',
      kind: 'Alerts',
      format: 'alertmanager',
      leftOut: [],
    });
    expect(document.alerts[0]).toEqual({
      status: 'firing',
      name: 'KubePodCrashLooping',
      fingerprint: JSON.parse(readFileSync(INCIDENT, 'utf8')).alerts[0].fingerprint,
      startsAt: '2020-02-12T02:05:13.846Z',
      groupKey: '{}:{namespace="shop"}',
      cluster: 'default',
      target: {
        kind: 'object',
        object: {
          kind: 'Pod',
          namespace: 'shop',
          name: 'blog-api-599bdd9787-9cpn7',
          uid: '5b3c8f0e-6d0c-4d52-9b6c-2f6f0a2f7c11',
        },
      },
      container: 'blog-api',
      first: expect.arrayContaining(['subpath-stale-bind-mount']),
      information: false,
      routing: { kind: 'no-channel' },
      trail: expect.arrayContaining(['label pod names the Pod']),
    });
    expect(document.answers.map(({ about, alerts }: { about: string; alerts: [] }) => [about, alerts.length])).toEqual([
      ['Deployment shop/blog-api', 3],
      ['Deployment shop/i-web', 3],
    ]);
    expect(code).toBe(1);
  });
});
