import { keyEntry } from '../../core/triage/incident-keys.ts';
import { askNow } from '../../core/triage/incident-roots.ts';
import { endAlerts, placeAlerts } from '../../core/triage/place-alerts.ts';
import { planLooks } from '../../core/triage/plan-looks.ts';
import type { PendingAlert } from '../../core/triage/stored-alert.ts';
import { followMerged, openIncidents, replaceIncident, type TriageState } from '../../core/triage/triage-state.ts';
import type { TriageLease, TriageWork } from '../../ports/triage-store.ts';
import { Signal } from '../deliver-signal.ts';
import { commit } from './commit.ts';
import { judge, MOST_LOOKS } from './judge.ts';
import { addToState, loadState } from './load-state.ts';
import type { PassContext } from './pass-context.ts';
import { rootAlerts } from './root-alerts.ts';
import { type LookedAt, runLooks } from './run-looks.ts';
import { type TellMemory, tellAll } from './tell-all.ts';
import type { TriageDeps } from './triage-deps.ts';

/** One look at a cluster that may be repeated at any point. */
export interface Pass {
  readonly lease: TriageLease;
  /** Looks at what is open although nothing is due: storms end by time. */
  readonly thorough: boolean;
  readonly memory: TellMemory;
}

/** What is left after a pass. */
export type PassEnd =
  /** More is due at once. */
  | 'more'
  /** Objects wait to be looked at: another pass must be thorough. */
  | 'waiting'
  /** Something could not be told yet. */
  | 'untold'
  | 'done'
  /** Somebody else has the lease. */
  | 'lost';

/** An alert that came back within this time after its incident was over belongs to it. */
const REOPEN_WITHIN_MS = 15 * 60_000;
const SAMPLES = 3;
/** What takes longer is told before its cause is known. */
const TELL_FIRST_MS = 3000;
/** Which of so many alerts belong together shows only when some objects were looked at. */
const BURST_ALERTS = 30;
/** For so long what began in a burst waits for its cause before it is told. */
const WITHHELD_MS = 10_000;
const MINUTE_MS = 60_000;

/**
 * Takes what came and what is due, finds out what it is about and why, and tells it. Everything that was done is stored
 * under the lease and is done again when it was not; a process may die at any point. Throws STORE_UNAVAILABLE.
 */
export async function runPass(pass: Pass, deps: TriageDeps): Promise<PassEnd> {
  const { store } = deps;
  const work = await store.work(pass.lease.cluster);
  let { untold } = work;
  let isWaiting = false;
  let withheld: ReadonlySet<string> = new Set();
  if (work.alerts.length > 0 || work.due.length > 0 || pass.thorough) {
    const startedAt = performance.now();
    const end = await triage(pass, work, deps);
    const seconds = (performance.now() - startedAt) / 1000;
    deps.metrics.observe('triage_pass_seconds', seconds, { cluster: pass.lease.cluster });
    if (end === 'lost') {
      return end;
    }
    untold = [...new Set([...untold, ...end.ids])];
    ({ isWaiting, withheld } = end);
  }
  const rest = await tellAll(
    pass,
    untold.filter((id) => !withheld.has(id)),
    deps,
  );
  if (work.more) {
    return 'more';
  }
  if (isWaiting) {
    return 'waiting';
  }
  return rest.length > 0 ? 'untold' : 'done';
}

interface Triaged {
  /** Of what changed. */
  readonly ids: readonly string[];
  /** Whether root objects are still to be looked at. */
  readonly isWaiting: boolean;
  /** Incidents that are told when more is known of them. */
  readonly withheld: ReadonlySet<string>;
}

async function triage(pass: Pass, work: TriageWork, deps: TriageDeps): Promise<Triaged | 'lost'> {
  const { lease } = pass;
  const context = { lease, now: work.now, deps };
  const startedAt = performance.now();
  const placed = await placeAll(work, context);
  const looking = lookAround(placed, work, context);
  const leftMs = TELL_FIRST_MS - (performance.now() - startedAt);
  const early =
    (await isSlow(looking, Math.max(0, leftMs))) && !isStorm(placed, work, deps)
      ? await commit(placed, context)
      : undefined;
  if (early === 'lost') {
    return early;
  }
  if (early !== undefined) {
    await tellAll(pass, early.ids, deps);
  }
  const judged = await judge(early?.state ?? placed, await looking, context);
  const end = await commit(judged, context);
  if (end === 'lost') {
    return end;
  }
  const isAsked = deps.asking.kind === 'cluster';
  const withheld = isAsked && isBurst(end.state, work) ? withheldIn(end.state, work) : new Set<string>();
  return { ids: [...(early?.ids ?? []), ...end.ids], isWaiting: isAsked && hasWaiting(end.state), withheld };
}

/** Puts what came where it belongs. */
async function placeAll(work: TriageWork, { lease, now, deps }: PassContext): Promise<TriageState> {
  const { store, asking, ids } = deps;
  const { cluster } = lease;
  const were = work.alerts.flatMap(({ was }) => was?.incident ?? []);
  const known = await loadState([...(await store.open(cluster)), ...work.due, ...were], store);
  const alerts = work.alerts.map((pending) => withKnownPlace(pending, known));
  const fresh = new Set(alerts.filter((pending) => isFresh(pending, known)));
  const rooted = await rootAlerts([...fresh], asking);
  const entries = rooted.map(({ pending, root }) => keyEntry(pending.alert.channel, root.key));
  const keys = await store.lookUp(cluster, [...new Set(entries)]);
  const ended = endAlerts(
    await addToState(known, keys.values(), store),
    alerts.filter((pending) => !fresh.has(pending)),
    now.toISOString(),
  );
  const placed = placeAlerts(ended, rooted, {
    now: now.toISOString(),
    keys,
    newId: (entry, startsAt) => `i-${ids.derive('incident', cluster, entry, startsAt, now.toISOString())}`,
    reopenWithinMs: REOPEN_WITHIN_MS,
  });
  return asking.kind === 'cluster' ? askAboutLeft(placed) : placed;
}

/** An alert whose incident is not known any more, or cannot be read, is placed nowhere. */
function withKnownPlace(pending: PendingAlert, { incidents }: TriageState): PendingAlert {
  const { was, ...unplaced } = pending;
  return was === undefined || followMerged(incidents, was.incident) !== undefined ? pending : unplaced;
}

/** What nobody could be asked about, while the diagnoser was silent, is asked about now. */
function askAboutLeft(state: TriageState): TriageState {
  const changed = openIncidents(state).flatMap((incident) => {
    const roots = askNow(incident.roots);
    return roots === incident.roots ? [] : [{ ...incident, roots }];
  });
  return changed.reduce(replaceIncident, state);
}

/** It fires, and triage has not placed it, knows it as resolved, or placed it where all is over since or not known any more. */
function isFresh({ alert, was }: PendingAlert, { incidents }: TriageState): boolean {
  const { status, startsAt } = alert.mapped.alert;
  if (status === 'resolved' || was === undefined) {
    return status === 'firing';
  }
  const incident = followMerged(incidents, was.incident);
  const overAt = Date.parse(incident?.resolvedAt ?? '');
  return was.status === 'resolved' || incident === undefined || Date.parse(startsAt ?? alert.receivedAt) > overAt;
}

/** Objects that are to be looked at and were not, because there were too many. */
function hasWaiting(state: TriageState): boolean {
  return openIncidents(state).some(({ roots }) => roots.some(({ look }) => look === 'waiting'));
}

async function lookAround(
  state: TriageState,
  { due }: TriageWork,
  { lease, deps }: PassContext,
): Promise<readonly LookedAt[]> {
  const { asking } = deps;
  if (asking.kind === 'nobody') {
    return [];
  }
  const looks = planLooks(state, { due, most: MOST_LOOKS, samples: SAMPLES }).map((look) => ({
    look,
    readable: state.incidents.get(look.incident)?.readable ?? [],
    channel: state.incidents.get(look.incident)?.channel ?? '',
  }));
  return runLooks(lease.cluster, looks, { ...deps, openReader: asking.openReader, playbooks: asking.playbooks });
}

async function isSlow(looking: Promise<unknown>, waitMs: number): Promise<boolean> {
  const done = new Signal();
  let isDone = false;
  const raise = (): void => {
    isDone = true;
    done.raise();
  };
  // A failure is met where the looks are awaited.
  looking.then(raise, raise);
  await done.wait(waitMs);
  return !isDone;
}

/** Telling of every new incident before it is known which belong together would tell too much. */
function isStorm(state: TriageState, work: TriageWork, { settings }: TriageDeps): boolean {
  return state.opened.size > settings().incidentsPerMinute || isBurst(state, work);
}

function isBurst(state: TriageState, { alerts, now }: TriageWork): boolean {
  const recent = openIncidents(state).filter(({ openedAt }) => now.getTime() - Date.parse(openedAt) < MINUTE_MS);
  return alerts.length >= BURST_ALERTS && recent.length > 1;
}

/** New incidents of which nothing was looked at. */
function withheldIn(state: TriageState, { now }: TriageWork): ReadonlySet<string> {
  const fresh = openIncidents(state).filter(({ openedAt }) => now.getTime() - Date.parse(openedAt) < WITHHELD_MS);
  return new Set(fresh.filter(({ roots }) => roots.every(({ look }) => look === 'waiting')).map(({ id }) => id));
}
