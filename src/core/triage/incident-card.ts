import type { DigestCard, DigestRow, IncidentCard, ThreadPlace } from '../chat/content.ts';
import { firstCause } from './cause-list.ts';
import type { Digest, Incident, IncidentRecord } from './incident.ts';
import { countOf } from './incident-fields.ts';
import { alertWords } from './join-alert.ts';

const MOST_ROWS = 15;

/** What is shown of an incident besides itself. */
export type CardExtra = Omit<IncidentCard, 'incident' | 'people'>;

/** The parent message of an incident. */
export function incidentCard({ incident, people }: IncidentRecord, extra: CardExtra): IncidentCard {
  return { incident, people, ...extra };
}

/** The message of many incidents, those with the most alerts first; `at` is RFC 3339. Incidents that joined others are counted there. */
export function digestCard(
  digest: Digest,
  incidents: ReadonlyMap<string, Incident>,
  threads: ReadonlyMap<string, ThreadPlace>,
  at: string,
): DigestCard {
  const { id, cluster, state, startedAt, beyond } = digest;
  const found = digest.incidents.flatMap((one) => incidents.get(one) ?? []);
  const shown = found.filter(({ resolvedBy }) => resolvedBy !== 'merged').toSorted(mostAlerts);
  const rows = shown.map((incident) => rowOf(incident, threads.get(incident.id)));
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

function rowOf(incident: Incident, thread: ThreadPlace | undefined): DigestRow {
  const { state, roots, rootsBeyond, firing, total } = incident;
  return {
    headline: headlineOf(incident),
    state,
    objects: roots.length + rootsBeyond,
    looked: roots.filter(({ look }) => look === 'done').length,
    firing,
    total,
    ...(thread === undefined ? {} : { thread }),
  };
}

function headlineOf(incident: Incident): string {
  const { causes, names, roots, rootsBeyond } = incident;
  const [first] = causes;
  const cause = firstCause(incident) ?? first;
  if (cause !== undefined) {
    return cause.headline;
  }
  const what = `${alertWords(names.slice(0, 1))} on ${countOf(roots.length + rootsBeyond, 'object')}`;
  const isOpen = roots.some(({ look }) => look === 'waiting' || look === 'left-out');
  return `${what}: ${isOpen ? 'not looked at yet' : 'cannot be looked at'}`;
}
