import { afterAll, beforeAll, expect, it } from 'vitest';
import { RedisAlertIntake } from '../../../src/adapters/redis/redis-alert-intake.ts';
import { RedisAlertRate } from '../../../src/adapters/redis/redis-alert-rate.ts';
import { RedisConnection } from '../../../src/adapters/redis/redis-connection.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';
import { SAMPLE_LATER_START, sampleStoredAlert } from '../../fakes/triage-samples.ts';
import { startRedis, type TestRedis } from '../../redis/start-redis.ts';

let server: TestRedis;
let redis: RedisConnection;

beforeAll(async () => {
  server = await startRedis();
  redis = new RedisConnection({ url: server.url, logger: new RecordingLogger() });
  await redis.ready();
});

afterAll(async () => {
  redis.close();
  await server.stop();
});

async function total(rate: RedisAlertRate, cluster: string): Promise<number> {
  const { now, slots } = await rate.begun(cluster);
  return slots.filter(({ at }) => at <= now.getTime() && at % 10_000 === 0).reduce((sum, { count }) => sum + count, 0);
}

it('counts what begins to fire, not its copies, its replicas and its end', async () => {
  const intake = new RedisAlertIntake({ redis, prefix: 'one' });
  const rate = new RedisAlertRate({ redis, prefix: 'one' });
  const a = sampleStoredAlert('a');

  await intake.accept([a, sampleStoredAlert('b'), a]);
  await intake.accept([a, sampleStoredAlert('a', { startsAt: SAMPLE_LATER_START })]);
  await intake.accept([sampleStoredAlert('a', { status: 'resolved' }), sampleStoredAlert('c', { status: 'resolved' })]);

  expect(await total(rate, 'prod')).toBe(2);
  expect(await total(rate, 'dev')).toBe(0);
});

it('counts for every cluster what is of none that is known', async () => {
  const intake = new RedisAlertIntake({ redis, prefix: 'two' });
  const rate = new RedisAlertRate({ redis, prefix: 'two' });

  await intake.accept([sampleStoredAlert('a', { cluster: '' }), sampleStoredAlert('b')]);

  expect([await total(rate, 'prod'), await total(rate, 'dev'), await total(rate, '')]).toEqual([2, 1, 1]);
});

it('ignores what somebody else wrote there', async () => {
  const rate = new RedisAlertRate({ redis, prefix: 'three' });
  await redis.call('HSET', 'three:{triage}:cluster:prod:rate', 'soon', '9', '10000', 'many', '20000', '4');
  await redis.call('SET', 'three:{triage}:cluster::rate', 'text');

  const { slots } = await rate.begun('prod');

  expect(slots).toEqual([{ at: 20_000, count: 4 }]);
});
