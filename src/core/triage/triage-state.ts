import type { Incident } from './incident.ts';
import type { AlertPlace } from './stored-alert.ts';

/** Where an alert was put, as of which of its changes. */
export interface PlacedAlert extends AlertPlace {
  readonly fingerprint: string;
  readonly revision: number;
}

/** Incidents in the hands of one pass; immutable, each function that changes it returns a new one. */
export interface TriageState {
  /** Loaded or opened. */
  readonly incidents: ReadonlyMap<string, Incident>;
  /** Those to be saved. */
  readonly changed: ReadonlySet<string>;
  /** Those opened or reopened in this pass. */
  readonly opened: ReadonlySet<string>;
  /** Each alert once, where it was put last. */
  readonly placed: readonly PlacedAlert[];
}

/** A state that is being changed inside of one function. */
export interface Draft {
  readonly incidents: Map<string, Incident>;
  readonly changed: Set<string>;
  readonly opened: Set<string>;
  /** By fingerprint. */
  readonly placed: Map<string, PlacedAlert>;
}

/** Nothing is known yet. */
export function emptyState(): TriageState {
  return { incidents: new Map(), changed: new Set(), opened: new Set(), placed: [] };
}

/** Adds loaded incidents; those that are there already stay as they are. */
export function withIncidents(state: TriageState, incidents: readonly Incident[]): TriageState {
  const loaded = new Map(incidents.map((incident) => [incident.id, incident]));
  return { ...state, incidents: new Map([...loaded, ...state.incidents]) };
}

/** Puts a changed incident in place of the one before; it is to be saved. */
export function replaceIncident(state: TriageState, incident: Incident): TriageState {
  const draft = draftOf(state);
  putIncident(draft, incident);
  return stateOf(draft);
}

/** A copy that may be changed. */
export function draftOf({ incidents, changed, opened, placed }: TriageState): Draft {
  return {
    incidents: new Map(incidents),
    changed: new Set(changed),
    opened: new Set(opened),
    placed: new Map(placed.map((place) => [place.fingerprint, place])),
  };
}

/** The state that a draft became. */
export function stateOf({ incidents, changed, opened, placed }: Draft): TriageState {
  return { incidents, changed, opened, placed: [...placed.values()] };
}

/** Puts an incident into a draft; one that is the very same is no change. */
export function putIncident(draft: Draft, incident: Incident): void {
  if (draft.incidents.get(incident.id) !== incident) {
    draft.incidents.set(incident.id, incident);
    draft.changed.add(incident.id);
  }
}

/** The incident with that id, or the one that it went on in; undefined when it is not in hand. */
export function followMerged(incidents: ReadonlyMap<string, Incident>, id: string): Incident | undefined {
  const seen = new Set<string>();
  let found = incidents.get(id);
  while (found?.mergedInto !== undefined && !seen.has(found.id)) {
    seen.add(found.id);
    found = incidents.get(found.mergedInto);
  }
  return found?.mergedInto === undefined ? found : undefined;
}

/** Open incidents, the oldest first. */
export function openIncidents({ incidents }: Pick<TriageState, 'incidents'>): readonly Incident[] {
  return [...incidents.values()].filter(({ state }) => state === 'open').toSorted(byAge);
}

/** The older one first; of the same age the one whose id comes first. */
export function byAge(a: Incident, b: Incident): number {
  return Date.parse(a.openedAt) - Date.parse(b.openedAt) || (a.id < b.id ? -1 : Number(a.id > b.id));
}

/** Whether it was opened in this pass, so that nobody has seen it yet. */
export function isFresh({ opened }: Pick<TriageState, 'opened'>, { id, events }: Incident): boolean {
  return opened.has(id) && events.every(({ kind }) => kind !== 'reopened');
}
