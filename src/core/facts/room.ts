import type { KubeNode, KubePod } from './kube-types.ts';
import { effectiveRequests, requestedOn } from './nodes.ts';
import { parseQuantity } from './quantity.ts';

/** What one node has left of one resource for one waiting pod. */
export interface RoomFact {
  readonly resource: string;
  readonly node: string;
  readonly wanted: number;
  readonly free: number;
  readonly allocatable: number;
  /** Requests of the pods that are on the node. */
  readonly taken: number;
  readonly enough: boolean;
}

/** Allocatable minus requests of the pods on a node, for each resource that the waiting pod requests, and for pods. */
export function roomOn(pod: KubePod, node: KubeNode, pods: readonly KubePod[]): readonly RoomFact[] {
  const wanted: Readonly<Record<string, number>> = { ...effectiveRequests(pod.spec ?? {}), pods: 1 };
  const taken = requestedOn(pods.filter((other) => other.spec?.nodeName === node.metadata?.name));
  return Object.entries(wanted).map(([resource, amount]) => {
    const allocatable = parseQuantity(node.status?.allocatable?.[resource]) ?? 0;
    // Sums of fractions such as 0.1 + 0.2 are rounded to a millionth of the unit.
    const used = round(taken[resource] ?? 0);
    const free = round(allocatable - used);
    return {
      resource,
      node: node.metadata?.name ?? '',
      wanted: amount,
      free,
      allocatable,
      taken: used,
      enough: amount <= free,
    };
  });
}

function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
