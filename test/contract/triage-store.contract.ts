import { describe, expect, test } from 'vitest';
import { sampleOutcome, sampleRecording } from '../fakes/samples.ts';
import { sampleChange, sampleDigest, sampleIncident, samplePast, sampleStoredAlert } from '../fakes/triage-samples.ts';
import { describeAlertIntake } from './alert-intake.contract.ts';
import { describeIncidentDesk } from './incident-desk.contract.ts';
import { type OpenTriageStore, pending, placeAll, placed, shortly, startTriage } from './started-triage.ts';

/** What every store of the triage does, for all three ports. */
export function describeTriageStore(name: string, open: OpenTriageStore): void {
  describeAlertIntake(name, open);
  describeIncidentDesk(name, open);

  describe(`triage store: ${name}`, { concurrent: true }, () => {
    test('one holder has the lease of a cluster until it gives it back', async () => {
      const { triage, lease } = await startTriage(open);

      const other = [await triage.take('prod', 'you'), await triage.take('test', 'you')];
      await triage.release({ ...lease, fence: lease.fence - 1 });
      const renewed = [await triage.renew(lease), await triage.renew({ ...lease, fence: lease.fence - 1 })];
      await triage.release(lease);
      const next = await triage.take('prod', 'you');

      expect(other).toEqual([undefined, { cluster: 'test', fence: expect.any(Number) }]);
      expect(renewed).toEqual([true, false]);
      expect(next?.fence).toBeGreaterThan(lease.fence);
      expect([await triage.renew(lease), await triage.save(lease, sampleChange())]).toEqual([false, 'lost']);
    });

    test('a lease that is not renewed ends', async () => {
      const { triage, pass } = await open({ leaseMs: 600 });
      const lease = await triage.take('prod', 'me');
      await pass(800);

      const next = await triage.take('prod', 'you');

      expect(lease).toBeDefined();
      expect(next?.fence).toBeGreaterThan(lease?.fence ?? 0);
      expect(await triage.renew(lease ?? { cluster: 'prod', fence: 0 })).toBe(false);
    });

    test('who takes the lease again has a new one', async () => {
      const { triage, lease } = await startTriage(open);

      const again = await triage.take('prod', 'me');

      expect(again?.fence).toBeGreaterThan(lease.fence);
      expect(await triage.renew(lease)).toBe(false);
    });

    test('what is saved without the lease is not stored', async () => {
      const stores = await startTriage(open);
      await stores.alerts.accept([sampleStoredAlert('a')]);
      const [one] = await pending(stores);
      await stores.triage.take('prod', 'me');

      const saved = await stores.triage.save(
        stores.lease,
        sampleChange({
          incidents: [sampleIncident('i-1')],
          keys: [{ key: 'k', incident: 'i-1' }],
          placed: one === undefined ? [] : [placed(one, 'i-1')],
        }),
      );

      expect(saved).toBe('lost');
      expect(await stores.triage.records(['i-1'])).toEqual(new Map());
      expect(await shortly(stores)).toEqual(['a firing new']);
    });

    test('incidents come back as they were, with a revision that grows', async () => {
      const { triage, desk, save } = await startTriage(open);
      const incident = sampleIncident('i-1');
      await save({ incidents: [incident] });
      const first = await triage.records(['i-1', 'i-none']);

      await save({ incidents: [{ ...incident, total: 2 }] });

      expect(first).toEqual(new Map([['i-1', { incident, people: { silences: [] }, revision: 1 }]]));
      expect(await desk.read('i-1')).toEqual({
        incident: { ...incident, total: 2 },
        people: { silences: [] },
        revision: 2,
      });
      expect(await desk.read('i-none')).toBeUndefined();
      expect(await triage.records([])).toEqual(new Map());
    });

    test('an incident is untold until its newest revision was told', async () => {
      const { triage, lease, save } = await startTriage(open);
      await save({ incidents: [sampleIncident('i-1'), sampleIncident('i-2')] });
      await save({ incidents: [sampleIncident('i-1')] });

      const before = (await triage.work('prod')).untold;
      await triage.told(lease, 'i-1', 1);
      await triage.told(lease, 'i-2', 1);
      const between = (await triage.work('prod')).untold;
      await triage.told({ ...lease, fence: 0 }, 'i-1', 2);
      const stale = (await triage.work('prod')).untold;
      await triage.told(lease, 'i-1', 2);
      await triage.told(lease, 'i-none', 0);

      expect([before.toSorted(), between, stale]).toEqual([['i-1', 'i-2'], ['i-1'], ['i-1']]);
      expect((await triage.work('prod')).untold).toEqual([]);
    });

    test('what cannot be told does not keep others out', async () => {
      const { triage, save, pass } = await startTriage(open);
      const ids = Array.from({ length: 250 }, (_, index) => `i-${index}`);
      await save({ incidents: ids.map((id) => sampleIncident(id)) });
      await pass(20);

      const pages = [(await triage.work('prod')).untold, (await triage.work('prod')).untold];

      expect(pages.map(({ length }) => length)).toEqual([200, 200]);
      expect(new Set(pages.flat()).size).toBe(250);
    });

    test('open incidents are listed, the oldest first', async () => {
      const { triage, save } = await startTriage(open);
      const at = (id: string, openedAt: string) => sampleIncident(id, { openedAt });
      await save({
        incidents: [
          at('i-new', '2026-01-31T12:02:00Z'),
          at('i-old', '2026-01-31T12:00:00Z'),
          at('i-over', '2026-01-31T11:00:00Z'),
        ],
      });

      await save({ incidents: [{ ...at('i-over', '2026-01-31T11:00:00Z'), state: 'resolved' }] });

      expect(await triage.open('prod')).toEqual(['i-old', 'i-new']);
      expect(await triage.open('other')).toEqual([]);
    });

    test('keys lead to open incidents only, and may go over to another one', async () => {
      const { triage, save } = await startTriage(open);
      const keys = ['k-1', 'k-2', 'k-3', 'k-4'];
      const to = (incident: string, ...some: readonly string[]) => some.map((key) => ({ key, incident }));
      await save({ incidents: [sampleIncident('i-1'), sampleIncident('i-2')], keys: to('i-1', 'k-1', 'k-2', 'k-3') });
      const first = await triage.lookUp('prod', keys);
      await save({ incidents: [sampleIncident('i-1')], keys: [...to('i-1', 'k-2'), ...to('i-2', 'k-3')] });
      const second = await triage.lookUp('prod', keys);
      await save({ incidents: [sampleIncident('i-1', { state: 'resolved' })], keys: to('i-none', 'k-4') });
      const third = await triage.lookUp('prod', keys);
      await save({ incidents: [sampleIncident('i-1')] });

      expect([first, second, third].map((found) => Object.fromEntries(found))).toEqual([
        { 'k-1': 'i-1', 'k-2': 'i-1', 'k-3': 'i-1' },
        { 'k-2': 'i-1', 'k-3': 'i-2' },
        { 'k-3': 'i-2' },
      ]);
      expect(Object.fromEntries(await triage.lookUp('prod', keys))).toEqual({ 'k-3': 'i-2' });
      expect(await triage.lookUp('other', keys)).toEqual(new Map());
      expect(await triage.lookUp('prod', [])).toEqual(new Map());
    });

    test('incidents are due when their next look is', async () => {
      const { triage, save } = await startTriage(open);
      const nextLookAt = '2026-01-01T00:00:00.000Z';
      await save({
        incidents: [
          sampleIncident('i-2', { nextLookAt: '2026-01-02T00:00:00.000Z' }),
          sampleIncident('i-1', { nextLookAt }),
          sampleIncident('i-far', { nextLookAt: '2999-01-01T00:00:00.000Z' }),
          sampleIncident('i-never'),
          sampleIncident('i-over', { nextLookAt, state: 'resolved' }),
        ],
      });
      const first = (await triage.work('prod')).due;

      await save({ incidents: [sampleIncident('i-1')] });

      expect(first).toEqual(['i-1', 'i-2']);
      expect((await triage.work('prod')).due).toEqual(['i-2']);
    });

    test('incidents that are over are forgotten after a while, open ones are not', async () => {
      const { triage, save, pass } = await startTriage(open, { keepMs: 400 });
      await save({ incidents: [sampleIncident('i-1'), sampleIncident('i-2'), sampleIncident('i-3')] });
      await save({
        incidents: [sampleIncident('i-1', { state: 'resolved' }), sampleIncident('i-2', { state: 'resolved' })],
      });
      await save({ incidents: [sampleIncident('i-2')] });
      await pass(600);

      expect([...(await triage.records(['i-1', 'i-2', 'i-3'])).keys()]).toEqual(['i-2', 'i-3']);
    });

    test('an incident knows when its alerts were heard of, also after it became a part of another one', async () => {
      const stores = await startTriage(open);
      await stores.alerts.accept([sampleStoredAlert('a')]);
      await placeAll(stores, 'i-1');
      await stores.alerts.accept([sampleStoredAlert('a')]);
      const first = await stores.desk.read('i-1');
      await stores.save({
        incidents: [
          sampleIncident('i-1', { state: 'resolved', resolvedBy: 'merged', mergedInto: 'i-2' }),
          sampleIncident('i-2'),
        ],
      });
      await stores.alerts.accept([sampleStoredAlert('a')]);

      const second = await stores.desk.read('i-2');

      const { heardAt } = sampleIncident('i-1');
      expect(Date.parse(first?.incident.heardAt ?? '')).toBeGreaterThanOrEqual(Date.parse(heardAt));
      expect(first?.revision).toBe(1);
      expect(second?.incident.heardAt).toMatch(/Z$/);
      expect(Date.parse(second?.incident.heardAt ?? '')).toBeGreaterThanOrEqual(
        Date.parse(first?.incident.heardAt ?? ''),
      );
    });

    test('channels are remembered with the newest state of their digest', async () => {
      const { triage, lease, save } = await startTriage(open);
      const load = { channel: 'C1', openedAt: ['2026-01-31T12:00:00.000Z'] };
      await save({
        loads: [
          { ...load, digest: sampleDigest('d-1') },
          { ...load, channel: 'C2' },
        ],
      });
      await save({ loads: [{ ...load, digest: sampleDigest('d-1', { state: 'calm' }) }] });
      const loads = await triage.loads('prod', ['C1', 'C2', 'C3']);
      const { untold } = await triage.work('prod');
      await triage.told(lease, 'd-1', 2);
      await save({
        loads: [
          { channel: 'C1', openedAt: [] },
          { channel: 'C2', openedAt: [] },
        ],
      });

      const digest = sampleDigest('d-1', { state: 'calm', revision: 2 });
      expect(loads).toEqual([
        { ...load, digest },
        { ...load, channel: 'C2' },
      ]);
      expect(untold).toEqual(['d-1']);
      expect((await triage.work('prod')).untold).toEqual([]);
      expect(await triage.loads('prod', ['C1', 'C2'])).toEqual([]);
      expect(await triage.loads('prod', [])).toEqual([]);
      expect(await triage.digests(['d-none', 'd-1'])).toEqual([digest]);
    });

    test('of incidents with one signature the five that ended last are remembered, each once', async () => {
      const { triage, save } = await startTriage(open);
      const ended = (id: string) => ({ signature: 'KubePodNotReady shop/web', past: samplePast(id) });
      await save({ ended: ['i-1', 'i-2', 'i-3', 'i-4', 'i-5'].map(ended) });

      await save({ ended: ['i-6', 'i-2', 'i-6'].map(ended) });

      const past = await triage.past('prod', 'KubePodNotReady shop/web');
      expect(past.map(({ id }) => id)).toEqual(['i-6', 'i-2', 'i-5', 'i-4', 'i-3']);
      expect(past[0]).toEqual(samplePast('i-6'));
      expect(await triage.past('other', 'KubePodNotReady shop/web')).toEqual([]);
    });

    test('answers come back whole, the newest of each cause', async () => {
      const { triage } = await startTriage(open);
      await triage.putAnswer('i-1', 'Node worker-1', { outcome: sampleOutcome(), recording: sampleRecording() });
      await triage.putAnswer('i-1', 'ConfigMap shop/app', { outcome: sampleOutcome(), recording: sampleRecording() });

      await triage.putAnswer('i-1', 'ConfigMap shop/app', { outcome: { kind: 'expired' } });

      expect(await triage.answer('i-1', 'Node worker-1')).toEqual({
        outcome: sampleOutcome(),
        recording: sampleRecording(),
      });
      expect(await triage.answer('i-1', 'ConfigMap shop/app')).toEqual({ outcome: { kind: 'expired' } });
      expect(await triage.answer('i-2', 'Node worker-1')).toBeUndefined();
    });
  });
}
