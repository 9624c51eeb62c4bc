import { oneLine, shorten } from '../../core/facts/text.ts';
import type { AuditEntry } from '../../core/remediation/audit.ts';

const LONGEST_LINE = 160;
/** What of the details a person wants to read first. */
const TELLING = ['deed', 'why', 'reason', 'what', 'ok', 'response', 'votes', 'required'] as const;

/** Entries of the audit, one a line: number, time, event, place, object, who, and what else matters. Safe to print. */
export function auditLines(entries: readonly AuditEntry[]): readonly string[] {
  return entries.map((entry) => shorten(oneLine(lineOf(entry)), LONGEST_LINE));
}

function lineOf({ seq, at, event, from, to, cluster, target, action, actor, detail }: AuditEntry): string {
  const way = to === undefined ? '' : ` ${from === undefined ? '' : `${from} `}→ ${to}`;
  const details = TELLING.flatMap((name) => (detail[name] === undefined ? [] : [`${name}=${String(detail[name])}`]));
  const about = [cluster, action, target].filter((part) => part !== undefined && part !== '').join(' ');
  return `#${seq} ${at.slice(0, 19)}Z ${event}${way} ${about} by ${actor} ${details.join(' ')}`;
}
