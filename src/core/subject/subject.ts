import type { SubjectKind } from './kinds.ts';

/** The object asked about, once it is known to exist. */
export interface Subject {
  readonly kind: SubjectKind;
  /** Empty for a cluster-scoped kind. */
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** What a person typed, before anything was read. */
export interface SubjectQuery {
  /** Absent when only a name was given: a pod first, then a workload of that name. */
  readonly kind?: SubjectKind;
  /** Empty for a cluster-scoped kind. */
  readonly namespace: string;
  readonly name: string;
}

/** `shop/web`, or the name alone for what is in no namespace. */
export function subjectPath({ namespace, name }: Pick<Subject, 'namespace' | 'name'>): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}

/**
 * The namespace by which it is decided who may ask about a subject and what may be named beside it: its own, or itself for
 * a Namespace. Empty for everything else that is in none.
 */
export function governingNamespace({
  kind,
  namespace,
  name,
}: Pick<SubjectQuery, 'namespace' | 'name'> & { readonly kind?: string }): string {
  return kind === 'Namespace' ? name : namespace;
}

/** ` -n shop` as a command line takes it; nothing for what is in no namespace. */
export function namespaceOption(namespace: string): string {
  return namespace === '' ? '' : ` -n ${namespace}`;
}

/** `shop/web-0` for a pod, `Deployment shop/web` and `Node worker-1` for other kinds. */
export function subjectTitle(subject: Pick<Subject, 'kind' | 'namespace' | 'name'>): string {
  const path = subjectPath(subject);
  return subject.kind === 'Pod' ? path : `${subject.kind} ${path}`;
}
