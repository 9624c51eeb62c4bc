import { loadStep } from '../../core/triage/channel-load.ts';
import type { ChannelLoad, Incident } from '../../core/triage/incident.ts';
import { keysOf } from '../../core/triage/merge-incidents.ts';
import { pastOf, settleIncidents, signatureOf } from '../../core/triage/settle-incident.ts';
import { replaceIncident, type TriageState } from '../../core/triage/triage-state.ts';
import type { CounterLabels } from '../../ports/metrics.ts';
import type { TriageChange } from '../../ports/triage-store.ts';
import type { PassContext } from './pass-context.ts';

/** What was stored. */
export interface Committed {
  /** Nothing of it is to be stored any more. */
  readonly state: TriageState;
  /** Incidents and digests that changed. */
  readonly ids: readonly string[];
}

const HOUR_MS = 3_600_000;

/** Settles how every incident stands, decides which are shown in a digest, and stores it all. Throws STORE_UNAVAILABLE. */
export async function commit(state: TriageState, context: PassContext): Promise<Committed | 'lost'> {
  const { lease, now, deps } = context;
  const settled = settleIncidents(state, {
    now: now.toISOString(),
    forgetAfterMs: deps.settings().forgetAfterHours * HOUR_MS,
    askable: deps.asking.kind === 'cluster',
    ...(deps.minuteMs === undefined ? {} : { minuteMs: deps.minuteMs }),
  });
  const loaded = await weighChannels(settled, context);
  const incidents = changedOf(loaded.state);
  if (incidents.length === 0 && loaded.state.placed.length === 0 && loaded.loads.length === 0) {
    return { state: clean(loaded.state), ids: [] };
  }
  const saved = await deps.store.save(lease, {
    incidents,
    keys: incidents.filter(isOpen).flatMap((one) => keysOf(one).map((key) => ({ key, incident: one.id }))),
    placed: loaded.state.placed,
    loads: loaded.loads,
    ended: await endedOf(incidents, context),
  });
  if (saved === 'lost') {
    return saved;
  }
  count(incidents, loaded.state, context);
  const digests = loaded.loads.flatMap(({ digest }) => digest?.id ?? []);
  return { state: clean(loaded.state), ids: [...incidents.map(({ id }) => id), ...digests] };
}

interface Weighed {
  readonly state: TriageState;
  readonly loads: readonly ChannelLoad[];
}

/** Counts what was opened in each channel; too much at once becomes a digest. */
async function weighChannels(state: TriageState, { lease, now, deps }: PassContext): Promise<Weighed> {
  const { store, settings, ids } = deps;
  const { cluster } = lease;
  const opened = [...state.opened].flatMap((id) => state.incidents.get(id) ?? []).filter(isOpen);
  const inDigests = [...state.incidents.values()].filter(({ digest }) => digest !== undefined);
  const channels = [...new Set([...opened, ...inDigests].map(({ channel }) => channel))];
  const before = new Map((await store.loads(cluster, channels)).map((load) => [load.channel, load]));
  let weighed = state;
  const loads: ChannelLoad[] = [];
  for (const channel of channels) {
    const step = loadStep(
      before.get(channel),
      opened.filter((one) => one.channel === channel && one.digest === undefined),
      {
        now: now.toISOString(),
        ...settings(),
        newId: () => `d-${ids.derive('digest', cluster, channel, now.toISOString())}`,
        cluster,
        channel,
        open: [...state.incidents.values()].filter((one) => isOpen(one) && one.channel === channel),
      },
    );
    weighed = inDigest(weighed, step, step.load.digest?.id);
    const isNews = opened.some((one) => one.channel === channel) || step.released.length > 0;
    const isTouched = inDigests.some((one) => one.channel === channel && state.changed.has(one.id));
    const ended = before.get(channel)?.digest?.state !== step.load.digest?.state;
    loads.push(...(isNews || isTouched || ended ? [step.load] : []));
  }
  return { state: weighed, loads };
}

function inDigest(
  state: TriageState,
  { inDigest: within, released }: Pick<ReturnType<typeof loadStep>, 'inDigest' | 'released'>,
  digest: string | undefined,
): TriageState {
  let moved = state;
  for (const id of within) {
    const incident = moved.incidents.get(id);
    moved = incident === undefined || digest === undefined ? moved : replaceIncident(moved, { ...incident, digest });
  }
  for (const id of released) {
    const incident = moved.incidents.get(id);
    if (incident !== undefined) {
      const { digest: _, ...rest } = incident;
      moved = replaceIncident(moved, rest);
    }
  }
  return moved;
}

async function endedOf(incidents: readonly Incident[], { deps }: PassContext): Promise<TriageChange['ended']> {
  const over = incidents.filter(({ state, resolvedBy }) => state === 'resolved' && resolvedBy !== 'merged');
  return Promise.all(
    over.flatMap((incident) => {
      const signature = signatureOf(incident);
      return signature === undefined
        ? []
        : [deps.outbox.posted(incident.id).then((thread) => ({ signature, past: pastOf(incident, thread) }))];
    }),
  );
}

/** Each once, when it comes to be so; what is over may still change. */
function count(incidents: readonly Incident[], { opened }: TriageState, { now, deps }: PassContext): void {
  for (const incident of incidents) {
    if (incident.state === 'open' ? opened.has(incident.id) : incident.resolvedAt === now.toISOString()) {
      deps.metrics.count('incidents_total', { state: countedAs(incident) });
    }
  }
}

function countedAs({ state, resolvedBy }: Incident): CounterLabels['incidents_total']['state'] {
  if (state === 'open') {
    return 'opened';
  }
  return resolvedBy === 'merged' ? 'merged' : 'resolved';
}

function changedOf({ changed, incidents }: TriageState): readonly Incident[] {
  return [...changed].flatMap((id) => incidents.get(id) ?? []);
}

function isOpen({ state }: Incident): boolean {
  return state === 'open';
}

function clean(state: TriageState): TriageState {
  return { ...state, changed: new Set(), opened: new Set(), placed: [] };
}
