import type { JsonObject } from '../core/facts/json.ts';
import { asKube, type KubeWorkload } from '../core/facts/kube-types.ts';
import { amountText } from '../core/facts/text.ts';
import { childOf, textAt } from '../core/recording/object-parts.ts';
import { countsOf } from './workload-counts.ts';
import type { WorkloadType } from './workload-target.ts';

type Share = number | string | undefined;

interface RollingWorkload extends KubeWorkload {
  readonly spec?: NonNullable<KubeWorkload['spec']> & {
    readonly strategy?: { readonly type?: string; readonly rollingUpdate?: { readonly maxUnavailable?: Share } };
  };
  readonly status?: NonNullable<KubeWorkload['status']> & {
    readonly numberAvailable?: number;
  };
}

/** Why a rollout of a workload has not ended, or nothing. */
export function rolloutUnderWay(type: WorkloadType, raw: JsonObject): string | undefined {
  const workload = asKube<RollingWorkload>(raw);
  const { metadata = {}, status = {} } = workload;
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 0)) {
    return 'its controller has not seen its newest change yet';
  }
  const { desired } = countsOf(type, raw);
  const updated = (type === 'DaemonSet' ? status.updatedNumberScheduled : status.updatedReplicas) ?? 0;
  if (updated < desired) {
    return updatedWords(updated, desired);
  }
  return type === 'Deployment' ? deploymentUnderWay(workload) : setUnderWay(type, workload);
}

function updatedWords(updated: number, desired: number): string {
  return `${updated} of ${amountText(desired, 'pod')} ${updated === 1 ? 'has' : 'have'} the newest template`;
}

function deploymentUnderWay({ status = {} }: RollingWorkload): string | undefined {
  const progressing = status.conditions?.find(({ type }) => type === 'Progressing');
  if ((status.replicas ?? 0) > (status.updatedReplicas ?? 0)) {
    return 'pods of an older template are still there';
  }
  return progressing?.reason === undefined || progressing.reason === 'NewReplicaSetAvailable'
    ? undefined
    : `its last rollout did not end (${progressing.reason.slice(0, 63)})`;
}

function setUnderWay(type: WorkloadType, { status = {} }: RollingWorkload): string | undefined {
  return type === 'StatefulSet' && status.updateRevision !== status.currentRevision
    ? 'pods of an older revision are still there'
    : undefined;
}

/** Whether every pod that is wanted has the newest template and serves. */
export function isRolledOut(type: WorkloadType, raw: JsonObject): boolean {
  const { status = {} } = asKube<RollingWorkload>(raw);
  const { desired, ready } = countsOf(type, raw);
  const available = (type === 'DaemonSet' ? status.numberAvailable : status.availableReplicas) ?? 0;
  // Progressing may still tell of the rollout before, so that only the counters count here.
  const open = rolloutUnderWay(type, withoutConditions(raw));
  return open === undefined && available === desired && ready >= desired;
}

function withoutConditions(raw: JsonObject): JsonObject {
  return { ...raw, status: { ...childOf(raw, 'status'), conditions: [] } };
}

/** How many pods of a workload are certain to be Ready while it replaces them all. */
export function readyWhileRolling(type: WorkloadType, raw: JsonObject): number {
  const { spec = {} } = asKube<RollingWorkload>(raw);
  const { desired, ready } = countsOf(type, raw);
  if (type === 'Deployment') {
    return spec.strategy?.type === 'Recreate' ? 0 : Math.min(ready, desired - unavailableOf(raw, desired));
  }
  const rolling = childOf(childOf(childOf(raw, 'spec'), 'updateStrategy'), 'rollingUpdate');
  const most = Math.max(1, amountOf(shareAt(rolling, 'maxUnavailable') ?? 1, desired, Math.ceil));
  if (type === 'StatefulSet') {
    // It goes through its pods in order, whether others are Ready or not.
    return Math.max(0, ready - most);
  }
  const surge = amountOf(shareAt(rolling, 'maxSurge') ?? 0, desired, Math.ceil);
  return Math.min(ready, Math.max(0, desired - (surge > 0 ? 0 : most)));
}

/** As the Deployment controller counts: a share is rounded down, and something must move. */
function unavailableOf(raw: JsonObject, desired: number): number {
  const rolling = childOf(childOf(childOf(raw, 'spec'), 'strategy'), 'rollingUpdate');
  const unavailable = amountOf(shareAt(rolling, 'maxUnavailable') ?? '25%', desired, Math.floor);
  const surge = amountOf(shareAt(rolling, 'maxSurge') ?? '25%', desired, Math.ceil);
  return Math.min(desired, unavailable === 0 && surge === 0 ? 1 : unavailable);
}

function shareAt(object: JsonObject, key: string): Share {
  const value = object[key];
  return typeof value === 'number' ? value : textAt(object, key) || undefined;
}

/** A number, or a percentage of what is wanted; anything else counts as everything. */
function amountOf(share: number | string, of: number, round: (value: number) => number): number {
  if (typeof share === 'number') {
    return share;
  }
  const [, percent] = /^(\d{1,3})%$/.exec(share) ?? [];
  return percent === undefined ? of : round((Number(percent) * of) / 100);
}
