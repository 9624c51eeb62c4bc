import type { AlertSlot } from '../core/remediation/storm-signals.ts';

/** How many alerts begin to fire. */
export interface AlertRate {
  /**
   * Episodes of alerts that began in the last quarter of an hour, by the clock of the store, which is `now`; those of which no
   * cluster is known count for each. Throws STORE_UNAVAILABLE.
   */
  begun(cluster: string): Promise<{ readonly now: Date; readonly slots: readonly AlertSlot[] }>;
}
