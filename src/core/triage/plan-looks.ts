import type { SubjectQuery } from '../subject/subject.ts';
import { isActive } from './cause-list.ts';
import type { Incident, IncidentRoot } from './incident.ts';
import { lookTier } from './root-key.ts';
import { countWaiting, groupKey, sampleGroups, samplesWanted } from './sample-roots.ts';
import { openIncidents, type TriageState } from './triage-state.ts';

/** One root object to be asked about. */
export interface Look {
  readonly incident: string;
  /** The key of the root object. */
  readonly root: string;
  readonly query: SubjectQuery;
}

/** How much is looked at. */
export interface LookRules {
  /** Incidents that are to be looked at again. */
  readonly due: readonly string[];
  /** Looks in all. */
  readonly most: number;
  /** Looks at objects that stand alike, while more objects wait than `most`. */
  readonly samples: number;
}

/** Looks at one incident that is due. */
const MOST_AGAIN = 10;

/**
 * Chooses what to look at: objects that wait, only samples of those that stand alike when there are too many, and of incidents that are due what shows
 * whether they are over. Nodes first and single pods last; incidents take turns, the oldest first, and a quarter is kept
 * for what is due.
 */
export function planLooks(state: TriageState, { due, most, samples }: LookRules): readonly Look[] {
  const open = openIncidents(state);
  const isDue = new Set(due);
  const again = open.filter(({ id }) => isDue.has(id)).map((incident) => ranked(incident, againOf(incident)));
  const fallback = open.filter(({ id }) => isDue.has(id)).map((incident) => ranked(incident, insteadOf(incident)));
  const later = [...inTurns(again), ...inTurns(fallback).slice(0, samples)];
  const waiting = countWaiting(state) > most ? sampled(state, open, samples) : allWaiting(open);
  const kept = Math.min(later.length, Math.max(Math.ceil(most / 4), most - waiting.length));
  return [...waiting.slice(0, Math.max(0, most - kept)), ...later.slice(0, kept)].slice(0, most);
}

interface RankedLook {
  readonly look: Look;
  /** How many looks at the same incident come before it. */
  readonly turn: number;
}

function inTurns(looks: readonly (readonly RankedLook[])[]): readonly Look[] {
  return looks
    .flat()
    .toSorted((a, b) => lookTier(a.look.root) - lookTier(b.look.root) || a.turn - b.turn)
    .map(({ look }) => look);
}

function ranked({ id }: Incident, roots: readonly IncidentRoot[]): readonly RankedLook[] {
  return roots
    .flatMap(({ key, query }) => (query === undefined ? [] : [{ incident: id, root: key, query }]))
    .map((look, turn) => ({ look, turn }));
}

function allWaiting(open: readonly Incident[]): readonly Look[] {
  return inTurns(open.map((incident) => ranked(incident, incident.roots.filter(isWaiting))));
}

/** Objects that wait, of each group only as many as are wanted. */
function sampled(state: TriageState, open: readonly Incident[], samples: number): readonly Look[] {
  const wanted = new Map([...sampleGroups(state)].map(([key, group]) => [key, samplesWanted(group, samples)] as const));
  const incidents = new Map(open.map((incident) => [incident.id, signatures(incident)]));
  return allWaiting(open).filter(({ incident, root }) => {
    const key = incidents.get(incident)?.get(root) ?? '';
    const left = wanted.get(key) ?? 0;
    wanted.set(key, left - 1);
    return left > 0;
  });
}

function signatures(incident: Incident): ReadonlyMap<string, string> {
  return new Map(incident.roots.map((root) => [root.key, groupKey(incident, root)]));
}

function isWaiting({ look }: IncidentRoot): boolean {
  return look === 'waiting';
}

/** What shows whether an incident is over, or what its cause is by now. */
function againOf(incident: Incident): readonly IncidentRoot[] {
  const { causes, roots } = incident;
  const answering = new Set(causes.map(({ root }) => root));
  const shown = new Set(causes.map(({ key }) => key));
  const isOver = !causes.some((cause) => isActive(cause, incident));
  const wanted = (root: IncidentRoot): boolean =>
    root.look === 'impossible' ||
    (root.look === 'left-out' && root.cause !== undefined) ||
    (root.look === 'done' &&
      (isOver || answering.has(root.key) || (root.cause !== undefined && !shown.has(root.cause))));
  return roots
    .filter((root) => root.query !== undefined && wanted(root))
    .toSorted((a, b) => rankOf(a, answering) - rankOf(b, answering))
    .slice(0, MOST_AGAIN);
}

/** What answers for a cause comes first, what was taken to be like others last. */
function rankOf({ key, look }: IncidentRoot, answering: ReadonlySet<string>): number {
  if (answering.has(key)) {
    return 0;
  }
  return look === 'left-out' ? 2 : 1;
}

/** Where nothing of an incident was ever looked at, one look tells more than none. */
function insteadOf({ roots }: Incident): readonly IncidentRoot[] {
  return roots.every(({ look, cause }) => look === 'left-out' && cause === undefined) ? roots.slice(0, 1) : [];
}
