import type {
  KubeCondition,
  KubeContainer,
  KubeContainerState,
  KubeContainerStatus,
  KubePod,
  KubePodSpec,
} from '../../../src/core/facts/kube-types.ts';
import { podFacts } from '../../../src/core/facts/pod-facts.ts';

/** The API server's clock in these tests. */
export const NOW = '2026-11-20T12:00:00Z';

const DAY = 86_400;

/** A time so many seconds before NOW. */
export function ago(seconds: number): string {
  return new Date(Date.parse(NOW) - seconds * 1000).toISOString().replace('.000Z', 'Z');
}

/** One container with its spec and status; `run` is the current state, `last` the previous run. */
export interface ContainerPlan {
  readonly spec?: KubeContainer;
  readonly run?: KubeContainerState;
  readonly last?: KubeContainerState;
  readonly restarts?: number;
  readonly ready?: boolean;
  readonly started?: boolean;
}

/** What a test says about a pod; everything else is that of a pod which works. */
export interface PodPlan {
  readonly age?: number;
  readonly phase?: string;
  readonly reason?: string;
  readonly ready?: boolean;
  /** Seconds since the condition Ready changed. */
  readonly readySince?: number;
  readonly scheduled?: { readonly reason: string; readonly message?: string } | 'unknown';
  readonly deletedAt?: string;
  readonly spec?: KubePodSpec;
  readonly containers?: Readonly<Record<string, ContainerPlan>>;
  readonly init?: Readonly<Record<string, ContainerPlan>>;
}

/** A container that runs and is ready since so many seconds. */
export function running(seconds = 3600, more: ContainerPlan = {}): ContainerPlan {
  return { run: { running: { startedAt: ago(seconds) } }, ready: true, started: true, ...more };
}

/** A container that waits. */
export function waiting(reason: string, more: ContainerPlan = {}): ContainerPlan {
  return { run: { waiting: { reason } }, ready: false, started: false, ...more };
}

/** The end of a run `ended` seconds ago that took `took` seconds. */
export function ended(exitCode: number, endedAgo: number, took = 5, reason?: string): KubeContainerState {
  return {
    terminated: {
      exitCode,
      reason: reason ?? (exitCode === 0 ? 'Completed' : 'Error'),
      startedAt: ago(endedAgo + took),
      finishedAt: ago(endedAgo),
    },
  };
}

/** A pod as the API server gives it. */
export function pod(plan: PodPlan = {}): KubePod {
  const { containers = { web: running() }, init = {} } = plan;
  const placed = plan.scheduled === undefined;
  const seen = placed ? { containers, init } : { containers: {}, init: {} };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'web-0',
      namespace: 'shop',
      uid: 'uid-1',
      creationTimestamp: ago(plan.age ?? DAY),
      ...(plan.deletedAt === undefined ? {} : { deletionTimestamp: plan.deletedAt }),
    },
    spec: {
      ...(placed ? { nodeName: 'node-1' } : {}),
      containers: specs(containers),
      initContainers: specs(init),
      ...plan.spec,
    },
    status: {
      phase: plan.phase ?? 'Running',
      ...(plan.reason === undefined ? {} : { reason: plan.reason }),
      conditions: conditions(plan, containers),
      containerStatuses: statuses(seen.containers),
      initContainerStatuses: statuses(seen.init),
    },
  };
}

function conditions(plan: PodPlan, containers: NonNullable<PodPlan['containers']>): readonly KubeCondition[] {
  const { scheduled } = plan;
  if (scheduled !== undefined) {
    return scheduled === 'unknown' ? [] : [{ type: 'PodScheduled', status: 'False', ...scheduled }];
  }
  const ready = plan.ready ?? Object.values(containers).every((item) => item.ready ?? false);
  const since = ago(plan.readySince ?? plan.age ?? DAY);
  return [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: since }];
}

function specs(plans: Readonly<Record<string, ContainerPlan>>): readonly KubeContainer[] {
  return Object.entries(plans).map(([name, plan]) => ({ name, image: `lab/${name}:1`, ...plan.spec }));
}

function statuses(plans: Readonly<Record<string, ContainerPlan>>): readonly KubeContainerStatus[] {
  return Object.entries(plans).map(([name, plan]) => ({
    name,
    state: plan.run ?? {},
    lastState: plan.last ?? {},
    restartCount: plan.restarts ?? 0,
    ready: plan.ready ?? false,
    ...(plan.started === undefined ? {} : { started: plan.started }),
  }));
}

/** One event about the pod, `seconds` old. */
export interface EventPlan {
  readonly reason: string;
  readonly message?: string;
  readonly seconds?: number;
  readonly type?: string;
  readonly container?: string;
  readonly count?: number;
}

/** Events as the kubelet writes them. */
export function event({ reason, message = '', seconds = 5, type = 'Warning', container, count }: EventPlan): object {
  return {
    type,
    reason,
    message,
    firstTimestamp: ago(seconds),
    lastTimestamp: ago(seconds),
    ...(count === undefined ? {} : { count }),
    involvedObject: {
      kind: 'Pod',
      name: 'web-0',
      uid: 'uid-1',
      ...(container === undefined ? {} : { fieldPath: `spec.containers{${container}}` }),
    },
  };
}

/** The facts of a planned pod. */
export function factsOf(plan: PodPlan, events: readonly EventPlan[] = []): ReturnType<typeof podFacts> {
  // Plans are JSON by construction.
  return podFacts(pod(plan) as never, events.map(event) as never, NOW);
}
