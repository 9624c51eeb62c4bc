import type { RemediationJob, RemediationQueue } from '../../ports/remediation-queue.ts';
import { JobQueues, type JobQueuesOptions, type QueuedJob } from './job-queues.ts';
import { remediationQueueNames } from './queue-options.ts';

type Way = keyof ReturnType<typeof remediationQueueNames>;

/** How often a job is done anew when it fails. What must not be started twice is looked after by whoever sweeps. */
const RETRIES: Readonly<Record<Way, Pick<QueuedJob['options'], 'attempts' | 'backoff'>>> = {
  prepare: { attempts: 5, backoff: { type: 'exponential', delay: 1000 } },
  conditional: { attempts: 10, backoff: { type: 'fixed', delay: 5000 } },
  once: { attempts: 1 },
};

/** Three BullMQ queues for each cluster, opened when their first job comes. */
export class BullmqRemediationQueue implements RemediationQueue {
  private readonly queues: JobQueues;

  constructor(options: JobQueuesOptions) {
    this.queues = new JobQueues(options);
  }

  /** Connects to the queues of these clusters ahead of their first job. */
  open(clusters: readonly string[]): void {
    this.queues.open(clusters.flatMap((cluster) => Object.values(remediationQueueNames(cluster))));
  }

  async enqueue(job: RemediationJob, key: string): Promise<void> {
    const way = wayOf(job);
    await this.queues.add(remediationQueueNames(job.cluster)[way], {
      name: job.kind,
      data: job,
      options: { jobId: key, ...RETRIES[way] },
    });
  }

  /** How long the job of a cluster waits that waits for longest; 0: none waits. Throws QUEUE_UNAVAILABLE. */
  oldestMs(cluster: string): Promise<number> {
    return this.queues.oldestMs(Object.values(remediationQueueNames(cluster)));
  }

  async close(): Promise<void> {
    await this.queues.close();
  }
}

function wayOf(job: RemediationJob): Way {
  if (job.kind !== 'execute') {
    return 'prepare';
  }
  return job.once ? 'once' : 'conditional';
}
