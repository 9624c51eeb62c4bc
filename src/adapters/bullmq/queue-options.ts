import type { KeepJobs } from 'bullmq';

/** First part of the keys of every queue. */
export const QUEUE_PREFIX = 'kubewhy';

/** A finished job keeps its id for so long, so that adding it again does not run it again. */
export const KEEP_COMPLETED: KeepJobs = { age: 604_800 };

/** The queue of the diagnoses of one cluster. */
export function diagnosisQueueName(cluster: string): string {
  return `diagnose-${cluster}`;
}

/** The queues of the changes of one cluster: what prepares them, and what makes those that may be sent again or not. */
export function remediationQueueNames(cluster: string) {
  return { prepare: `remedy-${cluster}`, conditional: `exec-cas-${cluster}`, once: `exec-once-${cluster}` } as const;
}

/** How long to wait before connecting again: without the cap work resumes up to 18 s after Redis is back. */
export function retryDelay(attempt: number): number {
  return Math.min(200 * attempt, 2000);
}
