import type { JsonObject } from '../core/facts/json.ts';
import { asKube, type KubeObject } from '../core/facts/kube-types.ts';
import { isSubjectKind, resourceOf } from '../core/subject/kinds.ts';
import type { SubjectQuery } from '../core/subject/subject.ts';
import type { TargetObject } from '../core/triage/alert-target.ts';
import { podStanding } from '../core/triage/pod-standing.ts';
import type { TargetGroup } from '../core/triage/target-group.ts';
import { topOwner } from '../core/triage/top-owner.ts';
import type { ClusterReader } from '../ports/cluster-reader.ts';
import { findGoneOwner } from './find-gone-owner.ts';
import { findNode } from './find-node.ts';
import { limitReads, type Reads } from './reads.ts';

/** One question to ask for the alerts of one or more targets. */
export interface RootQuestion {
  /** The root object, or the only target. */
  readonly query: SubjectQuery;
  /** The workload that the targets belong to, or the target itself; always the same for the same targets. */
  readonly root: SubjectQuery;
  readonly groups: readonly TargetGroup[];
  /** What was found on the way, a sentence for each. */
  readonly notes: readonly string[];
  /** How its pods stand, as far as one look at each tells; empty when that was not looked at. */
  readonly stands: readonly string[];
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

/** How roots are found. */
export interface RootOptions {
  /** Reads pods with their state, so that it is known how they stand. */
  readonly whole?: boolean;
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
  readonly stands?: string;
}

/**
 * Finds the root object of every target: the workload of a pod, the node of an address. Targets with the same root become
 * one question, about the root; a target that is alone is asked about itself.
 */
export async function findRoots(
  groups: readonly TargetGroup[],
  cluster: ClusterReader,
  { whole = false }: RootOptions = {},
): Promise<Roots> {
  const reader = limitReads(cluster, BUDGET);
  await readNodesFirst(groups, reader);
  const pods = await podsOf(groups, { reader, whole });
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
      root: first.found.root,
      groups: members.map(({ group }) => group),
      notes: members.flatMap(({ found }) => found.notes),
      stands: [...new Set(members.flatMap(({ found }) => found.stands ?? []))],
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
      return resolveObject(target.object, pods, reader);
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

async function resolveObject(
  { kind, namespace, name, uid }: TargetObject,
  pods: ReadonlyMap<string, JsonObject>,
  reader: Reads,
): Promise<Resolved> {
  if (!isSubjectKind(kind)) {
    return { kind: 'unasked', reason: `Kubewhy cannot be asked about a ${kind}` };
  }
  const own = { kind, namespace, name };
  if (kind !== 'Pod') {
    return { kind: 'root', own, root: own, notes: [] };
  }
  const pod = pods.get(podKey(namespace, name));
  return pod === undefined ? resolveGone(own, reader) : resolvePod(own, uid, pod);
}

/** A pod that was not read: it may be gone, and its workload still there. */
async function resolveGone(own: SubjectQuery, reader: Reads): Promise<Resolved> {
  const root = await findGoneOwner(own, reader);
  return root === undefined
    ? { kind: 'root', own, root: own, notes: [] }
    : { kind: 'root', own: root, root, notes: [`pod ${own.name} is gone: its ${root.kind ?? ''} is asked about`] };
}

function resolvePod(own: SubjectQuery, uid: string | undefined, pod: JsonObject): Resolved {
  const { namespace, name } = own;
  const owner = topOwner(pod);
  const live = asKube<KubeObject>(pod).metadata?.uid;
  const replaced = uid !== undefined && live !== undefined && uid !== live;
  const stands = podStanding(pod);
  return {
    kind: 'root',
    own,
    root: owner !== undefined && isSubjectKind(owner.kind) ? { kind: owner.kind, namespace, name: owner.name } : own,
    notes: replaced ? [`pod ${name} was replaced since: the alert is about an earlier one of the same name`] : [],
    ...(stands === undefined ? {} : { stands }),
  };
}

async function resolveAddress(address: string, reader: Reads): Promise<Resolved> {
  const found = await findNode(address, reader);
  if (found.kind !== 'node') {
    return { kind: 'unasked', reason: found.reason };
  }
  return resolveObject({ kind: 'Node', namespace: '', name: found.name }, new Map(), reader);
}

/** One list tells all nodes; many pods must not use up the requests before it is asked for. */
async function readNodesFirst(groups: readonly TargetGroup[], reader: Reads): Promise<void> {
  const found = groups.find(({ target }) => target.kind === 'node-address');
  if (found?.target.kind === 'node-address') {
    await findNode(found.target.address, reader);
  }
}

interface PodReading {
  readonly reader: Reads;
  readonly whole: boolean;
}

/** The pods that alerts name, as far as they can be read. */
async function podsOf(groups: readonly TargetGroup[], how: PodReading): Promise<ReadonlyMap<string, JsonObject>> {
  const wanted = groups.flatMap(({ target }) =>
    target.kind === 'object' && target.object.kind === 'Pod' ? [target.object] : [],
  );
  const namespaces = [...new Set(wanted.map(({ namespace }) => namespace))];
  const found = new Map<string, JsonObject>();
  for (const namespace of namespaces) {
    const names = wanted.filter((pod) => pod.namespace === namespace).map(({ name }) => name);
    for (const pod of await readPods(namespace, names, how)) {
      found.set(podKey(namespace, asKube<KubeObject>(pod).metadata?.name ?? ''), pod);
    }
  }
  return found;
}

async function readPods(
  namespace: string,
  names: readonly string[],
  { reader, whole }: PodReading,
): Promise<readonly JsonObject[]> {
  const resource = resourceOf('Pod');
  const part = whole ? {} : { metadataOnly: true };
  if (names.length >= LIST_FROM) {
    const listed = await reader.list({ resource, namespace, ...part, limit: MOST_PODS });
    return listed.kind === 'found' ? listed.objects : [];
  }
  const read = await Promise.all(names.map((name) => reader.get({ resource, namespace, name, ...part })));
  return read.flatMap((result) => (result.kind === 'found' ? [result.object] : []));
}

function podKey(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}
