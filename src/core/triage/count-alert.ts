import type { Incident } from './incident.ts';
import { changeRoot } from './incident-roots.ts';
import type { AlertPlace } from './stored-alert.ts';
import { type Draft, followMerged, putIncident } from './triage-state.ts';

/** Repeats say only that an alert is still there; more often than this it is not written down. */
const HEARD_EVERY_MS = 60_000;

/** Where an alert was counted, and where it is to be counted from now on. */
export interface Recount {
  /** Absent: nowhere. */
  readonly was: AlertPlace | undefined;
  readonly place: AlertPlace;
  /** RFC 3339. */
  readonly now: string;
}

const NOWHERE: AlertPlace = { incident: '', root: '', status: 'resolved' };

/** Takes an alert out of the counts of where it was and adds it to those of where it is; the same twice changes nothing. */
export function countAlert(draft: Draft, { was = NOWHERE, place, now }: Recount): void {
  const before = followMerged(draft.incidents, was.incident);
  const after = followMerged(draft.incidents, place.incident);
  const isThere = before === after;
  if (after === undefined || (isThere && was.root === place.root && was.status === place.status)) {
    hear(draft, after, now);
    return;
  }
  takeOut(draft, before, was, now);
  const isNew = place.status === 'firing' && !(isThere && was.status === 'firing');
  count(draft, draft.incidents.get(after.id) ?? after, { place, isMore: !isThere, isNew, now });
}

function takeOut(draft: Draft, incident: Incident | undefined, { root, status }: AlertPlace, now: string): void {
  if (incident !== undefined && status === 'firing') {
    putIncident(draft, withFiring(incident, root, { by: -1, now }));
  }
}

interface Counting {
  readonly place: AlertPlace;
  /** It did not belong to the incident before. */
  readonly isMore: boolean;
  /** It did not fire in the incident before. */
  readonly isNew: boolean;
  readonly now: string;
}

function count(draft: Draft, current: Incident, { place, isMore, isNew, now }: Counting): void {
  const counted = place.status === 'firing' ? withFiring(current, place.root, { by: 1, now }) : current;
  putIncident(draft, {
    ...counted,
    total: current.total + Number(isMore),
    changedAt: now,
    heardAt: now,
    ...(isNew ? { looks: 0, healthyLooks: 0 } : {}),
  });
}

function hear(draft: Draft, incident: Incident | undefined, now: string): void {
  if (incident !== undefined && Date.parse(now) - Date.parse(incident.heardAt) >= HEARD_EVERY_MS) {
    putIncident(draft, { ...incident, heardAt: now });
  }
}

interface Change {
  readonly by: 1 | -1;
  readonly now: string;
}

function withFiring(incident: Incident, root: string, { by, now }: Change): Incident {
  return {
    ...incident,
    changedAt: now,
    firing: Math.max(0, incident.firing + by),
    roots: changeRoot(incident.roots, root, (one) => ({ ...one, firing: Math.max(0, one.firing + by) })),
  };
}
