import { Queue, Worker } from 'bullmq';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BullmqRemediationQueue } from '../../../src/adapters/bullmq/bullmq-remediation-queue.ts';
import { BullmqRemediationWorker } from '../../../src/adapters/bullmq/bullmq-remediation-worker.ts';
import type { RemediationJob } from '../../../src/ports/remediation-queue.ts';
import type { HandleRemediationJob } from '../../../src/ports/remediation-worker.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';
import { startRedis, type TestRedis } from '../../redis/start-redis.ts';

const LOCK_MS = 400;
const expiresAt = '2026-01-31T12:05:00.000Z';
const PROPOSE: RemediationJob = {
  kind: 'propose',
  cluster: 'prod',
  question: 'q-1',
  run: 2,
  team: 'T1',
  user: 'U2',
  channel: 'C1',
  expiresAt,
};
const DRY_RUN: RemediationJob = { kind: 'dry-run', cluster: 'prod', remediation: 'm-1', user: 'U2', expiresAt };

function execute(once: boolean, cluster = 'prod'): RemediationJob {
  return { kind: 'execute', cluster, remediation: 'm-1', once, expiresAt };
}

describe('the queues of changes', { timeout: 30_000 }, () => {
  let server: TestRedis;
  let logger: RecordingLogger;
  let queue: BullmqRemediationQueue;
  const open: { close(): Promise<void> }[] = [];

  beforeEach(async () => {
    server = await startRedis();
    logger = new RecordingLogger();
    queue = new BullmqRemediationQueue({ url: server.url, logger });
    open.push(queue);
  });

  afterEach(async () => {
    await Promise.all(open.splice(0).map((part) => part.close()));
    await server.stop();
  });

  function startWorker(handle: HandleRemediationJob): BullmqRemediationWorker {
    const options = { url: server.url, cluster: 'prod', logger, lockMs: LOCK_MS, closeWithinMs: 1000 };
    const worker = new BullmqRemediationWorker({ ...options, handle });
    open.push(worker);
    return worker;
  }

  function inspect(name: string): Queue {
    const inspector = new Queue(name, { prefix: 'kubewhy', connection: { url: server.url } });
    open.push(inspector);
    return inspector;
  }

  /** Takes a job as a worker does that dies at once. */
  async function takeAndDie(name: string): Promise<void> {
    const connection = { url: server.url };
    const worker = new Worker(name, null, { prefix: 'kubewhy', connection, lockDuration: LOCK_MS });
    expect(await worker.getNextJob('token')).toBeDefined();
    await worker.close();
  }

  test('tells how long the oldest job waits, and that none does', async () => {
    const none = await queue.oldestMs('prod');
    const added = Date.now();
    await queue.enqueue(PROPOSE, 'propose-q-1-2');
    await vi.waitFor(() => expect(Date.now() - added).toBeGreaterThan(20));
    await queue.enqueue(execute(true), 'exec-m-1');
    const oldest = await queue.oldestMs('prod');
    const passed = Date.now() - added;
    await queue.close();

    expect(none).toBe(0);
    expect(oldest).toBeGreaterThan(15);
    expect(oldest).toBeLessThanOrEqual(passed);
    expect(await new BullmqRemediationQueue({ url: server.url, logger }).oldestMs('stage').catch(String)).toBe(0);
  });

  test('each job arrives once and as it was, in the queue of its way', async () => {
    const jobs: RemediationJob[] = [];
    const all = [
      [PROPOSE, 'propose-q-1-2', 'remedy-prod'],
      [DRY_RUN, 'dry-m-1', 'remedy-prod'],
      [execute(false), 'exec-m-1', 'exec-cas-prod'],
      [execute(true), 'exec-m-1', 'exec-once-prod'],
    ] as const;
    for (const [job, key] of all) {
      await queue.enqueue(job, key);
      await queue.enqueue(job, key);
    }
    const options = await Promise.all(
      all.map(async ([, key, name]) => {
        const { attempts, backoff, jobId } = (await inspect(name).getJob(key))?.opts ?? {};
        return { attempts, backoff, jobId };
      }),
    );

    const worker = startWorker(async (job) => {
      jobs.push(job);
    });
    await vi.waitUntil(() => jobs.length === 4);
    const conditional = inspect('exec-cas-prod');
    await vi.waitUntil(async () => (await conditional.getCompletedCount()) === 1);
    await queue.enqueue(execute(false), 'exec-m-1');
    await queue.enqueue(execute(false), 'exec-m-1-again');
    await vi.waitUntil(() => jobs.length > 4);

    expect(options).toEqual([
      { attempts: 5, backoff: { type: 'exponential', delay: 1000 }, jobId: 'propose-q-1-2' },
      { attempts: 5, backoff: { type: 'exponential', delay: 1000 }, jobId: 'dry-m-1' },
      { attempts: 10, backoff: { type: 'fixed', delay: 5000 }, jobId: 'exec-m-1' },
      { attempts: 1, jobId: 'exec-m-1' },
    ]);
    expect(jobs.toSorted(byKind)).toEqual(
      [DRY_RUN, execute(false), execute(true), execute(false), PROPOSE].toSorted(byKind),
    );
    expect(worker.isReady()).toBe(true);
  });

  test('what is busy comes again, and is no failure to look at', async () => {
    const ends = ['busy', 'busy', undefined] as const;
    let runs = 0;
    await queue.enqueue(PROPOSE, 'propose-q-1-2');

    startWorker(async () => {
      runs += 1;
      return ends[runs - 1];
    });
    const prepare = inspect('remedy-prod');
    await vi.waitUntil(async () => (await prepare.getCompletedCount()) === 1, { timeout: 10_000 });

    expect(runs).toBe(3);
    expect(logger.lines.filter(({ level }) => level === 'warn')).toEqual([]);
    expect(logger.lines).toContainEqual({
      level: 'debug',
      message: 'what the job is about is busy, so it comes again later',
      fields: { queue: 'remedy-prod', jobId: 'propose-q-1-2', attempts: 1 },
    });
  });

  test('what must not be started twice is not: it is gone, and can be asked for anew', async () => {
    const jobs: RemediationJob[] = [];
    await queue.enqueue(execute(true), 'exec-m-1');
    await takeAndDie('exec-once-prod');

    startWorker(async (job) => {
      jobs.push(job);
    });
    const once = inspect('exec-once-prod');
    await vi.waitUntil(async () => (await once.getJob('exec-m-1')) === undefined, { timeout: 10_000 });
    const before = jobs.length;
    await queue.enqueue(execute(true), 'exec-m-1');
    await vi.waitUntil(() => jobs.length > 0);

    expect([before, jobs]).toEqual([0, [execute(true)]]);
  });

  test('what may be sent again comes to another worker when one died', async () => {
    const jobs: RemediationJob[] = [];
    await queue.enqueue(execute(false), 'exec-m-1');
    await takeAndDie('exec-cas-prod');

    startWorker(async (job) => {
      jobs.push(job);
    });
    await vi.waitUntil(() => jobs.length > 0, { timeout: 10_000 });

    expect(jobs).toEqual([execute(false)]);
  });

  test('a job that is none, of another cluster or in another queue is not done', async () => {
    const jobs: RemediationJob[] = [];
    const conditional = inspect('exec-cas-prod');
    await conditional.add('execute', execute(true), { jobId: 'once-in-cas' });
    await conditional.add('execute', PROPOSE, { jobId: 'propose-in-cas' });
    await conditional.add('execute', execute(false, 'dev'), { jobId: 'of-dev' });
    await conditional.add('execute', { kind: 'execute', remediation: ['m-1'] }, { jobId: 'odd' });
    await inspect('remedy-prod').add('execute', execute(false), { jobId: 'execute-in-prepare' });

    startWorker(async (job) => {
      jobs.push(job);
    });
    await vi.waitUntil(() => refusals().length === 5);

    expect(new Set(refusals())).toEqual(
      new Set(['execute-in-prepare', 'odd', 'of-dev', 'once-in-cas', 'propose-in-cas']),
    );
    expect(jobs).toEqual([]);
  });

  function refusals(): readonly unknown[] {
    return logger.lines
      .filter(({ message }) => message === 'job is not understood')
      .map(({ fields }) => fields['jobId']);
  }

  test('without Redis it refuses at once, and works again when Redis is back', async () => {
    queue.open(['prod']);
    await queue.enqueue(PROPOSE, 'p-1');
    await server.kill();

    const failure = await queue.enqueue(PROPOSE, 'p-2').catch((error: unknown) => error);
    await server.start();

    expect(failure).toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
    await expect(
      vi.waitFor(() => queue.enqueue(PROPOSE, 'p-3'), { timeout: 10_000, interval: 100 }),
    ).resolves.toBeUndefined();
  });
});

function byKind(a: RemediationJob, b: RemediationJob): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}
