import type { JsonObject } from '../facts/json.ts';
import { asKube, type KubeObject } from '../facts/kube-types.ts';
import type { ChangeWindow } from './cluster-changes.ts';
import type { ClusterChange } from './incident.ts';
import { managedChanges } from './managed-changes.ts';
import { type Revision, revisionsOf, rolloutChanges } from './rollout-changes.ts';
import {
  autoscalerChanges,
  type RolloutStart,
  rollbackTime,
  type ScalingStep,
  scaledDuringRollout,
  scalingChanges,
  scalingSteps,
  stepsOutsideRollouts,
} from './scaling-changes.ts';

/** An object that an incident is about with what tells its history; lists may hold objects of others, empty ones tell nothing. */
export interface ChangedWorkload {
  readonly object: JsonObject;
  /** ReplicaSets of a Deployment, ControllerRevisions of a StatefulSet or DaemonSet. */
  readonly keepers: readonly JsonObject[];
  readonly events: readonly JsonObject[];
  readonly autoscalers: readonly JsonObject[];
}

/** A rollout or a new size shows that much after somebody wrote it into the object. */
const FOLLOWS_MS = 60_000;
const CLOCK_MS = 5000;
/** What a controller makes anew all the time is no change of somebody's. */
const MADE_BY_CONTROLLERS: ReadonlySet<string> = new Set(['Pod', 'Job', 'ReplicaSet']);

/** Rollouts, rollbacks, new sizes, and other writes to the object by anything but Kubernetes itself, within the window. */
export function workloadChanges(workload: ChangedWorkload, window: ChangeWindow): readonly ClusterChange[] {
  const { object, keepers, events, autoscalers } = workload;
  if (isMadeByController(object)) {
    return [];
  }
  const writes = managedChanges(object, window, { caretakers: false });
  const revisions = revisionsOf(object, keepers, window);
  const steps = scalingSteps(object, events);
  const rolledBackAt = rollbackTime(steps, revisions);
  const rollouts = rolloutChanges(object, revisions, {
    window,
    ...(rolledBackAt === undefined ? {} : { rolledBackAt }),
  });
  const history = { steps, starts: startsOf(revisions, rolledBackAt), busy: isBusy(revisions) };
  const free = stepsOutsideRollouts(object, history, window);
  const scaled = autoscalerChanges(object, autoscalers, { steps: free, window });
  const named = [
    ...rollouts,
    ...scalingChanges(object, scaled.others, window),
    ...scaledDuringRollout(object, history, window),
  ];
  return [...named, ...scaled.changes, ...writes.filter((write) => !isExplained(write, named, free))];
}

function isMadeByController(object: JsonObject): boolean {
  const { kind = '', metadata } = asKube<KubeObject>(object);
  return MADE_BY_CONTROLLERS.has(kind) && (metadata?.ownerReferences ?? []).some(({ controller }) => controller);
}

/** Whether pods of more than one template are wanted: a rollout is under way. */
function isBusy(revisions: readonly Revision[]): boolean {
  return revisions.filter(({ replicas }) => replicas > 0).length > 1;
}

/** The oldest first; the last one is that of the template in use, also where it was in use before. */
function startsOf(revisions: readonly Revision[], rolledBackAt: string | undefined): readonly RolloutStart[] {
  const made = revisions
    .map(({ created, name }) => ({ at: created, replicaSet: name }))
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const [newest, last] = [revisions[0], made.at(-1)];
  return newest === undefined || last === undefined || last.replicaSet === newest.name
    ? made
    : [...made, { at: rolledBackAt ?? last.at, replicaSet: newest.name }];
}

function isExplained({ at }: ClusterChange, named: readonly ClusterChange[], steps: readonly ScalingStep[]): boolean {
  const from = Date.parse(at) - CLOCK_MS;
  return [...named, ...steps].some((effect) => {
    const time = Date.parse(effect.at);
    return time >= from && time <= from + CLOCK_MS + FOLLOWS_MS;
  });
}
