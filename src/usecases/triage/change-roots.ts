import type { JsonObject } from '../../core/facts/json.ts';
import { asKube, type KubeLabelSelector, type KubePod, type KubeWorkload } from '../../core/facts/kube-types.ts';
import { type ReferenceFact, referencesOf } from '../../core/facts/references.ts';
import { isSubjectKind, resourceOf } from '../../core/subject/kinds.ts';
import type { SubjectQuery } from '../../core/subject/subject.ts';
import { topOwner } from '../../core/triage/top-owner.ts';
import type { ChangeReads } from './change-reads.ts';

/** An object that an incident is about, as it is now. */
export interface ChangeRoot {
  readonly kind: string;
  /** Empty for a node. */
  readonly namespace: string;
  readonly name: string;
  readonly object: JsonObject;
  /** The pod through which it was found. */
  readonly pod?: JsonObject;
}

/** What could be read of the objects, and the namespaces in which something of them is gone or is going. */
export interface ChangeRoots {
  readonly roots: readonly ChangeRoot[];
  readonly fading: readonly string[];
}

type Named = Required<SubjectQuery>;

const MOST_SUBJECTS = 5;
/** From so many objects of one kind in a namespace on, one list is cheaper. */
const LIST_FROM = 3;

/** Reads the first five of the objects, and the workload instead of its pod. */
export async function readRoots(subjects: readonly SubjectQuery[], reads: ChangeReads): Promise<ChangeRoots> {
  const named = distinct(subjects.flatMap(withKind)).slice(0, MOST_SUBJECTS);
  await listCrowds(named, reads);
  const own = await Promise.all(named.map((subject) => readRoot(subject, reads)));
  const roots = new Map<string, ChangeRoot>();
  for (const root of await Promise.all(
    own.flatMap((found) => (found === 'gone' || found === 'unknown' ? [] : withOwner(found, reads))),
  )) {
    roots.set(keyOf(root), root);
  }
  const gone = named.filter((_, index) => own[index] === 'gone').map(({ namespace }) => namespace);
  const ending = [...roots.values()].filter(isEnding).map(({ namespace }) => namespace);
  return { roots: [...roots.values()], fading: [...new Set([...gone, ...ending])].filter((name) => name !== '') };
}

function withKind({ kind, namespace, name }: SubjectQuery): readonly Named[] {
  return kind === undefined ? [] : [{ kind, namespace: resourceOf(kind).namespaced ? namespace : '', name }];
}

function keyOf({ kind, namespace, name }: Pick<ChangeRoot, 'kind' | 'namespace' | 'name'>): string {
  return `${kind} ${namespace}/${name}`;
}

function distinct(subjects: readonly Named[]): readonly Named[] {
  return [...new Map(subjects.map((subject) => [keyOf(subject), subject])).values()];
}

/** An object that a list brought is not asked for again. */
async function listCrowds(subjects: readonly Named[], reads: ChangeReads): Promise<void> {
  const crowds = Map.groupBy(subjects, ({ kind, namespace }) => `${kind} ${namespace}`);
  for (const [first, ...others] of crowds.values()) {
    if (first !== undefined && others.length + 1 >= LIST_FROM) {
      await reads.list({ kind: first.kind, ...placeOf(first) });
    }
  }
}

async function readRoot(
  { kind, namespace, name }: Named,
  reads: ChangeReads,
): Promise<ChangeRoot | 'gone' | 'unknown'> {
  const found = await reads.get({ kind, ...placeOf({ namespace }), name });
  if (found.kind === 'found') {
    return { kind, namespace, name, object: found.object };
  }
  return found.kind === 'missing' ? 'gone' : 'unknown';
}

async function withOwner(root: ChangeRoot, reads: ChangeReads): Promise<ChangeRoot> {
  const { kind, namespace, object } = root;
  const owner = kind === 'Pod' ? topOwner(object) : undefined;
  if (owner === undefined || !isSubjectKind(owner.kind)) {
    return kind === 'Pod' ? { ...root, pod: object } : root;
  }
  const found = await readRoot({ kind: owner.kind, namespace, name: owner.name }, reads);
  return found === 'gone' || found === 'unknown' ? { ...root, pod: object } : { ...found, pod: object };
}

function isEnding({ object, pod }: ChangeRoot): boolean {
  return [object, pod].some(
    (one) => one !== undefined && asKube<KubePod>(one).metadata?.deletionTimestamp !== undefined,
  );
}

/** `namespace` as a read takes it. */
function placeOf({ namespace }: Pick<ChangeRoot, 'namespace'>): { readonly namespace?: string } {
  return namespace === '' ? {} : { namespace };
}

/** The selector of the pods of a workload; undefined where it has none. */
export function selectorOf({ kind, object }: ChangeRoot): KubeLabelSelector | undefined {
  return kind === 'Pod' || kind === 'PersistentVolumeClaim' ? undefined : asKube<KubeWorkload>(object).spec?.selector;
}

/** The names of ConfigMaps or Secrets that the pods of an object name. */
export function namesReferenced({ kind, object, pod }: ChangeRoot, wanted: ReferenceFact['kind']): readonly string[] {
  const { spec } = asKube<KubeWorkload>(object);
  const template = (spec?.template ?? spec?.jobTemplate?.spec?.template)?.spec;
  const own = kind === 'Pod' ? asKube<KubePod>(object).spec : template;
  const used = own ?? (pod === undefined ? undefined : asKube<KubePod>(pod).spec);
  const references = used === undefined ? [] : referencesOf({ spec: used });
  return [...new Set(references.filter((one) => one.kind === wanted).map(({ name }) => name))];
}
