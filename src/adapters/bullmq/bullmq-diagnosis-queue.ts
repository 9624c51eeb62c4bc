import { type IRedisClient, Queue } from 'bullmq';
import { KubewhyError } from '../../core/errors/kubewhy-error.ts';
import type { DiagnosisJob } from '../../core/question/question.ts';
import type { DiagnosisQueue } from '../../ports/diagnosis-queue.ts';
import type { Logger } from '../../ports/logger.ts';
import { JOB_NAME, KEEP_COMPLETED, QUEUE_PREFIX, queueName, retryDelay } from './queue-options.ts';

/** What the queues need. */
export interface BullmqDiagnosisQueueOptions {
  /** `redis://` or `rediss://`. */
  readonly url: string;
  readonly logger: Logger;
  /** First part of every key. Default `kubewhy`. */
  readonly prefix?: string;
}

const REJECT_AFTER_MS = 2000;
const LARGEST_JOB_BYTES = 16 * 1024;
/** The queue knows no lower rank. */
const LOWEST_PRIORITY = 2_097_151;

/** One BullMQ queue for each cluster, opened when its first job comes. */
export class BullmqDiagnosisQueue implements DiagnosisQueue {
  private readonly options: BullmqDiagnosisQueueOptions;
  private readonly queues = new Map<string, ClusterQueue>();

  constructor(options: BullmqDiagnosisQueueOptions) {
    this.options = options;
  }

  /** Connects to the queues of these clusters ahead of their first job. */
  open(clusters: readonly string[]): void {
    for (const cluster of clusters) {
      this.queueOf(cluster);
    }
  }

  async enqueue(job: DiagnosisJob, position: number): Promise<void> {
    const bytes = Buffer.byteLength(JSON.stringify(job));
    if (bytes > LARGEST_JOB_BYTES) {
      throw new KubewhyError('BUG', { message: `A job has ${bytes} bytes; the queue takes ${LARGEST_JOB_BYTES}.` });
    }
    await this.queueOf(job.cluster).add(job, Math.min(Math.max(Math.ceil(position), 1), LOWEST_PRIORITY));
  }

  async close(): Promise<void> {
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
    this.queues.clear();
  }

  private queueOf(cluster: string): ClusterQueue {
    const known = this.queues.get(cluster);
    if (known !== undefined && !known.isBroken()) {
      return known;
    }
    void known?.close();
    const opened = new ClusterQueue(cluster, this.options);
    this.queues.set(cluster, opened);
    return opened;
  }
}

class ClusterQueue {
  private readonly queue: Queue<DiagnosisJob>;
  private readonly logger: Logger;
  /** Why there is no connection, from the first failed attempt until one succeeds. */
  private lost: string | undefined;
  private opened = false;
  private broken = false;
  private closing = false;
  private client: IRedisClient | undefined;

  constructor(cluster: string, options: BullmqDiagnosisQueueOptions) {
    this.logger = options.logger.child({ queue: queueName(cluster) });
    this.queue = new Queue(queueName(cluster), {
      prefix: options.prefix ?? QUEUE_PREFIX,
      connection: {
        url: options.url,
        enableOfflineQueue: false,
        commandTimeout: REJECT_AFTER_MS,
        maxRetriesPerRequest: 1,
        retryStrategy: retryDelay,
      },
      streams: { events: { maxLen: 1000 } },
      defaultJobOptions: {
        attempts: 5,
        backoff: { type: 'exponential', delay: 1000 },
        removeOnComplete: KEEP_COMPLETED,
        // A job that failed for good may be added again under its id: what it does is conditional.
        removeOnFail: true,
      },
    });
    this.queue.on('error', (error) => this.report(errorText(error)));
    this.queue.on('ioredis:close', () => this.report('the connection was closed'));
    void this.watch();
  }

  /** Its connection failed in the middle of its start, from which it does not recover. */
  isBroken(): boolean {
    return this.broken;
  }

  async add(job: DiagnosisJob, priority: number): Promise<void> {
    const deadline = rejectAfter(REJECT_AFTER_MS);
    try {
      await Promise.race([this.addWhenOpen(job, priority), deadline.expired]);
    } catch (error) {
      throw this.failure(error);
    } finally {
      deadline.cancel();
    }
  }

  /** Never hangs and leaves no connection behind, also while Redis is down or hangs. */
  async close(): Promise<void> {
    this.closing = true;
    if (this.client !== undefined && this.client.status !== 'ready') {
      // Closing in order would take the error handler away and let the client try to connect for ever.
      this.client.disconnect();
    }
    const deadline = rejectAfter(REJECT_AFTER_MS);
    try {
      await Promise.race([this.queue.close(), deadline.expired]);
    } catch {
      // There was nothing left to close in order.
    } finally {
      deadline.cancel();
      this.client?.disconnect();
    }
  }

  private async addWhenOpen(job: DiagnosisJob, priority: number): Promise<void> {
    if (!this.opened) {
      // Adding now would wait for the connection however long it takes, and then add a job that nobody waits for.
      await this.untilOpenOrLost();
    }
    await this.queue.add(JOB_NAME, job, { jobId: `dg-${job.questionId}-${job.run}`, priority });
  }

  private async untilOpenOrLost(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    if (this.lost !== undefined) {
      throw new Error(this.lost);
    }
    this.queue.once('error', reject);
    try {
      this.queue.waitUntilReady().then(() => resolve(), reject);
      await promise;
    } finally {
      this.queue.off('error', reject);
    }
  }

  private async watch(): Promise<void> {
    try {
      await this.queue.waitUntilReady();
      this.opened = true;
      this.lost = undefined;
      this.client = await this.queue.getBackend().client;
      this.client.on('ready', () => {
        this.logger.info('queue connection is back');
        this.lost = undefined;
      });
    } catch {
      this.broken = true;
    }
  }

  private report(reason: string): void {
    if (this.lost === undefined && !this.closing) {
      this.logger.warn('queue connection trouble', { reason });
    }
    this.lost = reason;
  }

  private failure(error: unknown): KubewhyError {
    const said = errorText(error);
    // Without a connection the client names its own option; what the last attempt to connect met says more.
    const reason = said.includes('enableOfflineQueue') ? (this.lost ?? 'there is no connection to Redis') : said;
    return new KubewhyError('QUEUE_UNAVAILABLE', {
      message: `The queue does not take the job: ${reason}.`,
      cause: error,
      context: { queue: this.queue.name },
    });
  }
}

interface Deadline {
  readonly expired: Promise<never>;
  cancel(): void;
}

function rejectAfter(ms: number): Deadline {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no reply within ${ms / 1000} s`)), ms);
  return { expired: promise, cancel: () => clearTimeout(timer) };
}

function errorText(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  return error.message === '' && 'code' in error ? String(error.code) : error.message;
}
