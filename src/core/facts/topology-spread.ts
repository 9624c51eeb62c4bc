import type { KubeLabelSelector, KubeNode, KubePod } from './kube-types.ts';
import { nodeFits, selectorMatches } from './nodes.ts';

interface SpreadConstraint {
  readonly topologyKey?: string;
  readonly maxSkew?: number;
  readonly minDomains?: number;
  readonly labelSelector?: KubeLabelSelector;
  readonly matchLabelKeys?: readonly string[];
  readonly nodeAffinityPolicy?: string;
  readonly nodeTaintsPolicy?: string;
}

/** One value of the topology key: how many pods that count it holds, and whether it can take another one. */
export interface DomainFact {
  readonly name: string;
  readonly count: number;
  readonly nodes: readonly string[];
  /** Some node of it passes selector, taints, cordon and total size. */
  readonly open: boolean;
}

/** How the pods that a spread constraint counts are spread, and where it leaves room. */
export interface SpreadFact {
  readonly domains: readonly DomainFact[];
  /** Pods in the emptiest domain; 0 when there are fewer domains than `minDomains`. */
  readonly fewest: number;
  /** Domains that could take the pod by themselves but would then hold too many. */
  readonly full: readonly DomainFact[];
  /** The emptiest domains that take no pod. */
  readonly blocked: readonly DomainFact[];
  /** Nodes that the pod may use and that lack the topology key. */
  readonly unlabelled: readonly string[];
}

/** Counts the pods of a spread constraint per domain, as `podtopologyspread` does. */
export function spreadOver(
  pod: KubePod,
  constraint: SpreadConstraint,
  nodes: readonly KubeNode[],
  pods: readonly KubePod[],
): SpreadFact {
  const key = constraint.topologyKey ?? '';
  const fits = nodeFits(pod, nodes);
  const counted = fits.filter(
    (fit) =>
      fit.labels[key] !== undefined &&
      (constraint.nodeAffinityPolicy === 'Ignore' || fit.matchesAffinity) &&
      (constraint.nodeTaintsPolicy !== 'Honor' || (fit.untolerated.length === 0 && !fit.cordoned)),
  );
  const placed = pods.filter((other) => counts(other, pod, constraint)).map((other) => other.spec?.nodeName ?? '');
  const domains = [...new Set(counted.map((fit) => fit.labels[key] ?? ''))].map((name) => {
    const members = counted.filter((fit) => fit.labels[key] === name);
    return {
      name,
      count: placed.filter((node) => members.some((fit) => fit.name === node)).length,
      nodes: members.map((fit) => fit.name),
      open: members.some((fit) => fit.eligible && fit.allocatable['pods'] !== 0),
    };
  });
  const least = Math.min(...domains.map((domain) => domain.count));
  const fewest = domains.length === 0 || domains.length < (constraint.minDomains ?? 0) ? 0 : least;
  return {
    domains,
    fewest,
    full: domains.filter((domain) => domain.open && domain.count + 1 - fewest > (constraint.maxSkew ?? 1)),
    blocked: domains.filter((domain) => !domain.open && domain.count === fewest),
    unlabelled: fits.filter((fit) => fit.eligible && fit.labels[key] === undefined).map((fit) => fit.name),
  };
}

function counts(other: KubePod, pod: KubePod, constraint: SpreadConstraint): boolean {
  const finished = other.status?.phase === 'Succeeded' || other.status?.phase === 'Failed';
  return (
    !finished &&
    other.metadata?.deletionTimestamp === undefined &&
    other.metadata?.namespace === pod.metadata?.namespace &&
    selectorMatches(constraint.labelSelector ?? {}, other.metadata?.labels ?? {}) &&
    (constraint.matchLabelKeys ?? []).every((key) => other.metadata?.labels?.[key] === pod.metadata?.labels?.[key])
  );
}
