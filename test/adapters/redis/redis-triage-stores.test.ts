import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll } from 'vitest';
import { RedisAlertIntake } from '../../../src/adapters/redis/redis-alert-intake.ts';
import { RedisConnection } from '../../../src/adapters/redis/redis-connection.ts';
import { RedisIncidentDesk } from '../../../src/adapters/redis/redis-incident-desk.ts';
import { RedisTriageStore } from '../../../src/adapters/redis/redis-triage-store.ts';
import { describeTriageStore } from '../../contract/triage-store.contract.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';
import { startRedis, type TestRedis } from '../../redis/start-redis.ts';

const logger = new RecordingLogger();
let server: TestRedis;
let redis: RedisConnection;
let stores = 0;

beforeAll(async () => {
  server = await startRedis();
  redis = new RedisConnection({ url: server.url, logger });
  await redis.ready();
});

afterAll(async () => {
  redis.close();
  await server.stop();
});

describeTriageStore('Redis', async (options) => {
  stores += 1;
  const common = { redis, logger, prefix: `triage-${stores}`, ...options };
  return {
    alerts: new RedisAlertIntake(common),
    triage: new RedisTriageStore(common),
    desk: new RedisIncidentDesk(common),
    pass: (ms) => pause(ms),
  };
});
