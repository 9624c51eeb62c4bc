import type { KeepJobs } from 'bullmq';

/** First part of the keys of every queue. */
export const QUEUE_PREFIX = 'kubewhy';
/** The name of every job. */
export const JOB_NAME = 'diagnose';

/** A finished job keeps its id for so long, so that adding it again does not run it again. */
export const KEEP_COMPLETED: KeepJobs = { age: 604_800 };

/** The queue of one cluster. */
export function queueName(cluster: string): string {
  return `diagnose-${cluster}`;
}

/** How long to wait before connecting again: without the cap work resumes up to 18 s after Redis is back. */
export function retryDelay(attempt: number): number {
  return Math.min(200 * attempt, 2000);
}
