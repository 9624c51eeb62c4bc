import type { AuditEntry } from '../../core/remediation/audit.ts';
import type { AuditLines } from '../../ports/audit-lines.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { RemediationStore } from '../../ports/remediation-store.ts';
import { measureEntries } from './measure.ts';

/** What chaining the audit needs. */
export interface ChainDeps {
  readonly audit: AuditLog;
  /** Where the chain is written besides. */
  readonly lines: AuditLines;
  readonly store: Pick<RemediationStore, 'read'>;
  readonly logger: Logger;
  /** Whoever chains the audit counts what it tells. Absent: nobody does. */
  readonly metrics?: Metrics;
}

/** Lines that somebody else did not come to write, in one look. */
const MOST_CAUGHT_UP = 500;

/**
 * Chains the audit, and writes each entry as a line too, where whoever can write to the store cannot change it. A line is
 * never left out: what somebody chained who then died or lost the answer is written by whoever looks next, in parts. A line
 * may come twice, with the same number and hash. Figures are counted only by whoever chained an entry, so at most once. May
 * run in many places at once. Never throws: what fails is logged, and done the next time.
 */
export async function chainAudit(deps: ChainDeps): Promise<void> {
  const { logger } = deps;
  for (const step of [chainNew, catchUp]) {
    try {
      await step(deps);
    } catch (error) {
      logger.warn('the audit could not be chained or written to the log; it is tried again', { error });
      return;
    }
  }
}

/** What this process chains it writes from memory, so that nobody can change it between. */
async function chainNew(deps: ChainDeps): Promise<void> {
  const written: (readonly AuditEntry[])[] = [];
  try {
    await deps.audit.chain((part) => {
      writeAll(part, deps.lines);
      written.push(part);
    });
  } finally {
    await noteWritten(written, deps);
  }
}

/** What was chained before a later part failed counts all the same. */
async function noteWritten(parts: readonly (readonly AuditEntry[])[], deps: ChainDeps): Promise<void> {
  const { audit, store, logger, metrics } = deps;
  try {
    for (const part of parts) {
      const [from, to] = [part.at(0)?.seq, part.at(-1)?.seq];
      await (from !== undefined && to !== undefined && audit.written({ from, to }));
    }
  } finally {
    if (metrics !== undefined) {
      await measureEntries(parts.flat(), { store, logger, metrics });
    }
  }
}

async function catchUp({ audit, lines }: ChainDeps): Promise<void> {
  const { from, to, entries } = await audit.unwritten(MOST_CAUGHT_UP);
  writeAll(entries, lines);
  if (to >= from) {
    await audit.written({ from, to });
  }
}

function writeAll(entries: readonly AuditEntry[], lines: AuditLines): void {
  for (const entry of entries) {
    lines.write(entry);
  }
}
