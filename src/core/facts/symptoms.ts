import type { ContainerFact } from './containers.ts';
import type { EventFact } from './events.ts';
import type { KubeCondition, KubePod, KubeProbe } from './kube-types.ts';
import { formatSpan, secondsBetween } from './time.ts';

/** Whether a pod works now; only a pod in trouble is judged by playbooks. */
export interface PodState {
  readonly verdict: 'healthy' | 'starting' | 'finished' | 'stopping' | 'trouble';
  /** What is visible from outside, for people: `CrashLoopBackOff`, `Pending (Unschedulable)`, `0/1 ready`. */
  readonly status: string;
  /** RFC 3339 time since when it stands like this, as far as the API tells. */
  readonly since?: string;
  readonly scheduled: boolean;
  readonly ready: boolean;
  readonly ageSeconds: number;
  /** Seconds past the end of the grace period; 0 when it is not being deleted. */
  readonly overdueSeconds: number;
  /** The kubelet of its node has taken it up. */
  readonly accepted: boolean;
  /** No container has ever run. */
  readonly neverStarted: boolean;
}

/** A pod that has been starting for longer than this is worth a look even without a warning. */
const PATIENCE_SECONDS = 90;
/** Time that a kubelet may take to notice a pod: one that a scheduler placed, or that names its node itself. */
const ACCEPT_SECONDS = { scheduled: 15, named: 4 };
/** Time that a graceful delete may take beyond its grace period. */
const DELETE_SLACK_SECONDS = 30;

export interface PodSource {
  readonly pod: KubePod;
  readonly containers: readonly ContainerFact[];
  readonly events: readonly EventFact[];
  readonly now: string;
}

/** Derives the state of a pod from its conditions, container states and events. */
export function podState(source: PodSource): PodState {
  const { pod, containers, now } = source;
  const ready = condition(pod, 'Ready');
  const base = {
    scheduled: (pod.spec?.nodeName ?? '') !== '',
    ready: ready?.status === 'True',
    ageSeconds: Math.max(0, secondsBetween(pod.metadata?.creationTimestamp, now) ?? 0),
    overdueSeconds: overdue(pod, now),
    accepted: isAccepted(pod),
    neverStarted: containers.every((item) => item.now.state !== 'running' && item.death.state !== 'terminated'),
  };
  const since = sinceOf(source, ready);
  return { ...base, ...judge(source, base), ...(since === undefined ? {} : { since }) };
}

/** A condition of a pod by type. */
export function condition(pod: KubePod, type: string): KubeCondition | undefined {
  return pod.status?.conditions?.find((item) => item.type === type);
}

/** The container that stands in the way: one that does not run comes before one that only is not ready. */
export function failingContainer(containers: readonly ContainerFact[]): ContainerFact | undefined {
  const failing = containers.filter((item) => item.failing);
  return failing.find((item) => item.now.state !== 'running') ?? failing[0];
}

type Base = Pick<PodState, 'scheduled' | 'ready' | 'ageSeconds' | 'overdueSeconds' | 'accepted' | 'neverStarted'>;
type Judged = Pick<PodState, 'verdict' | 'status'>;

function judge(source: PodSource, base: Base): Judged {
  const { pod, containers } = source;
  const phase = pod.status?.phase ?? 'Unknown';
  if (pod.metadata?.deletionTimestamp !== undefined) {
    return { verdict: base.overdueSeconds > 0 ? 'trouble' : 'stopping', status: 'Terminating' };
  }
  if (phase === 'Failed') {
    return { verdict: 'trouble', status: pod.status?.reason ?? failedStatus(containers) };
  }
  if (phase === 'Succeeded') {
    return { verdict: 'finished', status: 'Completed' };
  }
  if (!base.scheduled) {
    return unscheduled(pod, base.ageSeconds);
  }
  if (!base.accepted) {
    return unaccepted(source);
  }
  if (base.ready || doneBeside(containers)) {
    const unstable = containers.find((item) => item.unstable);
    return unstable === undefined
      ? { verdict: 'healthy', status: 'Running' }
      : { verdict: 'trouble', status: `Running, restarted ${unstable.restarts} times` };
  }
  return notReady(source, base);
}

function failedStatus(containers: readonly ContainerFact[]): string {
  const failed = containers.find((item) => item.death.exitCode !== undefined && item.death.exitCode !== 0);
  return failed?.death.reason === '' ? 'Failed' : (failed?.death.reason ?? 'Failed');
}

function unscheduled(pod: KubePod, ageSeconds: number): Judged {
  const scheduled = condition(pod, 'PodScheduled');
  if (scheduled?.status === 'False') {
    return { verdict: 'trouble', status: `Pending (${scheduled.reason ?? 'not scheduled'})` };
  }
  return { verdict: ageSeconds > 10 ? 'trouble' : 'starting', status: 'Pending (not scheduled)' };
}

function isAccepted({ status = {} }: KubePod): boolean {
  const statuses = [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])];
  return status.startTime !== undefined || statuses.length > 0 || (status.phase ?? 'Pending') !== 'Pending';
}

/** A kubelet writes a first status at once; a node named by hand may not even exist. */
function unaccepted({ pod, now }: PodSource): Judged {
  const scheduled = condition(pod, 'PodScheduled');
  const bound = scheduled?.lastTransitionTime ?? pod.metadata?.creationTimestamp;
  const patience = scheduled === undefined ? ACCEPT_SECONDS.named : ACCEPT_SECONDS.scheduled;
  const late = (secondsBetween(bound, now) ?? 0) > patience;
  return { verdict: late ? 'trouble' : 'starting', status: 'Pending (not taken up by its node)' };
}

function notReady(source: PodSource, base: Base): Judged {
  const { containers, events, pod, now } = source;
  const status = statusText(containers, pod);
  const bad = containers.some((item) => item.failing && (item.now.state !== 'running' || item.unstable));
  const warned = events.some((event) => isWarning(event, containers, now));
  const waited = Math.min(base.ageSeconds, notReadySeconds(source) ?? base.ageSeconds);
  const patient = waited < PATIENCE_SECONDS || containers.some((item) => startsSlowly(item, now));
  return { verdict: !bad && !warned && patient && !wasReady(source) ? 'starting' : 'trouble', status };
}

/** A container that ended well and is not started again leaves the pod "not ready" while the others still work. */
function doneBeside(containers: readonly ContainerFact[]): boolean {
  const working = containers.filter((item) => item.ready && item.kind === 'container');
  const others = containers.filter((item) => !item.ready && item.kind !== 'init');
  const done = others.filter((item) => item.now.state === 'terminated' && !item.failing);
  return working.length > 0 && done.length > 0 && done.length === others.length;
}

/** Warnings of the way here do not count: the scheduler's, and those of a probe that may still fail. */
function isWarning(event: EventFact, containers: readonly ContainerFact[], now: string): boolean {
  if (
    event.type !== 'Warning' ||
    event.ageSeconds >= 600 ||
    event.reason === 'FailedScheduling' ||
    isOver(event, containers)
  ) {
    return false;
  }
  const container = containers.find((item) => item.name === event.container);
  const probe = /^(Startup|Readiness) probe /.exec(event.message)?.[1];
  if (event.reason !== 'Unhealthy' || probe === undefined || container === undefined) {
    return true;
  }
  return !mayFail(probe === 'Startup' ? container.spec.startupProbe : container.spec.readinessProbe, container, now);
}

/** A warning from before the first run of every container: what stood in the way then does not any more. */
function isOver(event: EventFact, containers: readonly ContainerFact[]): boolean {
  return containers.every((item) =>
    item.kind === 'init'
      ? item.now.state === 'terminated' && !item.failing
      : item.now.state === 'running' &&
        item.restarts === 0 &&
        (secondsBetween(event.last, item.now.startedAt) ?? 0) > 0,
  );
}

/** Whether a container that is starting for the first time may take longer, since its startup probe allows it. */
function startsSlowly(container: ContainerFact, now: string): boolean {
  return !container.started && mayFail(container.spec.startupProbe, container, now);
}

/** A probe has failed only after `failureThreshold` failures; later runs get no such time. */
function mayFail(probe: KubeProbe | undefined, container: ContainerFact, now: string): boolean {
  const ran = secondsBetween(container.now.startedAt, now);
  if (probe === undefined || ran === undefined || container.restarts > 0) {
    return false;
  }
  return ran < (probe.initialDelaySeconds ?? 0) + (probe.periodSeconds ?? 10) * (probe.failureThreshold ?? 3);
}

/** A pod that became unready after the runs of its containers began is not starting. */
function wasReady({ pod, containers }: PodSource): boolean {
  const lost = condition(pod, 'Ready')?.lastTransitionTime;
  const running = containers.filter((item) => item.kind !== 'init' && item.now.state === 'running');
  const unready = running.filter((item) => !item.ready);
  const begun = (unready.length === 0 ? running : unready).map((item) => secondsBetween(item.now.startedAt, lost) ?? 0);
  return begun.length > 0 && begun.every((seconds) => seconds > 0);
}

/** Why a container stands as it does, as kubectl shows it; empty without a reason. */
export function reasonText({ now, kind }: ContainerFact): string {
  const reason = now.reason ?? '';
  return reason !== '' && kind === 'init' ? `Init:${reason}` : reason;
}

function statusText(containers: readonly ContainerFact[], pod: KubePod): string {
  const failing = failingContainer(containers);
  const reason = failing === undefined ? '' : reasonText(failing);
  if (reason !== '') {
    return reason;
  }
  const init = containers.filter((item) => item.kind === 'init');
  const done = init.filter((item) => item.now.state === 'terminated' && item.now.exitCode === 0).length;
  if (done < init.length) {
    return `Init:${done}/${init.length}`;
  }
  const main = containers.filter((item) => item.kind === 'container');
  const waiting = main.find((item) => item.now.state === 'waiting');
  const counted = containers.filter((item) => item.kind !== 'init');
  const ready = counted.filter((item) => item.ready).length;
  return waiting?.now.reason ?? `${pod.status?.phase ?? 'Unknown'}, ${ready}/${counted.length} ready`;
}

function notReadySeconds({ pod, now }: PodSource): number | undefined {
  return secondsBetween(condition(pod, 'Ready')?.lastTransitionTime, now);
}

function overdue(pod: KubePod, now: string): number {
  // deletionTimestamp already lies grace seconds in the future of the delete request.
  const late = secondsBetween(pod.metadata?.deletionTimestamp, now);
  return late === undefined ? 0 : Math.max(0, late - DELETE_SLACK_SECONDS);
}

function sinceOf({ pod, containers }: PodSource, ready: KubeCondition | undefined): string | undefined {
  if (pod.metadata?.deletionTimestamp !== undefined) {
    return pod.metadata.deletionTimestamp;
  }
  const failing = failingContainer(containers);
  if (ready?.status === 'True' || failing?.now.state === 'terminated') {
    return failing?.death.finishedAt;
  }
  return ready?.lastTransitionTime ?? pod.metadata?.creationTimestamp;
}

/** One sentence per trouble that is over: restarts and old warnings of a pod that works now. */
export function pastTrouble({ containers, events, now }: PodSource): readonly string[] {
  const restarts = containers
    .filter((item) => item.restarts > 0 && item.death.state === 'terminated')
    .map((item) => {
      const ago = secondsBetween(item.death.finishedAt, now);
      const times = item.restarts === 1 ? 'once' : `${item.restarts} times`;
      const how = `${item.death.reason || 'ended'}, exit code ${item.death.exitCode ?? 0}`;
      return `container ${item.name} was restarted ${times}, last ${ago === undefined ? 'at an unknown time' : `${formatSpan(ago)} ago`} (${how})`;
    });
  const warnings = events
    .filter((event) => event.type === 'Warning')
    .slice(0, 3)
    .map((event) => `event ${event.reason}, last ${formatSpan(event.ageSeconds)} ago: ${event.message}`);
  return [...restarts, ...warnings];
}
