import type { AuditDraft, AuditEntry } from '../core/remediation/audit.ts';

/** The append-only audit. Throws STORE_UNAVAILABLE. */
export interface AuditLog {
  /** Keeps an entry that belongs to no transition, such as a refused click. */
  append(draft: AuditDraft): Promise<void>;
  /**
   * Chains what was kept since the last time; safe to call from many places at once. Returns what it chained; what is more
   * than a call takes is left for the next one. `each` is given every part as soon as it is chained, whatever becomes of
   * later ones; what it throws, this throws.
   */
  chain(each?: (part: readonly AuditEntry[]) => void): Promise<readonly AuditEntry[]>;
  /** The oldest entries of which it is not known that their lines are written, at most `limit`. */
  unwritten(limit: number): Promise<UnwrittenEntries>;
  /** Notes that the lines from one number to another are written; nothing is noted while lines before them may be missing. */
  written(lines: { readonly from: number; readonly to: number }): Promise<void>;
  /** Entries from a number on, in order; at most `limit`. */
  entries(fromSeq: number, limit: number): Promise<readonly AuditEntry[]>;
  /** The newest first; at most `limit`. */
  newest(limit: number): Promise<readonly AuditEntry[]>;
}

/** Entries whose lines may be missing. */
export interface UnwrittenEntries {
  readonly from: number;
  /** Less than `from` when there are none. */
  readonly to: number;
  /** Without those that cannot be read. */
  readonly entries: readonly AuditEntry[];
}
