import { type IRedisClient, type Job, UnrecoverableError, Worker } from 'bullmq';
import { diagnosisJobSchema } from '../../core/question/question-schema.ts';
import type { DiagnosisWorker, HandleDiagnosisJob } from '../../ports/diagnosis-worker.ts';
import type { Logger } from '../../ports/logger.ts';
import { QUEUE_PREFIX, queueName, retryDelay } from './queue-options.ts';

/** What a worker needs, and times that tests shorten. */
export interface BullmqDiagnosisWorkerOptions {
  /** `redis://` or `rediss://`. */
  readonly url: string;
  readonly cluster: string;
  readonly handle: HandleDiagnosisJob;
  readonly logger: Logger;
  /** First part of every key. Default `kubewhy`. */
  readonly prefix?: string;
  /** Jobs at the same time. Default 8. */
  readonly concurrency?: number;
  /** A job whose worker is silent for longer goes to another one, at most twice as late. Default 5,000 ms. */
  readonly lockMs?: number;
  /** How long `close` waits for running jobs. Default 10,000 ms. */
  readonly closeWithinMs?: number;
}

const LOCK_MS = 5000;
const CLOSE_WITHIN_MS = 10_000;
const CONCURRENCY = 8;
/** How often a job may lose its worker before it fails. */
const MOST_STALLS = 20;

/** Takes jobs from the BullMQ queue of one cluster. */
export class BullmqDiagnosisWorker implements DiagnosisWorker {
  private readonly worker: Worker;
  private readonly options: BullmqDiagnosisWorkerOptions;
  private readonly logger: Logger;
  private client: IRedisClient | undefined;
  private lost = false;

  constructor(options: BullmqDiagnosisWorkerOptions) {
    const { url, cluster, prefix = QUEUE_PREFIX, concurrency = CONCURRENCY, lockMs = LOCK_MS } = options;
    this.options = options;
    this.logger = options.logger.child({ queue: queueName(cluster) });
    this.worker = new Worker(queueName(cluster), (job) => this.run(job), {
      prefix,
      // Blocking reads of the queue need an unlimited number of retries, which BullMQ sets by itself.
      connection: { url, retryStrategy: retryDelay },
      concurrency,
      lockDuration: lockMs,
      stalledInterval: lockMs,
      maxStalledCount: MOST_STALLS,
    });
    this.watch();
    this.watchConnection().catch(ignore);
  }

  isReady(): boolean {
    return this.client?.status === 'ready' && this.worker.isRunning();
  }

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
    const parsed = diagnosisJobSchema.safeParse(job.data);
    if (!parsed.success || parsed.data.cluster !== this.options.cluster) {
      this.logger.warn('job is not understood', { jobId: job.id });
      throw new UnrecoverableError('the job is not understood');
    }
    await this.options.handle(parsed.data);
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
    this.worker.on('failed', (job, error) =>
      this.logger.warn('job failed', { jobId: job?.id, attempts: job?.attemptsMade, reason: error.message }),
    );
  }
}

function ignore(): void {}
