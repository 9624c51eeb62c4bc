import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Claim, Outbox, OutboxRows } from '../../src/ports/outbox.ts';
import { sampleCard } from '../fakes/samples.ts';

/** An empty outbox with a lease of 200 ms, no gap between posts, and 100 ms between edits of a card. */
export interface ContractOutbox {
  readonly outbox: Outbox & OutboxRows;
  readonly pass: (ms: number) => Promise<void>;
}

export const CONTRACT_LEASE_MS = 200;
export const CONTRACT_EDIT_GAP_MS = 100;

/** What every outbox does. */
export function describeOutbox(name: string, open: () => Promise<ContractOutbox>): void {
  describe(`outbox: ${name}`, () => {
    let outbox: Outbox & OutboxRows;
    let pass: (ms: number) => Promise<void>;
    beforeEach(async () => {
      ({ outbox, pass } = await open());
    });

    async function claimed(): Promise<Claim> {
      const result = await outbox.claim();
      if (result.kind === 'none') {
        throw new Error(`nothing to claim for ${result.nextInMs} ms`);
      }
      return result.claim;
    }

    const posted = { channel: 'C1', ts: '1700000000.000200' };

    test('nothing is due in an empty one', async () => {
      expect(await outbox.claim()).toEqual({ kind: 'none', nextInMs: 60_000 });
      expect(await outbox.backlog()).toEqual({ waiting: 0, oldestMs: 0 });
      expect(await outbox.posted('a')).toBeUndefined();
    });

    test('what is put is claimed once and as it was', async () => {
      await outbox.put(sampleCard('a'));

      const first = await claimed();
      const second = await outbox.claim();

      expect(first).toEqual({ delivery: sampleCard('a'), failures: 0, uncertain: false, fence: 1 });
      expect(second).toMatchObject({ kind: 'none' });
    });

    test('what waits can be withdrawn, and put again as a newer version', async () => {
      await outbox.put(sampleCard('a'));

      const withdrawn = [await outbox.withdraw('a'), await outbox.withdraw('b')];
      const claim = await outbox.claim();
      const again = await outbox.put(sampleCard('a', { version: 2 }));

      expect(withdrawn).toEqual([true, true]);
      expect(claim).toMatchObject({ kind: 'none' });
      expect(again).toBe('stored');
      expect((await claimed()).delivery).toEqual(sampleCard('a', { version: 2 }));
    });

    test('what is under way, may have arrived or is posted is not withdrawn', async () => {
      await outbox.put(sampleCard('a'));
      const claim = await claimed();

      const underWay = await outbox.withdraw('a');
      await outbox.settle(claim, { kind: 'retry', afterMs: 0, uncertain: true, reason: 'timeout' });
      const uncertain = await outbox.withdraw('a');
      await outbox.settle(await claimed(), { kind: 'sent', posted });
      const sent = await outbox.withdraw('a');
      await outbox.put(sampleCard('a', { version: 2 }));
      const edited = await outbox.withdraw('a');

      expect([underWay, uncertain, sent, edited]).toEqual([false, false, false, false]);
      expect(await outbox.posted('a')).toEqual(posted);
    });

    test('a key is settled unless something of it waits or is under way', async () => {
      const settled = [await outbox.isSettled('a')];
      await outbox.put(sampleCard('a'));
      settled.push(await outbox.isSettled('a'));
      const claim = await claimed();
      settled.push(await outbox.isSettled('a'));
      await outbox.settle(claim, { kind: 'sent', posted });
      settled.push(await outbox.isSettled('a'));
      await outbox.put(sampleCard('a', { version: 2 }));
      settled.push(await outbox.isSettled('a'));

      expect(settled).toEqual([true, false, false, true, false]);
    });

    test('the same version and an older one are outdated, before and after it is sent', async () => {
      const put = [
        await outbox.put(sampleCard('a', { version: 2 })),
        await outbox.put(sampleCard('a', { version: 2 })),
      ];
      await outbox.settle(await claimed(), { kind: 'sent', posted });

      put.push(await outbox.put(sampleCard('a', { version: 1 })), await outbox.put(sampleCard('a', { version: 2 })));

      expect(put).toEqual(['stored', 'outdated', 'outdated', 'outdated']);
      expect(await outbox.claim()).toMatchObject({ kind: 'none' });
      expect(await outbox.posted('a')).toEqual(posted);
    });

    test('only the newest of several waiting versions is sent', async () => {
      await outbox.put(sampleCard('a', { version: 1 }));
      await outbox.put(sampleCard('a', { version: 3 }));
      await outbox.put(sampleCard('a', { version: 2 }));

      const claim = await claimed();
      await outbox.settle(claim, { kind: 'sent', posted });

      expect(claim.delivery).toEqual(sampleCard('a', { version: 3 }));
      expect(await outbox.backlog()).toEqual({ waiting: 0, oldestMs: 0 });
    });

    test('a newer version of a sent card is an edit, after the gap between edits', async () => {
      await outbox.put(sampleCard('a'));
      await outbox.settle(await claimed(), { kind: 'sent', posted });
      await outbox.put(sampleCard('a', { version: 2 }));

      const early = await outbox.claim();
      await pass(CONTRACT_EDIT_GAP_MS + 20);

      expect(early).toMatchObject({ kind: 'none' });
      expect(await claimed()).toEqual({
        delivery: sampleCard('a', { version: 2 }),
        posted,
        failures: 0,
        uncertain: false,
        fence: 2,
      });
    });

    test('a newer version that comes while an older one is sent goes out afterwards', async () => {
      await outbox.put(sampleCard('a'));
      const claim = await claimed();
      await outbox.put(sampleCard('a', { version: 2 }));

      await outbox.settle(claim, { kind: 'sent', posted });
      await pass(CONTRACT_EDIT_GAP_MS + 20);

      expect(await claimed()).toMatchObject({ delivery: { version: 2 }, posted, fence: 2 });
    });

    test('a newer version does not become a second message where nothing can be edited', async () => {
      const once = { ...sampleCard('a'), kind: 'ephemeral', user: 'U1' } as const;
      await outbox.put(once);
      const claim = await claimed();
      const put = [await outbox.put({ ...once, version: 2 })];
      await outbox.settle(claim, { kind: 'sent' });

      put.push(await outbox.put({ ...once, version: 3 }));

      expect(put).toEqual(['outdated', 'outdated']);
      expect(await outbox.claim()).toMatchObject({ kind: 'none' });
    });

    test('the more urgent row goes first, equal ones in order', async () => {
      const urgencies = ['news', 'answer', 'urgent', 'answer', 'news'] as const;
      for (const [index, priority] of urgencies.entries()) {
        await outbox.put(sampleCard(`${priority}-${index}`, { priority }));
        await pass(2);
      }

      const order: string[] = [];
      for (const _ of urgencies) {
        order.push((await claimed()).delivery.key);
      }

      expect(order).toEqual(['urgent-2', 'answer-1', 'answer-3', 'news-0', 'news-4']);
    });

    test('a retry comes back after its time, with its failures', async () => {
      await outbox.put(sampleCard('a'));
      await outbox.settle(await claimed(), { kind: 'retry', afterMs: 100, uncertain: true, reason: 'timeout' });

      const early = await outbox.claim();
      await pass(120);

      expect(early).toMatchObject({ kind: 'none' });
      expect(await claimed()).toEqual({ delivery: sampleCard('a'), failures: 1, uncertain: true, fence: 2 });
    });

    test('a row that was put off has no failure and stays as uncertain as it was', async () => {
      await outbox.put(sampleCard('a'));
      await outbox.settle(await claimed(), { kind: 'retry', afterMs: 0, uncertain: true, reason: 'timeout' });

      await outbox.settle(await claimed(), { kind: 'postpone', afterMs: 0, reason: 'ratelimited' });

      expect(await claimed()).toMatchObject({ failures: 1, uncertain: true });
    });

    test('a card whose message is gone is posted again', async () => {
      await outbox.put(sampleCard('a'));
      await outbox.settle(await claimed(), { kind: 'sent', posted });
      await outbox.put(sampleCard('a', { version: 2 }));
      await pass(CONTRACT_EDIT_GAP_MS + 20);

      await outbox.settle(await claimed(), { kind: 'repost', reason: 'message_not_found' });

      expect(await claimed()).toEqual({
        delivery: sampleCard('a', { version: 2 }),
        failures: 1,
        uncertain: false,
        fence: 3,
      });
      expect(await outbox.posted('a')).toBeUndefined();
    });

    test('a dead row stays dead until a newer version comes', async () => {
      await outbox.put(sampleCard('a'));
      await outbox.settle(await claimed(), { kind: 'dead', reason: 'channel_not_found' });
      const backlog = await outbox.backlog();

      const put = [await outbox.put(sampleCard('a')), await outbox.put(sampleCard('a', { version: 2 }))];

      expect(put).toEqual(['outdated', 'stored']);
      expect(backlog).toEqual({ waiting: 0, oldestMs: 0 });
      expect(await claimed()).toMatchObject({ delivery: { version: 2 }, failures: 0 });
    });

    test('what cannot be edited may be asked for again when it was given up, and only then', async () => {
      const file = { ...sampleCard('a'), kind: 'file', thread: '1.1' } as const;
      await outbox.put(file);
      const waiting = await outbox.put(file);
      await outbox.settle(await claimed(), { kind: 'dead', reason: 'http_500' });

      const dead = await outbox.put(file);
      const claim = await claimed();
      await outbox.settle(claim, { kind: 'sent' });
      const sent = await outbox.put(file);

      expect([waiting, dead, sent]).toEqual(['outdated', 'stored', 'outdated']);
      expect(claim).toEqual({ delivery: file, failures: 0, uncertain: false, fence: 2 });
    });

    test('a card that is posted again is not looked for: the old message would be found', async () => {
      await outbox.put(sampleCard('a'));
      await outbox.settle(await claimed(), { kind: 'retry', afterMs: 0, uncertain: true, reason: 'timeout' });

      await outbox.settle(await claimed(), { kind: 'repost', reason: 'edit_window_closed' });

      expect(await claimed()).toEqual({ delivery: sampleCard('a'), failures: 2, uncertain: false, fence: 3 });
    });

    test('a newer version outlives the death of the one that is being sent', async () => {
      await outbox.put(sampleCard('a'));
      const claim = await claimed();
      await outbox.put(sampleCard('a', { version: 2 }));

      await outbox.settle(claim, { kind: 'dead', reason: 'invalid_blocks' });

      expect(await claimed()).toMatchObject({ delivery: { version: 2 }, failures: 0 });
    });

    test('a row whose sender is silent comes back as uncertain, and the old claim changes nothing', async () => {
      await outbox.put(sampleCard('a'));
      const lost = await claimed();
      await pass(CONTRACT_LEASE_MS + 20);

      const again = await claimed();
      await outbox.settle(lost, { kind: 'dead', reason: 'late' });
      await outbox.settle(lost, { kind: 'sent', posted: { channel: 'C1', ts: 'wrong' } });
      const renewed = [await outbox.renew(lost), await outbox.renew(again)];
      await outbox.settle(again, { kind: 'sent', posted });

      expect(again).toEqual({ delivery: sampleCard('a'), failures: 1, uncertain: true, fence: 2 });
      expect(renewed).toEqual([false, true]);
      expect(await outbox.posted('a')).toEqual(posted);
    });

    test('a sender that says late that it sent is believed, while nobody else has the row', async () => {
      await outbox.put(sampleCard('a'));
      const late = await claimed();
      await outbox.pauseMethod('chat.postMessage', 60_000);
      await pass(CONTRACT_LEASE_MS + 20);
      const nobody = await outbox.claim();

      await outbox.settle(late, { kind: 'sent', posted });

      expect(nobody).toMatchObject({ kind: 'none' });
      expect(await outbox.posted('a')).toEqual(posted);
      expect(await outbox.backlog()).toEqual({ waiting: 0, oldestMs: 0 });
    });

    test('a lease that is renewed does not end', async () => {
      await outbox.put(sampleCard('a'));
      const claim = await claimed();
      for (const _ of [1, 2, 3]) {
        await pass(CONTRACT_LEASE_MS / 2);
        await outbox.renew(claim);
      }

      expect(await outbox.claim()).toMatchObject({ kind: 'none' });
      expect(await outbox.backlog()).toMatchObject({ waiting: 1 });
    });

    test('a paused method holds its rows back, others go on', async () => {
      await outbox.put(sampleCard('a'));
      await outbox.put({ ...sampleCard('b'), kind: 'ephemeral', user: 'U1' });
      await outbox.pauseMethod('chat.postMessage', 150);
      await outbox.pauseMethod('chat.postMessage', 10);

      const first = await claimed();
      const second = await outbox.claim();
      await pass(170);
      const third = await claimed();

      expect([first.delivery.key, second.kind, third.delivery.key]).toEqual(['b', 'none', 'a']);
    });

    test('a row that needs an excluded method is not claimed', async () => {
      await outbox.put(sampleCard('a'));
      await outbox.put({ ...sampleCard('b'), kind: 'ephemeral', user: 'U1' });

      const second = await outbox.claim(['chat.postMessage', 'chat.update']);
      const none = await outbox.claim(['chat.postMessage']);

      expect(second).toMatchObject({ claim: { delivery: { key: 'b' } } });
      expect(none).toMatchObject({ kind: 'none' });
      expect(await claimed()).toMatchObject({ delivery: { key: 'a' } });
    });

    test('a detour forgets where the card was posted, and stays with it whatever version comes', async () => {
      const detour = { to: 'asker', code: 'is_archived' } as const;
      await outbox.put(sampleCard('a'));
      await outbox.settle(await claimed(), { kind: 'sent', posted });
      await outbox.put(sampleCard('a', { version: 2 }));
      await pass(CONTRACT_EDIT_GAP_MS + 20);
      await outbox.settle(await claimed(), { kind: 'detour', detour, reason: 'is_archived' });

      const again = await claimed();
      await outbox.settle(again, { kind: 'sent', posted: { channel: 'D1', ts: '2' } });
      await outbox.put(sampleCard('a', { version: 3 }));
      await pass(CONTRACT_EDIT_GAP_MS + 20);

      expect(again).toEqual({
        delivery: sampleCard('a', { version: 2, detour }),
        failures: 0,
        uncertain: false,
        fence: 3,
      });
      expect(await claimed()).toMatchObject({
        delivery: { version: 3, detour },
        posted: { channel: 'D1', ts: '2' },
      });
    });

    test('a sender that is silent after a detour leaves it to the next one', async () => {
      const detour = { to: 'channel', code: 'thread_not_found' } as const;
      await outbox.put(sampleCard('a', { thread: '1.1' }));
      await outbox.settle(await claimed(), { kind: 'detour', detour, reason: 'thread_not_found' });
      await claimed();
      await pass(CONTRACT_LEASE_MS + 20);

      const again = await claimed();

      expect(again).toMatchObject({ delivery: { detour }, uncertain: true, fence: 3 });
    });

    test('listeners hear of what is put until they stop', async () => {
      const heard: string[] = [];
      const stop = outbox.onPut(() => heard.push('put'));

      // The first ones may come before it listens.
      for (let put = 0; heard.length === 0 && put < 500; put += 1) {
        await outbox.put(sampleCard(`key-${put}`));
        await pause(10);
      }
      stop();

      expect(heard).toContain('put');
    });
  });
}
