import { blamedBy } from './cause-list.ts';
import type { Incident, IncidentCause, IncidentRoot } from './incident.ts';
import { withoutCause } from './incident-roots.ts';
import { type Draft, openIncidents, putIncident, type TriageState } from './triage-state.ts';

/** So many objects that stand alike and blame the same thing speak for all others that stand like them. */
const SAMPLES = 3;
/** More than this are not looked at for one way of standing while many wait. */
const MOST_SAMPLES = 20;

/** Objects of one channel that stand alike. */
export interface SampleGroup {
  readonly waiting: readonly IncidentRoot[];
  readonly done: readonly Sample[];
}

/** An object with its incident. */
export interface Sample {
  readonly incident: Incident;
  readonly root: IncidentRoot;
}

/** Groups the root objects of open incidents by how they stand, with the incidents of one channel taken together. */
export function sampleGroups(state: Pick<TriageState, 'incidents'>): ReadonlyMap<string, SampleGroup> {
  const groups = new Map<string, { waiting: IncidentRoot[]; done: Sample[] }>();
  for (const incident of openIncidents(state)) {
    for (const root of incident.roots) {
      const key = groupKey(incident, root);
      const group = groups.get(key) ?? { waiting: [], done: [] };
      groups.set(key, group);
      if (root.look === 'waiting') {
        group.waiting.push(root);
      } else if (root.look === 'done') {
        group.done.push({ incident, root });
      }
    }
  }
  return groups;
}

/** Names the group of an object. */
export function groupKey(
  { cluster, channel }: Pick<Incident, 'cluster' | 'channel'>,
  { signature }: Pick<IncidentRoot, 'signature'>,
): string {
  return `${cluster}\n${channel}\n${signature}`;
}

/** How many of the waiting ones are to be looked at now, at most `samples`. */
export function samplesWanted({ waiting, done }: SampleGroup, samples: number): number {
  const most = Math.min(samples, waiting.length);
  if (waiting.length <= SAMPLES) {
    return areEnough(done) ? 0 : most;
  }
  const missing = done.length < SAMPLES ? SAMPLES - done.length : MOST_SAMPLES - done.length;
  return Math.max(0, Math.min(most, missing));
}

/** How many objects of open incidents wait to be looked at. */
export function countWaiting(state: Pick<TriageState, 'incidents'>): number {
  return openIncidents(state).reduce(
    (sum, { roots }) => sum + roots.filter(({ look }) => look === 'waiting').length,
    0,
  );
}

/**
 * Leaves out what need not be looked at when too many wait. Where all samples blame the same other thing, those that wait
 * get that cause and can join its incident; where samples differ, they stay on their own without a cause.
 */
export function leaveOut(draft: Draft): void {
  const groups = sampleGroups(draft);
  for (const incident of openIncidents(draft)) {
    const causes = new Map(incident.causes.map((cause) => [cause.key, cause]));
    const roots = incident.roots.map((root) => {
      const group = groups.get(groupKey(incident, root));
      const verdict = root.look === 'waiting' && group !== undefined ? verdictOf(group) : undefined;
      if (verdict === undefined) {
        return root;
      }
      return leftOut(root, verdict.cause, causes);
    });
    if (roots.some((root, index) => root !== incident.roots[index])) {
      putIncident(draft, { ...incident, roots, causes: [...causes.values()] });
    }
  }
}

function leftOut(
  root: IncidentRoot,
  cause: IncidentCause | undefined,
  causes: Map<string, IncidentCause>,
): IncidentRoot {
  if (cause === undefined) {
    return { ...root, look: 'left-out' };
  }
  if (!causes.has(cause.key)) {
    causes.set(cause.key, cause);
  }
  return { ...withoutCause(root), look: 'left-out', cause: cause.key };
}

/** What becomes of those that wait; undefined: they are still to be looked at. */
function verdictOf({ waiting, done }: SampleGroup): { readonly cause?: IncidentCause } | undefined {
  const cause = commonCause(done);
  if (waiting.length <= SAMPLES) {
    return cause !== undefined && areEnough(done) ? { cause } : undefined;
  }
  if (cause !== undefined) {
    return { cause };
  }
  return done.length >= MOST_SAMPLES ? {} : undefined;
}

/** So many that agree speak for latecomers as well, which are looked at later. */
function areEnough(done: readonly Sample[]): boolean {
  return done.length >= MOST_SAMPLES && commonCause(done) !== undefined;
}

/** The cause of all samples, if it is the same other thing for each of them. */
function commonCause(done: readonly Sample[]): IncidentCause | undefined {
  const [first] = done;
  const key = first?.root.cause;
  const cause = first?.incident.causes.find((one) => one.key === key);
  const blamed = cause === undefined ? '' : blamedBy(cause);
  const isCommon = done.every(({ root }) => root.cause === key && root.key !== blamed);
  return done.length < SAMPLES || !isCommon ? undefined : cause;
}
