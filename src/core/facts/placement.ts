import type { KubeNode, KubePod } from './kube-types.ts';
import { nearestNames } from './nearest.ts';
import { type NodeRequirement, nodeRequirements } from './node-requirements.ts';
import { effectiveRequests, type NodeFitFact, nodeFits } from './nodes.ts';

/** Which of the lasting reasons keeps a pod from every node; `room` when only the state of the moment can. */
export type PlacementReason = 'room' | 'affinity' | 'taint' | 'size';

/** What a pod asks of one resource against what nodes could offer at most. */
export interface DemandFact {
  readonly resource: string;
  readonly wanted: number;
  /** The most that any node offers; 0 when none does. */
  readonly largest: number;
  readonly largestNode: string;
  /** The most among the nodes that the pod may use (selector, taints and cordon passed). */
  readonly reachable: number;
  readonly reachableNode: string;
  /** Whether any node offers more than 0 of it. */
  readonly offered: boolean;
  /** Resources with a similar name that nodes do offer. */
  readonly similar: readonly string[];
}

/** How a waiting pod stands to all nodes together: the reasons that do not depend on other pods. */
export interface PlacementFact {
  readonly total: number;
  /** Nodes that satisfy nodeSelector and required node affinity. */
  readonly matching: readonly string[];
  /** Of those, the ones without cordon and untolerated taint. */
  readonly reachable: readonly string[];
  /** Of those, the ones that are large enough when empty; largest allocatable first. */
  readonly eligible: readonly string[];
  /** Nodes that only a taint or a cordon forbids; those of the control plane are meant to be empty and left out. */
  readonly onlyTaint: readonly string[];
  /** Nodes that are only too small. */
  readonly onlySize: readonly string[];
  /** Of `onlyTaint`, the nodes with a taint that the control plane sets for a condition, or cordoned. */
  readonly unwell: readonly string[];
  readonly decides: readonly PlacementReason[];
  readonly requirements: readonly NodeRequirement[];
  readonly demands: readonly DemandFact[];
}

const CONTROL_PLANE = /^node-role\.kubernetes\.io\/(?:control-plane|master)(?:=|:|$)/;
const CONDITION_TAINT =
  /^(?:node\.kubernetes\.io\/(?:not-ready|unreachable|memory-pressure|disk-pressure|pid-pressure|network-unavailable|out-of-service|unschedulable)|node\.cloudprovider\.kubernetes\.io\/(?:uninitialized|shutdown))(?:=|:|$)/;

/** Simulates the scheduler's lasting filters for all nodes and tells which of them decides. */
export function placement(pod: KubePod, nodes: readonly KubeNode[]): PlacementFact {
  const fits = nodeFits(pod, nodes);
  const matching = fits.filter((fit) => fit.matchesAffinity);
  const reachable = matching.filter((fit) => !isTainted(fit));
  const eligible = reachable.filter((fit) => !isTooSmall(fit));
  const onlyTaint = matching.filter((fit) => isTainted(fit) && !isTooSmall(fit) && !isControlPlane(fit));
  const onlySize = reachable.filter(isTooSmall);
  return {
    total: nodes.length,
    matching: names(matching),
    reachable: names(reachable),
    eligible: names(eligible.toSorted((a, b) => size(b) - size(a))),
    onlyTaint: names(onlyTaint),
    onlySize: names(onlySize),
    unwell: names(
      onlyTaint.filter((fit) => fit.cordoned || fit.untolerated.some((taint) => CONDITION_TAINT.test(taint))),
    ),
    decides: decide({ matching, eligible, onlyTaint, onlySize }),
    requirements: nodeRequirements(pod.spec ?? {}, nodes),
    demands: demands(pod, fits, reachable),
  };
}

interface Groups {
  readonly matching: readonly NodeFitFact[];
  readonly eligible: readonly NodeFitFact[];
  readonly onlyTaint: readonly NodeFitFact[];
  readonly onlySize: readonly NodeFitFact[];
}

function decide({ matching, eligible, onlyTaint, onlySize }: Groups): readonly PlacementReason[] {
  if (eligible.length > 0) {
    return ['room'];
  }
  if (matching.length === 0) {
    return ['affinity'];
  }
  const reasons: PlacementReason[] = [];
  // A node without any of a resource was never meant for the pod when another node, only tainted, has it.
  if (onlySize.some(offersSome) || (onlySize.length > 0 && onlyTaint.length === 0)) {
    reasons.push('size');
  }
  if (onlyTaint.length > 0) {
    reasons.push('taint');
  }
  // No node is kept by one reason alone: too small and tainted, or only the control plane is left.
  if (reasons.length === 0) {
    return matching.some((fit) => !isTooSmall(fit)) ? ['taint'] : ['size', 'taint'];
  }
  return reasons;
}

function isTainted(fit: NodeFitFact): boolean {
  return fit.cordoned || fit.untolerated.length > 0;
}

function isTooSmall(fit: NodeFitFact): boolean {
  return fit.tooSmall.length > 0 || fit.allocatable['pods'] === 0;
}

function offersSome(fit: NodeFitFact): boolean {
  return fit.allocatable['pods'] !== 0 && fit.tooSmall.every((resource) => (fit.allocatable[resource] ?? 0) > 0);
}

function isControlPlane(fit: NodeFitFact): boolean {
  return !fit.cordoned && fit.untolerated.every((taint) => CONTROL_PLANE.test(taint));
}

function size(fit: NodeFitFact): number {
  return fit.allocatable['memory'] ?? 0;
}

function names(fits: readonly NodeFitFact[]): readonly string[] {
  return fits.map((fit) => fit.name);
}

function demands(pod: KubePod, fits: readonly NodeFitFact[], reachable: readonly NodeFitFact[]): readonly DemandFact[] {
  const wanted = { ...effectiveRequests(pod.spec ?? {}), pods: 1 };
  const known = fits.flatMap((fit) => Object.keys(fit.allocatable).filter((name) => (fit.allocatable[name] ?? 0) > 0));
  return Object.entries(wanted).map(([resource, amount]) => {
    const [all, near] = [largestOf(resource, fits), largestOf(resource, reachable)];
    return {
      resource,
      wanted: amount,
      largest: all.amount,
      largestNode: all.node,
      reachable: near.amount,
      reachableNode: near.node,
      offered: all.amount > 0,
      similar: all.amount > 0 ? [] : nearestNames(resource, known),
    };
  });
}

function largestOf(resource: string, fits: readonly NodeFitFact[]): { amount: number; node: string } {
  return fits.reduce(
    (best, fit) => {
      const amount = fit.allocatable[resource] ?? 0;
      return best.node === '' || amount > best.amount ? { amount, node: fit.name } : best;
    },
    { amount: 0, node: '' },
  );
}
