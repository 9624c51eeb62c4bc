import { eventFacts } from '../facts/events.ts';
import type { JsonObject } from '../facts/json.ts';
import { asKube, type KubeEvent, type KubeObject, type KubeWorkload } from '../facts/kube-types.ts';
import { type ChangeWindow, changedObject, timeWithin } from './cluster-changes.ts';
import type { ClusterChange } from './incident.ts';
import type { Revision } from './rollout-changes.ts';

/** One time that the Deployment controller gave a ReplicaSet another size. */
export interface ScalingStep {
  /** RFC 3339. */
  readonly at: string;
  readonly replicaSet: string;
  /** Absent: the event of an old controller does not say. */
  readonly from?: number;
  readonly to: number;
  readonly up: boolean;
}

interface Autoscaler extends KubeObject {
  readonly spec?: { readonly scaleTargetRef?: { readonly kind?: string; readonly name?: string } };
  readonly status?: { readonly lastScaleTime?: string; readonly desiredReplicas?: number };
}

const STEP = /^Scaled (up|down) replica set (\S{1,253})(?: from (\d{1,9}))? to (\d{1,9})$/;
/** The steps of one rollout follow each other within so much. */
const SETTLE_MS = 5000;
/** How long old pods may take to end before `Recreate` makes new ones. */
const RECREATE_MS = 10 * 60_000;
const CLOCK_MS = 1000;
/** How long the pods of an earlier template may take to be ready before others end. */
const ROLLBACK_MS = 10 * 60_000;
/** The Deployment controller answers an autoscaler within so much. */
const AUTOSCALER_MS = 30_000;
const MOST_STEPS = 3;

/** The scaling events of a Deployment, the oldest first. */
export function scalingSteps(deployment: JsonObject, events: readonly JsonObject[]): readonly ScalingStep[] {
  const uid = asKube<KubeObject>(deployment).metadata?.uid ?? '';
  const own = events.map((event) => asKube<KubeEvent>(event)).filter((event) => event.involvedObject?.uid === uid);
  return eventFacts(own, '')
    .flatMap(({ reason, message, last }) => {
      const [, direction, replicaSet = '', from, to] = STEP.exec(message) ?? [];
      return reason === 'ScalingReplicaSet' && to !== undefined
        ? [
            {
              at: last,
              replicaSet,
              ...(from === undefined ? {} : { from: Number(from) }),
              to: Number(to),
              up: direction === 'up',
            },
          ]
        : [];
    })
    .toReversed();
}

/** When a Deployment went back to an earlier ReplicaSet: that one grew after its successor was made, and others shrank. */
export function rollbackTime(steps: readonly ScalingStep[], revisions: readonly Revision[]): string | undefined {
  const [newest, replaced] = revisions;
  const after = Date.parse(replaced?.created ?? '');
  return steps.find((step) => {
    const time = Date.parse(step.at);
    const grew = step.up && step.replicaSet === newest?.name && time > after;
    return (
      grew && steps.some((other) => isShrinking(other, newest) && isWithin(other, time - CLOCK_MS, time + ROLLBACK_MS))
    );
  })?.at;
}

function isShrinking({ replicaSet, up }: ScalingStep, newest: Revision): boolean {
  return !up && replicaSet !== newest.name;
}

/** A ReplicaSet that began to take over from others. */
export interface RolloutStart {
  readonly at: string;
  readonly replicaSet: string;
}

/** What a Deployment did, each the oldest first, and whether the newest rollout is still under way. */
export interface ScalingHistory {
  readonly steps: readonly ScalingStep[];
  readonly starts: readonly RolloutStart[];
  readonly busy: boolean;
}

/** The steps within the window that belong to no rollout: only then the size of one ReplicaSet is that of the Deployment. */
export function stepsOutsideRollouts(
  deployment: JsonObject,
  history: ScalingHistory,
  window: ChangeWindow,
): readonly ScalingStep[] {
  const recreate = asKube<StrategyObject>(deployment).spec?.strategy?.type === 'Recreate';
  const early = recreate ? RECREATE_MS : SETTLE_MS;
  const spans = history.starts.map((start, index) => ({
    from: Date.parse(start.at) - early,
    to: rolloutEnd(start, history, history.starts[index + 1]),
  }));
  return history.steps.filter(
    (step) => timeWithin(window, step.at) !== undefined && !spans.some(({ from, to }) => isWithin(step, from, to)),
  );
}

/** A rollout ends when the last of the other ReplicaSets is empty. */
function rolloutEnd(start: RolloutStart, { steps, busy }: ScalingHistory, next: RolloutStart | undefined): number {
  if (next === undefined && busy) {
    return Number.POSITIVE_INFINITY;
  }
  const from = Date.parse(start.at);
  const until = next === undefined ? Number.POSITIVE_INFINITY : Date.parse(next.at);
  const emptied = steps.filter(
    (step) => step.to === 0 && step.replicaSet !== start.replicaSet && isWithin(step, from, until),
  );
  return Math.max(from, ...emptied.map(({ at }) => Date.parse(at))) + SETTLE_MS;
}

interface StrategyObject extends KubeWorkload {
  readonly spec?: NonNullable<KubeWorkload['spec']> & { readonly strategy?: { readonly type?: string } };
}

function isWithin({ at }: ScalingStep, from: number, to: number): boolean {
  const time = Date.parse(at);
  return time >= from && time <= to;
}

/** `scaled from 1 to 3 replicas`, a change for each step; many steps are one change. */
export function scalingChanges(
  deployment: JsonObject,
  steps: readonly ScalingStep[],
  window: ChangeWindow,
): readonly ClusterChange[] {
  const object = changedObject(deployment);
  const [first, last] = [steps[0], steps.at(-1)];
  if (first === undefined || last === undefined) {
    return [];
  }
  if (steps.length > MOST_STEPS) {
    const at = timeWithin(window, last.at);
    const what = `was scaled${sizes(first.from, last.to)} in ${steps.length} steps`;
    return at === undefined ? [] : [{ at, object, what }];
  }
  return steps.flatMap((step) => {
    const at = timeWithin(window, step.at);
    return at === undefined ? [] : [{ at, object, what: `was scaled${sizes(step.from, step.to)}` }];
  });
}

/**
 * That a Deployment was scaled up while a rollout went on: only then an earlier ReplicaSet grows. To which size cannot be
 * told, since each ReplicaSet gets its share. During a rollback nothing can be told: the others may just have grown.
 */
export function scaledDuringRollout(
  deployment: JsonObject,
  { steps, starts }: ScalingHistory,
  window: ChangeWindow,
): readonly ClusterChange[] {
  const newest = starts.at(-1);
  const isRollback = starts.filter(({ replicaSet }) => replicaSet === newest?.replicaSet).length > 1;
  const grown = steps.findLast(
    (step) =>
      newest !== undefined &&
      !isRollback &&
      step.up &&
      step.replicaSet !== newest.replicaSet &&
      Date.parse(step.at) > Date.parse(newest.at),
  );
  const at = timeWithin(window, grown?.at);
  return at === undefined
    ? []
    : [{ at, object: changedObject(deployment), what: 'was scaled up while a rollout was under way' }];
}

function sizes(from: number | undefined, to: number): string {
  return `${from === undefined ? '' : ` from ${from}`} to ${to} replicas`;
}

/** What autoscalers did to a workload within the window, and the steps that were not theirs. */
export function autoscalerChanges(
  workload: JsonObject,
  autoscalers: readonly JsonObject[],
  options: { readonly steps: readonly ScalingStep[]; readonly window: ChangeWindow },
): { readonly changes: readonly ClusterChange[]; readonly others: readonly ScalingStep[] } {
  const { steps, window } = options;
  const own = autoscalers.filter((autoscaler) => isFor(workload, autoscaler));
  const times = own.flatMap((one) => asKube<Autoscaler>(one).status?.lastScaleTime ?? []);
  const isTheirs = (step: ScalingStep): boolean =>
    times.some((time) => Math.abs(Date.parse(time) - Date.parse(step.at)) <= AUTOSCALER_MS);
  const theirs = steps.findLast(isTheirs);
  const changes = own.flatMap((one) => {
    const { lastScaleTime, desiredReplicas } = asKube<Autoscaler>(one).status ?? {};
    const at = timeWithin(window, lastScaleTime);
    const to = theirs?.to ?? desiredReplicas;
    const size = to === undefined ? '' : sizes(theirs?.from, to);
    return at === undefined
      ? []
      : [{ at, object: changedObject(one), what: `scaled ${changedObject(workload)}${size}` }];
  });
  return { changes, others: steps.filter((step) => !isTheirs(step)) };
}

/** Whether an autoscaler is about a workload of its namespace. */
export function isFor(workload: JsonObject, autoscaler: JsonObject): boolean {
  const { kind, metadata } = asKube<KubeObject>(workload);
  const { metadata: own, spec } = asKube<Autoscaler>(autoscaler);
  const target = spec?.scaleTargetRef;
  return own?.namespace === metadata?.namespace && target?.kind === kind && target?.name === metadata?.name;
}
