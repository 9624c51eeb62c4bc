import { BACKOFF_RESET_SECONDS, backoffBeforeRestart } from '../facts/backoff.ts';
import { type ContainerFact, containerFacts } from '../facts/containers.ts';
import type { JsonObject } from '../facts/json.ts';
import { asKube, type KubePod } from '../facts/kube-types.ts';
import { condition, reasonText } from '../facts/symptoms.ts';
import { secondsBetween } from '../facts/time.ts';

/** Something about a pod that its own status tells to be wrong if it lasts; a normal start looks like this for a moment. */
export interface PodTrouble {
  readonly kind: 'crash-loop' | 'image-pull' | 'container-create' | 'stuck';
  /** Absent when it is the pod as a whole. */
  readonly container?: string;
  /** What is visible from outside: `CrashLoopBackOff`, `Unschedulable`, `Terminating`. */
  readonly status: string;
  readonly restarts: number;
  /**
   * RFC 3339, out of the pod: the same at every evaluation of the same trouble, except for a crash loop of a pod that
   * worked before, which tells only its newest end. In the future while the grace period of a delete still runs.
   */
  readonly since: string;
}

const IMAGE_REASONS: readonly string[] = [
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
];
const CREATE_REASONS: readonly string[] = [
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'PreCreateHookError',
  'PreStartHookError',
  'PostStartHookError',
];
const CREATING_REASONS: readonly string[] = ['', 'ContainerCreating', 'PodInitializing'];
/** Time that the first start of a pod takes beyond its runs and the pauses between them. */
const START_SLACK_SECONDS = 300;

/**
 * What is wrong with a pod, as of `now` (RFC 3339, the clock of the API server); of several containers the first one
 * counts. A pod without trouble gets none by the passing of time alone.
 */
export function podTrouble(raw: JsonObject, now: string): PodTrouble | undefined {
  const pod = asKube<KubePod>(raw);
  const { deletionTimestamp } = pod.metadata ?? {};
  if (deletionTimestamp !== undefined) {
    return stuck('Terminating', deletionTimestamp);
  }
  if (hasEnded(pod)) {
    return undefined;
  }
  return isBound(pod) ? startTrouble(pod, now) : unscheduled(pod);
}

function startTrouble(pod: KubePod, now: string): PodTrouble | undefined {
  const containers = containerFacts(pod, [], now);
  for (const container of containers) {
    const trouble = containerTrouble(container, pod, containers);
    if (trouble !== undefined) {
      return trouble;
    }
  }
  return notStarted(pod, containers);
}

function hasEnded({ status }: KubePod): boolean {
  return status?.phase === 'Failed' || status?.phase === 'Succeeded';
}

function isBound({ spec }: KubePod): boolean {
  return (spec?.nodeName ?? '') !== '';
}

function stuck(status: string, since: string): PodTrouble {
  return { kind: 'stuck', status, restarts: 0, since };
}

/** Whoever put a scheduling gate there means the pod to wait. */
function unscheduled(pod: KubePod): PodTrouble | undefined {
  const scheduled = condition(pod, 'PodScheduled');
  const reason = scheduled?.reason ?? 'not scheduled';
  return reason === 'SchedulingGated'
    ? undefined
    : stuck(`Pending (${reason})`, scheduled?.lastTransitionTime ?? beginningOf(pod));
}

function containerTrouble(
  container: ContainerFact,
  pod: KubePod,
  containers: readonly ContainerFact[],
): PodTrouble | undefined {
  const { name, now, restarts } = container;
  const base = { container: name, restarts };
  const reason = now.state === 'waiting' ? (now.reason ?? '') : '';
  const status = reasonText(container);
  if (IMAGE_REASONS.includes(reason)) {
    return { kind: 'image-pull', ...base, status, since: turnBegan(pod, containers) };
  }
  if (CREATE_REASONS.includes(reason) || neverRuns(container)) {
    return { kind: 'container-create', ...base, status, since: turnBegan(pod, containers) };
  }
  return isCrashLoop(container)
    ? { kind: 'crash-loop', ...base, status: status === '' ? now.state : status, since: loopBegan(container, pod) }
    : undefined;
}

/** A start that fails goes back and forth between its own reason and that of a crash loop. */
function neverRuns({ now, death }: ContainerFact): boolean {
  return now.reason === 'CrashLoopBackOff' && death.state === 'terminated' && death.seconds === undefined;
}

/**
 * The back-off alternates with runs, so a run ends the loop only when it has got over what ended the one before. Runs
 * after which the back-off begins anew are restarts and no loop.
 */
function isCrashLoop({ now, unstable, death }: ContainerFact): boolean {
  const waits = now.state === 'waiting' && now.reason === 'CrashLoopBackOff';
  return waits || (unstable && (death.seconds ?? 0) < BACKOFF_RESET_SECONDS);
}

/** With the pod, when the restarts so far can have taken all of its life; else with the newest end. */
function loopBegan({ restarts, death }: ContainerFact, pod: KubePod): string {
  const began = beginningOf(pod);
  const lived = secondsBetween(began, death.finishedAt) ?? 0;
  let explained = START_SLACK_SECONDS + (restarts + 1) * (death.seconds ?? 0) * 2;
  for (let restart = 1; restart <= Math.min(restarts, 10_000); restart += 1) {
    explained += backoffBeforeRestart(restart) * 2;
  }
  return lived <= explained ? began : (death.finishedAt ?? began);
}

/** Nothing of the pod runs, and no container says why. */
function notStarted(pod: KubePod, containers: readonly ContainerFact[]): PodTrouble | undefined {
  const waits = containers.find(({ now }) => now.state === 'waiting' || now.state === 'none');
  const running = containers.some(({ now }) => now.state === 'running');
  if (waits === undefined || running || !CREATING_REASONS.includes(waits.now.reason ?? '')) {
    return undefined;
  }
  const placed = condition(pod, 'PodScheduled')?.lastTransitionTime ?? beginningOf(pod);
  const ends = containers.map(({ death }) => death.finishedAt);
  return stuck(reasonText(waits) || 'Pending (not taken up by its node)', latest(placed, unreadySince(pod), ...ends));
}

/** When the kubelet took it up, else when it was made. */
function beginningOf({ metadata = {}, status = {} }: KubePod): string {
  return status.startTime ?? metadata.creationTimestamp ?? new Date(0).toISOString();
}

/** It stays unready for as long as one of its containers is not even made. */
function unreadySince(pod: KubePod): string {
  const ready = condition(pod, 'Ready');
  return (ready?.status === 'False' ? ready.lastTransitionTime : undefined) ?? beginningOf(pod);
}

/** Init containers that are done held up the others until then. */
function turnBegan(pod: KubePod, containers: readonly ContainerFact[]): string {
  const done = containers.filter(({ kind, now }) => kind === 'init' && now.state === 'terminated');
  return latest(unreadySince(pod), ...done.map(({ now }) => now.finishedAt));
}

function latest(first: string, ...others: readonly (string | undefined)[]): string {
  return others.reduce<string>((best, one) => (Date.parse(one ?? '') > Date.parse(best) ? (one ?? best) : best), first);
}
