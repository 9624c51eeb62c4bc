import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { RedisConnection } from '../../../src/adapters/redis/redis-connection.ts';
import { RedisOutbox, type RedisOutboxOptions } from '../../../src/adapters/redis/redis-outbox.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';
import { sampleCard, sampleQuestion } from '../../fakes/samples.ts';
import { startRedis, type TestRedis } from '../../redis/start-redis.ts';

const posted = { channel: 'C1', ts: '1.1' };

describe('limits of the outbox', { timeout: 30_000 }, () => {
  let server: TestRedis;
  let redis: RedisConnection;
  let logger: RecordingLogger;
  let prefix = 0;

  beforeAll(async () => {
    server = await startRedis();
    redis = new RedisConnection({ url: server.url, logger: new RecordingLogger() });
    await redis.ready();
  });

  beforeEach(() => {
    logger = new RecordingLogger();
    prefix += 1;
  });

  afterAll(async () => {
    redis.close();
    await server.stop();
  });

  function open(options: Partial<RedisOutboxOptions> = {}): RedisOutbox {
    return new RedisOutbox({ redis, logger, prefix: `t${prefix}`, ...options });
  }

  /** The keys that may be claimed now, in their order. */
  async function claimable(outbox: RedisOutbox): Promise<readonly string[]> {
    const result = await outbox.claim();
    return result.kind === 'none' ? [] : [result.claim.delivery.key, ...(await claimable(outbox))];
  }

  test('one post for each channel in the gap, whatever its priority', async () => {
    const outbox = open({ postGapMs: 60_000 });
    for (const channel of ['C1', 'C2']) {
      await outbox.put(sampleCard(`${channel}-news`, { channel, priority: 'news' }));
      await outbox.put(sampleCard(`${channel}-first`, { channel }));
      await outbox.put(sampleCard(`${channel}-second`, { channel }));
      await outbox.put(sampleCard(`${channel}-urgent`, { channel, priority: 'urgent' }));
    }

    expect(await claimable(outbox)).toEqual(['C1-urgent', 'C2-urgent']);
    expect(await outbox.backlog()).toMatchObject({ waiting: 8 });
  });

  test('a channel goes on after the gap', async () => {
    const outbox = open({ postGapMs: 100 });
    await outbox.put(sampleCard('a'));
    await outbox.put(sampleCard('b'));

    const first = await claimable(outbox);
    const rest = await vi.waitUntil(async () => (await claimable(outbox)).at(0));

    expect([first, rest]).toEqual([['a'], 'b']);
  });

  test('edits and private messages do not wait for the gap between posts', async () => {
    const outbox = open({ postGapMs: 60_000, editGapMs: 0 });
    await outbox.put(sampleCard('card'));
    const first = await outbox.claim();
    if (first.kind === 'claimed') {
      await outbox.settle(first.claim, { kind: 'sent', posted });
    }

    await outbox.put(sampleCard('card', { version: 2 }));
    await outbox.put(sampleCard('other'));
    await outbox.put({ ...sampleCard('private'), kind: 'ephemeral', user: 'U1' });

    expect(await claimable(outbox)).toEqual(['card', 'private']);
  });

  test('a hundred rows of one channel do not go before the first row of another', async () => {
    const outbox = open({ postGapMs: 0 });
    for (let index = 0; index < 100; index += 1) {
      await outbox.put(sampleCard(`busy-${String(index).padStart(3, '0')}`, { channel: 'C-busy' }));
    }
    await outbox.claim();
    await outbox.put(sampleCard('quiet', { channel: 'C-quiet' }));

    const order = await claimable(outbox);

    expect(order.indexOf('quiet')).toBeLessThan(5);
    expect(order).toHaveLength(100);
    expect(order.filter((key) => key !== 'quiet')).toEqual(order.filter((key) => key !== 'quiet').toSorted());
  });

  test('a scarce method is shared between channels', async () => {
    const outbox = open({ budgets: { 'chat.postEphemeral': 4 }, windowMs: 60_000 });
    for (let index = 0; index < 10; index += 1) {
      await outbox.put({ ...sampleCard(`busy-${index}`), kind: 'ephemeral', channel: 'C-busy', user: 'U1' });
    }
    await outbox.claim();
    await outbox.claim();
    await outbox.put({ ...sampleCard('quiet'), kind: 'ephemeral', channel: 'C-quiet', user: 'U1' });

    expect(await claimable(outbox)).toContain('quiet');
  });

  test('a method is used no more often in a window than its budget says', async () => {
    const outbox = open({ budgets: { 'views.publish': 3 }, windowMs: 400 });
    const content = { kind: 'notice', text: 'x' } as const;
    for (let index = 0; index < 5; index += 1) {
      const base = { key: `home-${index}`, team: 'T1', priority: 'news', version: 1, content } as const;
      await outbox.put({ ...base, kind: 'home', user: `U${index}` });
    }

    const first = await claimable(outbox);
    const wait = await outbox.claim();
    const rest = await vi.waitUntil(async () => {
      const keys = await claimable(outbox);
      return keys.length === 0 ? undefined : keys;
    });

    expect([first.length, rest?.length]).toEqual([3, 2]);
    expect(wait).toMatchObject({ kind: 'none' });
  });

  test('a card that changes all the time is sent all the same', async () => {
    const outbox = open({ postGapMs: 0 });
    await outbox.put(sampleCard('changing'));
    for (let version = 2; version < 20; version += 1) {
      await outbox.put(sampleCard(`other-${version}`));
      await outbox.put(sampleCard('changing', { version }));
    }

    expect(await outbox.claim()).toMatchObject({ claim: { delivery: { key: 'changing', version: 19 } } });
  });

  test('a more urgent version takes its row out of the slower lane', async () => {
    const outbox = open({ postGapMs: 0 });
    await outbox.put(sampleCard('a', { priority: 'news' }));
    await outbox.put(sampleCard('b'));
    await outbox.put(sampleCard('a', { priority: 'urgent', version: 2 }));

    expect(await claimable(outbox)).toEqual(['a', 'b']);
  });

  test('several senders never get the same row', async () => {
    const outbox = open({ postGapMs: 0 });
    await Promise.all(Array.from({ length: 60 }, (_, index) => outbox.put(sampleCard(`k${index}`))));

    const claims = await Promise.all(Array.from({ length: 80 }, () => outbox.claim()));

    const keys = claims.flatMap((result) => (result.kind === 'claimed' ? result.claim.delivery.key : []));
    expect(new Set(keys).size).toBe(60);
    expect(keys).toHaveLength(60);
  });

  test('a row that cannot be read is left for another version of the program, and the next one comes', async () => {
    const outbox = open({ postGapMs: 0 });
    await outbox.put(sampleCard('newer'));
    await outbox.put(sampleCard('good'));
    const row = `t${prefix}:{outbox}:row:newer`;
    const body = await redis.call('HGET', row, 'body');
    await redis.call('HSET', row, 'body', '{"kind":"hologram"}');

    const keys = await claimable(outbox);
    const put = await redis.call('HMGET', row, 'state', 'reason', 'failures');
    const wait = await outbox.claim();
    // As the gateway of the newer version sees it, once it is due.
    await redis.call('HSET', row, 'body', String(body));
    await redis.call('ZADD', `t${prefix}:{outbox}:lanes:answer:chat.postMessage`, 0, 'C1');
    await redis.call('ZADD', `t${prefix}:{outbox}:lanes:answer:chat.postMessage:C1`, 0, 'newer');

    expect([keys, put]).toEqual([['good'], ['waiting', 'unreadable', '0']]);
    expect(wait).toMatchObject({ kind: 'none' });
    expect(logger.lines).toEqual([
      { level: 'warn', message: 'stored value is not understood', fields: { what: 'delivery', id: 'newer' } },
    ]);
    expect(await claimable(outbox)).toEqual(['newer']);
  });

  test('evidence that is sent as a message keeps the gap between posts, and a file does not', async () => {
    const outbox = open({ postGapMs: 60_000 });
    const file = { ...sampleCard('short'), kind: 'file', thread: '1.1' } as const;
    const content = { kind: 'evidence', question: sampleQuestion('q-1'), run: 1 } as const;
    await outbox.put(sampleCard('card'));
    await outbox.put({ ...file, content: { ...content, text: 'short' } });
    await outbox.put({ ...file, key: 'long', content: { ...content, text: 'x'.repeat(5000) } });

    expect(await claimable(outbox)).toEqual(['card', 'long']);
  });

  test('a row that went away by time holds nothing up', async () => {
    const outbox = open({ postGapMs: 0 });
    await outbox.put(sampleCard('gone'));
    await outbox.put(sampleCard('here'));
    await redis.call('DEL', `t${prefix}:{outbox}:row:gone`);

    expect(await claimable(outbox)).toEqual(['here']);
    expect(await outbox.backlog()).toMatchObject({ waiting: 1 });
  });

  test('what is sent keeps no content and goes away by itself, as all the rest', async () => {
    const outbox = open({ postGapMs: 0 });
    await outbox.put(sampleCard('a'));
    const result = await outbox.claim();
    if (result.kind === 'claimed') {
      await outbox.settle(result.claim, { kind: 'sent', posted });
    }

    const keys = (await redis.call('KEYS', `t${prefix}:*`)) as readonly string[];
    const ttls = await Promise.all(keys.map((key) => redis.call('PTTL', key)));

    expect(keys.toSorted()).toEqual([`t${prefix}:{outbox}:row:a`, `t${prefix}:{outbox}:used:chat.postMessage`]);
    expect(ttls.every((ttl) => Number(ttl) > 0)).toBe(true);
    expect(await redis.call('HEXISTS', `t${prefix}:{outbox}:row:a`, 'body')).toBe(0);
  });

  test('hostile keys and channels stay within their own rows', async () => {
    const outbox = open({ postGapMs: 0 });
    const hostile = ['a:b', 'a b', "a'); redis.call('FLUSHALL') --", '🙂\u0000\n', 'x'.repeat(500)];
    for (const text of hostile) {
      await outbox.put(sampleCard(text, { channel: text }));
    }

    expect((await claimable(outbox)).toSorted()).toEqual(hostile.toSorted());
  });
});
