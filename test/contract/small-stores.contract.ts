import { beforeAll, describe, expect, test } from 'vitest';
import type { ClusterDirectory } from '../../src/ports/cluster-directory.ts';
import type { NoteStore } from '../../src/ports/note-store.ts';
import type { SeenStore } from '../../src/ports/seen-store.ts';

/** Empty stores; a cluster is silent after 300 ms. */
export interface ContractSmallStores {
  readonly seen: SeenStore;
  readonly notes: NoteStore;
  readonly clusters: ClusterDirectory;
  readonly pass: (ms: number) => Promise<void>;
}

export const CONTRACT_SILENT_MS = 300;

/** What every seen store, note store and cluster directory does. */
export function describeSmallStores(name: string, open: () => Promise<ContractSmallStores>): void {
  describe(`small stores: ${name}`, () => {
    let stores: ContractSmallStores;
    beforeAll(async () => {
      stores = await open();
    });

    test('of many at once one is the first', async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => stores.seen.firstTime('race', 60)));

      expect(answers.filter(Boolean)).toHaveLength(1);
    });

    test('a delivery is new again after its time, or when it is forgotten', async () => {
      const first = await stores.seen.firstTime('short', 1);
      await stores.seen.firstTime('forgotten', 60);
      await stores.seen.forget('forgotten');
      await stores.pass(1100);

      const later = [await stores.seen.firstTime('short', 1), await stores.seen.firstTime('forgotten', 60)];

      expect([first, ...later]).toEqual([true, true, true]);
    });

    test('calls are counted within a time that begins with the first', async () => {
      const counts = [await stores.seen.count('calls', 1), await stores.seen.count('calls', 1)];
      await stores.pass(1100);

      counts.push(await stores.seen.count('calls', 60));
      await stores.seen.forget('calls');
      counts.push(await stores.seen.count('calls', 60));

      expect(counts).toEqual([1, 2, 1, 1]);
    });

    test('notes are kept for their time', async () => {
      await stores.notes.write('kept', 'würde 🙂 <!channel>', 60);
      await stores.notes.write('kept', 'zweite', 60);
      await stores.notes.write('brief', 'x', 1);
      await stores.pass(1100);

      const notes = [
        await stores.notes.read('kept'),
        await stores.notes.read('brief'),
        await stores.notes.read('none'),
      ];

      expect(notes).toEqual(['zweite', undefined, undefined]);
    });

    test('a note above 4 KiB is a defect', async () => {
      await expect(stores.notes.write('large', 'ä'.repeat(2049), 60)).rejects.toMatchObject({ code: 'BUG' });
      await stores.notes.write('largest', 'ä'.repeat(2048), 60);

      expect(await stores.notes.read('largest')).toHaveLength(2048);
    });

    test('clusters are told in the order asked for', async () => {
      const prod = {
        cluster: 'prod',
        state: 'reachable',
        lastSeen: '2026-01-31T12:00:00Z',
        detail: 'v1.35.0',
      } as const;
      const dev = {
        cluster: 'dev',
        state: 'unreachable',
        lastSeen: '2026-01-31T12:00:00Z',
        detail: 'no route',
      } as const;
      await stores.clusters.report(prod);
      await stores.clusters.report(dev);

      expect(await stores.clusters.statuses(['dev', 'lab', 'prod'])).toEqual([
        dev,
        { cluster: 'lab', state: 'never-seen' },
        prod,
      ]);
      expect(await stores.clusters.statuses([])).toEqual([]);
    });

    test('a cluster that says nothing any more is silent', async () => {
      const status = { cluster: 'quiet', state: 'reachable', lastSeen: '2026-01-31T12:00:00Z' } as const;
      await stores.clusters.report(status);
      await stores.pass(CONTRACT_SILENT_MS + 50);

      expect(await stores.clusters.statuses(['quiet'])).toEqual([{ ...status, state: 'silent' }]);
    });
  });
}
