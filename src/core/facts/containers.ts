import { BACKOFF_RESET_SECONDS, backoffBeforeRestart } from './backoff.ts';
import type { EventFact } from './events.ts';
import type { KubeContainer, KubeContainerState, KubeContainerStatus, KubePod, KubeRunState } from './kube-types.ts';
import { normaliseText } from './text.ts';
import { addSeconds, parseGoDuration, secondsBetween } from './time.ts';

export type ContainerKind = 'container' | 'init' | 'sidecar';

/** One run of a container: how it stands or how it ended. Empty fields are absent. */
export interface RunFact {
  readonly state: 'waiting' | 'running' | 'terminated' | 'none';
  readonly reason?: string;
  readonly message?: string;
  /** The lines of a message that says how the run ended. */
  readonly lines?: readonly string[];
  readonly exitCode?: number;
  /** The signal that ended it: `terminated.signal`, or exit code − 128. */
  readonly signal?: number;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  /** Length of the run; absent when it never started (containerd writes startedAt 1970 then). */
  readonly seconds?: number;
}

/** When the kubelet tries again. */
export interface BackoffFact {
  readonly seconds: number;
  readonly next: string;
  readonly secondsLeft: number;
  /** True when computed from the restart count, false when the kubelet said it in `waiting.message`. */
  readonly estimated: boolean;
}

/** Everything known about one container of a pod. */
export interface ContainerFact {
  readonly name: string;
  readonly kind: ContainerKind;
  readonly index: number;
  readonly image: string;
  readonly spec: KubeContainer;
  readonly now: RunFact;
  /** The previous run (`lastState.terminated`). */
  readonly last: RunFact;
  /** The newest end of a run: `now` when terminated, else `last`. */
  readonly death: RunFact;
  readonly restarts: number;
  readonly ready: boolean;
  readonly started: boolean;
  /** Whether it stands in the way of the pod now; see `containerTrouble`. */
  readonly failing: boolean;
  /** Ends again and again: at least twice, the last time within 10 minutes and after less than an hour. */
  readonly unstable: boolean;
  /** An event from its newest end or later was read: only then says the absence of an event something about that end. */
  readonly witnessed: boolean;
  readonly events: readonly EventFact[];
  /** Every text about it, newest first: waiting and termination messages, then event messages. */
  readonly texts: readonly string[];
  readonly backoff?: BackoffFact;
}

/** The containers of a pod in the order the kubelet starts them: init and sidecar containers first. */
export function containerFacts(pod: KubePod, events: readonly EventFact[], now: string): readonly ContainerFact[] {
  const spec = pod.spec ?? {};
  const init = (spec.initContainers ?? []).map((container, index) =>
    containerFact({ container, index, pod, events, now }, container.restartPolicy === 'Always' ? 'sidecar' : 'init'),
  );
  const main = (spec.containers ?? []).map((container, index) =>
    containerFact({ container, index, pod, events, now }, 'container'),
  );
  return [...init, ...main];
}

interface Source {
  readonly container: KubeContainer;
  readonly index: number;
  readonly pod: KubePod;
  readonly events: readonly EventFact[];
  readonly now: string;
}

function containerFact(source: Source, kind: ContainerKind): ContainerFact {
  const { container, pod, now } = source;
  const name = container.name ?? '';
  const status = statusOf(pod, kind, name);
  const current = runFact(status?.state);
  const last = runFact(status?.lastState);
  const death = current.state === 'terminated' ? current : last;
  const restarts = status?.restartCount ?? 0;
  const events = source.events.filter((event) => event.container === name);
  const done = isDone(kind, current, pod);
  const unstable = !done && isUnstable({ restarts, death, current, now });
  const delayed = isDelayed(kind, current, pod);
  const backoff = backoffFact({ delayed, current, death, restarts, now });
  return {
    name,
    kind,
    index: source.index,
    image: container.image ?? '',
    spec: container,
    now: current,
    last,
    death,
    restarts,
    ready: status?.ready ?? false,
    started: status?.started ?? current.state === 'running',
    failing: isFailing({ kind, current, ready: status?.ready ?? false, unstable, pod }),
    unstable,
    witnessed: isWitnessed(events, death, delayed || current.state !== 'terminated'),
    events,
    texts: textsOf(current, last, events),
    ...(backoff === undefined ? {} : { backoff }),
  };
}

function statusOf(pod: KubePod, kind: ContainerKind, name: string): KubeContainerStatus | undefined {
  const status = pod.status ?? {};
  const list = kind === 'container' ? status.containerStatuses : status.initContainerStatuses;
  return list?.find((candidate) => candidate.name === name);
}

function runFact(state: KubeContainerState | undefined): RunFact {
  if (state?.terminated !== undefined) {
    return { state: 'terminated', ...endOf(state.terminated) };
  }
  if (state?.running !== undefined) {
    return {
      state: 'running',
      ...(state.running.startedAt === undefined ? {} : { startedAt: state.running.startedAt }),
    };
  }
  if (state?.waiting !== undefined) {
    return {
      state: 'waiting',
      reason: state.waiting.reason ?? '',
      ...(state.waiting.message === undefined ? {} : { message: normaliseText(state.waiting.message) }),
    };
  }
  return { state: 'none' };
}

function endOf(end: KubeRunState): Omit<RunFact, 'state'> {
  const exitCode = end.exitCode ?? 0;
  const signal = end.signal ?? (exitCode > 128 && exitCode < 160 ? exitCode - 128 : 0);
  const neverStarted = end.startedAt === undefined || Date.parse(end.startedAt) <= 0;
  const seconds = neverStarted ? undefined : secondsBetween(end.startedAt, end.finishedAt);
  return {
    reason: end.reason ?? '',
    exitCode,
    ...(end.message === undefined ? {} : { message: normaliseText(end.message), lines: linesOf(end.message) }),
    ...(signal > 0 ? { signal } : {}),
    ...(neverStarted ? {} : { startedAt: end.startedAt }),
    ...(end.finishedAt === undefined ? {} : { finishedAt: end.finishedAt }),
    ...(seconds === undefined ? {} : { seconds: Math.max(0, seconds) }),
  };
}

/** The kubelet keeps at most 4096 bytes of a message. */
function linesOf(message: string): readonly string[] {
  return message.split('\n').filter((line) => line.trim() !== '');
}

/** A run of this length belongs to no series: restarts months apart, or with each reboot of the node, are no loop. */
const LONG_RUN_SECONDS = 3600;

/** A run that has lasted this much longer than the one before has got over what ended that one. */
const RECOVERED = { times: 3, seconds: 60 };

interface Series {
  readonly restarts: number;
  readonly death: RunFact;
  readonly current: RunFact;
  readonly now: string;
}

function isUnstable({ restarts, death, current, now }: Series): boolean {
  const since = secondsBetween(death.finishedAt, now);
  const length = death.seconds ?? 0;
  const runs = current.state === 'running' ? (secondsBetween(current.startedAt, now) ?? 0) : 0;
  const recovered = runs > length * RECOVERED.times + RECOVERED.seconds;
  const recent = since !== undefined && since < BACKOFF_RESET_SECONDS;
  // A start that failed and then worked is over; it makes no series with the one end before it.
  const overcome = current.state === 'running' && death.state === 'terminated' && death.seconds === undefined;
  return restarts >= (overcome ? 3 : 2) && length < LONG_RUN_SECONDS && recent && !recovered;
}

/** Events arrive in order, so a later one proves that none about the end is still on its way. */
function isWitnessed(events: readonly EventFact[], death: RunFact, goesOn: boolean): boolean {
  // After an end that is final the kubelet has nothing more to say.
  const from = goesOn ? death.finishedAt : death.startedAt;
  return events.some((event) => (secondsBetween(from, event.last) ?? -1) >= 0);
}

/** Whether it ended well and will not run again, however often it failed before. */
function isDone(kind: ContainerKind, current: RunFact, pod: KubePod): boolean {
  return current.state === 'terminated' && current.exitCode === 0 && !runsAgain(kind, 0, pod);
}

/** Whether the kubelet holds back the next run; it does so before it says CrashLoopBackOff as well. */
function isDelayed(kind: ContainerKind, current: RunFact, pod: KubePod): boolean {
  return current.state === 'terminated'
    ? runsAgain(kind, current.exitCode ?? 0, pod)
    : current.reason === 'CrashLoopBackOff';
}

/** Whether the kubelet starts a container again that ended with this exit code. */
function runsAgain(kind: ContainerKind, exitCode: number, pod: KubePod): boolean {
  const { restartPolicy = 'Always' } = pod.spec ?? {};
  const ended = pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded';
  if (ended || kind === 'sidecar') {
    return !ended;
  }
  return exitCode === 0 ? kind === 'container' && restartPolicy === 'Always' : restartPolicy !== 'Never';
}

interface Condition {
  readonly kind: ContainerKind;
  readonly current: RunFact;
  readonly ready: boolean;
  readonly unstable: boolean;
  readonly pod: KubePod;
}

/** A waiting container that only waits for its turn is not failing. */
function isFailing({ kind, current, ready, unstable, pod }: Condition): boolean {
  if (current.state === 'none') {
    return false;
  }
  if (current.state === 'waiting') {
    return !['', 'PodInitializing', 'ContainerCreating'].includes(current.reason ?? '');
  }
  if (current.state === 'terminated') {
    return current.exitCode !== 0 || runsAgain(kind, 0, pod);
  }
  return unstable || (kind === 'init' ? true : !ready);
}

function textsOf(current: RunFact, last: RunFact, events: readonly EventFact[]): readonly string[] {
  const all = [current.message ?? '', last.message ?? '', ...events.map((event) => event.message)];
  return [...new Set(all)].filter((text) => text !== '');
}

interface Waiting {
  readonly delayed: boolean;
  readonly current: RunFact;
  readonly death: RunFact;
  readonly restarts: number;
  readonly now: string;
}

const DELAY = /back-off ((?:\d+h)?(?:\d+m)?(?:\d+(?:\.\d+)?m?s)?) restarting failed container/;

function backoffFact({ delayed, current, death, restarts, now }: Waiting): BackoffFact | undefined {
  if (!delayed || death.finishedAt === undefined) {
    return undefined;
  }
  const said = parseGoDuration(DELAY.exec(current.message ?? '')?.[1] ?? '');
  const seconds = said ?? backoffBeforeRestart(restarts + 1);
  const next = addSeconds(death.finishedAt, seconds) ?? now;
  const secondsLeft = Math.max(0, secondsBetween(now, next) ?? 0);
  return { seconds, next, secondsLeft, estimated: said === undefined };
}
