import { canonicalJson } from './canonical-json.ts';
import type { RemediationPlan, RemediationTarget } from './remediation.ts';

/** What of a plan says which change it is. */
type Change = Pick<RemediationPlan, 'cluster' | 'target'> & {
  readonly input: Pick<RemediationPlan['input'], 'action'>;
};

/** The same for the same action on the same object, told by its uid; only one such change is open at a time. */
export function changeKey({ cluster, input, target }: Change): string {
  const { kind, group, namespace, name, uid } = target;
  return canonicalJson([cluster, input.action, group, kind, namespace, name, uid]);
}

/** The same for everything that bears the name of the object, also for what replaced it. */
export function objectKey({ group, kind, namespace, name }: RemediationTarget): string {
  return canonicalJson([group, kind, namespace, name]);
}

/** `Pod shop/web-0 (uid)`, as the audit names an object. May hold hostile text. */
export function targetText({ kind, namespace, name, uid }: RemediationTarget): string {
  return `${kind} ${namespace === '' ? '' : `${namespace}/`}${name} (${uid})`;
}
