import type { JsonObject } from '../../core/facts/json.ts';
import { asKube, type KubeObject, type KubePod } from '../../core/facts/kube-types.ts';
import type { ChangeWindow } from '../../core/triage/cluster-changes.ts';
import { mayHaveChanged } from '../../core/triage/managed-changes.ts';
import { topOwner } from '../../core/triage/top-owner.ts';
import { unionSelector } from '../../core/triage/union-selector.ts';
import type { ChangedWorkload } from '../../core/triage/workload-changes.ts';
import type { ChangeReads } from './change-reads.ts';
import { type ChangeRoot, namesReferenced, selectorOf } from './change-roots.ts';

/** Objects of one namespace. */
export interface NamespaceRoots {
  readonly namespace: string;
  readonly roots: readonly ChangeRoot[];
}

/** What keeps the earlier pod templates of a kind. */
const KEEPERS: Readonly<Record<string, string>> = {
  Deployment: 'ReplicaSet',
  StatefulSet: 'ControllerRevision',
  DaemonSet: 'ControllerRevision',
};
const SCALING = 'involvedObject.kind=Deployment,reason=ScalingReplicaSet';
const MOST_PODS = 50;
const MOST_NODES = 2;
const MOST_NAMES = 5;
const MOST_SINGLE = 1;
const MOST_SECRETS = 3;

type History = Omit<ChangedWorkload, 'autoscalers'>;

/** The objects with their earlier templates and events; for what did not change since the window began they are not asked for. */
export async function readHistories(
  { namespace, roots }: NamespaceRoots,
  window: ChangeWindow,
  reads: ChangeReads,
): Promise<readonly History[]> {
  const changed = roots.filter(({ kind, object }) => KEEPERS[kind] !== undefined && mayHaveChanged(object, window));
  const deployments = changed.filter(({ kind }) => kind === 'Deployment');
  const kinds = [...new Set(changed.map(({ kind }) => KEEPERS[kind] ?? ''))];
  const [events, ...lists] = await Promise.all([
    deployments.length === 0 ? [] : readScaling({ namespace, roots: deployments }, reads),
    ...kinds.map((kind) => readKeepers(kind, { namespace, roots: changed }, reads)),
  ]);
  return roots.map(({ object }) => ({ object, keepers: lists.flat(), events }));
}

async function readScaling({ namespace, roots }: NamespaceRoots, reads: ChangeReads): Promise<readonly JsonObject[]> {
  const [only] = roots;
  const name = roots.length === 1 && only !== undefined ? `involvedObject.name=${only.name},` : '';
  const { objects } = await reads.list({ kind: 'Event', namespace, fieldSelector: `${name}${SCALING}` });
  return objects;
}

async function readKeepers(
  kind: string,
  { namespace, roots }: NamespaceRoots,
  reads: ChangeReads,
): Promise<readonly JsonObject[]> {
  const own = roots.filter((root) => KEEPERS[root.kind] === kind);
  const { objects, all } = await reads.list({ kind, namespace, ...labelsOf(own) });
  if (!all && objects.length > 0) {
    reads.note(`only the first ${objects.length} objects of kind ${kind} in namespace ${namespace} were looked at`);
  }
  return objects;
}

function labelsOf(roots: readonly ChangeRoot[]): { readonly labelSelector?: string } {
  const selectors = roots.map(selectorOf);
  const known = selectors.filter((selector) => selector !== undefined);
  const labelSelector = known.length === selectors.length ? unionSelector(known) : undefined;
  return labelSelector === undefined ? {} : { labelSelector };
}

/** The nodes that run pods of the objects, those with pods that are not ready first. */
export async function hostsOf({ namespace, roots }: NamespaceRoots, reads: ChangeReads): Promise<readonly string[]> {
  const selecting = roots.filter((root) => root.pod === undefined && selectorOf(root) !== undefined);
  const listed =
    selecting.length === 0
      ? []
      : (await reads.list({ kind: 'Pod', namespace, ...labelsOf(selecting), limit: MOST_PODS })).objects;
  const owners = new Set(selecting.map(({ kind, name }) => `${kind} ${name}`));
  const own = listed.filter((pod) => {
    const owner = topOwner(pod);
    return owner !== undefined && owners.has(`${owner.kind} ${owner.name}`);
  });
  const pods = [...roots.flatMap(({ pod }) => (pod === undefined ? [] : [pod])), ...own].map((pod) =>
    asKube<KubePod>(pod),
  );
  const sorted = pods.toSorted((a, b) => Number(isReady(a)) - Number(isReady(b)));
  return [...new Set(sorted.flatMap(({ spec }) => spec?.nodeName ?? []))];
}

function isReady({ status }: KubePod): boolean {
  return (status?.conditions ?? []).some((condition) => condition.type === 'Ready' && condition.status === 'True');
}

/** The first two of the nodes; those that are known already do not count. */
export async function readNodes(
  names: readonly string[],
  known: readonly JsonObject[],
  reads: ChangeReads,
): Promise<readonly JsonObject[]> {
  const have = new Set(known.map((node) => asKube<KubeObject>(node).metadata?.name));
  const wanted = [...new Set(names)].filter((name) => !have.has(name));
  if (wanted.length > MOST_NODES) {
    reads.note(`only ${MOST_NODES} of the ${wanted.length} nodes that run its pods were looked at`);
  }
  const found = await Promise.all(wanted.slice(0, MOST_NODES).map((name) => reads.get({ kind: 'Node', name })));
  return found.flatMap((one) => (one.kind === 'found' ? [one.object] : []));
}

/** The metadata of the ConfigMaps that pods name. */
export async function readConfigMaps(
  { namespace, roots }: NamespaceRoots,
  reads: ChangeReads,
): Promise<readonly JsonObject[]> {
  const kind = 'ConfigMap';
  const names = new Set(roots.flatMap((root) => namesReferenced(root, kind)));
  const listed =
    names.size > MOST_SINGLE ? await reads.list({ kind, namespace, metadataOnly: true }) : { objects: [], all: false };
  const found = listed.objects.filter((object) => names.has(asKube<KubeObject>(object).metadata?.name ?? ''));
  if (listed.all || (names.size > MOST_SINGLE && listed.objects.length === 0)) {
    return found;
  }
  const known = new Set(found.map((object) => asKube<KubeObject>(object).metadata?.name));
  const missing = [...names].filter((name) => !known.has(name));
  if (missing.length > MOST_NAMES) {
    reads.note(`only some of the ${names.size} ConfigMaps that its pods name in namespace ${namespace} were looked at`);
  }
  const single = await Promise.all(
    missing.slice(0, MOST_NAMES).map((name) => reads.get({ kind, namespace, name, metadataOnly: true })),
  );
  return [...found, ...single.flatMap((one) => (one.kind === 'found' ? [one.object] : []))];
}

/** The metadata of the first Secrets that pods name; none where they may not be read. */
export async function readSecrets(
  { namespace, roots }: NamespaceRoots,
  reads: ChangeReads,
): Promise<readonly JsonObject[]> {
  const names = [...new Set(roots.flatMap((root) => namesReferenced(root, 'Secret')))].slice(0, MOST_SECRETS);
  const found: JsonObject[] = [];
  for (const name of names) {
    const secret = await reads.secret(namespace, name);
    if (secret.kind === 'unknown') {
      return found;
    }
    found.push(...(secret.kind === 'found' ? [secret.object] : []));
  }
  return found;
}
