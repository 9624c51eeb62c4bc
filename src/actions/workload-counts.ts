import type { JsonObject } from '../core/facts/json.ts';
import { asKube, type KubeLabelSelector, type KubeWorkload } from '../core/facts/kube-types.ts';
import { childOf } from '../core/recording/object-parts.ts';

/** How many pods a workload wants and has. */
export interface WorkloadCounts {
  readonly desired: number;
  readonly ready: number;
  readonly selector: KubeLabelSelector | undefined;
}

interface CountedWorkload extends KubeWorkload {
  readonly status?: NonNullable<KubeWorkload['status']> & { readonly ready?: number };
}

/** Reads the counters of a Deployment, ReplicaSet, StatefulSet, DaemonSet or Job. */
export function countsOf(kind: string, raw: JsonObject): WorkloadCounts {
  const { spec = {}, status = {} } = asKube<CountedWorkload>(raw);
  const { selector, replicas = 1 } = spec;
  switch (kind) {
    case 'DaemonSet':
      return { desired: status.desiredNumberScheduled ?? 0, ready: status.numberReady ?? 0, selector };
    case 'Job':
      return { desired: jobPods(spec), ready: status.ready ?? 0, selector };
    default:
      return { desired: replicas, ready: status.readyReplicas ?? 0, selector };
  }
}

function jobPods({ parallelism = 1, completions = parallelism }: NonNullable<CountedWorkload['spec']>): number {
  return Math.min(parallelism, completions);
}

/** Labels of the pods that a workload makes. */
export function templateLabels(raw: JsonObject): Readonly<Record<string, string>> {
  return asKube<KubeWorkload>(raw).spec?.template?.metadata?.labels ?? {};
}

/** The pod template as it was read. */
export function templateOf(raw: JsonObject): JsonObject {
  return childOf(childOf(raw, 'spec'), 'template');
}
