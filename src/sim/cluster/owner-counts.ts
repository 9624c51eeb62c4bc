import type { JsonObject } from '../../core/facts/json.ts';
import { childOf, childrenOf, nameOf, textAt } from '../../core/recording/object-parts.ts';
import { RESOURCE_TYPES, type ResourceType, resourceOf } from '../../core/subject/kinds.ts';
import { isReady, selectedBy } from './evict-pod.ts';
import { controllerOf } from './pod-life.ts';
import type { World } from './world.ts';
import { storeObject, timeText } from './writing.ts';

/** The object that a reference names, with the times that readers see; undefined when it is another one by now. */
export function ownerObject(reference: JsonObject, namespace: string, world: World): JsonObject | undefined {
  const type = RESOURCE_TYPES.find(({ kind }) => kind === textAt(reference, 'kind'));
  const stored =
    type === undefined ? undefined : world.objects.get({ type, namespace, name: textAt(reference, 'name') });
  const same = stored !== undefined && uidOf(stored.object) === textAt(reference, 'uid');
  return same ? world.timeline.present(stored) : undefined;
}

/** The uid of an object; empty for one without. */
export function uidOf(object: JsonObject): string {
  return textAt(childOf(object, 'metadata'), 'uid');
}

/** The objects of a type that a controller owns. */
export function ownedBy(owner: JsonObject, type: ResourceType, world: World): readonly JsonObject[] {
  return world.objects
    .list(type, nameOf(owner).namespace)
    .map((stored) => world.timeline.present(stored))
    .filter((object) => textAt(controllerOf(object) ?? {}, 'uid') === uidOf(owner));
}

/** The pods of a controller that are not on their way out. */
export function activePods(owner: JsonObject, world: World): readonly JsonObject[] {
  return ownedBy(owner, resourceOf('Pod'), world).filter((pod) => {
    const phase = textAt(childOf(pod, 'status'), 'phase');
    return childOf(pod, 'metadata')['deletionTimestamp'] === undefined && phase !== 'Succeeded' && phase !== 'Failed';
  });
}

/** How many pods a controller wants. */
export function wantedPods(owner: JsonObject): number {
  const { replicas, parallelism } = childOf(owner, 'spec');
  const { desiredNumberScheduled } = childOf(owner, 'status');
  const wanted = [replicas, parallelism, desiredNumberScheduled].find((count) => typeof count === 'number');
  return wanted ?? 1;
}

/**
 * Says of a controller, and of the one above it, how many pods are Ready now. Recordings often hold only some of the
 * pods, so that not they are counted but the change: `by` is 1 or -1.
 */
export function countReady(owner: JsonObject, by: number, world: World): void {
  const wanted = wantedPods(owner);
  const status = childOf(owner, 'status');
  const [readyKey, availableKey] =
    owner['kind'] === 'DaemonSet' ? ['numberReady', 'numberAvailable'] : ['readyReplicas', 'availableReplicas'];
  const ready = Math.min(wanted, Math.max(0, Number(status[readyKey] ?? 0) + by));
  const { unavailableReplicas: _none, numberUnavailable: _no, ...rest } = status;
  const left = wanted - ready;
  const missing = owner['kind'] === 'DaemonSet' ? { numberUnavailable: left } : { unavailableReplicas: left };
  const lacks = left > 0 && owner['kind'] !== 'ReplicaSet' ? missing : {};
  const counts = { [readyKey]: ready, [availableKey]: ready, ...lacks };
  const next = { ...owner, status: { ...rest, ...counts, ...conditionsFor(owner, left === 0, world) } };
  storeObject(world, next);
  const above = controllerOf(owner);
  const parent = above === undefined ? undefined : ownerObject(above, nameOf(owner).namespace, world);
  if (parent !== undefined && parent['kind'] !== 'CronJob') {
    countReady(parent, by, world);
  }
}

function conditionsFor(owner: JsonObject, complete: boolean, world: World): JsonObject {
  const all = childrenOf(childOf(owner, 'status'), 'conditions');
  if (owner['kind'] !== 'Deployment' || !complete) {
    return {};
  }
  const lastTransitionTime = timeText(world.timeline.now());
  const good: Readonly<Record<string, string>> = {
    Available: 'MinimumReplicasAvailable',
    Progressing: 'NewReplicaSetAvailable',
  };
  const kept = all.filter(
    (condition) => good[textAt(condition, 'type')] === undefined && condition['status'] !== 'True',
  );
  const healthy = Object.entries(good).map(([type, reason]) => ({ type, status: 'True', reason, lastTransitionTime }));
  return { conditions: [...kept.filter(({ type }) => type !== 'ReplicaFailure'), ...healthy] };
}

/** Brings the budgets of a namespace up to date with its pods. */
export function countBudgets(namespace: string, world: World): void {
  const pods = world.objects.list(resourceOf('Pod'), namespace).map((stored) => world.timeline.present(stored));
  for (const stored of world.objects.list(resourceOf('PodDisruptionBudget'), namespace)) {
    const budget = world.timeline.present(stored);
    const status = childOf(budget, 'status');
    const healthy = pods.filter((pod) => selectedBy(budget, pod) && isReady(pod)).length;
    const allowed = Math.max(0, healthy - Number(status['desiredHealthy'] ?? 0));
    const { disruptedPods: _gone, ...rest } = status;
    storeObject(world, { ...budget, status: { ...rest, currentHealthy: healthy, disruptionsAllowed: allowed } });
  }
}
