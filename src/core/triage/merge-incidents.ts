import { listWords, oneLine, shorten } from '../facts/text.ts';
import { causeEvent } from './cause-event.ts';
import { firstCause, tidyCauses } from './cause-list.ts';
import type { Incident } from './incident.ts';
import { addEvent, countOf } from './incident-fields.ts';
import { incidentKeys } from './incident-keys.ts';
import { alertWords } from './join-alert.ts';
import { joinIncidents } from './join-incidents.ts';
import { countNodes } from './node-causes.ts';
import {
  byAge,
  type Draft,
  draftOf,
  followMerged,
  isFresh,
  openIncidents,
  putIncident,
  stateOf,
  type TriageState,
} from './triage-state.ts';

const SHOWN_OBJECTS = 3;
const LONGEST_TITLE = 120;
const GROWTH_GAP_MS = 10 * 60_000;

/** The entries that lead to an incident: its root objects and what is to blame for them, in its channel. */
export function keysOf(incident: Incident): readonly string[] {
  return incidentKeys(incident);
}

/**
 * Makes one incident of open ones of a cluster and channel that share a key; the oldest goes on, of those with a message of
 * their own if there are any. What was only opened in this pass disappears without a trace. `keys` says which open incident
 * the entries of the store lead to. `now` is RFC 3339.
 */
export function mergeIncidents(state: TriageState, keys: ReadonlyMap<string, string>, now: string): TriageState {
  const draft = draftOf(state);
  const groups = groupsOf(draft, keys);
  for (const group of groups) {
    mergeGroup(draft, group, now);
  }
  if (groups.length > 0) {
    countNodes(draft);
  }
  return stateOf(draft);
}

/** Open incidents that belong together, the one that goes on first; those that stand alone are left out. */
function groupsOf(draft: Draft, keys: ReadonlyMap<string, string>): readonly (readonly Incident[])[] {
  const open = openIncidents(draft);
  const sets = new Map(open.map((incident) => [incident.id, new Set([incident])]));
  const owners = new Map<string, Incident>();
  for (const incident of open) {
    for (const key of incidentKeys(incident)) {
      const entry = `${incident.cluster}\n${key}`;
      const known = [owners.get(entry), storedFor(draft, keys.get(key), incident)];
      known.forEach((other) => {
        unite(sets, incident, other);
      });
      owners.set(entry, incident);
    }
  }
  return [...new Set(sets.values())]
    .filter(({ size }) => size > 1)
    .map((set) =>
      [...set].toSorted((a, b) => Number(hasMessage(draft, b)) - Number(hasMessage(draft, a)) || byAge(a, b)),
    );
}

/** It is not only a row of a digest, and not so new that nobody has seen it. */
function hasMessage(draft: Draft, incident: Incident): boolean {
  return incident.digest === undefined && !isFresh(draft, incident);
}

function storedFor(draft: Draft, id: string | undefined, { cluster, channel }: Incident): Incident | undefined {
  const found = id === undefined ? undefined : followMerged(draft.incidents, id);
  return found?.state === 'open' && found.cluster === cluster && found.channel === channel ? found : undefined;
}

function unite(sets: Map<string, Set<Incident>>, a: Incident, b: Incident | undefined): void {
  const [first, second] = [sets.get(a.id), sets.get(b?.id ?? '')];
  if (first === undefined || second === undefined || first === second) {
    return;
  }
  const [small, large] = first.size < second.size ? [first, second] : [second, first];
  for (const incident of small) {
    large.add(incident);
    sets.set(incident.id, large);
  }
}

function mergeGroup(draft: Draft, [older, ...younger]: readonly Incident[], now: string): void {
  if (older === undefined) {
    return;
  }
  const isSeen = !isFresh(draft, older);
  const joined = tidyCauses(younger.reduce((whole, one) => joinIncidents(whole, one, now), older));
  const cause = isSeen ? causeEvent(older, joined, now) : undefined;
  const told =
    isSeen && !hasJustGrown(older, now)
      ? addEvent(joined.events, { at: now, kind: 'joined', text: joinedText(older, younger) })
      : joined.events;
  putIncident(draft, { ...joined, events: cause === undefined ? told : addEvent(told, cause) });
  for (const one of younger) {
    retire(draft, one, { into: joined, now });
  }
  const moved = new Set(younger.map(({ id }) => id));
  for (const [fingerprint, place] of draft.placed) {
    if (moved.has(place.incident)) {
      draft.placed.set(fingerprint, { ...place, incident: older.id });
    }
  }
}

/** An incident that grows all the time says so now and then. */
function hasJustGrown({ events }: Incident, now: string): boolean {
  return events.some(({ kind, at }) => kind === 'joined' && Date.parse(now) - Date.parse(at) < GROWTH_GAP_MS);
}

interface Into {
  readonly into: Incident;
  readonly now: string;
}

/** What nobody has seen is forgotten; what has a thread says where it goes on. */
function retire(draft: Draft, incident: Incident, { into, now }: Into): void {
  if (isFresh(draft, incident)) {
    draft.incidents.delete(incident.id);
    draft.changed.delete(incident.id);
    draft.opened.delete(incident.id);
    return;
  }
  const { nextLookAt: _, ...rest } = incident;
  draft.opened.delete(incident.id);
  putIncident(draft, {
    ...rest,
    state: 'resolved',
    resolvedAt: now,
    resolvedBy: 'merged',
    mergedInto: into.id,
    changedAt: now,
    firing: 0,
    roots: incident.roots.map((root) => ({ ...root, firing: 0 })),
    events: addEvent(incident.events, { at: now, kind: 'merged', text: mergedText(into) }),
  });
}

function mergedText(into: Incident): string {
  const cause = firstCause(into);
  const what = cause === undefined ? alertWords(into.names) : cause.headline;
  return `It goes on in another thread, with which it has something in common: ${what}.`;
}

function joinedText(older: Incident, younger: readonly Incident[]): string {
  const alerts = younger.reduce((sum, { total }) => sum + total, 0);
  const names = [...new Set(younger.flatMap((one) => one.names))];
  const known = new Set(older.roots.map(({ key }) => key));
  const titles = younger
    .flatMap(({ roots }) => roots)
    .filter(({ key }) => !known.has(key))
    .map(({ title }) => shorten(oneLine(title), LONGEST_TITLE));
  const what = titles.length === 0 ? '' : `: ${listWords(titles, SHOWN_OBJECTS)}`;
  return `${countOf(alerts, 'alert')} of ${alertWords(names)} joined${what}.`;
}
