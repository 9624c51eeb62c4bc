import type { DigestCard, DigestRow, IncidentCard, ThreadPlace } from '../chat/content.ts';
import { firstCause } from './cause-list.ts';
import type { Digest, Incident, IncidentRecord } from './incident.ts';
import { severityRank } from './incident-fields.ts';
import { alertWords } from './join-alert.ts';

const MOST_ROWS = 15;

/** What is shown of an incident besides itself. */
export type CardExtra = Omit<IncidentCard, 'incident' | 'people'>;

/** The parent message of an incident. */
export function incidentCard({ incident, people }: IncidentRecord, extra: CardExtra): IncidentCard {
  return { incident, people, ...extra };
}

/**
 * The message of many incidents, those that are open, severe and have the most alerts first; `at` is RFC 3339. Incidents
 * that joined others are counted there. Those without a cause that say the same are one row.
 */
export function digestCard(
  digest: Digest,
  incidents: ReadonlyMap<string, Incident>,
  threads: ReadonlyMap<string, ThreadPlace>,
  at: string,
): DigestCard {
  const { id, cluster, state, startedAt, beyond } = digest;
  const found = digest.incidents.flatMap((one) => incidents.get(one) ?? []);
  const shown = found.filter(({ resolvedBy }) => resolvedBy !== 'merged').toSorted(mostAlerts);
  const ranked = shown.map((incident) => rankedRow(incident, threads.get(incident.id)));
  const rows = withAlikeFolded(ranked)
    .toSorted(mostPressing)
    .map(({ row }) => row);
  const sum = (count: (row: DigestRow) => number): number => rows.reduce((all, row) => all + count(row), 0);
  return {
    id,
    cluster,
    state,
    startedAt,
    firing: sum(({ firing }) => firing),
    total: sum(({ total }) => total),
    objects: sum(({ objects }) => objects),
    looked: sum(({ looked }) => looked),
    rows: rows.slice(0, MOST_ROWS),
    beyond: Math.max(0, rows.length - MOST_ROWS) + (digest.incidents.length - found.length) + beyond,
    at,
  };
}

function mostAlerts(a: Incident, b: Incident): number {
  return (
    b.firing - a.firing ||
    b.total - a.total ||
    Date.parse(a.openedAt) - Date.parse(b.openedAt) ||
    (a.id < b.id ? -1 : Number(a.id > b.id))
  );
}

interface RankedRow {
  readonly row: DigestRow;
  /** 0: the worst severity. */
  readonly rank: number;
}

function rankedRow(incident: Incident, thread: ThreadPlace | undefined): RankedRow {
  return { row: rowOf(incident, thread), rank: severityRank(incident.severity) };
}

function mostPressing(a: RankedRow, b: RankedRow): number {
  const isOver = ({ row }: RankedRow): number => Number(row.state === 'resolved');
  return isOver(a) - isOver(b) || a.rank - b.rank || b.row.firing - a.row.firing || b.row.total - a.row.total;
}

/** Rows that are told from each other by nothing but their numbers become one. */
function withAlikeFolded(rows: readonly RankedRow[]): readonly RankedRow[] {
  const folded = new Map<string, RankedRow>();
  for (const one of rows) {
    const { unknown, thread, headline, state } = one.row;
    const key = unknown === true && thread === undefined ? `${state} ${headline}` : `${folded.size}`;
    const alike = folded.get(key);
    folded.set(
      key,
      alike === undefined ? one : { row: sumOf(alike.row, one.row), rank: Math.min(alike.rank, one.rank) },
    );
  }
  return [...folded.values()];
}

function sumOf(one: DigestRow, other: DigestRow): DigestRow {
  return {
    ...one,
    objects: one.objects + other.objects,
    looked: one.looked + other.looked,
    firing: one.firing + other.firing,
    total: one.total + other.total,
  };
}

function rowOf(incident: Incident, thread: ThreadPlace | undefined): DigestRow {
  const { state, roots, rootsBeyond, firing, total } = incident;
  return {
    ...headlineOf(incident),
    state,
    objects: roots.length + rootsBeyond,
    looked: roots.filter(({ look }) => look === 'done').length,
    firing,
    total,
    ...(thread === undefined ? {} : { thread }),
  };
}

/** What an incident is named where many are: its cause, or without one which alerts there are. */
export function headlineOf(incident: Incident): Pick<DigestRow, 'headline' | 'unknown'> {
  const { causes, names, roots } = incident;
  const [first] = causes;
  const cause = firstCause(incident) ?? first;
  if (cause !== undefined) {
    return { headline: cause.headline };
  }
  const isOpen = roots.some(({ look }) => look === 'waiting' || look === 'left-out');
  const why = isOpen ? 'not looked at yet' : 'cannot be looked at';
  return { headline: `${alertWords(names.slice(0, 1))}: ${why}`, unknown: true };
}
