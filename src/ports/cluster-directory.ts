import type { ClusterStatus } from '../core/chat/content.ts';

/** What the diagnosers say about their clusters. Throws STORE_UNAVAILABLE. */
export interface ClusterDirectory {
  report(status: ClusterStatus & { readonly lastSeen: string }): Promise<void>;
  /** One status for each name, in the order given; `silent` when the last report is older than 60 seconds. */
  statuses(clusters: readonly string[]): Promise<readonly ClusterStatus[]>;
}
