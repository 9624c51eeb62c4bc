import type { DiagnosisJob } from '../core/question/question.ts';

/**
 * Runs one job. A job may come a second time (a worker that died or froze), so its effect must be conditional.
 * A rejection brings the job back later; resolving ends it for good.
 */
export type HandleDiagnosisJob = (job: DiagnosisJob) => Promise<void>;

/** Takes the jobs of one cluster and runs them until it is closed. */
export interface DiagnosisWorker {
  /** Whether the queue can be reached and jobs are taken. */
  isReady(): boolean;
  /** Takes no further job and waits at most 10 s for those that run; what is left comes back to another worker. */
  close(): Promise<void>;
}
