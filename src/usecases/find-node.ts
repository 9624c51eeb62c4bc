import type { JsonObject } from '../core/facts/json.ts';
import { asKube, type KubeObject } from '../core/facts/kube-types.ts';
import { listWords } from '../core/facts/text.ts';
import { resourceOf } from '../core/subject/kinds.ts';
import type { Reads } from './reads.ts';

/** The node of an address, or why it cannot be told. */
export type FoundNode =
  | { readonly kind: 'node'; readonly name: string }
  | { readonly kind: 'none' | 'several' | 'unreadable'; readonly reason: string };

interface KubeAddresses extends KubeObject {
  readonly status?: { readonly addresses?: readonly { readonly address?: string }[] };
}

const MOST_NODES = 5000;

/** Finds the node that has an address, or that is called so. */
export async function findNode(address: string, reader: Pick<Reads, 'list'>): Promise<FoundNode> {
  const listed = await reader.list({ resource: resourceOf('Node'), limit: MOST_NODES });
  if (listed.kind === 'unreadable') {
    return { kind: 'unreadable', reason: `which node has the address ${address} is not known: ${listed.message}` };
  }
  const names = listed.objects.filter((node) => isAt(node, address)).map((node) => nameOf(node));
  const [only, ...others] = names;
  if (only === undefined) {
    return { kind: 'none', reason: `no node has the address ${address}` };
  }
  return others.length === 0
    ? { kind: 'node', name: only }
    : { kind: 'several', reason: `several nodes have the address ${address}: ${listWords(names)}` };
}

function isAt(node: JsonObject, address: string): boolean {
  const addresses = asKube<KubeAddresses>(node).status?.addresses ?? [];
  return nameOf(node) === address || addresses.some((one) => one.address?.toLowerCase() === address);
}

function nameOf(node: JsonObject): string {
  return asKube<KubeObject>(node).metadata?.name ?? '';
}
