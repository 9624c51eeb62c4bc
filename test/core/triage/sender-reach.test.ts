import { describe, expect, it } from 'vitest';
import type { AlertTarget } from '../../../src/core/triage/alert-target.ts';
import { withinReach, withOwnFingerprint } from '../../../src/core/triage/sender-reach.ts';
import { planAlert, planTriage } from '../../../src/core/triage/triage-plan.ts';
import { alertOf, mapped, ONE_CLUSTER } from './payloads.ts';

const POD = mapped({ alertname: 'KubePodNotReady', namespace: 'team-a', pod: 'web-0' });
const NODE = mapped({ alertname: 'KubeNodeNotReady', node: 'worker-1' });
const NAMESPACE = mapped({ alertname: 'Custom', namespace: 'team-a' });
const ADDRESS = mapped({ alertname: 'NodeClockSkewDetected', instance: '10.0.0.1:9100' });
const CLUSTER = mapped({ alertname: 'KubeCPUOvercommit' });
const WATCHDOG = mapped({ alertname: 'Watchdog' });
const UNNAMED = mapped({ alertname: 'Custom' });

describe('withOwnFingerprint', () => {
  it('makes an alert one of its sender, unless that may speak about everything', () => {
    const alert = alertOf({ alertname: 'X' }, { sender: 'team-b', fingerprint: 'abc' });

    expect([withOwnFingerprint(alert, ['shop']), withOwnFingerprint(alert, ['shop', '*'])]).toEqual([
      { ...alert, fingerprint: 'abc.team-b' },
      alert,
    ]);
  });
});

describe('withinReach', () => {
  it.each([
    ['its namespace', POD, ['shop', 'team-a']],
    ['a pattern', POD, ['team-*']],
    ['everything', NODE, ['shop', '*']],
    ['a namespace itself', NAMESPACE, ['team-*']],
    ['what is ignored anyway', WATCHDOG, ['shop']],
    ['what is not mapped anyway', UNNAMED, ['shop']],
  ])('leaves alone what is within reach: %s', (_what, one, namespaces) => {
    expect(withinReach(one, namespaces)).toBe(one);
  });

  it.each([
    [
      'another namespace',
      POD,
      'it is about the namespace team-a, and its sender may speak about shop and team-b-* only',
    ],
    [
      'a namespace itself',
      NAMESPACE,
      'it is about the namespace team-a, and its sender may speak about shop and team-b-* only',
    ],
    ['a node', NODE, 'it is about something in no namespace, and its sender may speak about shop and team-b-* only'],
    [
      'an address',
      ADDRESS,
      'it is about something in no namespace, and its sender may speak about shop and team-b-* only',
    ],
    [
      'a cluster',
      CLUSTER,
      'it is about something in no namespace, and its sender may speak about shop and team-b-* only',
    ],
  ])('unmaps what is not: %s', (_what, one, reason) => {
    const { target, trail, cluster } = withinReach(one, ['shop', 'team-b-*']);

    expect(target).toEqual<AlertTarget>({ kind: 'unmapped', reason });
    expect([trail.at(-1), cluster]).toEqual([`not mapped, ${reason}`, one.cluster]);
  });

  it('lets call nobody what is out of reach', () => {
    const rules = {
      routes: [{ match: {}, channel: 'C0ALL', mention: 'S0ALL' }],
      ignore: [],
      mute: [],
      owners: { labels: [], ids: {} },
    };
    const alert = alertOf({ alertname: 'KubePodNotReady', namespace: 'team-a', pod: 'web-0' });

    const routings = [['team-*'], ['shop']].map(
      (namespaces) => planAlert(alert, { clusters: ONE_CLUSTER, routing: rules, namespaces }, new Date(0)).routing,
    );

    const said = { kind: 'channel', channel: 'C0ALL' };
    const trail = ['route 1: channel C0ALL', 'mentions S0ALL'];
    expect(routings).toEqual([
      { ...said, mention: 'S0ALL', trail },
      { ...said, trail: [...trail, 'mentions nobody: its sender may not speak about this'] },
    ]);
  });

  it('holds before an alert is routed, so that it goes where its namespace does not matter', () => {
    const alerts = [alertOf({ alertname: 'KubePodNotReady', namespace: 'team-a', pod: 'web-0' })];
    const routes = [{ match: { namespace: 'team-a' }, channel: 'C0TEAMA' }];
    const routing = { routes, channel: 'C0ALL', ignore: [], mute: [], owners: { labels: [], ids: {} } };
    const cuts = { bodyCut: false, leftOutBySender: 0, beyondLimit: 0, unreadable: 0, shortened: 0, dropped: 0 };
    const batch = { sender: 'shop', format: 'alertmanager', alerts, cuts };

    const channels = [undefined, ['shop']].flatMap((namespaces) =>
      planTriage(
        batch,
        { clusters: ONE_CLUSTER, routing, ...(namespaces === undefined ? {} : { namespaces }) },
        new Date(0),
      ).map((planned) => planned.routing),
    );

    expect(channels).toMatchObject([{ channel: 'C0TEAMA' }, { channel: 'C0ALL' }]);
  });
});
