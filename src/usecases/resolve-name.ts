import { KubewhyError } from '../core/errors/kubewhy-error.ts';
import type { JsonObject } from '../core/facts/json.ts';
import { asKube, type KubeObject } from '../core/facts/kube-types.ts';
import { nearestNames } from '../core/facts/nearest.ts';
import { listWords } from '../core/facts/text.ts';
import { isSubjectKind, resourceOf, type SubjectKind } from '../core/subject/kinds.ts';
import type { SubjectQuery } from '../core/subject/subject.ts';
import type { Reads } from './reads.ts';
import { unreadableSubject } from './unreadable-subject.ts';

/** Names of pods read from a namespace to find what was meant. */
const MOST_NAMES = 5000;

/** Kinds that a bare name may mean besides a pod. */
const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob', 'Job'] as const;

type Resolved = Required<SubjectQuery>;

/** Which namespaces may be named to the person who asks, besides the one asked about. */
export type NamespaceFilter = (namespace: string) => boolean;

interface Search {
  readonly reads: Reads;
  readonly mayName: NamespaceFilter;
}

/** A workload that a pod's own metadata names. */
interface Owner {
  readonly kind: string;
  readonly name: string;
}

/**
 * Finds what a name without an exact object means: a workload of that name, else the one pod or the one workload whose
 * pods begin with it. Throws SUBJECT_AMBIGUOUS with the candidates, SUBJECT_NOT_FOUND with what exists that is close,
 * READ_FORBIDDEN and the like when the pods cannot be listed.
 */
export async function resolveName(query: SubjectQuery, search: Search): Promise<Resolved> {
  const { reads } = search;
  if (query.kind !== undefined && !resourceOf(query.kind).namespaced) {
    throw await notFoundAnywhere(query.kind, query, search);
  }
  if (query.kind !== undefined && query.kind !== 'Pod') {
    throw await notFound(query, await namesOf(query.kind, query.namespace, reads), search);
  }
  const pods = await reads.list({
    resource: resourceOf('Pod'),
    namespace: query.namespace,
    metadataOnly: true,
    limit: MOST_NAMES,
  });
  const objects = pods.kind === 'found' ? pods.objects : [];
  const fitting = objects.filter((pod) => nameOf(pod).startsWith(query.name));
  const owners = distinctOwners(fitting);
  // A name that goes on behind its workload's name is the beginning of a pod's name and of nothing else.
  const podLike = owners.length > 0 && owners.every(({ name }) => query.name.startsWith(`${name}-`));
  const named =
    query.kind === undefined && !podLike
      ? await workloadOfThatName(query, kindsToTry(query, owners), reads)
      : undefined;
  const resolved = named ?? (await fromPods(query, fitting, owners, reads));
  if (resolved !== undefined) {
    return resolved;
  }
  if (pods.kind === 'unreadable' && query.kind === undefined) {
    throw unreadableSubject(pods, query);
  }
  const workloads = query.kind === undefined ? await workloadNames(query.namespace, reads) : [];
  const known = [...objects.map(nameOf), ...distinctOwners(objects).map(({ name }) => name), ...workloads];
  throw await notFound(query, known, search);
}

/**
 * The kinds in which a workload of exactly that name is looked for. Where pods begin with the name, the question is
 * most likely about one of them and must stay within the requests of a pod question: only the two commonest kinds are
 * tried then.
 */
function kindsToTry(query: SubjectQuery, owners: readonly Owner[]): readonly SubjectKind[] {
  const aboutPods = owners.length > 0 && owners.every(({ name }) => name !== query.name);
  return aboutPods ? ['Deployment', 'StatefulSet'] : WORKLOADS;
}

function nameOf(object: JsonObject): string {
  return asKube<KubeObject>(object).metadata?.name ?? '';
}

async function namesOf(kind: SubjectKind, namespace: string, reads: Reads): Promise<readonly string[]> {
  const listed = await reads.list({ resource: resourceOf(kind), namespace, metadataOnly: true, limit: MOST_NAMES });
  return listed.kind === 'found' ? listed.objects.map(nameOf) : [];
}

async function workloadNames(namespace: string, reads: Reads): Promise<readonly string[]> {
  return (await Promise.all(WORKLOADS.map((kind) => namesOf(kind, namespace, reads)))).flat();
}

async function fromPods(
  query: SubjectQuery,
  fitting: readonly JsonObject[],
  owners: readonly Owner[],
  reads: Reads,
): Promise<Resolved | undefined> {
  const [only, ...rest] = fitting;
  if (only === undefined) {
    return undefined;
  }
  if (rest.length === 0) {
    return { kind: 'Pod', namespace: query.namespace, name: nameOf(only) };
  }
  const workload = owners.length === 1 ? owners[0] : await commonCronJob(query.namespace, owners, reads);
  if (workload !== undefined && isSubjectKind(workload.kind) && workload.kind !== 'Pod') {
    return { kind: workload.kind, namespace: query.namespace, name: workload.name };
  }
  const of = owners.map(({ kind, name }) => `${kind} ${name}`);
  throw new KubewhyError('SUBJECT_AMBIGUOUS', {
    message: `${fitting.length} pods in namespace ${query.namespace} begin with "${query.name}", of ${listWords(of, 10)}.`,
    hint: 'Ask with a longer name, or with the kind, such as deploy/NAME.',
    context: { candidates: fitting.map(nameOf).slice(0, 50) },
  });
}

function distinctOwners(pods: readonly JsonObject[]): readonly Owner[] {
  return [
    ...new Map(pods.map((pod) => workloadOf(pod)).map((owner) => [`${owner.kind}/${owner.name}`, owner])).values(),
  ];
}

/** Jobs named after one CronJob and the minute of their run, if that CronJob exists. */
async function commonCronJob(namespace: string, owners: readonly Owner[], reads: Reads): Promise<Owner | undefined> {
  const stems = new Set(owners.map(({ kind, name }) => (kind === 'Job' ? name.replace(/-\d{8,10}$/, '') : '')));
  const [name] = stems;
  if (stems.size !== 1 || name === undefined || name === '') {
    return undefined;
  }
  const found = await reads.get({ resource: resourceOf('CronJob'), namespace, name, metadataOnly: true });
  return found.kind === 'found' ? { kind: 'CronJob', name } : undefined;
}

/** The top workload of a pod, as far as its own metadata tells: a ReplicaSet named after a pod-template-hash belongs to a Deployment. */
function workloadOf(object: JsonObject): Owner {
  const { metadata = {} } = asKube<KubeObject>(object);
  const owner = metadata.ownerReferences?.find((reference) => reference.controller === true);
  if (owner === undefined) {
    return { kind: 'Pod', name: metadata.name ?? '' };
  }
  const hash = metadata.labels?.['pod-template-hash'];
  const suffix = `-${hash ?? ''}`;
  if (owner.kind === 'ReplicaSet' && hash !== undefined && owner.name?.endsWith(suffix) === true) {
    return { kind: 'Deployment', name: owner.name.slice(0, -suffix.length) };
  }
  return { kind: owner.kind ?? '', name: owner.name ?? '' };
}

async function workloadOfThatName(
  query: SubjectQuery,
  kinds: readonly SubjectKind[],
  reads: Reads,
): Promise<Resolved | undefined> {
  const answers = await Promise.all(
    kinds.map(async (kind) => ({
      kind,
      result: await reads.get({
        resource: resourceOf(kind),
        namespace: query.namespace,
        name: query.name,
        metadataOnly: true,
      }),
    })),
  );
  const hits = answers.filter(({ result }) => result.kind === 'found').map(({ kind }) => kind);
  const [only, ...rest] = hits;
  if (rest.length > 0) {
    throw new KubewhyError('SUBJECT_AMBIGUOUS', {
      message: `"${query.name}" in namespace ${query.namespace} is the name of a ${listWords(hits)}.`,
      hint: `Ask with the kind, such as ${hits[0] ?? ''}/${query.name}.`,
      context: { candidates: hits.map((kind) => `${kind}/${query.name}`) },
    });
  }
  return only === undefined ? undefined : { kind: only, namespace: query.namespace, name: query.name };
}

/** The same for a kind that is in no namespace. */
async function notFoundAnywhere(
  kind: SubjectKind,
  query: SubjectQuery,
  { reads, mayName }: Search,
): Promise<KubewhyError> {
  const listed = await reads.list({ resource: resourceOf(kind), metadataOnly: true, limit: MOST_NAMES });
  const all = listed.kind === 'found' ? listed.objects.map(nameOf) : [];
  // The names of namespaces tell more than whoever asks may know.
  const names = kind === 'Namespace' ? all.filter(mayName) : all;
  const near = nearestNames(query.name, names).slice(0, 3);
  const hints = hintsOf(near, [], []);
  return new KubewhyError('SUBJECT_NOT_FOUND', {
    message: `There is no ${kind} "${query.name}"${hints.length === 0 ? '' : `; ${hints.join('; ').replace(/ there$/, '')}`}.`,
    hint: 'Check the spelling, and that the question went to the right cluster.',
    context: { candidates: near },
  });
}

async function notFound(query: SubjectQuery, names: readonly string[], search: Search): Promise<KubewhyError> {
  const { reads, mayName } = search;
  const kinds: readonly SubjectKind[] = query.kind === undefined ? ['Pod', ...WORKLOADS] : [query.kind];
  const [namespace, ...elsewhere] = await Promise.all([
    reads.get({ resource: resourceOf('Namespace'), name: query.namespace, metadataOnly: true }),
    ...kinds.map((kind) =>
      reads.list({
        resource: resourceOf(kind),
        fieldSelector: `metadata.name=${query.name}`,
        metadataOnly: true,
        limit: 10,
      }),
    ),
  ]);
  if (namespace.kind === 'missing') {
    return namespaceMissing(query, search);
  }
  const near = nearestNames(query.name, names).slice(0, 3);
  const other = [
    ...new Set(
      elsewhere.flatMap((result) =>
        result.kind === 'found'
          ? result.objects.map((object) => asKube<KubeObject>(object).metadata?.namespace ?? '')
          : [],
      ),
    ),
  ].filter((name) => name !== query.namespace && mayName(name));
  const what = query.kind === undefined ? 'pod or workload' : query.kind;
  const hidden = query.kind === undefined ? await unreadableKinds(query, reads) : [];
  const hints = hintsOf(near, hidden, other);
  const rest = hints.length === 0 ? '.' : `; ${hints.join('; ')}.`;
  return new KubewhyError('SUBJECT_NOT_FOUND', {
    message: `There is no ${what} "${query.name}" in namespace ${query.namespace}${rest}`,
    ...(other[0] === undefined ? {} : { hint: `Ask again with -n ${other[0]}.` }),
    context: { candidates: near, namespaces: other },
  });
}

function hintsOf(near: readonly string[], hidden: readonly string[], other: readonly string[]): readonly string[] {
  return [
    ...(near.length === 0
      ? []
      : [`${listWords(near.map((name) => `\`${name}\``))} ${near.length === 1 ? 'exists' : 'exist'} there`]),
    ...(hidden.length === 0 ? [] : [`whether it is a ${hidden.join(' or ')} could not be read`]),
    ...(other.length === 0 ? [] : [`one of that name exists in namespace ${listWords(other)}`]),
  ];
}

/** Kinds of which nobody can tell whether one of that name exists; these reads were made before. */
async function unreadableKinds(query: SubjectQuery, reads: Reads): Promise<readonly string[]> {
  const { namespace, name } = query;
  const answers = await Promise.all(
    WORKLOADS.map(async (kind) => {
      const result = await reads.get({ resource: resourceOf(kind), namespace, name, metadataOnly: true });
      return result.kind === 'unreadable' ? [kind] : [];
    }),
  );
  return answers.flat();
}

async function namespaceMissing(query: SubjectQuery, { reads, mayName }: Search): Promise<KubewhyError> {
  const all = await reads.list({ resource: resourceOf('Namespace'), metadataOnly: true, limit: MOST_NAMES });
  const names = all.kind === 'found' ? all.objects.map(nameOf).filter(mayName) : [];
  const near = nearestNames(query.namespace, names).slice(0, 3);
  const does =
    near.length === 0 ? '' : `; ${listWords(near.map((name) => `\`${name}\``))} ${near.length === 1 ? 'does' : 'do'}`;
  return new KubewhyError('SUBJECT_NOT_FOUND', {
    message: `The namespace "${query.namespace}" does not exist${does}.`,
    context: { namespaces: near },
  });
}
