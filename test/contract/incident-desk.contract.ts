import { describe, expect, test } from 'vitest';
import { sampleDigest, sampleIncident, sampleSilence } from '../fakes/triage-samples.ts';
import { type OpenTriageStore, type StartedTriage, startTriage } from './started-triage.ts';

/** What every incident desk does. */
export function describeIncidentDesk(name: string, open: OpenTriageStore): void {
  describe(`incident desk: ${name}`, { concurrent: true }, () => {
    /** An incident that was told. */
    async function withIncident(changes: Parameters<typeof sampleIncident>[1] = {}): Promise<StartedTriage> {
      const stores = await startTriage(open);
      await stores.save({ incidents: [sampleIncident('i-1', changes)] });
      await stores.triage.told(stores.lease, 'i-1', 1);
      return stores;
    }

    test('the first who acknowledges does', async () => {
      const { triage, desk } = await withIncident();

      const did = await Promise.all(['U1', 'U1', 'U1'].map((user) => desk.acknowledge('i-1', user)));

      expect(did.filter((first) => first)).toEqual([true]);
      expect(await desk.read('i-1')).toMatchObject({
        people: { acknowledged: { user: 'U1', at: expect.stringMatching(/Z$/) }, silences: [] },
        revision: 2,
      });
      expect((await triage.work('prod')).untold).toEqual(['i-1']);
    });

    test('what is done with an incident that is not known is nothing', async () => {
      const { triage, desk, save } = await startTriage(open);
      await save({ loads: [{ channel: 'C1', openedAt: [], digest: sampleDigest('d-1') }] });

      for (const id of ['i-none', 'd-1']) {
        expect(await desk.acknowledge(id, 'U1')).toBe(false);
        await desk.snooze(id, 'U1', 1000);
        await desk.saveSilence(id, sampleSilence('s-1'));
        expect(await desk.read(id)).toBeUndefined();
      }

      expect(await triage.records(['d-1', 'i-none'])).toEqual(new Map());
      expect(await triage.digests(['d-1'])).toEqual([sampleDigest('d-1')]);
    });

    test('a snooze is shown until somebody ends it', async () => {
      const { desk } = await withIncident();
      await desk.snooze('i-1', 'U1', 3_600_000);
      await desk.snooze('i-1', 'U2', 7_200_000);
      const during = await desk.read('i-1');

      await desk.snooze('i-1', 'U1', 0);
      await desk.snooze('i-1', 'U1', 0);

      expect(during).toMatchObject({ people: { snoozed: { user: 'U2', until: expect.any(String) } }, revision: 3 });
      expect(await desk.read('i-1')).toMatchObject({ people: { silences: [] }, revision: 4 });
      expect((await desk.read('i-1'))?.people).not.toHaveProperty('snoozed');
    });

    test('the end of a snooze is told and is a reason to look', async () => {
      const { triage, desk, lease, pass } = await withIncident({ nextLookAt: '2999-01-01T00:00:00.000Z' });
      await desk.snooze('i-1', 'U1', 400);
      await triage.told(lease, 'i-1', 2);
      await pass(600);

      const { untold, due } = await triage.work('prod');

      expect([untold, due]).toEqual([['i-1'], ['i-1']]);
      expect(await desk.read('i-1')).toMatchObject({ people: { silences: [] }, revision: 3 });
      expect((await triage.work('prod')).untold).toEqual(['i-1']);
      expect((await desk.read('i-1'))?.revision).toBe(3);
    });

    test('silences are in the order of their times, each id once', async () => {
      const { desk } = await withIncident();
      const second = sampleSilence('s-2', { at: '2026-01-31T12:30:00.000Z' });
      await desk.saveSilence('i-1', second);
      await desk.saveSilence('i-1', sampleSilence('s-1'));

      await desk.saveSilence('i-1', { ...second, undoneBy: 'U2' });

      expect(await desk.read('i-1')).toMatchObject({
        people: { silences: [sampleSilence('s-1'), { ...second, undoneBy: 'U2' }] },
        revision: 4,
      });
    });

    test('what people did stays when triage saves the incident', async () => {
      const { desk, save } = await withIncident();
      await desk.acknowledge('i-1', 'U1');
      await desk.saveSilence('i-1', sampleSilence('s-1'));

      await save({ incidents: [sampleIncident('i-1', { total: 7 })] });

      expect(await desk.read('i-1')).toMatchObject({
        incident: { total: 7 },
        people: { acknowledged: { user: 'U1' }, silences: [sampleSilence('s-1')] },
        revision: 4,
      });
    });
  });
}
