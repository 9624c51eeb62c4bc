import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertKey } from '../../../src/core/triage/alert.ts';
import { ALERT_CATALOGUE } from '../../../src/core/triage/alert-catalogue.ts';
import type { AlertTarget } from '../../../src/core/triage/alert-target.ts';
import { readAlerts } from '../../../src/core/triage/read-alerts.ts';
import { groupByTarget } from '../../../src/core/triage/target-group.ts';
import { type PlannedAlert, planTriage } from '../../../src/core/triage/triage-plan.ts';
import { ONE_CLUSTER, wirePayload } from './payloads.ts';

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const RULES = {
  clusters: { ...ONE_CLUSTER, clusters: ['prod', 'stage'], senderCluster: 'prod' },
  routing: {
    routes: [{ match: { namespace: 's*p', labels: { team: '*a*' } }, channel: 'C01', mention: 'owner' }],
    channel: 'C0ALL',
    ignore: ['Kube*Over*'],
    mute: [],
    owners: { labels: ['owner', 'team'], ids: { a: 'S01' } },
  },
};

const NAMES = [
  'alertname',
  'namespace',
  'pod',
  'container',
  'node',
  'instance',
  'job',
  'job_name',
  'uid',
  'cluster',
  'name',
  'deployment',
  'statefulset',
  'daemonset',
  'persistentvolumeclaim',
  'persistentvolume',
  'horizontalpodautoscaler',
  'exported_namespace',
  'exported_pod',
  'exported_node',
  'workload',
  'workload_type',
  'reason',
  'team',
  'severity',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'a b',
  '',
  'résumé',
];
const VALUES = [
  'shop',
  'web-0',
  'kube-state-metrics',
  'kube-state-metrics-1',
  'node-exporter',
  'kubelet',
  'prod',
  'nowhere',

  '<!channel>',
  '<@U0BOSS>',
  '@here',
  'https://evil.example/?a=1',
  '[x](y)',
  '../../etc/passwd',
  'a/b',
  'a..b',
  '-a',

  '\u0000',
  '\u001b[2J',
  '\u202eboop',
  'x'.repeat(300),
  'shop\n',
  '10.0.0.1:9100',
  '[::1]:9100',
  ':::',
  'constructor',

  '81c1715d-7ac4-469f-afa8-980b87d604b1',
  '__proto__',
  '*',
  '${jndi:ldap://x}',
  '`id`',
  '\ud800',
];
/** So that the labels that are hostile are not the only ones. */
const SANE = { namespace: 'shop', pod: 'web-0', node: 'worker-2', deployment: 'web', statefulset: 'db' };
const alertNames = ALERT_CATALOGUE.flatMap(({ alerts }) => alerts);

const value = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...VALUES) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.anything({ maxDepth: 1 }) },
);
const labels = fc.dictionary(fc.oneof(fc.constantFrom(...NAMES), fc.string({ maxLength: 10 })), value, { maxKeys: 10 });
const alert = fc.record(
  {
    status: fc.constantFrom('firing', 'resolved', 'firing', 'pending', 1),
    labels: fc
      .tuple(labels, fc.constantFrom(...alertNames, 'Other', ''))
      .map(([all, alertname]) => ({ ...SANE, ...all, alertname })),
    annotations: fc.oneof(labels, value),
    startsAt: fc.oneof(fc.constantFrom('2026-11-20T01:49:00Z', '0001-01-01T00:00:00Z', ''), value),
    endsAt: value,
    fingerprint: fc.oneof(fc.constant('c4b2f0a1d3e59a77'), value),
    generatorURL: value,
  },
  { requiredKeys: ['labels'] },
);

function checkTarget(target: AlertTarget): void {
  if (target.kind === 'object') {
    const { namespace, name, uid } = target.object;
    expect(name).toMatch(SUBDOMAIN);
    expect(name.length).toBeLessThanOrEqual(253);
    expect(namespace === '' || (LABEL.test(namespace) && namespace.length <= 63)).toBe(true);
    expect(uid ?? '81c1715d-7ac4-469f-afa8-980b87d604b1').toMatch(/^[0-9a-f-]{36}$/);
  } else if (target.kind === 'node-address' || target.kind === 'scrape-target') {
    expect(target.address ?? 'none').toMatch(/^[0-9a-z.:-]{1,253}$/);
  }
}

function checkPlanned({ mapped, routing }: PlannedAlert): void {
  checkTarget(mapped.target);
  expect(mapped.container ?? 'none').toMatch(LABEL);
  expect(alertKey(mapped.alert, mapped.cluster?.name ?? '')).toMatch(/^al-[a-z]*-[\w-]{1,64}-\d+$/);
  if (routing.kind === 'channel') {
    expect(['C01', 'C0ALL']).toContain(routing.channel);
    expect(['S01', undefined]).toContain(routing.mention);
  }
}

describe('hostile alerts', () => {
  it('never become an object that Kubernetes would not allow', () => {
    let objects = 0;
    fc.assert(
      fc.property(fc.array(alert, { minLength: 1, maxLength: 4 }), fc.boolean(), (alerts, grafana) => {
        const text = JSON.stringify(wirePayload(alerts, grafana ? { orgId: 1, version: '1' } : {}));

        const result = readAlerts(text, { sender: 'prometheus', format: 'auto', mappings: [] });

        const planned = result.kind === 'alerts' ? planTriage(result.batch, RULES, new Date(0)) : [];
        planned.forEach(checkPlanned);
        objects += planned.filter(({ mapped }) => mapped.target.kind === 'object').length;
        expect(groupByTarget(planned.map(({ mapped }) => mapped)).length).toBeLessThanOrEqual(planned.length);
      }),
      { numRuns: 20_000 },
    );
    // The cases would prove nothing if none of them named an object.
    expect(objects).toBeGreaterThan(1000);
  }, 60_000);

  it('are understood or refused, whatever the text is', () => {
    const mapping = {
      name: 'm',
      list: 'a.b',
      labels: { alertname: 'a.0.constructor' },
      annotations: {},
      startsAt: 'x',
    };
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((text) => text.slice(0, text.length / 2)),
        ),
        fc.constantFrom('auto', 'alertmanager', 'grafana', 'm', 'nothing'),
        fc.boolean(),
        (text, format, bodyCut) => {
          const result = readAlerts(text, { sender: 'x', format, mappings: [mapping], bodyCut });

          expect(['alerts', 'refused']).toContain(result.kind);
        },
      ),
      { numRuns: 20_000 },
    );
  }, 60_000);

  it('are read although they are nested without an end', () => {
    const deep = `{"version":"4","alerts":[{"labels":${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}}]}`;
    const open = '['.repeat(4_000_000);

    const read = (text: string, bodyCut: boolean): string =>
      readAlerts(text, { sender: 'x', format: 'auto', mappings: [], bodyCut }).kind;

    expect([read(deep, false), read(open, false), read(open, true)]).toEqual(['refused', 'refused', 'refused']);
  });
});
