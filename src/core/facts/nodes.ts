import type {
  KubeLabelSelector,
  KubeNode,
  KubeNodeSelectorRequirement,
  KubeNodeSelectorTerm,
  KubePod,
  KubePodSpec,
  KubeToleration,
} from './kube-types.ts';
import { parseQuantity } from './quantity.ts';

/** How one node stands to one pod that waits for a place. */
export interface NodeFitFact {
  readonly name: string;
  /** Ready condition is True. */
  readonly ready: boolean;
  readonly cordoned: boolean;
  readonly matchesAffinity: boolean;
  /** The requirement of nodeSelector or nodeAffinity that this node misses; empty when it matches. */
  readonly missing: string;
  /** Taints with effect NoSchedule or NoExecute that the pod does not tolerate, as `key=value:effect`. */
  readonly untolerated: readonly string[];
  /** Resources of which the pod requests more than the node could ever offer. */
  readonly tooSmall: readonly string[];
  readonly allocatable: Readonly<Record<string, number>>;
  readonly labels: Readonly<Record<string, string>>;
  /** Passes cordon, affinity, taints and total size; only free capacity and pod-to-pod rules remain. */
  readonly eligible: boolean;
}

/** Compares a pod with every node as the scheduler's filters do (`tainttoleration`, `nodeaffinity`, `noderesources`). */
export function nodeFits(pod: KubePod, nodes: readonly KubeNode[]): readonly NodeFitFact[] {
  const spec = pod.spec ?? {};
  const requests = effectiveRequests(spec);
  return nodes.map((node) => nodeFit(spec, requests, node));
}

function nodeFit(spec: KubePodSpec, requests: Readonly<Record<string, number>>, node: KubeNode): NodeFitFact {
  const labels = node.metadata?.labels ?? {};
  const allocatable = numbers(node.status?.allocatable);
  const missing = missingRequirement(spec, labels, node.metadata?.name ?? '');
  const untolerated = untoleratedTaints(node, spec.tolerations ?? []);
  const tooSmall = Object.keys(requests).filter((resource) => (requests[resource] ?? 0) > (allocatable[resource] ?? 0));
  const cordoned = node.spec?.unschedulable ?? false;
  return {
    name: node.metadata?.name ?? '',
    ready: node.status?.conditions?.some((item) => item.type === 'Ready' && item.status === 'True') ?? false,
    cordoned,
    matchesAffinity: missing === '',
    missing,
    untolerated,
    tooSmall,
    allocatable,
    labels,
    eligible:
      (!cordoned || toleratesCordon(spec)) && missing === '' && untolerated.length === 0 && tooSmall.length === 0,
  };
}

/** Pods of a DaemonSet go to cordoned nodes as well (`nodeunschedulable`). */
function toleratesCordon({ tolerations = [] }: KubePodSpec): boolean {
  const cordon = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };
  return tolerations.some((toleration) => tolerates(toleration, cordon));
}

/** Sums of fractions such as 0.1 + 0.2 stay comparable; whole numbers are exact anyway. */
function plus(a: number | undefined, b: number): number {
  const sum = (a ?? 0) + b;
  return Number.isInteger(sum) ? sum : Math.round(sum * 1e9) / 1e9;
}

/** The pod's request as the scheduler counts it: max(Σ containers + sidecars, each init container) + overhead; base units. */
export function effectiveRequests(spec: KubePodSpec): Readonly<Record<string, number>> {
  const sum: Record<string, number> = {};
  const add = (into: Record<string, number>, requests: Readonly<Record<string, number>>): void => {
    for (const [resource, amount] of Object.entries(requests)) {
      into[resource] = plus(into[resource], amount);
    }
  };
  for (const container of spec.containers ?? []) {
    add(sum, numbers(container.resources?.requests));
  }
  const sidecars: Record<string, number> = {};
  const peak: Record<string, number> = {};
  for (const container of spec.initContainers ?? []) {
    const requests = numbers(container.resources?.requests);
    if (container.restartPolicy === 'Always') {
      add(sum, requests);
      add(sidecars, requests);
    } else {
      for (const [resource, amount] of Object.entries(requests)) {
        peak[resource] = Math.max(peak[resource] ?? 0, plus(sidecars[resource], amount));
      }
    }
  }
  for (const [resource, amount] of Object.entries(peak)) {
    sum[resource] = Math.max(sum[resource] ?? 0, amount);
  }
  add(sum, numbers(spec.overhead));
  return sum;
}

/** What the pods of a node request together; finished pods do not count. */
export function requestedOn(pods: readonly KubePod[]): Readonly<Record<string, number>> {
  const sum: Record<string, number> = { pods: 0 };
  for (const pod of pods) {
    if (pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed') {
      continue;
    }
    sum['pods'] = (sum['pods'] ?? 0) + 1;
    for (const [resource, amount] of Object.entries(effectiveRequests(pod.spec ?? {}))) {
      sum[resource] = plus(sum[resource], amount);
    }
  }
  return sum;
}

function numbers(quantities: Readonly<Record<string, string>> | undefined): Record<string, number> {
  return Object.fromEntries(Object.entries(quantities ?? {}).map(([key, value]) => [key, parseQuantity(value) ?? 0]));
}

function untoleratedTaints(node: KubeNode, tolerations: readonly KubeToleration[]): readonly string[] {
  return (node.spec?.taints ?? [])
    .filter((taint) => taint.effect === 'NoSchedule' || taint.effect === 'NoExecute')
    .filter((taint) => !tolerations.some((toleration) => tolerates(toleration, taint)))
    .map((taint) => `${taint.key ?? ''}${taint.value ? `=${taint.value}` : ''}:${taint.effect ?? ''}`);
}

/** Whether a toleration matches a taint (`core/v1` ToleratesTaint). */
export function tolerates(
  toleration: KubeToleration,
  taint: { readonly key?: string; readonly value?: string; readonly effect?: string },
): boolean {
  const effect = toleration.effect ?? '';
  if (effect !== '' && effect !== taint.effect) {
    return false;
  }
  if ((toleration.key ?? '') === '') {
    return toleration.operator === 'Exists';
  }
  if (toleration.key !== taint.key) {
    return false;
  }
  return toleration.operator === 'Exists' || (toleration.value ?? '') === (taint.value ?? '');
}

function missingRequirement(spec: KubePodSpec, labels: Readonly<Record<string, string>>, name: string): string {
  for (const [key, value] of Object.entries(spec.nodeSelector ?? {})) {
    if (labels[key] !== value) {
      return `${key}=${value}`;
    }
  }
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  if (terms === undefined || terms.length === 0) {
    return '';
  }
  const misses = terms.map((term) => {
    const byLabel = term.matchExpressions?.find((item) => !matchesRequirement(item, labels));
    const byField = term.matchFields?.find((item) => !matchesRequirement(item, { 'metadata.name': name }));
    return byLabel ?? byField ?? (hasRequirements(term) ? undefined : {});
  });
  const first = misses.includes(undefined) ? undefined : misses[0];
  return first === undefined ? '' : describeRequirement(first);
}

/** A term without requirements matches no node. */
function hasRequirements(term: KubeNodeSelectorTerm): boolean {
  return (term.matchExpressions?.length ?? 0) + (term.matchFields?.length ?? 0) > 0;
}

function whole(text: string | undefined): number {
  return /^[+-]?\d+$/.test(text ?? '') ? Number(text) : Number.NaN;
}

/** Evaluates one label requirement (`In`, `NotIn`, `Exists`, `DoesNotExist`, `Gt`, `Lt`). */
export function matchesRequirement(
  requirement: KubeNodeSelectorRequirement,
  labels: Readonly<Record<string, string>>,
): boolean {
  const value = labels[requirement.key ?? ''];
  const values = requirement.values ?? [];
  switch (requirement.operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return whole(value) > whole(values[0]);
    case 'Lt':
      return whole(value) < whole(values[0]);
    default:
      return false;
  }
}

/** A requirement for people: `zone=a`, `zone In (a,b)`, `gpu Exists`. */
export function describeRequirement(requirement: KubeNodeSelectorRequirement): string {
  const values = requirement.values?.join(',') ?? '';
  const key = requirement.key ?? '';
  return requirement.operator === 'In' && requirement.values?.length === 1
    ? `${key}=${values}`
    : `${key} ${requirement.operator ?? ''}${values === '' ? '' : ` (${values})`}`;
}

/** Whether a label selector matches labels; an empty selector matches everything. */
export function selectorMatches(selector: KubeLabelSelector, labels: Readonly<Record<string, string>>): boolean {
  const exact = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  return exact && (selector.matchExpressions ?? []).every((item) => matchesRequirement(item, labels));
}

/** A label selector as the query parameter `labelSelector`. */
export function selectorQuery(selector: KubeLabelSelector): string {
  const exact = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const rest = (selector.matchExpressions ?? []).map((item) => {
    const key = item.key ?? '';
    const values = `(${item.values?.join(',') ?? ''})`;
    const forms: Readonly<Record<string, string>> = {
      In: `${key} in ${values}`,
      NotIn: `${key} notin ${values}`,
      Exists: key,
      DoesNotExist: `!${key}`,
    };
    return forms[item.operator ?? ''] ?? key;
  });
  return [...exact, ...rest].join(',');
}
