import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BullmqDiagnosisQueue } from '../../../src/adapters/bullmq/bullmq-diagnosis-queue.ts';
import { BullmqDiagnosisWorker } from '../../../src/adapters/bullmq/bullmq-diagnosis-worker.ts';
import { RedisConnection } from '../../../src/adapters/redis/redis-connection.ts';
import { RedisQuestionStore } from '../../../src/adapters/redis/redis-question-store.ts';
import type { DiagnosisJob, Outcome } from '../../../src/core/question/question.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';
import { sampleQuestion } from '../../fakes/samples.ts';
import { startRedis, type TestRedis } from '../../redis/start-redis.ts';

const LOCK_MS = 500;

describe('a worker', { timeout: 20_000 }, () => {
  let server: TestRedis;
  let redis: RedisConnection;
  let store: RedisQuestionStore;
  let queue: BullmqDiagnosisQueue;
  let logger: RecordingLogger;
  const workers: BullmqDiagnosisWorker[] = [];
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    server = await startRedis({ appendfsync: 'always' });
    logger = new RecordingLogger();
    redis = new RedisConnection({ url: server.url, logger });
    await redis.ready();
    store = new RedisQuestionStore({ redis, logger });
    queue = new BullmqDiagnosisQueue({ url: server.url, logger });
  });

  afterEach(async () => {
    for (const child of children.splice(0)) {
      child.kill('SIGKILL');
    }
    await Promise.all(workers.splice(0).map((worker) => worker.close()));
    await queue.close();
    redis.close();
    await server.stop();
  });

  function start(handle: (job: DiagnosisJob) => Promise<void>, closeWithinMs = 2000): BullmqDiagnosisWorker {
    const options = { url: server.url, cluster: 'prod', logger, lockMs: LOCK_MS, closeWithinMs };
    const worker = new BullmqDiagnosisWorker({ ...options, handle });
    workers.push(worker);
    return worker;
  }

  /** A worker in a process of its own that has begun the job when this resolves. */
  async function startChildWithJob(jobMs: number): Promise<ChildProcess> {
    const script = join(import.meta.dirname, 'worker-process.ts');
    const args = [script, server.url, 'prod', String(LOCK_MS), String(jobMs)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    await once(createInterface({ input: child.stdout }), 'line');
    return child;
  }

  async function ask(id: string): Promise<void> {
    await store.begin(sampleQuestion(id));
    await queue.enqueue({ questionId: id, run: 1, cluster: 'prod', expiresAt: '2027-01-01T00:00:00Z' }, 1);
  }

  const byOther: Outcome = { kind: 'failed', code: 'SUBJECT_NOT_FOUND', message: 'by other', hint: '', candidates: [] };

  function startOther(): BullmqDiagnosisWorker {
    return start(({ questionId, run }) => store.finish(questionId, run, byOther));
  }

  function outcomeOf(id: string): Promise<Outcome | undefined> {
    return vi.waitUntil(() => store.outcome(id, 1).catch(() => undefined), { timeout: 10_000 });
  }

  test('killed in the middle of a job: another one answers it', async () => {
    await ask('q-killed');
    const child = await startChildWithJob(60_000);
    child.kill('SIGKILL');

    startOther();

    expect(await outcomeOf('q-killed')).toEqual(byOther);
    expect(logger.lines).toContainEqual({
      level: 'warn',
      message: 'job lost its worker and runs again',
      fields: { queue: 'diagnose-prod', jobId: 'dg-q-killed-1' },
    });
  });

  test('frozen in the middle of a job and thawed later: the answer of the other one stays', async () => {
    await ask('q-frozen');
    const child = await startChildWithJob(200);
    child.kill('SIGSTOP');
    startOther();
    await outcomeOf('q-frozen');

    child.kill('SIGCONT');
    await pause(1000);

    expect(await store.outcome('q-frozen', 1)).toEqual(byOther);
    expect(await store.read('q-frozen')).toMatchObject({ run: 1, answeredRun: 1 });
  });

  test('asked to end, it finishes what it runs', async () => {
    await ask('q-term');
    const child = await startChildWithJob(500);

    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number];

    expect([code, await store.outcome('q-term', 1)]).toEqual([0, { ...byOther, message: `by ${String(child.pid)}` }]);
  });

  test('a job that does not end in time goes to another one', async () => {
    await ask('q-long');
    const { promise: begun, resolve } = Promise.withResolvers<void>();
    const slow = start(async () => {
      resolve();
      await pause(60_000, undefined, { ref: false });
    }, 100);
    await begun;

    await slow.close();
    startOther();

    expect(await outcomeOf('q-long')).toEqual(byOther);
    expect(logger.lines.map(({ message }) => message)).toContain(
      'jobs were still running at the end; another worker takes them',
    );
  });

  test('goes on after Redis hung, and a job that it ran meanwhile is answered', async () => {
    const { promise: begun, resolve } = Promise.withResolvers<void>();
    start(async ({ questionId, run }) => {
      resolve();
      await pause(300);
      await store.finish(questionId, run, byOther);
    });
    await ask('q-hung');
    await begun;
    server.freeze();
    await pause(1500);

    server.thaw();

    expect(await outcomeOf('q-hung')).toEqual(byOther);
  });

  test('one that starts while Redis is down works once it is there, and ends when it never comes', async () => {
    await server.kill();
    const worker = startOther();
    const hopeless = startOther();
    await hopeless.close();
    await server.start();

    await vi.waitUntil(
      () =>
        ask('q-later').then(
          () => true,
          () => false,
        ),
      { timeout: 10_000, interval: 100 },
    );

    expect(await outcomeOf('q-later')).toEqual(byOther);
    expect([worker.isReady(), hopeless.isReady()]).toEqual([true, false]);
  });
});
