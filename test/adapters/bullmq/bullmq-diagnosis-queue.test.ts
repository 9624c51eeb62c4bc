import { Queue } from 'bullmq';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BullmqDiagnosisQueue } from '../../../src/adapters/bullmq/bullmq-diagnosis-queue.ts';
import { BullmqDiagnosisWorker } from '../../../src/adapters/bullmq/bullmq-diagnosis-worker.ts';
import { RedisConnection } from '../../../src/adapters/redis/redis-connection.ts';
import type { DiagnosisJob } from '../../../src/core/question/question.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';
import { startRedis, type TestRedis } from '../../redis/start-redis.ts';

function sampleJob(questionId: string, changes: Partial<DiagnosisJob> = {}): DiagnosisJob {
  return { questionId, run: 1, cluster: 'prod', expiresAt: '2026-01-31T12:05:00.000Z', ...changes };
}

describe('the queue of diagnoses', { timeout: 30_000 }, () => {
  let server: TestRedis;
  let logger: RecordingLogger;
  const open: { close(): Promise<void> }[] = [];

  beforeEach(async () => {
    server = await startRedis();
    logger = new RecordingLogger();
  });

  afterEach(async () => {
    await Promise.all(open.splice(0).map((part) => part.close()));
    await server.stop();
  });

  function openQueue(): BullmqDiagnosisQueue {
    const queue = new BullmqDiagnosisQueue({ url: server.url, logger });
    open.push(queue);
    return queue;
  }

  function startWorker(handle: (job: DiagnosisJob) => Promise<void>, options: object = {}): BullmqDiagnosisWorker {
    const worker = new BullmqDiagnosisWorker({ url: server.url, cluster: 'prod', handle, logger, ...options });
    open.push(worker);
    return worker;
  }

  /** Enqueues again and again until it works, as the sweeper does. */
  function untilEnqueued(queue: BullmqDiagnosisQueue, job: DiagnosisJob): Promise<boolean> {
    return vi.waitUntil(
      () =>
        queue.enqueue(job, 1).then(
          () => true,
          () => false,
        ),
      { timeout: 10_000 },
    );
  }

  test('a job arrives once and as it was, with the options that keep its id', async () => {
    const queue = openQueue();
    const jobs: DiagnosisJob[] = [];
    await queue.enqueue(sampleJob('q-1'), 2);
    await queue.enqueue(sampleJob('q-1'), 2);
    const inspector = new Queue('diagnose-prod', { prefix: 'kubewhy', connection: { url: server.url } });
    open.push(inspector);
    const stored = await inspector.getJob('dg-q-1-1');
    startWorker(async (job) => {
      jobs.push(job);
    });
    await vi.waitUntil(() => jobs.length > 0);
    await vi.waitUntil(async () => (await inspector.getCompletedCount()) === 1);

    await queue.enqueue(sampleJob('q-1'), 1);
    await queue.enqueue(sampleJob('q-1', { run: 2 }), 1);
    await vi.waitUntil(() => jobs.length > 1);

    expect(stored?.opts).toEqual({
      attempts: 5,
      backoff: { type: 'exponential', delay: 1000 },
      jobId: 'dg-q-1-1',
      priority: 2,
      removeOnComplete: { age: 604_800 },
      removeOnFail: true,
    });
    expect(jobs).toEqual([sampleJob('q-1'), sampleJob('q-1', { run: 2 })]);
  });

  test('a lower position goes first, equal ones in order', async () => {
    const queue = openQueue();
    const positions = { a: 3, b: 1, c: 2, d: 1, e: 0, f: 3, g: 1e12 };
    for (const [id, position] of Object.entries(positions)) {
      await queue.enqueue(sampleJob(id), position);
    }
    const order: string[] = [];

    startWorker(
      async ({ questionId }) => {
        order.push(questionId);
      },
      { concurrency: 1 },
    );
    await vi.waitUntil(() => order.length === 7);

    expect(order).toEqual(['b', 'd', 'e', 'c', 'a', 'f', 'g']);
  });

  test('each cluster has its own queue', async () => {
    const queue = openQueue();
    queue.open(['prod', 'dev']);
    const jobs: string[] = [];
    await queue.enqueue(sampleJob('q-dev', { cluster: 'dev' }), 1);
    await queue.enqueue(sampleJob('q-prod'), 1);
    startWorker(async ({ questionId }) => {
      jobs.push(questionId);
    });

    await vi.waitUntil(() => jobs.length > 0);

    expect(jobs).toEqual(['q-prod']);
  });

  test('a job above 16 KiB is a defect', async () => {
    await expect(openQueue().enqueue(sampleJob('q', { cluster: 'x'.repeat(17_000) }), 1)).rejects.toMatchObject({
      code: 'BUG',
    });
  });

  test('a job that fails comes back later', async () => {
    const queue = openQueue();
    let runs = 0;
    const worker = startWorker(async () => {
      runs += 1;
      throw new Error('not now');
    });
    const inspector = new Queue('diagnose-prod', { prefix: 'kubewhy', connection: { url: server.url } });
    open.push(inspector);
    await queue.enqueue(sampleJob('q-fail'), 1);
    await vi.waitUntil(() => runs === 2, { timeout: 5000 });
    await worker.close();

    expect(await (await inspector.getJob('dg-q-fail-1'))?.getState()).toBe('delayed');
    expect(logger.lines).toContainEqual({
      level: 'warn',
      message: 'job failed',
      fields: { queue: 'diagnose-prod', jobId: 'dg-q-fail-1', attempts: 1, reason: 'not now' },
    });
  });

  test('a job that is none ends without being run', async () => {
    const inspector = new Queue('diagnose-prod', { prefix: 'kubewhy', connection: { url: server.url } });
    open.push(inspector);
    await inspector.add('diagnose', { run: 'now' }, { jobId: 'dg-odd' });
    await inspector.add('diagnose', sampleJob('q-other', { cluster: 'dev' }), { jobId: 'dg-other' });
    const jobs: DiagnosisJob[] = [];
    startWorker(async (job) => {
      jobs.push(job);
    });

    await vi.waitUntil(async () => (await inspector.getFailedCount()) === 2);

    expect(jobs).toEqual([]);
  });

  test('without Redis it refuses at once, and takes jobs when Redis is back', async () => {
    const queue = openQueue();
    await queue.enqueue(sampleJob('q-1'), 1);
    await server.kill();

    const failure = await queue.enqueue(sampleJob('q-2'), 1).catch((error: unknown) => error);
    await server.start();
    await untilEnqueued(queue, sampleJob('q-2'));

    expect(failure).toMatchObject({
      code: 'QUEUE_UNAVAILABLE',
      message: expect.not.stringContaining('enableOfflineQueue'),
    });
    expect(logger.lines.map(({ message }) => message)).toEqual([
      'queue connection trouble',
      'queue connection is back',
    ]);
  });

  test('a queue that is opened while Redis is down refuses, and works later without a job that nobody waits for', async () => {
    await server.kill();
    const queue = openQueue();

    const failures = [
      await queue.enqueue(sampleJob('q-early'), 1).catch((error: unknown) => error),
      await queue.enqueue(sampleJob('q-early'), 1).catch((error: unknown) => error),
    ];
    await server.start();
    await untilEnqueued(queue, sampleJob('q-late'));
    const inspector = new Queue('diagnose-prod', { prefix: 'kubewhy', connection: { url: server.url } });
    open.push(inspector);

    expect(failures).toEqual([
      expect.objectContaining({ code: 'QUEUE_UNAVAILABLE', message: expect.stringContaining('ECONNREFUSED') }),
      expect.objectContaining({ code: 'QUEUE_UNAVAILABLE', message: expect.stringContaining('ECONNREFUSED') }),
    ]);
    expect(await inspector.getJob('dg-q-early-1')).toBeUndefined();
  });

  test('a Redis that hangs makes it refuse, known queue or new one, and both work afterwards', async () => {
    const known = openQueue();
    await known.enqueue(sampleJob('q-1'), 1);
    server.freeze();
    const fresh = openQueue();

    const failures = await Promise.all([
      known.enqueue(sampleJob('q-2'), 1).catch((error: unknown) => error),
      fresh.enqueue(sampleJob('q-3'), 1).catch((error: unknown) => error),
    ]);
    server.thaw();

    expect(failures).toEqual([
      expect.objectContaining({ code: 'QUEUE_UNAVAILABLE' }),
      expect.objectContaining({ code: 'QUEUE_UNAVAILABLE' }),
    ]);
    expect([await untilEnqueued(known, sampleJob('q-4')), await untilEnqueued(fresh, sampleJob('q-5'))]).toEqual([
      true,
      true,
    ]);
  });

  test('it closes although Redis is gone', async () => {
    const queue = openQueue();
    await queue.enqueue(sampleJob('q-1'), 1);
    await server.kill();
    const never = openQueue();
    never.open(['prod']);

    await expect(Promise.all([queue.close(), never.close()])).resolves.toBeDefined();
  });

  test('a full Redis is named, and takes jobs again when there is room', async () => {
    const queue = openQueue();
    await queue.enqueue(sampleJob('q-1'), 1);
    const redis = new RedisConnection({ url: server.url, logger });
    await redis.ready();
    await redis.call('CONFIG', 'SET', 'maxmemory', '512kb');

    const failure = await queue.enqueue(sampleJob('q-2'), 1).catch((error: unknown) => error);
    await redis.call('CONFIG', 'SET', 'maxmemory', '0');
    redis.close();

    expect(failure).toMatchObject({ code: 'QUEUE_UNAVAILABLE', message: expect.stringContaining('maxmemory') });
    await expect(queue.enqueue(sampleJob('q-2'), 1)).resolves.toBeUndefined();
  });
});
