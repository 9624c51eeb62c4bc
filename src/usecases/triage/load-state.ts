import type { IncidentRecord } from '../../core/triage/incident.ts';
import { emptyState, type TriageState, withIncidents } from '../../core/triage/triage-state.ts';
import type { TriageStore } from '../../ports/triage-store.ts';

/** An incident that went on in another one, which went on in another one, is followed so far. */
const MOST_STEPS = 5;

/** The incidents of those ids, and those that they became a part of. Throws STORE_UNAVAILABLE. */
export async function loadState(ids: Iterable<string>, store: TriageStore): Promise<TriageState> {
  return addToState(emptyState(), ids, store);
}

/** Adds incidents that are not in the state yet. Throws STORE_UNAVAILABLE. */
export async function addToState(state: TriageState, ids: Iterable<string>, store: TriageStore): Promise<TriageState> {
  let loaded = state;
  let wanted = [...new Set(ids)].filter((id) => !state.incidents.has(id));
  for (let step = 0; step < MOST_STEPS && wanted.length > 0; step += 1) {
    const records: readonly IncidentRecord[] = [...(await store.records(wanted)).values()];
    const known = withIncidents(
      loaded,
      records.map(({ incident }) => incident),
    );
    wanted = records.flatMap(({ incident }) => incident.mergedInto ?? []).filter((id) => !known.incidents.has(id));
    loaded = known;
  }
  return loaded;
}
