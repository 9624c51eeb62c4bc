import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CounterLabels, Metrics } from '../../src/ports/metrics.ts';
import { createDeliverer, type Deliverer } from '../../src/usecases/deliver.ts';
import { FakeChat } from '../fakes/fake-chat.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { FakeOutbox } from '../fakes/fake-outbox.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { sampleCard, sampleOutcome, sampleQuestion } from '../fakes/samples.ts';

describe('the deliverer', () => {
  let clock: FakeClock;
  let outbox: FakeOutbox;
  let chat: FakeChat;
  let logger: RecordingLogger;
  let counted: CounterLabels['deliveries_total'][];
  let observed: number[];
  let deliverer: Deliverer;

  beforeEach(() => {
    clock = new FakeClock();
    outbox = new FakeOutbox(clock);
    chat = new FakeChat();
    logger = new RecordingLogger();
    counted = [];
    observed = [];
    const metrics: Metrics = {
      count: (_, labels) => counted.push(labels as CounterLabels['deliveries_total']),
      observe: (_, seconds) => observed.push(seconds),
    };
    deliverer = createDeliverer(
      { rows: outbox, chat, clock, logger, metrics },
      { pollMs: 5, renewMs: 5, drainMs: 1000 },
    );
    deliverer.start();
  });

  afterEach(async () => {
    await deliverer.stop();
  });

  function state(key: string): string | undefined {
    return outbox.rows.get(key)?.state;
  }

  test('posts what is put and counts it', async () => {
    await outbox.put(sampleCard('a'));

    await vi.waitUntil(() => state('a') === 'sent');

    expect(chat.messages).toEqual([{ key: 'a', channel: 'C1', ts: '1700000000.0', version: 1 }]);
    expect(await outbox.posted('a')).toEqual({ channel: 'C1', ts: '1700000000.0' });
    expect(counted).toEqual([{ kind: 'card', outcome: 'sent' }]);
  });

  test('edits the message when a newer version comes', async () => {
    await outbox.put(sampleCard('a'));
    await vi.waitUntil(() => state('a') === 'sent');
    await outbox.put(sampleCard('a', { version: 2 }));
    clock.advance(1000);

    await vi.waitUntil(() => chat.messages[0]?.version === 2);

    expect(chat.calls).toEqual(['post a 1', 'edit a 2']);
  });

  test('measures the time from the question to its first answer', async () => {
    const answer = { kind: 'answer', question: sampleQuestion('q-1'), outcome: sampleOutcome(), at: '' } as const;
    clock.advance(3000);
    await outbox.put(sampleCard('a', { content: { ...answer, run: 1 } }));
    await outbox.put(sampleCard('b', { content: { ...answer, run: 2 } }));

    await vi.waitUntil(() => state('a') === 'sent' && state('b') === 'sent');

    expect(observed).toEqual([3]);
  });

  test('tries again later when the chat system does not answer', async () => {
    chat.nextSends.push({ kind: 'unavailable', code: 'http_503' });
    await outbox.put(sampleCard('a'));
    await vi.waitUntil(() => outbox.rows.get('a')?.failures === 1);
    clock.advance(1000);

    await vi.waitUntil(() => state('a') === 'sent');

    expect(chat.calls).toEqual(['post a 1', 'post a 1']);
  });

  test('looks for a message that may have arrived, and shows the newest version in it', async () => {
    chat.nextSends.push({ kind: 'uncertain', code: 'timeout' });
    await outbox.put(sampleCard('a'));
    await vi.waitUntil(() => outbox.rows.get('a')?.uncertain === true);
    await outbox.put(sampleCard('a', { version: 2 }));
    clock.advance(1000);

    await vi.waitUntil(() => state('a') === 'sent');

    expect(chat.calls).toEqual(['post a 1', 'find a', 'edit a 2']);
    expect(chat.messages).toHaveLength(1);
    expect(await outbox.posted('a')).toEqual({ channel: 'C1', ts: '1700000000.0' });
  });

  test('looks again while the search is not answered', async () => {
    chat.nextSends.push({ kind: 'uncertain', code: 'timeout' });
    chat.nextFinds.push({ kind: 'unavailable', code: 'timeout' });
    await outbox.put(sampleCard('a'));
    await vi.waitUntil(() => outbox.rows.get('a')?.failures === 1);
    clock.advance(1000);
    await vi.waitUntil(() => outbox.rows.get('a')?.failures === 2);
    clock.advance(2000);

    await vi.waitUntil(() => state('a') === 'sent');

    expect(chat.calls).toEqual(['post a 1', 'find a', 'find a', 'edit a 1']);
    expect(chat.messages).toHaveLength(1);
  });

  test('posts a card anew whose message somebody deleted', async () => {
    await outbox.put(sampleCard('a'));
    await vi.waitUntil(() => state('a') === 'sent');
    chat.messages.length = 0;
    await outbox.put(sampleCard('a', { version: 2 }));
    clock.advance(1000);

    await vi.waitUntil(() => chat.messages.length === 1 && state('a') === 'sent');

    expect(chat.calls).toEqual(['post a 1', 'edit a 2', 'post a 2']);
  });

  test('does not post again when the edit of a message that was found fails', async () => {
    chat.nextSends.push({ kind: 'uncertain', code: 'timeout' }, { kind: 'unavailable', code: 'http_503' });
    await outbox.put(sampleCard('a'));
    await vi.waitUntil(() => outbox.rows.get('a')?.failures === 1);
    clock.advance(1000);
    await vi.waitUntil(() => outbox.rows.get('a')?.failures === 2);
    clock.advance(2000);

    await vi.waitUntil(() => state('a') === 'sent');

    expect(chat.calls).toEqual(['post a 1', 'find a', 'edit a 1', 'find a', 'edit a 1']);
    expect(chat.messages).toHaveLength(1);
  });

  test('rests after a rate limit, other methods go on', async () => {
    chat.nextSends.push({ kind: 'rate-limited', retryAfterMs: 30_000 });
    await outbox.put(sampleCard('a'));
    await vi.waitUntil(() => chat.calls.length === 1);
    await outbox.put(sampleCard('b'));
    await outbox.put({ ...sampleCard('c'), kind: 'ephemeral', user: 'U1' });
    await vi.waitUntil(() => state('c') === 'sent');
    const before = [...chat.calls];
    clock.advance(30_000);

    await vi.waitUntil(() => state('a') === 'sent' && state('b') === 'sent');

    expect(before).toEqual(['post a 1', 'post c 1']);
    expect(outbox.rows.get('a')?.failures).toBe(0);
  });

  test('keeps everything while the configuration is refused, and tells', async () => {
    chat.nextSends.push({ kind: 'refused', why: 'config', code: 'token_revoked' });
    await outbox.put(sampleCard('a'));
    await outbox.put(sampleCard('b'));
    await vi.waitUntil(() => deliverer.refusal() !== undefined);
    const refusal = deliverer.refusal();
    clock.advance(30_000);

    await vi.waitUntil(() => state('a') === 'sent' && state('b') === 'sent');

    expect(refusal).toBe('token_revoked');
    expect(deliverer.refusal()).toBeUndefined();
  });

  test('gives a row up that can never be sent', async () => {
    chat.nextSends.push({ kind: 'refused', why: 'channel', code: 'is_archived' });
    await outbox.put(sampleCard('a'));

    await vi.waitUntil(() => state('a') === 'dead');

    expect(outbox.rows.get('a')?.reason).toBe('is_archived');
    expect(logger.lines).toContainEqual({
      level: 'warn',
      message: 'delivery dead',
      fields: { key: 'a', reason: 'is_archived', failures: 0 },
    });
  });

  test('sends an answer to the asker when its channel takes nothing, and edits it there', async () => {
    const content = { kind: 'answer', question: sampleQuestion('q-1'), outcome: sampleOutcome(), at: '' } as const;
    chat.nextSends.push({ kind: 'refused', why: 'channel', code: 'is_archived' });
    await outbox.put(sampleCard('a', { content: { ...content, run: 1 } }));
    await vi.waitUntil(() => state('a') === 'sent');
    await outbox.put(sampleCard('a', { version: 2, content: { ...content, run: 2 } }));
    clock.advance(1000);

    await vi.waitUntil(() => chat.messages[0]?.version === 2 && state('a') === 'sent');

    expect(chat.calls).toEqual(['post a 1', 'post a 1', 'edit a 2']);
    expect(chat.messages).toEqual([{ key: 'a', channel: 'U1', ts: '1700000000.0', version: 2 }]);
    expect(counted.map(({ outcome }) => outcome)).toEqual(['detour', 'sent', 'sent']);
    expect(logger.lines).toContainEqual({
      level: 'warn',
      message: 'delivery detour',
      fields: { key: 'a', reason: 'is_archived', failures: 0 },
    });
  });

  test('a method that hangs does not hold up the others', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const send = chat.send.bind(chat);
    vi.spyOn(chat, 'send').mockImplementation(async (delivery, posted) => {
      await (delivery.kind === 'response' ? held : undefined);
      return send(delivery, posted);
    });
    const { channel: _, ...base } = sampleCard('x');
    for (let index = 0; index < 16; index += 1) {
      await outbox.put({ ...base, key: `r${index}`, kind: 'response', url: 'https://hooks.example/1' });
    }
    await outbox.put(sampleCard('card'));

    await vi.waitUntil(() => state('card') === 'sent');
    const sending = [...outbox.rows.values()].filter((row) => row.state === 'sending').length;
    release();
    await vi.waitUntil(() => [...outbox.rows.values()].every((row) => row.state === 'sent'));

    expect(sending).toBe(4);
  });

  test('survives a chat adapter that throws', async () => {
    vi.spyOn(chat, 'send').mockRejectedValueOnce(new Error('a defect'));
    await outbox.put(sampleCard('a'));
    await vi.waitUntil(() => outbox.rows.get('a')?.failures === 1);
    clock.advance(1000);

    await vi.waitUntil(() => state('a') === 'sent');

    expect(chat.calls).toEqual(['find a', 'post a 1']);
  });

  test('works on after an outage of the store, with one line in the log', async () => {
    outbox.down = true;
    await vi.waitUntil(() => logger.lines.length > 0);
    await pause(30);
    outbox.down = false;
    await outbox.put(sampleCard('a'));

    await vi.waitUntil(() => state('a') === 'sent');

    expect(logger.lines).toHaveLength(1);
  });

  test('keeps what it knows of a sent message until the store takes it', async () => {
    const { promise: sent, resolve } = Promise.withResolvers<void>();
    const send = chat.send.bind(chat);
    vi.spyOn(chat, 'send').mockImplementationOnce(async (...args) => {
      const result = await send(...args);
      outbox.down = true;
      resolve();
      return result;
    });
    await outbox.put(sampleCard('a'));
    await sent;
    await pause(20);
    outbox.down = false;

    await vi.waitUntil(() => state('a') === 'sent');

    expect(chat.calls).toEqual(['post a 1']);
  });

  test('does not send what it held for so long that another sender has it', async () => {
    const claim = outbox.claim.bind(outbox);
    const frozen = vi.spyOn(outbox, 'claim').mockImplementationOnce(async () => {
      const result = await claim();
      clock.advance(25_000);
      await claim();
      return result;
    });
    const asleep = frozen.mock.calls.length;
    await outbox.put(sampleCard('a'));

    await vi.waitUntil(() => frozen.mock.calls.length > asleep + 3);

    expect(chat.calls).toEqual([]);
  });

  test('keeps a row for itself while its send takes long', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const send = chat.send.bind(chat);
    vi.spyOn(chat, 'send').mockImplementationOnce(async (...args) => {
      await held;
      return send(...args);
    });
    await outbox.put(sampleCard('a'));
    await vi.waitUntil(() => state('a') === 'sending');
    for (const _ of [1, 2, 3]) {
      const before = outbox.rows.get('a')?.leaseUntil ?? 0;
      clock.advance(15_000);
      await vi.waitUntil(() => (outbox.rows.get('a')?.leaseUntil ?? 0) > before);
    }

    release();
    await vi.waitUntil(() => state('a') === 'sent');

    expect(chat.calls).toEqual(['post a 1']);
  });

  test('ends what is under way when it stops, and takes nothing further', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const send = chat.send.bind(chat);
    const spy = vi.spyOn(chat, 'send').mockImplementationOnce(async (...args) => {
      await held;
      return send(...args);
    });
    await outbox.put(sampleCard('a'));
    await vi.waitUntil(() => spy.mock.calls.length === 1);

    const stopped = deliverer.stop();
    await outbox.put(sampleCard('b'));
    release();
    await stopped;

    expect([state('a'), state('b')]).toEqual(['sent', 'waiting']);
  });
});
