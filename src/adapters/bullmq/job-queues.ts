import { type IRedisClient, type JobsOptions, Queue } from 'bullmq';
import { KubewhyError } from '../../core/errors/kubewhy-error.ts';
import type { Logger } from '../../ports/logger.ts';
import { KEEP_COMPLETED, QUEUE_PREFIX, retryDelay } from './queue-options.ts';

/** What queues need. */
export interface JobQueuesOptions {
  /** `redis://` or `rediss://`. */
  readonly url: string;
  readonly logger: Logger;
  /** First part of every key. Default `kubewhy`. */
  readonly prefix?: string;
}

/** A job as BullMQ takes it. */
export interface QueuedJob {
  readonly name: string;
  readonly data: object;
  /** With the id of the job: the same one twice is one job. */
  readonly options: Pick<JobsOptions, 'attempts' | 'backoff' | 'priority'> & { readonly jobId: string };
}

const REJECT_AFTER_MS = 2000;
const LARGEST_JOB_BYTES = 16 * 1024;

/** BullMQ queues by their names, each opened when its first job comes. */
export class JobQueues {
  private readonly options: JobQueuesOptions;
  private readonly queues = new Map<string, JobQueue>();

  constructor(options: JobQueuesOptions) {
    this.options = options;
  }

  /** Connects to queues ahead of their first job. */
  open(names: readonly string[]): void {
    for (const name of names) {
      this.queueOf(name);
    }
  }

  /** Throws QUEUE_UNAVAILABLE, at once when the connection is down and after 2 s when it hangs. */
  async add(queue: string, job: QueuedJob): Promise<void> {
    const bytes = Buffer.byteLength(JSON.stringify(job.data));
    if (bytes > LARGEST_JOB_BYTES) {
      throw new KubewhyError('BUG', { message: `A job has ${bytes} bytes; the queue takes ${LARGEST_JOB_BYTES}.` });
    }
    await this.queueOf(queue).add(job);
  }

  /** How long the job waits that waits for longest in any of these queues; 0: none waits. Throws QUEUE_UNAVAILABLE. */
  async oldestMs(names: readonly string[]): Promise<number> {
    return Math.max(0, ...(await Promise.all(names.map((name) => this.queueOf(name).oldestMs()))));
  }

  /** Never hangs and leaves no connection behind. */
  async close(): Promise<void> {
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
    this.queues.clear();
  }

  private queueOf(name: string): JobQueue {
    const known = this.queues.get(name);
    if (known !== undefined && !known.isBroken()) {
      return known;
    }
    void known?.close();
    const opened = new JobQueue(name, this.options);
    this.queues.set(name, opened);
    return opened;
  }
}

/** One BullMQ queue. */
class JobQueue {
  private readonly queue: Queue;
  private readonly logger: Logger;
  /** Why there is no connection, from the first failed attempt until one succeeds. */
  private lost: string | undefined;
  private opened = false;
  private broken = false;
  private closing = false;
  private client: IRedisClient | undefined;

  constructor(name: string, options: JobQueuesOptions) {
    this.logger = options.logger.child({ queue: name });
    this.queue = new Queue(name, {
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

  async add({ name, data, options }: QueuedJob): Promise<void> {
    await this.inTime('does not take the job', async () => {
      // Adding now would wait for the connection however long it takes, and then add a job that nobody waits for.
      await this.whenOpen();
      await this.queue.add(name, data, options);
    });
  }

  /** By the clock of whoever added it. */
  async oldestMs(): Promise<number> {
    return this.inTime('does not say what waits', async () => {
      await this.whenOpen();
      const [oldest] = await this.queue.getJobs(['wait'], 0, 0, true);
      return oldest === undefined ? 0 : Math.max(0, Date.now() - oldest.timestamp);
    });
  }

  private async inTime<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
    const deadline = rejectAfter(REJECT_AFTER_MS);
    try {
      return await Promise.race([work(), deadline.expired]);
    } catch (error) {
      throw this.failure(what, error);
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

  private async whenOpen(): Promise<void> {
    if (!this.opened) {
      await this.untilOpenOrLost();
    }
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

  private failure(what: string, error: unknown): KubewhyError {
    const said = errorText(error);
    // Without a connection the client names its own option; what the last attempt to connect met says more.
    const reason = said.includes('enableOfflineQueue') ? (this.lost ?? 'there is no connection to Redis') : said;
    return new KubewhyError('QUEUE_UNAVAILABLE', {
      message: `The queue ${what}: ${reason}.`,
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
