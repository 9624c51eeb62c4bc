import { isSubjectKind, resourceOf, type SubjectKind } from '../core/subject/kinds.ts';
import type { SubjectQuery } from '../core/subject/subject.ts';
import type { TargetObject } from '../core/triage/alert-target.ts';
import { namesOnlyNamespace } from '../core/triage/namespace-alert.ts';
import type { TargetGroup } from '../core/triage/target-group.ts';
import { topOwner } from '../core/triage/top-owner.ts';
import type { ClusterReader } from '../ports/cluster-reader.ts';
import { findGoneOwner } from './find-gone-owner.ts';
import { findNode } from './find-node.ts';
import { type NamedPods, readNamedPods, type Unread } from './named-pods.ts';
import type { KnownPod, PodMemory } from './pod-memory.ts';
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
  /** Lists of pods that were read lately are not read again. */
  readonly memory?: PodMemory;
}

/** Alerts of a storm name thousands of objects; an owner that was not read is only a question more. */
const BUDGET = 60;

/** Kinds whose controller is asked about instead of them. */
const MADE_KINDS: readonly string[] = ['Job', 'ReplicaSet'];

/** By namespace. */
type Pods = ReadonlyMap<string, NamedPods>;

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
 * Finds the root object of every target: the workload of a pod, the controller of a Job, the node of an address. Targets
 * with the same root become one question, about the root; a target that is alone is asked about itself.
 */
export async function findRoots(
  groups: readonly TargetGroup[],
  cluster: ClusterReader,
  { whole = false, memory }: RootOptions = {},
): Promise<Roots> {
  const reader = limitReads(cluster, BUDGET);
  await readNodesFirst(groups, reader);
  const pods = await readNamedPods(groups, { reader, whole, ...(memory && { memory }) });
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

async function resolve(group: TargetGroup, pods: Pods, reader: Reads): Promise<Resolved> {
  const { target, alerts } = group;
  if (alerts.every(({ information }) => information)) {
    return { kind: 'unasked', reason: 'it is information only' };
  }
  if (namesOnlyNamespace(group)) {
    return { kind: 'unasked', reason: 'its labels name a namespace, but nothing in it that could be asked about' };
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
  pods: Pods,
  reader: Reads,
): Promise<Resolved> {
  if (!isSubjectKind(kind)) {
    return { kind: 'unasked', reason: `Kubewhy cannot be asked about a ${kind}` };
  }
  const own = { kind, namespace, name };
  if (kind !== 'Pod') {
    const { root, notes } = await controllerOf(own, reader);
    return { kind: 'root', own, root, notes };
  }
  const known = pods.get(namespace);
  const pod = known?.pods.get(name);
  return pod === undefined ? resolveAway(own, known?.unread(name), reader) : resolvePod(own, { uid, pod }, reader);
}

/** A pod that is gone, or that could not be read: its workload may still be there. */
async function resolveAway(own: SubjectQuery, unread: Unread | undefined, reader: Reads): Promise<Resolved> {
  const root = await findGoneOwner(own, reader);
  if (root === undefined) {
    return { kind: 'root', own, root: own, notes: unread === undefined ? [] : lateNotes(own, unread) };
  }
  const what = unread === undefined ? 'is gone' : 'could not be read';
  return { kind: 'root', own: root, root, notes: [`pod ${own.name} ${what}: its ${root.kind ?? ''} is asked about`] };
}

interface FoundPod {
  /** That of the pod that the alert is about. */
  readonly uid: string | undefined;
  readonly pod: KnownPod;
}

async function resolvePod(own: SubjectQuery, { uid, pod }: FoundPod, reader: Reads): Promise<Resolved> {
  const { namespace, name } = own;
  const { uid: live, owner, stands } = pod;
  const replaced = uid !== undefined && live !== undefined && uid !== live;
  const found =
    owner !== undefined && isSubjectKind(owner.kind)
      ? await controllerOf({ kind: owner.kind, namespace, name: owner.name }, reader)
      : { root: own, notes: [] };
  const earlier = `pod ${name} was replaced since: the alert is about an earlier one of the same name`;
  return {
    kind: 'root',
    own,
    root: found.root,
    notes: [...(replaced ? [earlier] : []), ...found.notes],
    ...(stands === undefined ? {} : { stands }),
  };
}

/** What makes Jobs and ReplicaSets; everything else, and what has no such owner or cannot be read, stands for itself. */
async function controllerOf(
  own: SubjectQuery & { readonly kind: SubjectKind },
  reader: Reads,
): Promise<Pick<Root, 'root' | 'notes'>> {
  const { kind, namespace, name } = own;
  if (!MADE_KINDS.includes(kind)) {
    return { root: own, notes: [] };
  }
  const read = await reader.get({ resource: resourceOf(kind), namespace, name, metadataOnly: true });
  if (read.kind !== 'found') {
    return { root: own, notes: read.kind === 'unreadable' ? lateNotes(own, read) : [] };
  }
  const owner = topOwner(read.object);
  const root =
    owner !== undefined && isSubjectKind(owner.kind) ? { kind: owner.kind, namespace, name: owner.name } : own;
  return { root, notes: [] };
}

/** Other failures are met again when it is asked about. */
function lateNotes({ kind, name }: SubjectQuery, { why, message }: Unread): readonly string[] {
  return why === 'timeout' ? [`what ${kind ?? 'Pod'} ${name} belongs to is not known: ${message}`] : [];
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
