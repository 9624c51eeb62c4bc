import { remediationJobSchema } from '../../core/remediation/remediation-schema.ts';
import type { RemediationJob } from '../../ports/remediation-queue.ts';
import type { HandleRemediationJob, RemediationWorker } from '../../ports/remediation-worker.ts';
import { type JobEnd, JobWorker, type JobWorkerOptions, type WorkerOptions } from './job-worker.ts';
import { remediationQueueNames } from './queue-options.ts';

/** What a worker of changes needs. */
export interface BullmqRemediationWorkerOptions extends WorkerOptions {
  readonly cluster: string;
  readonly handle: HandleRemediationJob;
  /** Jobs of each queue at the same time. Default 8; how many changes are under way is limited by the store. */
  readonly concurrency?: number;
}

type Queues = ReturnType<typeof remediationQueueNames>;

const CONCURRENCY = 8;

/** Takes jobs from the three BullMQ queues of one cluster. */
export class BullmqRemediationWorker implements RemediationWorker {
  private readonly workers: readonly JobWorker[];

  constructor({ cluster, handle, concurrency = CONCURRENCY, ...options }: BullmqRemediationWorkerOptions) {
    const queues = remediationQueueNames(cluster);
    const start = (queue: Queues[keyof Queues], more: Partial<JobWorkerOptions> = {}): JobWorker => {
      const belongs = (job: RemediationJob): boolean => job.cluster === cluster && isOf(job, queue, queues);
      return new JobWorker({ ...options, ...more, queue, concurrency, run: (data) => run(data, belongs, handle) });
    };
    this.workers = [
      start(queues.prepare),
      start(queues.conditional),
      // A worker that fell silent may have done it; the claim tells, and the sweep asks for it.
      start(queues.once, { mostStalls: 0 }),
    ];
  }

  isReady(): boolean {
    return this.workers.every((worker) => worker.isReady());
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.close()));
  }
}

async function run(
  data: unknown,
  belongs: (job: RemediationJob) => boolean,
  handle: HandleRemediationJob,
): Promise<JobEnd> {
  const job = remediationJobSchema.safeParse(data);
  if (!job.success || !belongs(job.data)) {
    return 'not understood';
  }
  return (await handle(job.data)) ?? 'done';
}

/** What must not be started twice must not come through a queue that starts things twice. */
function isOf(job: RemediationJob, queue: string, queues: Queues): boolean {
  if (job.kind !== 'execute') {
    return queue === queues.prepare;
  }
  return queue === (job.once ? queues.once : queues.conditional);
}
