import type { DiagnosisJob } from '../core/question/question.ts';

/** Hands jobs to the diagnosers: one queue for each cluster. */
export interface DiagnosisQueue {
  /**
   * Stores a job; the same question and run twice is one job. A lower `position` goes first, equal ones in order.
   * Throws QUEUE_UNAVAILABLE, at once when the connection is down and after 2 s when it hangs.
   */
  enqueue(job: DiagnosisJob, position: number): Promise<void>;
  close(): Promise<void>;
}
