import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll } from 'vitest';
import { RedisClusterDirectory } from '../../../src/adapters/redis/redis-cluster-directory.ts';
import { RedisConnection } from '../../../src/adapters/redis/redis-connection.ts';
import { RedisNoteStore } from '../../../src/adapters/redis/redis-note-store.ts';
import { RedisOutbox } from '../../../src/adapters/redis/redis-outbox.ts';
import { RedisQuestionStore } from '../../../src/adapters/redis/redis-question-store.ts';
import { RedisSeenStore } from '../../../src/adapters/redis/redis-seen-store.ts';
import { CONTRACT_EDIT_GAP_MS, CONTRACT_LEASE_MS, describeOutbox } from '../../contract/outbox.contract.ts';
import { CONTRACT_LINE_MS, describeQuestionStore } from '../../contract/question-store.contract.ts';
import { CONTRACT_SILENT_MS, describeSmallStores } from '../../contract/small-stores.contract.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';
import { startRedis, type TestRedis } from '../../redis/start-redis.ts';

const logger = new RecordingLogger();
let server: TestRedis;
let redis: RedisConnection;
let outboxes = 0;
const pass = (ms: number): Promise<void> => pause(ms);

beforeAll(async () => {
  server = await startRedis();
  redis = new RedisConnection({ url: server.url, logger });
  await redis.ready();
});

afterAll(async () => {
  redis.close();
  await server.stop();
});

describeQuestionStore('Redis', async () => ({
  store: new RedisQuestionStore({ redis, logger, lineMs: CONTRACT_LINE_MS }),
  pass,
}));

describeSmallStores('Redis', async () => ({
  seen: new RedisSeenStore(redis),
  notes: new RedisNoteStore(redis),
  clusters: new RedisClusterDirectory({ redis, logger, silentAfterMs: CONTRACT_SILENT_MS }),
  pass,
}));

describeOutbox('Redis', async () => {
  outboxes += 1;
  const times = { leaseMs: CONTRACT_LEASE_MS, editGapMs: CONTRACT_EDIT_GAP_MS, postGapMs: 0 };
  return { outbox: new RedisOutbox({ redis, logger, prefix: `outbox-${outboxes}`, ...times }), pass };
});
