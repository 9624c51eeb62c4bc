import { z } from 'zod';
import { isNamespaceName } from '../core/policy/namespace-pattern.ts';
import type { ProposedAction } from '../core/remediation/proposed-action.ts';
import { resourceOf, type SubjectKind } from '../core/subject/kinds.ts';
import type { Subject } from '../core/subject/subject.ts';
import { isObjectName } from '../core/triage/object-name.ts';
import type { Refusal } from './action.ts';
import { refuse } from './refuse.ts';

/** For actions that are told nothing but their subject. */
export const NO_PARAMETERS = z.strictObject({});

/** The name of an object: a DNS-1123 subdomain, so that it is one part of a path and one word of a command. */
export const objectName = z.string().refine(isObjectName);

/** The name of a namespace: a DNS-1123 label. */
export const namespaceName = z.string().refine(isNamespaceName);

/** A uid as an object of the API has it; it is only compared, never part of a path. */
export const uidText = z
  .string()
  .max(253)
  .regex(/^[\w.:/-]+$/);

/** `example.com/hold` or an old one without a domain, as the API server accepts finalizers. */
export const finalizerName = z
  .string()
  .max(317)
  .refine((text) => {
    const [name = '', domain, ...rest] = text.split('/').toReversed();
    return (
      rest.length === 0 &&
      (domain === undefined || isObjectName(domain)) &&
      /^[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?$/.test(name)
    );
  });

/** A text that a playbook leaves empty when it has none. */
export function optionalText<T extends z.ZodType>(schema: T): z.ZodType<z.output<T> | undefined> {
  return z.union([z.literal('').transform(() => undefined), schema]).optional();
}

/** Checks what a playbook gave; anything missing, malformed or unknown refuses the action. The texts themselves are not repeated. */
export function readParameters<T>(
  schema: z.ZodType<T>,
  { action, parameters }: ProposedAction,
): { readonly kind: 'read'; readonly value: T } | Refusal {
  const read = schema.safeParse(parameters);
  if (read.success) {
    return { kind: 'read', value: read.data };
  }
  const [issue] = read.error.issues;
  const known = issue?.code === 'unrecognized_keys' ? '' : String(issue?.path[0] ?? '');
  const what = known === '' ? 'a parameter that it does not have' : `no usable parameter \`${known}\``;
  return refuse(
    'invalid',
    `The playbook gave ${action} ${what}. Nothing is changed; do it by hand and correct the playbook.`,
  );
}

/** Why a subject cannot be acted upon at all, or nothing. */
export function subjectProblem(
  { action, subject }: ProposedAction,
  kinds: readonly SubjectKind[],
): Refusal | undefined {
  if (!kinds.includes(subject.kind)) {
    return refuse('invalid', `${action} cannot be done for a ${subject.kind}. Look at the advice of the finding.`);
  }
  const placed = resourceOf(subject.kind).namespaced ? isNamespaceName(subject.namespace) : subject.namespace === '';
  if (!placed || !isObjectName(subject.name) || (subject.kind === 'Namespace' && !isNamespaceName(subject.name))) {
    return refuse(
      'invalid',
      'The name of the object is none that Kubernetes accepts. Nothing is changed; look at it by hand.',
    );
  }
  return uidText.safeParse(subject.uid).success
    ? undefined
    : refuse('invalid', 'The finding does not say which object it saw (no uid). Diagnose it again.');
}

/** Whether parameters name something else than the subject; what is absent names nothing. */
export function namesOther(
  subject: Subject,
  {
    namespace,
    name,
    uid,
  }: { readonly namespace?: string | undefined; readonly name?: string | undefined; readonly uid?: string | undefined },
): boolean {
  const told: readonly (readonly [string | undefined, string])[] = [
    [namespace, subject.namespace],
    [name, subject.name],
    [uid, subject.uid],
  ];
  return told.some(([text, own]) => text !== undefined && text !== own);
}
