import type { SubjectKind } from '../subject/kinds.ts';
import type { EventFact } from './events.ts';
import type { JsonObject } from './json.ts';
import { asKube, type KubeWorkload } from './kube-types.ts';
import type { PodFacts } from './pod-facts.ts';
import { secondsBetween } from './time.ts';

/** A workload with its controllers' objects and pods. */
export interface WorkloadSource {
  readonly kind: SubjectKind;
  readonly raw: JsonObject;
  /** Events of the workload itself and of the ReplicaSets or Jobs it made. */
  readonly events: readonly JsonObject[];
  /** ReplicaSets of a Deployment, Jobs of a CronJob; newest first. */
  readonly children: readonly JsonObject[];
  readonly pods: readonly PodFacts[];
  readonly now: string;
}

export interface WorkloadState {
  readonly verdict: 'healthy' | 'starting' | 'finished' | 'stopping' | 'trouble';
  readonly status: string;
  readonly desired: number;
  readonly ready: number;
  readonly paused: boolean;
  /** What a reader of "nothing is wrong" should know, such as a workload scaled to zero by wish. */
  readonly notes: readonly string[];
}

/** A workload that is not complete for longer than this is in trouble even without a bad pod. */
const PATIENCE_SECONDS = 60;
/** Why a CronJob did not start a Job, as its controller says it; the reasons are the same in 1.21 to 1.36. */
const NOT_STARTED = [
  'JobAlreadyActive',
  'MissSchedule',
  'TooManyMissedTimes',
  'FailedNeedsStart',
  'InvalidSchedule',
  'UnparseableSchedule',
  'UnknownTimeZone',
  'FailedCreate',
];

/** Derives whether a workload has what it wants, from its counters, its pods and what its controller says. */
export function workloadState(
  source: WorkloadSource,
  events: readonly EventFact[],
  refusals: readonly string[],
): WorkloadState {
  const workload = asKube<KubeWorkload>(source.raw);
  const counted = count(source, workload, events);
  const paused = workload.spec?.paused ?? workload.spec?.suspend ?? false;
  const { desired, ready } = counted;
  const base = { desired, ready, paused, status: counted.text, notes: notesOf(source, workload) };
  if (workload.metadata?.deletionTimestamp !== undefined) {
    return { ...base, status: 'Terminating', verdict: isHeld(source, workload) ? 'trouble' : 'stopping' };
  }
  if (counted.done) {
    return { ...base, verdict: counted.failed ? 'trouble' : 'finished' };
  }
  const bad = source.pods.some((pod) => pod.state.verdict === 'trouble' && !isLeftover(pod, source, counted.complete));
  // Replicas that all serve prove that pods can be made; a schedule proves nothing.
  const refused = source.kind === 'CronJob' && refusals.length > 0;
  if (counted.complete && !bad && !refused) {
    return { ...base, verdict: 'healthy' };
  }
  const trouble = bad || counted.failed || refusals.length > 0 || paused || impatient(source, workload);
  return { ...base, verdict: trouble ? 'trouble' : 'starting' };
}

/** A deleted workload stays only while something holds it: a pod that does not end, or a finalizer that nobody takes away. */
function isHeld({ pods, now }: WorkloadSource, { metadata = {} }: KubeWorkload): boolean {
  const ending = pods.filter(({ pod }) => pod.metadata?.deletionTimestamp !== undefined);
  const late = (secondsBetween(metadata.deletionTimestamp, now) ?? 0) > PATIENCE_SECONDS;
  return (
    ending.some(({ state }) => state.verdict === 'trouble') ||
    (late && ending.length === 0 && (metadata.finalizers ?? []).length > 0)
  );
}

/**
 * A pod that failed for good and was replaced: the workload is complete without it, or a newer pod of it works. Jobs
 * keep such pods for their logs, evictions leave them behind.
 */
export function isLeftover(pod: PodFacts, { kind, pods }: WorkloadSource, complete: boolean): boolean {
  if (pod.pod.status?.phase !== 'Failed' || pod.pod.metadata?.deletionTimestamp !== undefined) {
    return false;
  }
  const created = pod.pod.metadata?.creationTimestamp ?? '';
  const replaced = pods.some(
    (other) => other.state.verdict !== 'trouble' && (other.pod.metadata?.creationTimestamp ?? '') > created,
  );
  return replaced || (complete && kind !== 'Job' && kind !== 'CronJob');
}

function impatient({ now, children, pods }: WorkloadSource, workload: KubeWorkload): boolean {
  const progressing = workload.status?.conditions?.find((item) => item.type === 'Progressing');
  if (progressing?.status === 'False') {
    return true;
  }
  if (pods.some((pod) => pod.state.verdict === 'starting' || pod.state.verdict === 'stopping')) {
    return false;
  }
  const created = [workload, ...children.map((child) => asKube<KubeWorkload>(child)), ...pods.map(({ pod }) => pod)]
    .map((object) => object.metadata?.creationTimestamp ?? '')
    .toSorted();
  return (secondsBetween(created.at(-1), now) ?? 0) > PATIENCE_SECONDS;
}

interface Count {
  readonly desired: number;
  readonly ready: number;
  readonly complete: boolean;
  /** The workload will never run again (Job). */
  readonly done: boolean;
  readonly failed: boolean;
  readonly text: string;
}

function count(source: WorkloadSource, workload: KubeWorkload, events: readonly EventFact[]): Count {
  const { kind, pods } = source;
  if (kind === 'Job') {
    return countJob(workload, pods);
  }
  if (kind === 'CronJob') {
    return countCronJob(source, workload, events);
  }
  return countReplicas(kind, workload);
}

function countReplicas(kind: SubjectKind, workload: KubeWorkload): Count {
  const { desired, ready } = replicasOf(kind, workload);
  const updated = updatedOf(kind, workload) ?? desired;
  const wanted = Math.max(0, desired - (kind === 'StatefulSet' ? partitionOf(workload) : 0));
  const observed = (workload.status?.observedGeneration ?? 0) >= (workload.metadata?.generation ?? 0);
  // A DaemonSet exists to have pods; one that fits no node at all is worth a look.
  const homeless = kind === 'DaemonSet' && desired === 0 && observed;
  return {
    desired,
    ready,
    complete: ready >= desired && updated >= wanted && observed && !homeless,
    done: false,
    failed: homeless,
    text: `${ready}/${desired} ready${updated < wanted ? `, ${updated} updated` : ''}`,
  };
}

function replicasOf(kind: SubjectKind, { spec = {}, status = {} }: KubeWorkload): Pick<Count, 'desired' | 'ready'> {
  return kind === 'DaemonSet'
    ? { desired: status.desiredNumberScheduled ?? 0, ready: status.numberReady ?? 0 }
    : { desired: spec.replicas ?? 1, ready: status.readyReplicas ?? 0 };
}

/** Pods of the newest template; undefined when the kind or the strategy does not replace pods by itself. */
function updatedOf(kind: SubjectKind, { status = {}, spec = {} }: KubeWorkload): number | undefined {
  if (kind === 'Deployment') {
    return status.updatedReplicas ?? 0;
  }
  if (spec.updateStrategy?.type === 'OnDelete') {
    return undefined;
  }
  if (kind === 'DaemonSet') {
    return status.updatedNumberScheduled ?? 0;
  }
  // Zero is left out of the status, and so is the whole field when nothing was ever updated.
  const updating = status.updateRevision !== undefined && status.updateRevision !== status.currentRevision;
  return kind === 'StatefulSet' ? (status.updatedReplicas ?? (updating ? 0 : undefined)) : undefined;
}

/** Ordinals below it keep the old template. */
function partitionOf({ spec = {} }: KubeWorkload): number {
  return spec.updateStrategy?.rollingUpdate?.partition ?? 0;
}

function countJob(workload: KubeWorkload, pods: readonly PodFacts[]): Count {
  // FailureTarget comes first: the verdict stands while the pods are still being stopped.
  const failed = ended(workload, 'Failed') || ended(workload, 'FailureTarget');
  const done = failed || ended(workload, 'Complete');
  const desired = workload.spec?.completions ?? workload.spec?.parallelism ?? 1;
  const ready = workload.status?.succeeded ?? 0;
  const running = pods.some((pod) => pod.state.verdict === 'healthy');
  const idle = workload.spec?.parallelism === 0;
  const text = failed ? 'Failed' : done ? 'Complete' : `${ready}/${desired} completed`;
  return { desired, ready, complete: (running || idle) && workload.spec?.suspend !== true, done, failed, text };
}

/** Whether a Job has ended in the way of that condition type. */
export function ended(job: KubeWorkload, type: 'Complete' | 'Failed' | 'FailureTarget'): boolean {
  return job.status?.conditions?.some((item) => item.type === type && item.status === 'True') ?? false;
}

function countCronJob({ children }: WorkloadSource, workload: KubeWorkload, events: readonly EventFact[]): Count {
  const newest = children[0] === undefined ? undefined : asKube<KubeWorkload>(children[0]);
  const failed = newest !== undefined && ended(newest, 'Failed');
  const active = newest !== undefined && !failed && !ended(newest, 'Complete');
  const started = newest?.metadata?.creationTimestamp ?? '';
  const uid = workload.metadata?.uid;
  const skipped = events.some(
    (event) =>
      event.object.uid === uid &&
      NOT_STARTED.includes(event.reason) &&
      event.last > started &&
      (event.reason !== 'JobAlreadyActive' || active),
  );
  const trouble = failed || skipped || workload.spec?.suspend === true;
  const text = workload.spec?.suspend === true ? 'suspended' : failed ? 'last Job failed' : 'scheduled';
  return { desired: 0, ready: 0, complete: !trouble, done: false, failed: trouble, text };
}

function notesOf({ kind, pods }: WorkloadSource, workload: KubeWorkload): readonly string[] {
  const { spec = {}, status = {} } = workload;
  const scaled = kind === 'Deployment' || kind === 'StatefulSet' || kind === 'ReplicaSet';
  const updating = kind === 'StatefulSet' && status.updateRevision !== status.currentRevision;
  const failed = pods.filter((pod) => pod.pod.status?.phase === 'Failed');
  return [
    ...(scaled && spec.replicas === 0 ? ['spec.replicas is 0: no pod is wanted'] : []),
    ...(kind === 'Job' && spec.parallelism === 0 ? ['spec.parallelism is 0: no pod is wanted now'] : []),
    ...(spec.paused === true ? ['spec.paused is true: changes of the template wait until the rollout is resumed'] : []),
    ...(updating && spec.updateStrategy?.type === 'OnDelete'
      ? ['updateStrategy OnDelete: pods get the new template only when they are deleted']
      : []),
    ...(updating && partitionOf(workload) > 0
      ? [`updateStrategy partition ${partitionOf(workload)}: pods with a lower ordinal keep the old template`]
      : []),
    ...failed.slice(0, 3).map((pod) => `pod ${pod.pod.metadata?.name ?? ''} failed earlier (${pod.state.status})`),
  ];
}
