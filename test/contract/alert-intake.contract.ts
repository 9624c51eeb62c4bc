import { describe, expect, test, vi } from 'vitest';
import { SAMPLE_LATER_START, sampleIncident, sampleStoredAlert } from '../fakes/triage-samples.ts';
import { type OpenTriageStore, pending, placeAll, placed, shortly, startTriage } from './started-triage.ts';

/** What every intake does, and what triage is given of it. */
export function describeAlertIntake(name: string, open: OpenTriageStore): void {
  describe(`alert intake: ${name}`, { concurrent: true }, () => {
    const firing = sampleStoredAlert('a');
    const resolved = sampleStoredAlert('a', { status: 'resolved' });
    const later = sampleStoredAlert('a', { startsAt: SAMPLE_LATER_START });

    test('nothing is to be done in an empty store', async () => {
      const { triage, alerts } = await startTriage(open);

      expect(await alerts.accept([])).toEqual({ changed: 0, repeated: 0 });
      expect(await triage.work('prod')).toEqual({
        now: expect.any(Date),
        alerts: [],
        more: false,
        untold: [],
        due: [],
        oldestMs: 0,
      });
    });

    test('an alert comes back as it was, in its cluster only', async () => {
      const stores = await startTriage(open);

      const accepted = await stores.alerts.accept([firing]);

      expect(accepted).toEqual({ changed: 1, repeated: 0 });
      expect(await pending(stores)).toEqual([{ alert: firing, revision: expect.any(Number) }]);
      expect((await stores.triage.work('other')).alerts).toEqual([]);
      expect((await stores.triage.work('')).alerts).toEqual([]);
    });

    test('alerts of no cluster have triage of their own', async () => {
      const { alerts, triage } = await startTriage(open);
      const none = sampleStoredAlert('a', { cluster: '' });

      await alerts.accept([firing, none]);

      expect((await triage.work('')).alerts).toEqual([{ alert: none, revision: expect.any(Number) }]);
    });

    test('copies are repeats, in one call and in several', async () => {
      const stores = await startTriage(open);

      const accepted = [await stores.alerts.accept([firing, firing]), await stores.alerts.accept([firing])];

      expect(accepted).toEqual([
        { changed: 1, repeated: 1 },
        { changed: 0, repeated: 1 },
      ]);
      expect(await shortly(stores)).toEqual(['a firing new']);
    });

    test('a placed alert is pending again when it ends, and not when it repeats', async () => {
      const stores = await startTriage(open);
      await stores.alerts.accept([firing]);
      await placeAll(stores);

      await stores.alerts.accept([firing]);
      const repeated = await shortly(stores);
      const accepted = await stores.alerts.accept([resolved]);

      expect(repeated).toEqual([]);
      expect(accepted).toEqual({ changed: 1, repeated: 0 });
      expect(await pending(stores)).toEqual([
        {
          alert: resolved,
          revision: expect.any(Number),
          was: { incident: 'i-1', root: 'Deployment shop/web', status: 'firing' },
        },
      ]);
    });

    test('the end of what was never placed needs no triage, and neither does an end of what is not known', async () => {
      const stores = await startTriage(open);
      await stores.alerts.accept([firing]);

      const accepted = await stores.alerts.accept([resolved, sampleStoredAlert('b', { status: 'resolved' })]);

      expect(accepted).toEqual({ changed: 1, repeated: 1 });
      expect(await shortly(stores)).toEqual([]);
    });

    test('a firing copy that comes after the end is over', async () => {
      const stores = await startTriage(open);
      await stores.alerts.accept([resolved]);

      const accepted = await stores.alerts.accept([firing]);

      expect(accepted).toEqual({ changed: 0, repeated: 1 });
      expect(await shortly(stores)).toEqual([]);
    });

    test('an alert that still fires long after its end was told last fires again', async () => {
      const stores = await startTriage(open, { againMs: 2000 });
      await stores.alerts.accept([firing]);
      await placeAll(stores);
      await stores.alerts.accept([resolved]);
      await placeAll(stores);
      await stores.pass(1400);
      await stores.alerts.accept([resolved]);
      await stores.pass(700);
      const early = await stores.alerts.accept([firing]);
      await stores.pass(1400);

      const again = await stores.alerts.accept([firing]);

      expect([early, again]).toEqual([
        { changed: 0, repeated: 1 },
        { changed: 1, repeated: 0 },
      ]);
      expect(await shortly(stores)).toEqual(['a firing resolved']);
    });

    test('a later episode replaces an earlier one, and an earlier one is stale', async () => {
      const stores = await startTriage(open);
      await stores.alerts.accept([firing]);
      await placeAll(stores);
      await stores.alerts.accept([resolved]);

      const accepted = [
        await stores.alerts.accept([later]),
        await stores.alerts.accept([firing]),
        await stores.alerts.accept([resolved]),
      ];

      expect(accepted).toEqual([
        { changed: 1, repeated: 0 },
        { changed: 0, repeated: 1 },
        { changed: 0, repeated: 1 },
      ]);
      expect(await pending(stores)).toMatchObject([{ alert: later, was: { status: 'firing' } }]);
    });

    test('replicas that tell different starts tell one episode, which begins with the earliest and ends with any', async () => {
      const stores = await startTriage(open);
      const earlier = { startsAt: '2026-01-31T11:57:45.000Z' };
      const begun = sampleStoredAlert('a', earlier);
      await stores.alerts.accept([firing]);

      const accepted = [await stores.alerts.accept([begun]), await stores.alerts.accept([firing])];
      const fires = await pending(stores);
      await placeAll(stores);
      const ended = await stores.alerts.accept([sampleStoredAlert('a', { ...earlier, status: 'resolved' })]);
      const over = await pending(stores);
      await placeAll(stores);

      expect(accepted).toEqual([
        { changed: 0, repeated: 1 },
        { changed: 0, repeated: 1 },
      ]);
      expect(fires).toEqual([{ alert: begun, revision: expect.any(Number) }]);
      expect(ended).toEqual({ changed: 1, repeated: 0 });
      expect(over).toMatchObject([{ alert: { mapped: { alert: { status: 'resolved', ...earlier } } } }]);
      expect(await stores.alerts.accept([firing, begun])).toEqual({ changed: 0, repeated: 2 });
      expect(await shortly(stores)).toEqual([]);
    });

    test('an end with an earlier start ends what fires, unless it was over before that began', async () => {
      const stores = await startTriage(open);
      await stores.alerts.accept([later]);
      await placeAll(stores);

      const before = await stores.alerts.accept([resolved]);
      const between = await shortly(stores);
      const accepted = await stores.alerts.accept([
        sampleStoredAlert('a', { status: 'resolved', endsAt: '2026-01-31T11:59:20.000Z' }),
      ]);

      expect([before, between]).toEqual([{ changed: 0, repeated: 1 }, []]);
      expect(accepted).toEqual({ changed: 1, repeated: 0 });
      expect(await shortly(stores)).toEqual(['a resolved firing']);
    });

    test('a late copy of an episode that is over is not taken for the one that fires', async () => {
      const stores = await startTriage(open);
      await stores.alerts.accept([firing, resolved, later]);

      const accepted = await stores.alerts.accept([firing]);

      expect(accepted).toEqual({ changed: 0, repeated: 1 });
      expect(await pending(stores)).toMatchObject([{ alert: later }]);
    });

    test.each([
      ['over', [sampleIncident('i-1', { state: 'resolved', resolvedBy: 'cluster' })]],
      [
        'a part of one that is over',
        [
          sampleIncident('i-1', { state: 'resolved', resolvedBy: 'merged', mergedInto: 'i-2' }),
          sampleIncident('i-2', { state: 'resolved', resolvedBy: 'silence' }),
        ],
      ],
    ])(
      'what fires although its incident is %s is pending again, but not with every repeat',
      async (_what, incidents) => {
        const stores = await startTriage(open, { askEveryMs: 1500 });
        await stores.alerts.accept([firing]);
        await placeAll(stores);
        const quiet = [await stores.alerts.accept([firing]), await pending(stores)];
        await stores.save({ incidents });

        const accepted = await stores.alerts.accept([firing]);
        const first = await pending(stores);
        await stores.save({ placed: first.map((one) => placed(one, 'i-1')) });
        await stores.alerts.accept([firing]);
        const second = await pending(stores);
        await stores.pass(1700);
        await stores.alerts.accept([firing]);

        expect(quiet).toEqual([{ changed: 0, repeated: 1 }, []]);
        expect(accepted).toEqual({ changed: 0, repeated: 1 });
        expect(first).toMatchObject([{ alert: firing, was: { incident: 'i-1', status: 'firing' } }]);
        expect(second).toEqual([]);
        expect(await shortly(stores)).toEqual(['a firing firing']);
      },
    );

    test('what fires in an incident that is not known any more is pending again', async () => {
      const stores = await startTriage(open);
      await stores.alerts.accept([firing]);
      await stores.save({ placed: (await pending(stores)).map((one) => placed(one, 'i-gone')) });

      await stores.alerts.accept([firing]);

      expect(await shortly(stores)).toEqual(['a firing firing']);
    });

    test('an end that comes while the new episode of a placed alert is pending is what is pending', async () => {
      const stores = await startTriage(open);
      await stores.alerts.accept([firing]);
      await placeAll(stores);
      await stores.alerts.accept([resolved]);
      await placeAll(stores);

      await stores.alerts.accept([later]);
      await stores.alerts.accept([sampleStoredAlert('a', { status: 'resolved', startsAt: SAMPLE_LATER_START })]);

      expect(await shortly(stores)).toEqual(['a resolved resolved']);
    });

    test('what was placed as it was before stays pending, with its place', async () => {
      const stores = await startTriage(open);
      await stores.alerts.accept([firing, sampleStoredAlert('b')]);
      const before = await pending(stores);
      await stores.alerts.accept([resolved]);
      const between = await shortly(stores);

      await stores.save({ placed: before.map((one) => placed(one, 'i-1')) });

      expect(between).toEqual(['b firing new']);
      expect(await shortly(stores)).toEqual(['a resolved firing']);
    });

    test('what is not known any more is not placed', async () => {
      const stores = await startTriage(open);

      await stores.save({ placed: [placed({ alert: firing, revision: 1 }, 'i-1')] });

      expect(await shortly(stores)).toEqual([]);
    });

    test('firing alerts wait for others, ends as well, so that no end comes before what was there first', async () => {
      const stores = await startTriage(open, { debounceMs: 1500 });
      await stores.alerts.accept([firing]);
      const early = await stores.triage.work('prod');
      await stores.pass(1000);
      await stores.alerts.accept([later]);
      await stores.pass(700);
      await placeAll(stores);

      await stores.alerts.accept([sampleStoredAlert('a', { status: 'resolved', startsAt: SAMPLE_LATER_START })]);
      const earlyEnd = await stores.triage.work('prod');
      await stores.pass(1600);

      expect([early.alerts, earlyEnd.alerts]).toEqual([[], []]);
      expect(await shortly(stores)).toEqual(['a resolved firing']);
    });

    test('what waits for longest comes first, and how long it waits is told', async () => {
      const stores = await startTriage(open);
      await stores.alerts.accept([sampleStoredAlert('z')]);
      await stores.pass(300);
      await stores.alerts.accept([sampleStoredAlert('y')]);
      await stores.pass(20);

      const { alerts, oldestMs } = await stores.triage.work('prod');
      const waiting = [await stores.triage.oldestMs('prod'), await stores.triage.oldestMs('other')];
      await placeAll(stores);

      expect(alerts.map(({ alert }) => alert.mapped.alert.fingerprint)).toEqual(['z', 'y']);
      expect(oldestMs).toBeGreaterThanOrEqual(300);
      expect(waiting).toEqual([expect.any(Number), 0]);
      expect(waiting[0]).toBeGreaterThanOrEqual(oldestMs);
      expect(await stores.triage.oldestMs('prod')).toBe(0);
    });

    test('at most 2,000 alerts are given at once', async () => {
      const stores = await startTriage(open);
      const many = Array.from({ length: 2001 }, (_, index) => sampleStoredAlert(`m-${index}`));

      const accepted = await stores.alerts.accept(many);
      const first = await stores.triage.work('prod');
      await stores.save({ placed: first.alerts.map((one) => placed(one, 'i-1')) });
      const second = await stores.triage.work('prod');

      expect(accepted).toEqual({ changed: 2001, repeated: 0 });
      expect([first.alerts.length, first.more, second.alerts.length, second.more]).toEqual([2000, true, 1, false]);
    });

    test('notes of a repeat are told, each once in an episode', async () => {
      const stores = await startTriage(open);
      await stores.alerts.accept([{ ...firing, notes: ['one'] }]);
      const first = await pending(stores);
      await placeAll(stores);

      await stores.alerts.accept([{ ...firing, notes: ['one'] }]);
      const same = await pending(stores);
      const accepted = await stores.alerts.accept([{ ...firing, notes: ['one', 'two <!here>'] }]);
      const second = await pending(stores);
      await placeAll(stores);
      await stores.alerts.accept([{ ...later, notes: ['one'] }]);
      const third = await pending(stores);

      expect([first, same, second, third].map((alerts) => alerts.map(({ alert }) => alert.notes))).toEqual([
        [['one']],
        [],
        [['two <!here>']],
        [['one']],
      ]);
      expect(accepted).toEqual({ changed: 0, repeated: 1 });
      expect(second).toMatchObject([{ alert: { ...firing, notes: ['two <!here>'] }, was: { status: 'firing' } }]);
    });

    test('notes that come between reading and placing are not lost, nor those of an episode that was replaced', async () => {
      const stores = await startTriage(open);
      await stores.alerts.accept([{ ...firing, notes: ['one'] }]);
      const read = await pending(stores);
      await stores.alerts.accept([{ ...firing, notes: ['two'] }]);
      await stores.save({ placed: read.map((one) => placed(one, 'i-1')) });

      await stores.alerts.accept([{ ...later, notes: ['three'] }]);

      const [left] = await pending(stores);
      expect(left?.alert.notes.toSorted()).toEqual(['three', 'two']);
    });

    test('a copy that comes too late changes nothing but for its notes', async () => {
      const stores = await startTriage(open);
      await stores.alerts.accept([later]);
      await placeAll(stores);
      const before = await stores.desk.read('i-1');
      await stores.pass(20);

      const accepted = await stores.alerts.accept([{ ...resolved, notes: ['one'] }]);

      expect(accepted).toEqual({ changed: 0, repeated: 1 });
      expect(await pending(stores)).toMatchObject([{ alert: { ...later, notes: ['one'] }, was: { status: 'firing' } }]);
      expect(await stores.desk.read('i-1')).toEqual(before);
    });

    test('when too many are remembered, those go that are over, then nothing more is taken', async () => {
      const stores = await startTriage(open, { mostAlerts: 3 });
      await stores.alerts.accept([firing, sampleStoredAlert('b'), sampleStoredAlert('b', { status: 'resolved' })]);
      await stores.alerts.accept([sampleStoredAlert('c'), sampleStoredAlert('d')]);

      const full = await stores.alerts.accept([sampleStoredAlert('e')]).catch((error: unknown) => error);
      const known = await stores.alerts.accept([firing, sampleStoredAlert('d')]);

      expect(full).toMatchObject({ code: 'STORE_UNAVAILABLE' });
      expect(known).toEqual({ changed: 0, repeated: 2 });
      expect(await shortly(stores)).toEqual(['a firing new', 'c firing new', 'd firing new']);
    });

    test('what is over is forgotten after a while, and what fires when nothing is heard of it', async () => {
      const stores = await startTriage(open, { keepEndedMs: 400, keepFiringMs: 1500 });
      await stores.alerts.accept([firing, sampleStoredAlert('b', { status: 'resolved' })]);
      await stores.pass(600);
      const soon = await stores.alerts.accept([sampleStoredAlert('b')]);
      await stores.pass(1700);

      expect(soon).toEqual({ changed: 1, repeated: 0 });
      expect(await shortly(stores)).toEqual([]);
      expect(await stores.alerts.accept([firing])).toEqual({ changed: 1, repeated: 0 });
    });

    test('whoever listens hears that there is something to do', async () => {
      const stores = await startTriage(open);
      let heard = 0;
      const stop = stores.triage.onWork('prod', () => {
        heard += 1;
      });
      let copies = 0;

      await vi.waitUntil(
        async () => {
          copies += 1;
          await stores.alerts.accept([sampleStoredAlert(`w-${copies}`)]);
          return heard > 0;
        },
        { timeout: 10_000 },
      );
      stop();

      expect(heard).toBeGreaterThan(0);
    });
  });
}
