import type { AuditDraft, AuditEntry } from '../core/remediation/audit.ts';

/** The append-only audit. Throws STORE_UNAVAILABLE. */
export interface AuditLog {
  /** Keeps an entry that belongs to no transition, such as a refused click. */
  append(draft: AuditDraft): Promise<void>;
  /** Chains what was kept since the last time; safe to call from many places at once. Returns what it chained. */
  chain(): Promise<readonly AuditEntry[]>;
  /** Entries from a number on, in order; at most `limit`. */
  entries(fromSeq: number, limit: number): Promise<readonly AuditEntry[]>;
  /** The newest first; at most `limit`. */
  newest(limit: number): Promise<readonly AuditEntry[]>;
}
