import { createHash } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import { RedisAuditLog } from '../../../src/adapters/redis/redis-audit-log.ts';
import { RedisRemediationStore } from '../../../src/adapters/redis/redis-remediation-store.ts';
import { describeRemediationStore } from '../../contract/remediation-store.contract.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';
import { ClockedRedis } from '../../redis/clocked-redis.ts';
import { startRedis, type TestRedis } from '../../redis/start-redis.ts';

const logger = new RecordingLogger();
let server: TestRedis;
let redis: ClockedRedis;
let stores = 0;

beforeAll(async () => {
  server = await startRedis();
  redis = new ClockedRedis({ url: server.url, logger });
  await redis.ready();
});

afterAll(async () => {
  redis.close();
  await server.stop();
});

describeRemediationStore('Redis', async () => {
  stores += 1;
  const prefix = `remedy-${stores}`;
  const clock = new FakeClock();
  const common = { redis, logger, prefix };
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await redis.setTime(`${prefix}:{remedy}:`, clock.ms);
  };
  await pass(0);
  const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
  return { store: new RedisRemediationStore(common), audit: new RedisAuditLog({ ...common, digest }), pass };
});
