import type { JsonObject } from '../core/facts/json.ts';
import { asKube, type KubeObject } from '../core/facts/kube-types.ts';
import { resourceOf } from '../core/subject/kinds.ts';
import type { TargetGroup } from '../core/triage/target-group.ts';
import type { Unreadable } from '../ports/cluster-reader.ts';
import { type KnownPod, knownPod, type PodMemory } from './pod-memory.ts';
import type { Reads } from './reads.ts';

/** The pods of one namespace that alerts name. */
export interface NamedPods {
  readonly pods: ReadonlyMap<string, KnownPod>;
  /** Why one was not read that is not there; undefined: it does not exist. */
  readonly unread: (name: string) => Unread | undefined;
}

/** Why something was not read. */
export type Unread = Pick<Unreadable, 'why' | 'message'>;

/** How they are read. */
export interface PodReading {
  readonly reader: Reads;
  /** With their state, so that it is known how they stand. */
  readonly whole: boolean;
  /** Lists of pods that were read lately are not read again. */
  readonly memory?: PodMemory;
}

/** From so many pods of a namespace on, one list is cheaper than asking for each. */
const LIST_FROM = 6;
const MOST_PODS = 5000;
const TOO_MANY: Unread = { why: 'budget', message: `pods: there are more than ${MOST_PODS}` };

/** Reads the pods that alerts name, as far as they can be read; by namespace. */
export async function readNamedPods(
  groups: readonly TargetGroup[],
  how: PodReading,
): Promise<ReadonlyMap<string, NamedPods>> {
  const wanted = groups.flatMap(({ target }) =>
    target.kind === 'object' && target.object.kind === 'Pod' ? [target.object] : [],
  );
  const found = new Map<string, NamedPods>();
  for (const [namespace, pods] of Map.groupBy(wanted, (pod) => pod.namespace)) {
    const names = pods.map(({ name }) => name);
    const known = how.memory?.podsOf(namespace);
    found.set(namespace, known === undefined ? await readPods(namespace, names, how) : listedPods(known));
  }
  return found;
}

async function readPods(
  namespace: string,
  names: readonly string[],
  { reader, whole, memory }: PodReading,
): Promise<NamedPods> {
  const resource = resourceOf('Pod');
  const part = whole ? {} : { metadataOnly: true };
  if (names.length < LIST_FROM) {
    const read = await Promise.all(names.map((name) => reader.get({ resource, namespace, name, ...part })));
    const unread = new Map(
      read.map((result, index) => [names[index], result.kind === 'unreadable' ? result : undefined]),
    );
    return {
      pods: byName(read.flatMap((result) => (result.kind === 'found' ? [result.object] : []))),
      unread: (name) => unread.get(name),
    };
  }
  const listed = await reader.list({ resource, namespace, ...part, limit: MOST_PODS });
  if (listed.kind !== 'found') {
    return { pods: new Map(), unread: () => listed };
  }
  const pods = byName(listed.objects);
  memory?.remember(namespace, pods);
  return listedPods(pods);
}

/** A list as long as lists may be need not be complete. */
function listedPods(pods: ReadonlyMap<string, KnownPod>): NamedPods {
  return { pods, unread: () => (pods.size < MOST_PODS ? undefined : TOO_MANY) };
}

function byName(pods: readonly JsonObject[]): ReadonlyMap<string, KnownPod> {
  return new Map(pods.map((pod) => [asKube<KubeObject>(pod).metadata?.name ?? '', knownPod(pod)]));
}
