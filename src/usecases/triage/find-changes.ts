import type { JsonObject } from '../../core/facts/json.ts';
import { asKube, type KubeObject } from '../../core/facts/kube-types.ts';
import type { SubjectQuery } from '../../core/subject/subject.ts';
import {
  type ChangeWindow,
  changedObject,
  changeWindow,
  type FoundChange,
  type Relevance,
  tellChanges,
  timeWithin,
} from '../../core/triage/cluster-changes.ts';
import type { ClusterChange } from '../../core/triage/incident.ts';
import { managedChanges } from '../../core/triage/managed-changes.ts';
import { nodeChanges } from '../../core/triage/node-changes.ts';
import { isFor } from '../../core/triage/scaling-changes.ts';
import { workloadChanges } from '../../core/triage/workload-changes.ts';
import type { ClusterReader } from '../../ports/cluster-reader.ts';
import { ChangeReads } from './change-reads.ts';
import { type ChangeRoot, readRoots } from './change-roots.ts';
import { hostsOf, readConfigMaps, readHistories, readNodes, readSecrets } from './read-histories.ts';

/** What changed, the newest first, and a sentence without a full stop for each thing that is not known. */
export interface FoundChanges {
  readonly changes: readonly ClusterChange[];
  readonly unread: readonly string[];
}

/**
 * What changed in the cluster from 60 minutes before an incident began until one minute after: a coincidence in time and no
 * proof of anything. Looks at the first five of the objects that it is about, at what their pods name and run on, at their
 * namespaces and at admission webhooks; at most 12 API requests. Tells at most eight changes, the most relevant ones.
 *
 * Secrets count only where Kubewhy may read them, which it is not given by default; that is on purpose and no gap, so it is
 * not mentioned.
 */
export async function findChanges(
  subjects: readonly SubjectQuery[],
  since: string,
  reader: ClusterReader,
): Promise<FoundChanges> {
  const window = changeWindow(since);
  if (window === undefined) {
    return { changes: [], unread: ['when it began is not known, so nothing can be said about what changed before'] };
  }
  const reads = new ChangeReads(reader);
  const { roots, fading } = await readRoots(subjects, reads);
  if (roots.length === 0 && fading.length === 0) {
    return { changes: [], unread: reads.unread() };
  }
  const namespaced = Map.groupBy(
    roots.filter(({ namespace }) => namespace !== ''),
    ({ namespace }) => namespace,
  );
  const near = await Promise.all([...namespaced].map((entry) => lookNear(entry, window, reads)));
  const namespaces = [...new Set([...namespaced.keys(), ...fading])];
  const further = await lookFurther({ roots, near, namespaces, fading }, window, reads);
  return { changes: tellChanges([...near.flatMap(({ changes }) => changes), ...further]), unread: reads.unread() };
}

interface Near {
  readonly changes: readonly FoundChange[];
  /** Names of nodes that run pods of the objects. */
  readonly hosts: readonly string[];
  /** How the workloads came about, for what autoscalers tell later. */
  readonly finish: (autoscalers: readonly JsonObject[]) => readonly FoundChange[];
  readonly namespace: string;
}

/** The workloads of one namespace and what their pods name. */
async function lookNear(
  [namespace, roots]: readonly [string, readonly ChangeRoot[]],
  window: ChangeWindow,
  reads: ChangeReads,
): Promise<Near> {
  const [histories, configMaps, pods] = await Promise.all([
    readHistories({ namespace, roots }, window, reads),
    readConfigMaps({ namespace, roots }, reads),
    hostsOf({ namespace, roots }, reads),
  ]);
  return {
    changes: as(
      'referenced',
      configMaps.flatMap((object) => managedChanges(object, window)),
    ),
    hosts: pods,
    finish: (autoscalers) =>
      as(
        'own',
        histories.flatMap((history) => workloadChanges({ ...history, autoscalers }, window)),
      ),
    namespace,
  };
}

interface Seen {
  readonly roots: readonly ChangeRoot[];
  readonly near: readonly Near[];
  readonly namespaces: readonly string[];
  readonly fading: readonly string[];
}

/** What lies further away, the more telling first, since requests may run out. */
async function lookFurther(seen: Seen, window: ChangeWindow, reads: ChangeReads): Promise<readonly FoundChange[]> {
  const { roots, near, namespaces } = seen;
  const own = roots.filter(({ kind }) => kind === 'Node').map(({ object }) => object);
  const [hosts, webhooks, ...scaled] = await Promise.all([
    readNodes(
      near.flatMap((one) => one.hosts),
      own,
      reads,
    ),
    readWebhooks(reads),
    ...near.map(async ({ namespace, finish }) => finish(await readAutoscalers(namespace, roots, reads))),
  ]);
  const around = await Promise.all(namespaces.map((namespace) => lookAround(namespace, { seen, window, reads })));
  return [
    ...scaled.flat(),
    ...as(
      'own',
      own.flatMap((node) => nodeChanges(node, window)),
    ),
    ...as(
      'referenced',
      hosts.flatMap((node) => nodeChanges(node, window)),
    ),
    ...as(
      'cluster',
      webhooks.flatMap((webhook) => managedChanges(webhook, window)),
    ),
    ...around.flat(),
  ];
}

async function readWebhooks(reads: ChangeReads): Promise<readonly JsonObject[]> {
  const kinds = ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'];
  const lists = await Promise.all(kinds.map((kind) => reads.list({ kind, metadataOnly: true })));
  return lists.flatMap(({ objects }) => objects);
}

async function readAutoscalers(
  namespace: string,
  roots: readonly ChangeRoot[],
  reads: ChangeReads,
): Promise<readonly JsonObject[]> {
  const own = roots.filter((root) => root.namespace === namespace);
  if (!own.some(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet')) {
    return [];
  }
  const { objects } = await reads.list({ kind: 'HorizontalPodAutoscaler', namespace });
  return objects.filter((autoscaler) => own.some(({ object }) => isFor(object, autoscaler)));
}

/** What holds for a whole namespace, and the Secrets that pods name there. */
async function lookAround(
  namespace: string,
  { seen, window, reads }: { readonly seen: Seen; readonly window: ChangeWindow; readonly reads: ChangeReads },
): Promise<readonly FoundChange[]> {
  const roots = seen.roots.filter((root) => root.namespace === namespace);
  const [quotas, ranges, ending, secrets] = await Promise.all([
    reads.list({ kind: 'ResourceQuota', namespace, metadataOnly: true }),
    reads.list({ kind: 'LimitRange', namespace, metadataOnly: true }),
    seen.fading.includes(namespace) ? readEnding(namespace, window, reads) : [],
    readSecrets({ namespace, roots }, reads),
  ]);
  const rules = [...quotas.objects, ...ranges.objects].flatMap((object) => managedChanges(object, window));
  return [
    ...as(
      'referenced',
      secrets.flatMap((object) => managedChanges(object, window)),
    ),
    ...as('namespace', [...rules, ...ending]),
  ];
}

/** A namespace that ends takes its objects along, so it is asked for only where one of them is gone or ends. */
async function readEnding(name: string, window: ChangeWindow, reads: ChangeReads): Promise<readonly ClusterChange[]> {
  const found = await reads.get({ kind: 'Namespace', name, metadataOnly: true });
  if (found.kind !== 'found') {
    return [];
  }
  const at = timeWithin(window, asKube<KubeObject>(found.object).metadata?.deletionTimestamp);
  return at === undefined ? [] : [{ at, object: changedObject(found.object), what: 'is being deleted since then' }];
}

function as(relevance: Relevance, changes: readonly ClusterChange[]): readonly FoundChange[] {
  return changes.map((change) => ({ ...change, relevance }));
}
