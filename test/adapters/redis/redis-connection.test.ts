import { afterEach, describe, expect, test, vi } from 'vitest';
import { RedisConnection } from '../../../src/adapters/redis/redis-connection.ts';
import { RedisQuestionStore } from '../../../src/adapters/redis/redis-question-store.ts';
import { redisScript } from '../../../src/adapters/redis/redis-script.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';
import { sampleQuestion, sampleRecording } from '../../fakes/samples.ts';
import { type RedisTestOptions, startRedis, type TestRedis } from '../../redis/start-redis.ts';

describe('a connection to Redis', { timeout: 30_000 }, () => {
  const open: { close(): void }[] = [];
  let server: TestRedis | undefined;

  afterEach(async () => {
    for (const connection of open.splice(0)) {
      connection.close();
    }
    await server?.stop();
    server = undefined;
  });

  async function start(options: RedisTestOptions = {}): Promise<TestRedis> {
    server = await startRedis(options);
    return server;
  }

  function connect(url: string): { redis: RedisConnection; logger: RecordingLogger } {
    const logger = new RecordingLogger();
    const redis = new RedisConnection({ url, logger, readyTimeoutMs: 1000 });
    open.push(redis);
    return { redis, logger };
  }

  function works(redis: RedisConnection): Promise<boolean> {
    return vi.waitUntil(
      () =>
        redis.call('PING').then(
          (reply) => reply === 'PONG',
          () => false,
        ),
      { timeout: 10_000 },
    );
  }

  test('answers, also with a script that the server does not know yet', async () => {
    const { url } = await start();
    const { redis } = connect(url);
    await redis.ready();
    const script = redisScript('return {KEYS[1], ARGV[1], now > 1700000000000}');

    const replies = [await redis.run(script, ['k'], ['v']), await redis.call('SCRIPT', 'FLUSH')];
    replies.push(await redis.run(script, ['k'], ['v']));

    expect(replies).toEqual([['k', 'v', 1], 'OK', ['k', 'v', 1]]);
  });

  test('takes user, password and database of the URL and shows none of them', async () => {
    const { port } = await start({ password: 's3cret' });
    const right = connect(`redis://default:s3cret@127.0.0.1:${port}/3`);
    const wrong = connect(`redis://default:wr0ng@127.0.0.1:${port}`);

    await right.redis.ready();
    const info = await right.redis.call('CLIENT', 'INFO');
    const failure = await wrong.redis.ready().catch((error: unknown) => error);

    expect(info).toContain(' db=3 ');
    expect(failure).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: `Redis at 127.0.0.1:${port} cannot be used: it does not accept the user or the password of the URL.`,
    });
    expect(JSON.stringify([failure, right.logger.lines, wrong.logger.lines])).not.toMatch(/s3cret|wr0ng/);
  });

  test('fails at once while the server is down, logs the outage once, and comes back by itself', async () => {
    const redisServer = await start({ appendfsync: 'always' });
    const { redis, logger } = connect(redisServer.url);
    await redis.ready();
    await redis.call('SET', 'k', 'v');
    await redisServer.kill();
    await vi.waitUntil(() => !redis.isReady());

    const failure = await redis.call('GET', 'k').catch((error: unknown) => error);
    await redisServer.start();
    await works(redis);

    expect(failure).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('there is no connection to it'),
    });
    expect(await redis.call('GET', 'k')).toBe('v');
    expect(logger.lines.map(({ message }) => message)).toEqual(['redis connection lost', 'redis connection is back']);
  });

  test('a command under way fails with its connection and is not sent again', async () => {
    const redisServer = await start();
    const { redis } = connect(redisServer.url);
    await redis.ready();
    redisServer.freeze();
    const pending = redis.call('INCR', 'counter').catch((error: unknown) => error);
    await redisServer.kill();
    await redisServer.start();

    const failure = await pending;
    await works(redis);

    expect(failure).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(await redis.call('GET', 'counter')).toBeNull();
  });

  test('a server that hangs fails every command within its limit, also those of new connections', async () => {
    const redisServer = await start();
    const { redis } = connect(redisServer.url);
    await redis.ready();
    redisServer.freeze();
    const late = connect(redisServer.url).redis;

    const failures = await Promise.all([
      redis.call('PING').catch((error: unknown) => error),
      late.ready().catch((error: unknown) => error),
      late.call('PING').catch((error: unknown) => error),
    ]);
    redisServer.thaw();

    expect(failures).toEqual([
      expect.objectContaining({ message: expect.stringContaining('no reply came within the time limit') }),
      expect.objectContaining({ code: 'STORE_UNAVAILABLE' }),
      expect.objectContaining({ message: expect.stringContaining('there is no connection to it') }),
    ]);
    expect([await works(redis), await works(late)]).toEqual([true, true]);
  });

  test('a server that was down at the start is used once it is there', async () => {
    const redisServer = await start();
    await redisServer.kill();
    const { redis } = connect(redisServer.url);

    const failure = await redis.ready().catch((error: unknown) => error);
    await redisServer.start();

    expect(failure).toMatchObject({ code: 'STORE_UNAVAILABLE', message: expect.stringContaining('ECONNREFUSED') });
    expect(await works(redis)).toBe(true);
  });

  test('a full server refuses writes by name, still reads, and takes writes again when there is room', async () => {
    const { url } = await start({ maxmemory: '100mb' });
    const { redis, logger } = connect(url);
    await redis.ready();
    const store = new RedisQuestionStore({ redis, logger });
    await store.begin(sampleQuestion('q-before'));
    await redis.call('CONFIG', 'SET', 'maxmemory', '512kb');

    const failures = await Promise.all([
      redis.call('SET', 'k', 'v').catch((error: unknown) => error),
      store.begin(sampleQuestion('q-full')).catch((error: unknown) => error),
      store.finish('q-before', 1, { kind: 'expired' }, sampleRecording()).catch((error: unknown) => error),
    ]);
    const read = await store.read('q-before');
    await redis.call('CONFIG', 'SET', 'maxmemory', '100mb');

    const memory = {
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('it has reached its memory limit and takes nothing more'),
    };
    expect(failures).toEqual(failures.map(() => expect.objectContaining(memory)));
    expect(read).toMatchObject({ run: 1, answeredRun: 0 });
    expect(await store.begin(sampleQuestion('q-full'))).toMatchObject({ kind: 'begun', run: 1 });
  });

  test('a replica that may not be written is named as such', async () => {
    const { url } = await start();
    const { redis } = connect(url);
    await redis.ready();
    await redis.call('REPLICAOF', '127.0.0.1', 1);

    await expect(redis.call('SET', 'k', 'v')).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('it is a read-only replica'),
    });
  });

  test('a host that nobody resolves is an error, not a crash', async () => {
    const { redis, logger } = connect('redis://no-such-host.invalid:6379');

    const failure = await redis.ready().catch((error: unknown) => error);

    expect(failure).toMatchObject({ code: 'STORE_UNAVAILABLE', context: { server: 'no-such-host.invalid:6379' } });
    expect(logger.lines).toHaveLength(1);
  });
});
