import type { KubeNode, KubeNodeSelectorRequirement, KubePodSpec } from './kube-types.ts';
import { nearestNames } from './nearest.ts';
import { describeRequirement, matchesRequirement } from './nodes.ts';

/** One condition that a pod sets on the labels (or the name) of its node. */
export interface NodeRequirement {
  /** `disktype=ssd`, `zone In (a,b)`. */
  readonly text: string;
  readonly key: string;
  /** The field of the pod that sets it. */
  readonly from: 'nodeSelector' | 'nodeAffinity';
  /** How many nodes satisfy this one condition. */
  readonly matching: number;
  /** Labels that nodes do have and that may have been meant, closest first: `disktype=ssd`. */
  readonly near: readonly string[];
  /** The nodes with the closest of them. */
  readonly nearNodes: readonly string[];
  /** The values that nodes have for this very key. */
  readonly values: readonly string[];
}

const FIELD = 'metadata.name';
const MOST_NEAR = 3;

/** The conditions of nodeSelector and required node affinity; those that the fewest nodes satisfy first. */
export function nodeRequirements(spec: KubePodSpec, nodes: readonly KubeNode[]): readonly NodeRequirement[] {
  const selector = Object.entries(spec.nodeSelector ?? {}).map(([key, value]) =>
    requirement({ key, operator: 'In', values: [value] }, 'nodeSelector', nodes),
  );
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const affinity = terms.flatMap((term) => [
    ...(term.matchExpressions ?? []).map((item) => requirement(item, 'nodeAffinity', nodes)),
    ...(term.matchFields ?? []).map((item) => requirement(item, 'nodeAffinity', nodes, true)),
  ]);
  return [...selector, ...affinity].toSorted((a, b) => a.matching - b.matching);
}

function requirement(
  item: KubeNodeSelectorRequirement,
  from: NodeRequirement['from'],
  nodes: readonly KubeNode[],
  isField = false,
): NodeRequirement {
  const labelled = nodes.map((node) => ({ name: nameOf(node), labels: labelsOf(node, isField) }));
  const key = item.key ?? '';
  const near = item.operator === 'In' ? nearLabels(item, labelled).slice(0, MOST_NEAR) : nearKeys(item, labelled);
  return {
    text: describeRequirement(item),
    key,
    from,
    matching: labelled.filter((node) => matchesRequirement(item, node.labels)).length,
    near,
    nearNodes: labelled.filter((node) => hasLabel(node.labels, near[0] ?? '')).map((node) => node.name),
    values: valuesOf(key, labelled),
  };
}

interface Labelled {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

function nameOf(node: KubeNode): string {
  return node.metadata?.name ?? '';
}

function labelsOf(node: KubeNode, isField: boolean): Readonly<Record<string, string>> {
  return isField ? { [FIELD]: nameOf(node) } : (node.metadata?.labels ?? {});
}

function valuesOf(key: string, nodes: readonly Labelled[]): readonly string[] {
  return [...new Set(nodes.flatMap((node) => node.labels[key] ?? []))].toSorted();
}

/** The same value under a similar key, else a similar value under the same key. */
function nearLabels(item: KubeNodeSelectorRequirement, nodes: readonly Labelled[]): readonly string[] {
  const key = item.key ?? '';
  const wanted = item.values ?? [];
  const values = valuesOf(key, nodes);
  const byValue = wanted.flatMap((value) => nearestNames(value, values)).map((value) => `${key}=${value}`);
  const byKey = similarKeys(key, nodes).flatMap((other) =>
    valuesOf(other, nodes)
      .filter((value) => wanted.includes(value))
      .map((value) => `${other}=${value}`),
  );
  return [...new Set([...byKey, ...byValue])];
}

function nearKeys(item: KubeNodeSelectorRequirement, nodes: readonly Labelled[]): readonly string[] {
  return item.operator === 'Exists' ? similarKeys(item.key ?? '', nodes).slice(0, MOST_NEAR) : [];
}

/** Keys in use that look like a key, or whose last part is the same (`zone`, `topology.kubernetes.io/zone`). */
export function similarKeys(
  key: string,
  nodes: readonly { readonly labels: Readonly<Record<string, string>> }[],
): readonly string[] {
  const keys = [...new Set(nodes.flatMap((node) => Object.keys(node.labels)))].filter((other) => other !== key);
  const sameEnd = keys.filter((other) => lastPart(other) === lastPart(key));
  return [...new Set([...sameEnd, ...nearestNames(key, keys)])];
}

function lastPart(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}

function hasLabel(labels: Readonly<Record<string, string>>, label: string): boolean {
  const cut = label.indexOf('=');
  return cut < 0 ? label !== '' && labels[label] !== undefined : labels[label.slice(0, cut)] === label.slice(cut + 1);
}
