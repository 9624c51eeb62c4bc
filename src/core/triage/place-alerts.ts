import { countAlert } from './count-alert.ts';
import type { Incident } from './incident.ts';
import { KeyIndex, keyEntry } from './incident-keys.ts';
import { alertWords, joinAlert } from './join-alert.ts';
import { newIncident, reopened } from './new-incident.ts';
import type { RootedAlert } from './rooted-alert.ts';
import type { AlertPlace, PendingAlert } from './stored-alert.ts';
import { type Draft, draftOf, followMerged, putIncident, stateOf, type TriageState } from './triage-state.ts';

export type { RootedAlert, RootOf } from './rooted-alert.ts';

/** What placing needs to know. */
export interface PlaceRules {
  /** RFC 3339. */
  readonly now: string;
  /** Which open incident the entries of the store lead to, as `keyEntry` writes them. */
  readonly keys: ReadonlyMap<string, string>;
  /** An id for an incident that is opened for the entry of a root object and an alert that began then (RFC 3339). */
  readonly newId: (entry: string, startsAt: string) => string;
  /** An alert that comes back within this time after its incident was over opens it again. */
  readonly reopenWithinMs: number;
}

/**
 * Puts alerts into incidents: where it was before if that is open or was over only just now, else into the open incident
 * that its root object leads to, else into a new one. Doing the same again changes nothing.
 */
export function placeAlerts(state: TriageState, rooted: readonly RootedAlert[], rules: PlaceRules): TriageState {
  const draft = draftOf(state);
  const index = new KeyIndex(draft);
  for (const one of rooted) {
    placeAlert(draft, index, one, rules);
  }
  return stateOf(draft);
}

function placeAlert(draft: Draft, index: KeyIndex, rooted: RootedAlert, rules: PlaceRules): void {
  const { pending, root } = rooted;
  const { alert } = pending.alert.mapped;
  const was = placeOf(draft, pending);
  const incident =
    whereItWas(draft, pending, was, rules) ?? whereItLeads(draft, index, rooted, rules) ?? opened(draft, rooted, rules);
  const place: AlertPlace = { incident: incident.id, root: root.key, status: alert.status };
  const joined = joinAlert(incident, rooted, {
    now: rules.now,
    isKnown: () => isKnown(draft, place, was),
  });
  draft.incidents.set(incident.id, incident);
  putIncident(draft, joined);
  countAlert(draft, { was, place, now: rules.now });
  index.addKey(joined, root.key);
  draft.placed.set(alert.fingerprint, { ...place, fingerprint: alert.fingerprint, revision: pending.revision });
}

/** Where it is now: what this pass did counts more than what it was before. */
function placeOf(draft: Draft, { alert, was }: PendingAlert): AlertPlace | undefined {
  return draft.placed.get(alert.mapped.alert.fingerprint) ?? was;
}

/** Whether its root object was counted in that incident already. */
function isKnown(draft: Draft, place: AlertPlace, was: AlertPlace | undefined): boolean {
  const isThere = (other: AlertPlace): boolean =>
    other.root === place.root && followMerged(draft.incidents, other.incident)?.id === place.incident;
  return (was !== undefined && isThere(was)) || [...draft.placed.values()].some(isThere);
}

function whereItWas(
  draft: Draft,
  { alert }: PendingAlert,
  was: AlertPlace | undefined,
  { now, reopenWithinMs }: PlaceRules,
): Incident | undefined {
  const before = was === undefined ? undefined : followMerged(draft.incidents, was.incident);
  // Routes may have changed since.
  if (before === undefined || before.channel !== alert.channel) {
    return undefined;
  }
  if (before.state === 'open') {
    return before;
  }
  if (Date.parse(now) - Date.parse(before.resolvedAt ?? before.changedAt) >= reopenWithinMs) {
    return undefined;
  }
  return reopenIn(draft, before, `${alertWords([alert.mapped.alert.name])} fires again.`, now);
}

function whereItLeads(
  draft: Draft,
  index: KeyIndex,
  { pending, root }: RootedAlert,
  { keys }: PlaceRules,
): Incident | undefined {
  const { cluster, channel } = pending.alert;
  const ids = [index.find(pending.alert, root.key), keys.get(keyEntry(channel, root.key))];
  return ids
    .flatMap((id) => (id === undefined ? [] : (followMerged(draft.incidents, id) ?? [])))
    .find((one) => one.state === 'open' && one.cluster === cluster && one.channel === channel);
}

function opened(draft: Draft, { pending, root }: RootedAlert, { now, newId }: PlaceRules): Incident {
  const startsAt = pending.alert.mapped.alert.startsAt ?? now;
  const entry = keyEntry(pending.alert.channel, root.key);
  const id = newId(entry, startsAt);
  // The same object with the same start was over for long: this is another incident.
  const incident = newIncident(draft.incidents.has(id) ? newId(entry, now) : id, pending.alert, now);
  draft.opened.add(incident.id);
  return incident;
}

function reopenIn(draft: Draft, incident: Incident, text: string, now: string): Incident {
  const open = reopened(incident, text, now);
  draft.opened.add(open.id);
  putIncident(draft, open);
  return open;
}

/**
 * Takes in alerts that need no place: those that ended, and repeats of those that fire where they were put. One that
 * ended before it was ever placed is placed nowhere (its incident is empty). A new episode of an alert whose incident is
 * over opens that again, and so does a repeat when something else than its alerts said that it is over.
 */
export function endAlerts(state: TriageState, pending: readonly PendingAlert[], now: string): TriageState {
  const draft = draftOf(state);
  for (const one of pending) {
    endAlert(draft, one, now);
  }
  return stateOf(draft);
}

function endAlert(draft: Draft, pending: PendingAlert, now: string): void {
  const { fingerprint, status } = pending.alert.mapped.alert;
  const was = placeOf(draft, pending);
  if (was === undefined && status === 'firing') {
    return;
  }
  const place: AlertPlace = { incident: '', root: '', ...was, status };
  const incident = followMerged(draft.incidents, place.incident);
  const again = incident === undefined ? undefined : reopening(pending, incident);
  if (incident !== undefined && again !== undefined) {
    reopenIn(draft, incident, `${alertWords([pending.alert.mapped.alert.name])} ${again}.`, now);
  }
  countAlert(draft, { was, place, now });
  const at = { ...place, incident: incident?.id ?? place.incident };
  draft.placed.set(fingerprint, { ...at, fingerprint, revision: pending.revision });
}

/** Why an alert that fires opens an incident again; undefined when it does not. */
function reopening({ alert }: PendingAlert, incident: Incident): string | undefined {
  const { state, resolvedAt, resolvedBy, changedAt } = incident;
  const { status, startsAt } = alert.mapped.alert;
  if (status !== 'firing' || state !== 'resolved') {
    return undefined;
  }
  const began = Date.parse(startsAt ?? alert.receivedAt);
  if (began > Date.parse(resolvedAt ?? changedAt)) {
    return 'fires again';
  }
  return resolvedBy === 'cluster' || resolvedBy === 'silence' ? 'still fires' : undefined;
}
