import type { AuditEntry } from '../core/remediation/audit.ts';

/** The audit outside of the store: lines that whoever can write to the store cannot change any more. */
export interface AuditLines {
  /** Has written the line of an entry when it returns; whole, and whatever else is logged. Throws when it could not. */
  write(entry: AuditEntry): void;
}
