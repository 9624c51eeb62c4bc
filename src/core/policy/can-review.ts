import type { Finding } from '../diagnosis/finding.ts';
import { governingNamespace } from '../subject/subject.ts';
import { mightAllow } from './decide-remediation.ts';
import type { RemediationPolicy } from './remediation-policy.ts';

/** Whether a finding's change could be approved by anybody, so that it is worth a button. */
export function canReview(
  policy: RemediationPolicy,
  { cluster, remediation }: { readonly cluster: string } & Pick<Finding, 'remediation'>,
): boolean {
  if (remediation === undefined) {
    return false;
  }
  const { action, subject } = remediation;
  // What is changed may be in no namespace although the subject is in one: the node of a pod.
  return [governingNamespace(subject), ''].some((namespace) => mightAllow(policy, { action, cluster, namespace }));
}
