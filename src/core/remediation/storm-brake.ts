import type { JsonObject } from '../facts/json.ts';
import { asKube, type KubeNode, type KubeObject } from '../facts/kube-types.ts';
import type { ActionCode } from '../playbook/vocabulary.ts';
import type { Tier } from './tier.ts';

/** How the nodes of a cluster stand. */
export interface NodeCount {
  readonly total: number;
  /** Whose Ready condition is not True. */
  readonly notReady: number;
  /** `1.34`: minor versions of kubelets, sorted, each once. */
  readonly kubelets: readonly string[];
}

/** From so many nodes on that are not Ready, the control plane or the network is more likely broken than the nodes are. */
const MANY_NODES = 3;
/** If it is also this part of all nodes, nothing is changed at all. */
const LARGE_PART = 0.33;

/** Counts nodes as the API server lists them. */
export function countNodes(nodes: readonly JsonObject[]): NodeCount {
  const minors = nodes.map(kubeletOf).filter((version) => version !== '');
  return {
    total: nodes.length,
    notReady: nodes.filter((node) => !isReady(asKube<KubeNode>(node))).length,
    kubelets: [...new Set(minors)].toSorted(),
  };
}

function isReady({ status }: KubeNode): boolean {
  return status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';
}

interface VersionedNode extends KubeObject {
  readonly status?: { readonly nodeInfo?: { readonly kubeletVersion?: string } };
}

function kubeletOf(node: JsonObject): string {
  const { status } = asKube<VersionedNode>(node);
  return /^v?(\d+\.\d+)/.exec(status?.nodeInfo?.kubeletVersion ?? '')?.[1] ?? '';
}

/** What many broken nodes, or an upgrade that is under way, forbid now; a sentence or two for people, or nothing. */
export function stormReason(
  { total, notReady, kubelets }: NodeCount,
  {
    tier,
    action,
    upgrades,
  }: { readonly tier: Tier; readonly action: ActionCode; readonly upgrades: 'refuse' | 'allow' },
): string | undefined {
  const part = `${notReady} of ${total} nodes are not Ready`;
  const many = notReady >= MANY_NODES;
  if (many && notReady >= total * LARGE_PART) {
    return `${part}: something larger is broken, so Kubewhy only looks and changes nothing. Repair the nodes, the network or the control plane first.`;
  }
  if (many && (tier === 'T3' || action === 'R-POD-FORCE-DELETE')) {
    return `${part}, so what the API server says about them may be wrong, and a change that cannot be undone is too dangerous. Repair the nodes first.`;
  }
  if (kubelets.length > 1 && upgrades === 'refuse') {
    return `The kubelets have different versions (${kubelets.slice(0, 5).join(', ')}), so an upgrade seems to be under way; nothing is changed until it is over. If this cluster always has several versions, \`remediation.upgrades\` can allow it.`;
  }
  return undefined;
}
