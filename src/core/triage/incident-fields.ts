import { commonPatterns } from '../policy/namespace-pattern.ts';
import type { Incident, IncidentEvent } from './incident.ts';

const MOST_NAMES = 20;
const MOST_OWNERS = 5;
const MOST_MENTIONS = 5;
const MOST_NOTES = 10;
const MOST_EVENTS = 50;
const EARLIEST_YEAR = 2000;

/** Words for a severity, the worst first; all others come after these. */
const SEVERITIES: readonly (readonly string[])[] = [['critical', 'page'], ['error', 'high'], ['warning'], ['info']];

/** The lists of an incident that only ever grow, each up to its limit. */
export type GrowingFields = Pick<Incident, 'names' | 'owners' | 'mentions' | 'notes'>;

/** Adds to the lists of an incident what is not in them yet. */
export function growFields(fields: GrowingFields, more: GrowingFields): GrowingFields {
  return {
    names: union(fields.names, more.names, MOST_NAMES),
    owners: union(fields.owners, more.owners, MOST_OWNERS),
    mentions: union(fields.mentions, more.mentions, MOST_MENTIONS),
    notes: union(fields.notes, more.notes, MOST_NOTES),
  };
}

/** The first list and what the second has besides, at most so many. */
function union(first: readonly string[], second: readonly string[], most: number): readonly string[] {
  return [...new Set([...first, ...second])].slice(0, most);
}

/** The worse of two severities; of two that are as bad, or unknown, the first one that says anything. */
export function worseSeverity(first: string, second: string): string {
  return first === '' || severityRank(second) < severityRank(first) ? second : first;
}

/** 0 for the worst severity; the higher the less severe. */
export function severityRank(severity: string): number {
  const word = severity.toLowerCase();
  const rank = SEVERITIES.findIndex((words) => words.includes(word));
  return rank >= 0 ? rank : SEVERITIES.length + Number(word === '');
}

/** Namespaces about which both may speak. */
export function sharedReach(first: readonly string[], second: readonly string[]): readonly string[] {
  const same = first.length === second.length && first.every((pattern) => second.includes(pattern));
  return same ? first : commonPatterns(first, second).toSorted();
}

/** When something began that is told to have begun then: never after `openedAt`, and never before there were clusters. */
export function plausibleStart(startsAt: string | undefined, openedAt: string): string {
  const at = Date.parse(startsAt ?? '');
  const usable = !Number.isNaN(at) && new Date(at).getUTCFullYear() >= EARLIEST_YEAR && at <= Date.parse(openedAt);
  return usable ? new Date(at).toISOString() : openedAt;
}

/** The earlier of two RFC 3339 times. */
export function earlier(a: string, b: string): string {
  return Date.parse(b) < Date.parse(a) ? b : a;
}

/** The later of two RFC 3339 times. */
export function later(a: string, b: string): string {
  return Date.parse(b) > Date.parse(a) ? b : a;
}

/** The events with one more; the oldest are dropped beyond 50. */
export function addEvent(events: readonly IncidentEvent[], event: Omit<IncidentEvent, 'id'>): readonly IncidentEvent[] {
  const last = Number(/\d+$/.exec(events.at(-1)?.id ?? '')?.[0] ?? 0);
  return [...events, { id: `e${last + 1}`, ...event }].slice(-MOST_EVENTS);
}

/** `1 alert`, `3 alerts`. */
export function countOf(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
