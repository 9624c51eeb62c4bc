import { joinCauses } from './cause-list.ts';
import type { ClusterChange, Incident, IncidentCause, IncidentRoot, PastIncident } from './incident.ts';
import { earlier, growFields, later, sharedReach, worseSeverity } from './incident-fields.ts';
import { MOST_ROOTS } from './incident-roots.ts';

const MOST_CHANGES = 20;
const MOST_BEFORE = 3;
const LOOKS: readonly IncidentRoot['look'][] = ['done', 'left-out', 'impossible', 'waiting'];

/** The first incident with everything of the second one in it, without any event; its causes are not in order yet. `now` is RFC 3339. */
export function joinIncidents(older: Incident, younger: Incident, now: string): Incident {
  const roots = joinRoots(older.roots, younger.roots);
  const { muted, explained, nextLookAt: _, ...rest } = older;
  const next = [older.nextLookAt, younger.nextLookAt].flatMap((at) => at ?? []);
  return {
    ...rest,
    ...growFields(older, younger),
    ...(muted === undefined || younger.muted === undefined ? {} : { muted }),
    ...((explained ?? younger.explained) ? { explained: true as const } : {}),
    ...(next.length === 0 ? {} : { nextLookAt: next.reduce(earlier) }),
    severity: worseSeverity(older.severity, younger.severity),
    readable: sharedReach(older.readable, younger.readable),
    since: earlier(older.since, younger.since),
    changedAt: now,
    roots: mostTelling(roots),
    rootsBeyond: older.rootsBeyond + younger.rootsBeyond + Math.max(0, roots.length - MOST_ROOTS),
    causes: joinCauseLists(older.causes, younger.causes),
    firing: older.firing + younger.firing,
    total: older.total + younger.total,
    changes: joinChanges(older.changes, younger.changes),
    before: joinBefore(older.before, younger.before),
    looks: 0,
    healthyLooks: 0,
    heardAt: later(older.heardAt, younger.heardAt),
  };
}

function joinRoots(first: readonly IncidentRoot[], second: readonly IncidentRoot[]): readonly IncidentRoot[] {
  const joined = new Map(first.map((root) => [root.key, root]));
  for (const root of second) {
    const other = joined.get(root.key);
    joined.set(root.key, other === undefined ? root : joinRoot(other, root));
  }
  return [...joined.values()];
}

/** Those that were left out can be done without first: others speak for them. */
function mostTelling(roots: readonly IncidentRoot[]): readonly IncidentRoot[] {
  return roots.length <= MOST_ROOTS
    ? roots
    : roots.toSorted((a, b) => Number(a.look === 'left-out') - Number(b.look === 'left-out')).slice(0, MOST_ROOTS);
}

/** What is known better counts. */
function joinRoot(first: IncidentRoot, second: IncidentRoot): IncidentRoot {
  const better = LOOKS.indexOf(second.look) < LOOKS.indexOf(first.look) ? second : first;
  const since = [first.since, second.since].flatMap((at) => at ?? []);
  return {
    ...better,
    firing: first.firing + second.firing,
    ...(since.length === 0 ? {} : { since: since.reduce(earlier) }),
  };
}

function joinCauseLists(first: readonly IncidentCause[], second: readonly IncidentCause[]): readonly IncidentCause[] {
  const joined = new Map(first.map((cause) => [cause.key, cause]));
  for (const cause of second) {
    const other = joined.get(cause.key);
    joined.set(cause.key, other === undefined ? cause : joinCauses(other, cause));
  }
  return [...joined.values()];
}

function joinChanges(first: readonly ClusterChange[], second: readonly ClusterChange[]): readonly ClusterChange[] {
  const all = new Map([...first, ...second].map((change) => [JSON.stringify(change), change]));
  return [...all.values()].toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at)).slice(0, MOST_CHANGES);
}

function joinBefore(first: readonly PastIncident[], second: readonly PastIncident[]): readonly PastIncident[] {
  const all = new Map([...first, ...second].map((past) => [past.id, past]));
  return [...all.values()].toSorted((a, b) => Date.parse(b.openedAt) - Date.parse(a.openedAt)).slice(0, MOST_BEFORE);
}
