import { governingNamespace } from '../../core/subject/subject.ts';
import { applyLooks } from '../../core/triage/apply-looks.ts';
import type { ClusterChange, Incident, PastIncident } from '../../core/triage/incident.ts';
import { keyEntry } from '../../core/triage/incident-keys.ts';
import { keysOf, mergeIncidents } from '../../core/triage/merge-incidents.ts';
import { signatureOf } from '../../core/triage/settle-incident.ts';
import { replaceIncident, type TriageState } from '../../core/triage/triage-state.ts';
import type { ClusterReader } from '../../ports/cluster-reader.ts';
import type { Outbox } from '../../ports/outbox.ts';
import { namespaceFilter, permittedReader } from '../permitted-reader.ts';
import { findChanges } from './find-changes.ts';
import { addToState } from './load-state.ts';
import type { PassContext } from './pass-context.ts';
import type { LookedAt } from './run-looks.ts';

/** Diagnoses of one pass: what is new must not wait for long behind what is many. */
export const MOST_LOOKS = 24;
/** Incidents of one pass for which is found out what changed before. */
const MOST_WITH_CHANGES = 6;
/** Root objects of an incident around which changes are looked for. */
const MOST_CHANGED_ROOTS = 5;
const MOST_BEFORE = 3;

/** Applies what was found, puts together what has one cause, and adds what else is known of it. Throws STORE_UNAVAILABLE. */
export async function judge(
  state: TriageState,
  looked: readonly LookedAt[],
  context: PassContext,
): Promise<TriageState> {
  const now = context.now.toISOString();
  const { minuteMs } = context.deps;
  const applied = applyLooks(
    state,
    looked.map(({ result }) => result),
    { now, most: MOST_LOOKS, ...(minuteMs === undefined ? {} : { minuteMs }) },
  );
  const merged = await merge(applied, context);
  await keepAnswers(merged, looked, context);
  const named = [...merged.changed].flatMap((id) => newlyNamed(id, state, merged));
  const known = await addPast(merged, named, context);
  return addChanges(known, named, context);
}

async function merge(state: TriageState, { lease, now, deps }: PassContext): Promise<TriageState> {
  const { store } = deps;
  const open = [...state.changed].flatMap((id) => state.incidents.get(id) ?? []).filter((one) => one.state === 'open');
  const keys = await store.lookUp(lease.cluster, [...new Set(open.flatMap(keysOf))]);
  return mergeIncidents(await addToState(state, keys.values(), store), keys, now.toISOString());
}

/** The answers that stand for a cause; others are not shown to anybody. */
async function keepAnswers(
  state: TriageState,
  looked: readonly LookedAt[],
  { lease, deps }: PassContext,
): Promise<void> {
  const shown = new Set([...state.changed].flatMap((id) => answersOf(state.incidents.get(id))));
  for (const { result, answer, channel } of looked) {
    const entry = keyEntry(channel, result.look.root);
    if (shown.has(entry)) {
      await deps.store.putAnswer(lease.cluster, entry, answer);
    }
  }
}

function answersOf(incident: Incident | undefined): readonly string[] {
  return incident?.causes.map(({ root }) => keyEntry(incident.channel, root)) ?? [];
}

/** An incident whose first cause was not known before this pass. */
function newlyNamed(id: string, before: TriageState, after: TriageState): readonly Incident[] {
  const incident = after.incidents.get(id);
  const isNamed = (one: Incident | undefined): boolean => one !== undefined && signatureOf(one) !== undefined;
  return incident?.state === 'open' && isNamed(incident) && !isNamed(before.incidents.get(id)) ? [incident] : [];
}

async function addPast(
  state: TriageState,
  named: readonly Incident[],
  { lease, deps }: PassContext,
): Promise<TriageState> {
  let known = state;
  for (const incident of named) {
    const past = await deps.store.past(lease.cluster, signatureOf(incident) ?? '');
    const others = past.filter(({ id }) => id !== incident.id).slice(0, MOST_BEFORE);
    const before = await Promise.all(others.map((one) => withThread(one, deps.outbox)));
    known = before.length === 0 ? known : replaceIncident(known, { ...incident, before });
  }
  return known;
}

/** Its thread by now: it may not have been posted when it ended. */
async function withThread(past: PastIncident, outbox: Outbox): Promise<PastIncident> {
  const thread = await outbox.posted(past.id);
  return thread === undefined ? past : { ...past, thread };
}

async function addChanges(state: TriageState, named: readonly Incident[], { deps }: PassContext): Promise<TriageState> {
  if (deps.asking.kind === 'nobody') {
    return state;
  }
  let known = state;
  for (const { id } of named.slice(0, MOST_WITH_CHANGES)) {
    const incident = known.incidents.get(id);
    const changes = incident === undefined ? [] : await changesBefore(incident, deps.asking.openReader, deps);
    known = incident === undefined || changes.length === 0 ? known : replaceIncident(known, { ...incident, changes });
  }
  return known;
}

/** What cannot be found out is no reason to tell nothing. */
async function changesBefore(
  incident: Incident,
  openReader: () => Promise<ClusterReader>,
  { logger }: PassContext['deps'],
): Promise<readonly ClusterChange[]> {
  const subjects = incident.roots.flatMap(({ query }) => query ?? []).slice(0, MOST_CHANGED_ROOTS);
  const own = subjects.map(governingNamespace);
  const mayName = namespaceFilter(own, incident.readable);
  try {
    const { changes } = await findChanges(subjects, incident.since, permittedReader(await openReader(), mayName));
    return changes;
  } catch (error) {
    logger.warn('what changed before an incident could not be found out', { incident: incident.id, error });
    return [];
  }
}
