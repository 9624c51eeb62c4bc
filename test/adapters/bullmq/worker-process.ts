/**
 * A diagnoser in a process of its own, to be killed or frozen: takes jobs, says `started` and stores an outcome.
 * Arguments: URL, cluster, lock in milliseconds, duration of a job in milliseconds.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { BullmqDiagnosisWorker } from '../../../src/adapters/bullmq/bullmq-diagnosis-worker.ts';
import { RedisConnection } from '../../../src/adapters/redis/redis-connection.ts';
import { RedisQuestionStore } from '../../../src/adapters/redis/redis-question-store.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';

const [url = '', cluster = '', lockMs = '0', jobMs = '0'] = process.argv.slice(2);
const logger = new RecordingLogger();
const redis = new RedisConnection({ url, logger });
await redis.ready();
const store = new RedisQuestionStore({ redis, logger });
const worker = new BullmqDiagnosisWorker({
  url,
  cluster,
  logger,
  lockMs: Number(lockMs),
  handle: async ({ questionId, run }) => {
    process.stdout.write(`started ${questionId}\n`);
    await redis.call('RPUSH', 'starts', `${questionId} ${process.pid}`);
    await pause(Number(jobMs));
    await store.finish(questionId, run, {
      kind: 'failed',
      code: 'SUBJECT_NOT_FOUND',
      message: `by ${process.pid}`,
      hint: '',
      candidates: [],
    });
  },
});
process.once('SIGTERM', () => {
  void worker.close().then(() => redis.close());
});
