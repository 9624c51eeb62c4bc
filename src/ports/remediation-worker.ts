import type { RemediationJob } from './remediation-queue.ts';

/**
 * Does one job. A job may come a second time (a worker that died or froze), so its effect must be conditional.
 * A rejection, and `busy`, which is nothing unusual, bring the job back later; else resolving ends it for good.
 */
export type HandleRemediationJob = (job: RemediationJob) => Promise<'busy' | undefined>;

/** Takes the jobs of one cluster and does them until it is closed. */
export interface RemediationWorker {
  /** Whether the queues can be reached and jobs are taken. */
  isReady(): boolean;
  /** Takes no further job and waits at most 10 s for those that run. */
  close(): Promise<void>;
}
