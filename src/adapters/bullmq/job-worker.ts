import { type IRedisClient, type Job, UnrecoverableError, Worker } from 'bullmq';
import type { Logger } from '../../ports/logger.ts';
import { QUEUE_PREFIX, retryDelay } from './queue-options.ts';

/** What every worker needs, and times that tests shorten. */
export interface WorkerOptions {
  /** `redis://` or `rediss://`. */
  readonly url: string;
  readonly logger: Logger;
  /** First part of every key. Default `kubewhy`. */
  readonly prefix?: string;
  /** A job whose worker is silent for longer goes to another one, at most twice as late. Default 5,000 ms. */
  readonly lockMs?: number;
  /** How long `close` waits for running jobs. Default 10,000 ms. */
  readonly closeWithinMs?: number;
}

/** What became of a job. `busy`: it comes again later, as when it had failed, but nothing is wrong. */
export type JobEnd = 'done' | 'busy' | 'not understood';

/** A worker of one queue. */
export interface JobWorkerOptions extends WorkerOptions {
  readonly queue: string;
  /** Runs what a job holds; a rejection brings it back later. */
  readonly run: (data: unknown) => Promise<JobEnd>;
  /** Jobs at the same time. */
  readonly concurrency: number;
  /** How often a job may lose its worker before it fails. Default 20. */
  readonly mostStalls?: number;
}

const LOCK_MS = 5000;
const CLOSE_WITHIN_MS = 10_000;
const MOST_STALLS = 20;

/** BullMQ brings back only what fails. */
class Busy extends Error {
  constructor() {
    super('what it is about is busy');
    this.name = 'Busy';
  }
}

/** Takes jobs from one BullMQ queue. */
export class JobWorker {
  private readonly worker: Worker;
  private readonly options: JobWorkerOptions;
  private readonly logger: Logger;
  private client: IRedisClient | undefined;
  private lost = false;

  constructor(options: JobWorkerOptions) {
    const { url, queue, prefix = QUEUE_PREFIX, lockMs = LOCK_MS } = options;
    this.options = options;
    this.logger = options.logger.child({ queue });
    this.worker = new Worker(queue, (job) => this.run(job), {
      prefix,
      // Blocking reads of the queue need an unlimited number of retries, which BullMQ sets by itself.
      connection: { url, retryStrategy: retryDelay },
      concurrency: options.concurrency,
      lockDuration: lockMs,
      stalledInterval: lockMs,
      maxStalledCount: options.mostStalls ?? MOST_STALLS,
    });
    this.watch();
    this.watchConnection().catch(ignore);
  }

  /** Whether the queue can be reached and jobs are taken. */
  isReady(): boolean {
    return this.client?.status === 'ready' && this.worker.isRunning();
  }

  /** Takes no further job and waits for those that run, but not for ever. */
  async close(): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<'late'>();
    const timer = setTimeout(() => resolve('late'), this.options.closeWithinMs ?? CLOSE_WITHIN_MS);
    const outcome = await Promise.race([this.worker.close().then(ignore, ignore), late]);
    clearTimeout(timer);
    if (outcome === 'late') {
      this.logger.warn('jobs were still running at the end; another worker takes them');
      await this.worker.getBackend().close(true).catch(ignore);
    }
  }

  private async run(job: Job<unknown>): Promise<void> {
    const end = await this.options.run(job.data);
    if (end === 'busy') {
      throw new Busy();
    }
    if (end === 'not understood') {
      this.logger.warn('job is not understood', { jobId: job.id });
      throw new UnrecoverableError('the job is not understood');
    }
  }

  /** One line for each outage; the client itself reports every attempt to connect. */
  private report(error: Error): void {
    const reason = error.message === '' ? error.name : error.message;
    const connection = 'code' in error && typeof error.code === 'string';
    if (!connection || !this.lost) {
      this.logger.warn('worker trouble', { reason });
    }
    this.lost = this.lost || connection;
  }

  private async watchConnection(): Promise<void> {
    this.client = await this.worker.getBackend().client;
    this.client.on('ready', () => {
      this.lost = false;
    });
  }

  private watch(): void {
    this.worker.on('error', (error) => this.report(error));
    this.worker.on('stalled', (jobId) => this.logger.warn('job lost its worker and runs again', { jobId }));
    this.worker.on('lockRenewalFailed', (jobIds) => this.logger.warn('locks could not be prolonged', { jobIds }));
    this.worker.on('failed', (job, error) => {
      const about = { jobId: job?.id, attempts: job?.attemptsMade };
      if (error instanceof Busy) {
        this.logger.debug('what the job is about is busy, so it comes again later', about);
      } else {
        this.logger.warn('job failed', { ...about, reason: error.message });
      }
    });
  }
}

function ignore(): void {}
