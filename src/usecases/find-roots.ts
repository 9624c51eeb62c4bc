import type { JsonObject } from '../core/facts/json.ts';
import { asKube, type KubeObject } from '../core/facts/kube-types.ts';
import { isSubjectKind, resourceOf } from '../core/subject/kinds.ts';
import type { SubjectQuery } from '../core/subject/subject.ts';
import type { TargetObject } from '../core/triage/alert-target.ts';
import type { TargetGroup } from '../core/triage/target-group.ts';
import { topOwner } from '../core/triage/top-owner.ts';
import type { ClusterReader } from '../ports/cluster-reader.ts';
import { findNode } from './find-node.ts';
import { limitReads, type Reads } from './reads.ts';

/** One question to ask for the alerts of one or more targets. */
export interface RootQuestion {
  readonly query: SubjectQuery;
  readonly groups: readonly TargetGroup[];
  /** What was found on the way, a sentence for each. */
  readonly notes: readonly string[];
}

/** Targets about which nothing can be asked, each with the reason. */
export interface Unasked {
  readonly group: TargetGroup;
  readonly reason: string;
}

/** What to ask about, and what not. */
export interface Roots {
  readonly questions: readonly RootQuestion[];
  readonly unasked: readonly Unasked[];
}

/** From so many pods of a namespace on, one list is cheaper than asking for each. */
const LIST_FROM = 6;
const MOST_PODS = 5000;
/** Alerts of a storm name thousands of objects; an owner that was not read is only a question more. */
const BUDGET = 60;

type Resolved = { readonly kind: 'unasked'; readonly reason: string } | Root;

interface Root {
  readonly kind: 'root';
  /** The object that the alert names. */
  readonly own: SubjectQuery;
  /** The workload that it belongs to, or itself. */
  readonly root: SubjectQuery;
  readonly notes: readonly string[];
}

/**
 * Finds the root object of every target: the workload of a pod, the node of an address. Targets with the same root become
 * one question, about the root; a target that is alone is asked about itself.
 */
export async function findRoots(groups: readonly TargetGroup[], cluster: ClusterReader): Promise<Roots> {
  const reader = limitReads(cluster, BUDGET);
  await readNodesFirst(groups, reader);
  const pods = await podsOf(groups, reader);
  const merged = new Map<string, Member[]>();
  const unasked: Unasked[] = [];
  for (const group of groups) {
    const found = await resolve(group, pods, reader);
    if (found.kind === 'unasked') {
      unasked.push({ group, reason: found.reason });
    } else {
      const { kind = '', namespace, name } = found.root;
      const key = `${kind} ${namespace}/${name}`;
      const members = merged.get(key) ?? [];
      members.push({ group, found });
      merged.set(key, members);
    }
  }
  return { questions: [...merged.values()].flatMap(questionOf), unasked };
}

interface Member {
  readonly group: TargetGroup;
  readonly found: Root;
}

function questionOf(members: readonly Member[]): readonly RootQuestion[] {
  const [first] = members;
  if (first === undefined) {
    return [];
  }
  return [
    {
      query: members.length === 1 ? first.found.own : first.found.root,
      groups: members.map(({ group }) => group),
      notes: members.flatMap(({ found }) => found.notes),
    },
  ];
}

async function resolve(
  { target, alerts }: TargetGroup,
  pods: ReadonlyMap<string, JsonObject>,
  reader: Reads,
): Promise<Resolved> {
  if (alerts.every(({ information }) => information)) {
    return { kind: 'unasked', reason: 'it is information only' };
  }
  switch (target.kind) {
    case 'object':
      return resolveObject(target.object, pods);
    case 'node-address':
      return resolveAddress(target.address, reader);
    case 'scrape-target':
      return target.address === undefined
        ? { kind: 'unasked', reason: 'no label names an object that could be asked about' }
        : resolveAddress(target.address, reader);
    case 'control-plane':
    case 'cluster':
      return { kind: 'unasked', reason: 'it is about no object that could be asked about' };
    case 'ignored':
    case 'unmapped':
      return { kind: 'unasked', reason: target.reason };
  }
}

function resolveObject(object: TargetObject, pods: ReadonlyMap<string, JsonObject>): Resolved {
  const { kind, namespace, name, uid } = object;
  if (!isSubjectKind(kind)) {
    return { kind: 'unasked', reason: `Kubewhy cannot be asked about a ${kind}` };
  }
  const own = { kind, namespace, name };
  const pod = kind === 'Pod' ? pods.get(podKey(namespace, name)) : undefined;
  if (pod === undefined) {
    return { kind: 'root', own, root: own, notes: [] };
  }
  const owner = topOwner(pod);
  const live = asKube<KubeObject>(pod).metadata?.uid;
  const replaced = uid !== undefined && live !== undefined && uid !== live;
  return {
    kind: 'root',
    own,
    root: owner !== undefined && isSubjectKind(owner.kind) ? { kind: owner.kind, namespace, name: owner.name } : own,
    notes: replaced ? [`pod ${name} was replaced since: the alert is about an earlier one of the same name`] : [],
  };
}

async function resolveAddress(address: string, reader: Reads): Promise<Resolved> {
  const found = await findNode(address, reader);
  if (found.kind !== 'node') {
    return { kind: 'unasked', reason: found.reason };
  }
  return resolveObject({ kind: 'Node', namespace: '', name: found.name }, new Map());
}

/** One list tells all nodes; many pods must not use up the requests before it is asked for. */
async function readNodesFirst(groups: readonly TargetGroup[], reader: Reads): Promise<void> {
  const found = groups.find(({ target }) => target.kind === 'node-address');
  if (found?.target.kind === 'node-address') {
    await findNode(found.target.address, reader);
  }
}

/** The metadata of the pods that alerts name, as far as it can be read. */
async function podsOf(groups: readonly TargetGroup[], reader: Reads): Promise<ReadonlyMap<string, JsonObject>> {
  const wanted = groups.flatMap(({ target }) =>
    target.kind === 'object' && target.object.kind === 'Pod' ? [target.object] : [],
  );
  const namespaces = [...new Set(wanted.map(({ namespace }) => namespace))];
  const found = new Map<string, JsonObject>();
  for (const namespace of namespaces) {
    const names = wanted.filter((pod) => pod.namespace === namespace).map(({ name }) => name);
    for (const pod of await readPods(namespace, names, reader)) {
      found.set(podKey(namespace, asKube<KubeObject>(pod).metadata?.name ?? ''), pod);
    }
  }
  return found;
}

async function readPods(namespace: string, names: readonly string[], reader: Reads): Promise<readonly JsonObject[]> {
  const resource = resourceOf('Pod');
  if (names.length >= LIST_FROM) {
    const listed = await reader.list({ resource, namespace, metadataOnly: true, limit: MOST_PODS });
    return listed.kind === 'found' ? listed.objects : [];
  }
  const read = await Promise.all(names.map((name) => reader.get({ resource, namespace, name, metadataOnly: true })));
  return read.flatMap((result) => (result.kind === 'found' ? [result.object] : []));
}

function podKey(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}
