import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { BullmqDiagnosisQueue } from '../../../src/adapters/bullmq/bullmq-diagnosis-queue.ts';
import { BullmqDiagnosisWorker } from '../../../src/adapters/bullmq/bullmq-diagnosis-worker.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';
import { startRedis } from '../../redis/start-redis.ts';

describe('Redis that was down', { timeout: 30_000 }, () => {
  test.concurrent.each([2, 5])('for %i s: no accepted job is lost, and work resumes', async (seconds) => {
    const server = await startRedis({ appendfsync: 'always' });
    const logger = new RecordingLogger();
    const queue = new BullmqDiagnosisQueue({ url: server.url, logger });
    const done: string[] = [];
    const worker = new BullmqDiagnosisWorker({
      url: server.url,
      cluster: 'prod',
      logger,
      lockMs: 500,
      handle: async ({ questionId }) => {
        await pause(20);
        done.push(questionId);
      },
    });
    const accepted: string[] = [];
    const refused: unknown[] = [];
    const enqueue = async (questionId: string): Promise<void> => {
      const job = { questionId, run: 1, cluster: 'prod', expiresAt: '2027-01-01T00:00:00Z' };
      await queue.enqueue(job, 1).then(
        () => accepted.push(questionId),
        (error: unknown) => refused.push(error),
      );
    };
    const askAll = async (): Promise<void> => {
      for (let index = 0; index < 100 || refused.length === 0 || !server.isRunning(); index += 1) {
        await enqueue(`q-${index}`);
        await pause(10);
      }
    };
    const asking = askAll();
    await vi.waitUntil(() => done.length > 10, { timeout: 10_000 });

    await server.kill();
    await pause(seconds * 1000);
    await server.start();
    await asking;
    await vi.waitUntil(() => enqueue('q-last').then(() => accepted.includes('q-last')), {
      timeout: 10_000,
      interval: 100,
    });
    await vi.waitUntil(() => accepted.every((id) => done.includes(id)), { timeout: 10_000 });

    expect(refused.length).toBeGreaterThan(0);
    expect(
      refused.every((error) => error instanceof Error && 'code' in error && error.code === 'QUEUE_UNAVAILABLE'),
    ).toBe(true);
    expect(worker.isReady()).toBe(true);
    await worker.close();
    await queue.close();
    await server.stop();
  });
});
