import type { SubjectKind } from './kinds.ts';

/** The object asked about, once it is known to exist. */
export interface Subject {
  readonly kind: SubjectKind;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** What a person typed, before anything was read. */
export interface SubjectQuery {
  /** Absent when only a name was given: a pod first, then a workload of that name. */
  readonly kind?: SubjectKind;
  readonly namespace: string;
  readonly name: string;
}

/** `shop/web-0` for a pod, `shop/deploy web` style is avoided: other kinds read `Deployment shop/web`. */
export function subjectTitle(subject: Pick<Subject, 'kind' | 'namespace' | 'name'>): string {
  const path = `${subject.namespace}/${subject.name}`;
  return subject.kind === 'Pod' ? path : `${subject.kind} ${path}`;
}
