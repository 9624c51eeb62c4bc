import { describe, expect, it } from 'vitest';
import { KubewhyError } from '../../src/core/errors/kubewhy-error.ts';
import { type AlertIntakeSettings, createAlertTaker } from '../../src/usecases/take-alerts.ts';
import { CountingMetrics, FakeAlertIntake, INTAKE_SETTINGS } from '../adapters/http/alerts-stage.ts';
import { wireAlert, wirePayload } from '../core/triage/payloads.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';

const POD = { alertname: 'KubePodNotReady', namespace: 'shop', pod: 'web-0' };

function stage(initial: Partial<AlertIntakeSettings> = {}) {
  const state = { settings: { ...INTAKE_SETTINGS, ...initial }, pauses: 0 };
  const intake = new FakeAlertIntake();
  const clock = new FakeClock('2026-11-20T02:00:00.000Z');
  const logger = new RecordingLogger();
  const metrics = new CountingMetrics();
  const taker = createAlertTaker({
    intake,
    settings: () => state.settings,
    clock,
    logger,
    metrics,
    pause: async () => {
      state.pauses += 1;
    },
  });
  const take = (body: object, sender = 'prometheus', cut = false) =>
    taker.take({ sender, text: JSON.stringify(body), cut });
  return { state, intake, clock, logger, metrics, take };
}

describe('createAlertTaker', () => {
  it('stores what an alert is about, where it goes and when it came', async () => {
    const { intake, take } = stage({
      senders: [{ name: 'prometheus', format: 'alertmanager', cluster: 'prod', namespaces: ['shop', 'team-*'] }],
      clusters: { clusters: ['prod', 'stage'], clusterLabel: 'cluster', clusterNames: {} },
    });

    const taken = await take(wirePayload([wireAlert({ ...POD, team: 'storefront' })]));

    expect(taken).toEqual({ kind: 'taken', accepted: 1, repeated: 0, ignored: 0, withoutChannel: 0 });
    expect(intake.alerts).toMatchObject([
      {
        mapped: {
          alert: { sender: 'prometheus', startsAt: '2026-11-20T01:49:00.123Z', status: 'firing' },
          target: { kind: 'object', object: { kind: 'Pod', namespace: 'shop', name: 'web-0' } },
          trail: [],
        },
        cluster: 'prod',
        channel: 'C0ALL',
        owner: 'storefront',
        readable: ['shop', 'team-*'],
        receivedAt: '2026-11-20T02:00:00.000Z',
        notes: [],
      },
    ]);
  });

  it('takes a sender that only its token is known of for one that may speak about everything', async () => {
    const { intake, take } = stage({ senders: [] });

    await take(wirePayload([wireAlert({ alertname: 'KubeNodeNotReady', node: 'worker-1' })]), 'robusta');

    expect(intake.alerts).toMatchObject([
      { mapped: { alert: { sender: 'robusta' }, target: { kind: 'object' } }, readable: ['*'] },
    ]);
  });

  it('follows senders, mappings and routes that change', async () => {
    const { state, intake, take } = stage();
    const custom = { alerts: [{ title: 'Shop is down', subject: { pod: 'web-0', namespace: 'shop' } }] };
    const labels = { alertname: 'title', pod: 'subject.pod', namespace: 'subject.namespace' };
    const before = await take(custom);
    state.settings = {
      ...state.settings,
      senders: [{ name: 'prometheus', format: 'own', namespaces: ['other'] }],
      mappings: [{ name: 'own', list: 'alerts', labels, annotations: {} }],
      routing: { ...state.settings.routing, routes: [{ match: { alertname: 'Shop*' }, channel: 'C0SHOP' }] },
    };

    const after = await take(custom);

    expect([before.kind, after.kind]).toEqual(['refused', 'taken']);
    expect(intake.alerts).toMatchObject([
      {
        mapped: {
          target: {
            kind: 'unmapped',
            reason: 'it is about the namespace shop, and its sender may speak about other only',
          },
        },
        channel: 'C0SHOP',
      },
    ]);
  });

  it('keeps apart the same alert of several senders when they may not speak about everything', async () => {
    const limited = (name: string) => ({ name, format: 'auto', namespaces: ['shop'] });
    const { intake, take } = stage({ senders: [limited('team-a'), limited('team-b')] });
    const payload = wirePayload([wireAlert(POD, { fingerprint: 'abc' })]);

    for (const sender of ['team-a', 'team-b', 'robusta']) {
      await take(payload, sender);
    }

    expect(intake.alerts.map(({ mapped }) => mapped.alert.fingerprint)).toEqual(['abc.team-a', 'abc.team-b', 'abc']);
  });

  it('keeps the end of an alert, and an alert that begins in the future, as they are', async () => {
    const { intake, take } = stage();

    await take(
      wirePayload([
        wireAlert(POD, { status: 'resolved', endsAt: '2026-11-20T01:59:00Z' }),
        wireAlert(POD, { fingerprint: 'b', startsAt: '2031-01-01T00:00:00Z' }),
        wireAlert(POD, { fingerprint: 'c', startsAt: undefined }),
      ]),
    );

    expect(intake.alerts.map(({ mapped: { alert } }) => [alert.status, alert.startsAt, alert.endsAt])).toEqual([
      ['resolved', '2026-11-20T01:49:00.123Z', '2026-11-20T01:59:00.000Z'],
      ['firing', '2031-01-01T00:00:00.000Z', undefined],
      ['firing', undefined, undefined],
    ]);
  });

  it('tells what was left out once, with an alert that fires and is shown', async () => {
    const { intake, take } = stage();

    await take(
      wirePayload(
        [
          wireAlert({ alertname: 'Watchdog' }, { fingerprint: 'a' }),
          wireAlert(POD, { fingerprint: 'b', status: 'resolved' }),
          wireAlert(POD, { fingerprint: 'c' }),
          wireAlert(POD, { fingerprint: 'd' }),
          'no alert',
        ],
        { truncatedAlerts: 2 },
      ),
    );

    const notes = ['2 alerts were left out by the sender', '1 entry is no alert and left out'];
    expect(intake.alerts.map((alert) => [alert.mapped.alert.fingerprint, alert.notes])).toEqual([
      ['b', []],
      ['c', notes],
      ['d', []],
    ]);
  });

  it('tells it with an end when nothing fires', async () => {
    const { intake, take } = stage();

    await take(wirePayload([wireAlert(POD, { status: 'resolved' })], { truncatedAlerts: 1 }));

    expect(intake.alerts.map(({ notes }) => notes)).toEqual([['1 alert was left out by the sender']]);
  });

  it('drops what goes to no channel, and says so once a minute', async () => {
    const { channel: _, ...routing } = INTAKE_SETTINGS.routing;
    const { clock, intake, logger, metrics, take } = stage({ routing });
    const payload = wirePayload([wireAlert(POD), wireAlert({ alertname: 'InfoInhibitor' })]);

    const taken = [await take(payload), await take(payload)];
    clock.advance(61_000);
    await take(payload);

    expect(taken[0]).toEqual({ kind: 'taken', accepted: 0, repeated: 0, ignored: 1, withoutChannel: 1 });
    expect([intake.calls, logger.lines.filter(({ level }) => level === 'warn').map(({ fields }) => fields)]).toEqual([
      0,
      [
        { sender: 'prometheus', alerts: 1 },
        { sender: 'prometheus', alerts: 2 },
      ],
    ]);
    expect(metrics.counts).toEqual({ 'alerts_received_total ignored': 3, 'alerts_received_total no_channel': 3 });
  });

  it('takes a payload without alerts', async () => {
    const { intake, take } = stage();

    expect(await take(wirePayload([]))).toMatchObject({ kind: 'taken', accepted: 0 });
    expect(intake.calls).toBe(0);
  });

  it('fails when the store fails, without having counted anything', async () => {
    const { intake, logger, metrics, take } = stage();
    const failure = new KubewhyError('STORE_UNAVAILABLE', { message: 'Redis does not answer.' });
    intake.failure = failure;

    await expect(take(wirePayload([wireAlert(POD)]))).rejects.toBe(failure);
    expect(logger.lines.map(({ level, message }) => [level, message])).toEqual([
      ['warn', 'alerts could not be stored; they are expected again'],
    ]);
    expect(metrics.counts).toEqual({});
  });

  it('lets the process do other work between slices of many alerts', async () => {
    const { state, take } = stage();
    const alerts = Array.from({ length: 1000 }, (_, index) => wireAlert(POD, { fingerprint: `f${index}` }));

    await take(wirePayload(alerts));

    expect(state.pauses).toBeGreaterThan(1000 / 50);
  });
});
