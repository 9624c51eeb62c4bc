/** What executors are asked to do; small, because everything else is in the stores. */
export type RemediationJob =
  /** Inspect the cluster and propose what the finding of a question offers. */
  | {
      readonly kind: 'propose';
      readonly cluster: string;
      readonly question: string;
      readonly run: number;
      readonly team: string;
      readonly user: string;
      readonly channel: string;
      /** RFC 3339. */
      readonly expiresAt: string;
    }
  /** Say what the API server would answer. */
  | {
      readonly kind: 'dry-run';
      readonly cluster: string;
      readonly remediation: string;
      readonly user: string;
      readonly expiresAt: string;
    }
  /** Do it. `once`: it must not be started twice. */
  | {
      readonly kind: 'execute';
      readonly cluster: string;
      readonly remediation: string;
      readonly once: boolean;
      readonly expiresAt: string;
    };

/** Hands jobs to the executor of a cluster. Throws QUEUE_UNAVAILABLE. */
export interface RemediationQueue {
  /** `key` names the job for ever: the same one twice is one job. */
  enqueue(job: RemediationJob, key: string): Promise<void>;
  close(): Promise<void>;
}
