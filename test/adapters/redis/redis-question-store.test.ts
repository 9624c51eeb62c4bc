import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RedisClusterDirectory } from '../../../src/adapters/redis/redis-cluster-directory.ts';
import { RedisConnection } from '../../../src/adapters/redis/redis-connection.ts';
import { RedisQuestionStore } from '../../../src/adapters/redis/redis-question-store.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';
import { sampleOutcome, sampleQuestion, sampleRecording } from '../../fakes/samples.ts';
import { startRedis, type TestRedis } from '../../redis/start-redis.ts';

describe('questions in Redis', () => {
  let server: TestRedis;
  let redis: RedisConnection;
  let logger: RecordingLogger;
  let store: RedisQuestionStore;

  beforeAll(async () => {
    server = await startRedis();
    redis = new RedisConnection({ url: server.url, logger: new RecordingLogger() });
    await redis.ready();
    logger = new RecordingLogger();
    store = new RedisQuestionStore({ redis, logger });
  });

  afterAll(async () => {
    redis.close();
    await server.stop();
  });

  const key = (...parts: readonly string[]): string => ['kubewhy:{questions}', ...parts].join(':');

  /** What is logged while something is done. */
  async function logged(act: () => Promise<void>): Promise<readonly unknown[]> {
    const before = logger.lines.length;
    await act();
    return logger.lines.slice(before);
  }

  test('everything goes away by itself, except the index of what is open', async () => {
    await store.begin(sampleQuestion('q-ttl'));
    await store.finish('q-ttl', 1, sampleOutcome(), sampleRecording());
    await store.begin(sampleQuestion('q-ttl-2'));

    const keys = ((await redis.call('KEYS', '*')) as readonly string[]).toSorted();
    const forever: string[] = [];
    for (const name of keys) {
      if (Number(await redis.call('PTTL', name)) < 0) {
        forever.push(name);
      }
    }

    expect(keys).toContain(key('recording', 'q-ttl', '1'));
    expect(forever).toEqual([key('open')]);
  });

  test('what a server begins late, when nobody waits for it any more, is taken back', async () => {
    const own = await startRedis();
    const impatient = new RedisConnection({ url: own.url, logger: new RecordingLogger(), commandTimeoutMs: 200 });
    await impatient.ready();
    const late = new RedisQuestionStore({ redis: impatient, logger });
    await late.begin(sampleQuestion('q-before'));

    own.freeze();
    await expect(late.begin(sampleQuestion('q-late'))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await expect(late.begin(sampleQuestion('q-before'))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await expect(late.abandon('q-before', 1)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    own.thaw();
    await expect.poll(() => impatient.call('PING').catch(() => 'not yet'), { timeout: 10_000 }).toBe('PONG');

    expect(await Promise.all([late.read('q-late'), late.read('q-before')])).toEqual([undefined, undefined]);
    expect(await late.begin(sampleQuestion('q-late'))).toEqual({ kind: 'begun', run: 2, position: 1 });
    impatient.close();
    await own.stop();
  });

  test('what another call has begun is not taken back', async () => {
    const own = await startRedis();
    const impatient = new RedisConnection({ url: own.url, logger: new RecordingLogger(), commandTimeoutMs: 200 });
    await impatient.ready();
    const late = new RedisQuestionStore({ redis: impatient, logger });
    await late.begin(sampleQuestion('q-mine'));

    own.freeze();
    await expect(late.begin(sampleQuestion('q-mine'))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    own.thaw();
    await expect.poll(() => impatient.call('PING').catch(() => 'not yet'), { timeout: 10_000 }).toBe('PONG');

    expect(await late.read('q-mine')).toMatchObject({ run: 1, answeredRun: 0 });
    impatient.close();
    await own.stop();
  });

  test('a further run that a server begins late is taken back, and the one before stays', async () => {
    const own = await startRedis();
    const impatient = new RedisConnection({ url: own.url, logger: new RecordingLogger(), commandTimeoutMs: 200 });
    await impatient.ready();
    const late = new RedisQuestionStore({ redis: impatient, logger });
    const question = sampleQuestion('q-again');
    for (const known of [question, sampleQuestion('q-other')]) {
      await late.begin(known);
      await late.finish(known.id, 1, { kind: 'expired' });
    }
    // A server that does not know the script yet begins nothing late.
    await late.beginAgain(sampleQuestion('q-other'));

    own.freeze();
    const narrower = { ...question, readable: [] };
    await expect(late.beginAgain(narrower)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    own.thaw();
    await expect.poll(() => impatient.call('PING').catch(() => 'not yet'), { timeout: 10_000 }).toBe('PONG');

    expect(await late.read('q-again')).toMatchObject({ question, run: 1, answeredRun: 1 });
    expect(await late.beginAgain(question)).toEqual({ kind: 'begun', run: 3, position: 2 });
    impatient.close();
    await own.stop();
  });

  test('what another version or somebody else stored is not there, and the log says so', async () => {
    await store.begin(sampleQuestion('q-odd'));
    await redis.call('HSET', key('record', 'q-odd'), 'question', '{"id":"q-odd","__proto__":{"a":1}}');
    await redis.call('SET', key('outcome', 'q-odd', '1'), '{"kind":"failed","code":"__proto__"}');
    await redis.call('SET', key('recording', 'q-odd', '1'), 'no gzip');
    const values: unknown[] = [];

    const lines = await logged(async () => {
      values.push(await store.read('q-odd'), await store.outcome('q-odd', 1), await store.recording('q-odd', 1));
      values.push((await store.unanswered(-1000)).filter(({ question }) => question.id === 'q-odd'));
    });

    expect(values).toEqual([undefined, undefined, undefined, []]);
    expect(lines).toEqual([
      { level: 'warn', message: 'stored value is not understood', fields: { what: 'question', id: 'q-odd' } },
      { level: 'warn', message: 'stored value is not understood', fields: { what: 'outcome', id: 'q-odd' } },
      {
        level: 'warn',
        message: 'recording cannot be given',
        fields: { id: 'q-odd', run: 1, reason: 'unreadable' },
      },
      { level: 'warn', message: 'stored value is not understood', fields: { what: 'question', id: 'q-odd' } },
    ]);
  });

  test('fields of a newer version are dropped', async () => {
    await store.begin(sampleQuestion('q-newer'));
    const newer = { ...sampleQuestion('q-newer'), mood: 'curious' };
    await redis.call('HSET', key('record', 'q-newer'), 'question', JSON.stringify(newer));

    expect((await store.read('q-newer'))?.question).toEqual(sampleQuestion('q-newer'));
  });

  test('a recording that is too large leaves the answer and a mark', async () => {
    await store.begin(sampleQuestion('q-large'));
    const noise = randomBytes(3_000_000).toString('base64');
    await store.finish('q-large', 1, sampleOutcome(), sampleRecording(noise));
    let recording: unknown = 'not read';

    const lines = await logged(async () => {
      recording = await store.recording('q-large', 1);
    });

    expect(recording).toBeUndefined();
    expect(await store.outcome('q-large', 1)).toEqual(sampleOutcome());
    expect(lines).toEqual([
      { level: 'warn', message: 'recording cannot be given', fields: { id: 'q-large', run: 1, reason: 'too-large' } },
    ]);
  });

  test('a bomb of zeros is not expanded', async () => {
    await store.begin(sampleQuestion('q-bomb'));
    const client = new RedisConnection({ url: server.url, logger: new RecordingLogger() });
    await client.ready();
    await client.call('SET', key('recording', 'q-bomb', '1'), gzipSync(Buffer.alloc(80_000_000)));
    client.close();

    expect(await store.recording('q-bomb', 1)).toBeUndefined();
  });

  test('feedback keeps the recording of its run longer than the question', async () => {
    const question = sampleQuestion('q-feedback');
    await store.begin(question);
    await store.finish('q-feedback', 1, sampleOutcome(), sampleRecording());
    const by = { team: 'T1', user: 'U2' };

    await store.saveFeedback({ id: 'f-1', question, run: 1, by, at: '2026-01-31T12:30:00Z', text: '' });

    const day = 86_400_000;
    expect(Number(await redis.call('PTTL', key('recording', 'q-feedback', '1')))).toBeGreaterThan(80 * day);
    expect(Number(await redis.call('PTTL', key('outcome', 'q-feedback', '1')))).toBeLessThan(8 * day);
  });

  test('a status that cannot be read counts as never seen', async () => {
    const clusters = new RedisClusterDirectory({ redis, logger });
    await redis.call('HSET', 'kubewhy:{clusters}:odd', 'status', '[]', 'at', '1');

    expect(await clusters.statuses(['odd'])).toEqual([{ cluster: 'odd', state: 'never-seen' }]);
  });
});
