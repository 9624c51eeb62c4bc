import { oneLine, shorten } from '../../core/facts/text.ts';
import type { AccessRight } from '../../core/remediation/remediation.ts';
import type { Unreadable } from '../../ports/cluster-reader.ts';
import type { KubernetesIdentity } from '../../ports/cluster-writer.ts';
import { type Client, review, reviewWords } from './access-review.ts';
import { valueAt } from './object-shape.ts';
import { unreadable } from './unreadable.ts';

/** What the authorization of the cluster says about somebody. */
export type UserReview = { readonly kind: 'known'; readonly allowed: boolean; readonly reason: string } | Unreadable;

/** How the question is named in sentences. */
export const APPROVER_WORDS = reviewWords('subjectaccessreviews.authorization.k8s.io', 'what the approver may do');
const TYPE = { group: 'authorization', kind: 'SubjectAccessReview' };

/**
 * Asks whether an identity has a right. Only the groups that are given count: what a cluster grants to
 * `system:authenticated` is no reason to let somebody approve. A no that an authorizer could not be asked about is unreadable.
 */
export async function subjectAccessReview(
  client: Client,
  identity: KubernetesIdentity,
  right: AccessRight,
): Promise<UserReview> {
  // With groups alone the API server would answer for nobody in particular.
  if (identity.user === '') {
    return unreadable('invalid', APPROVER_WORDS, 'no Kubernetes user is known for this person');
  }
  const spec = { user: identity.user, groups: identity.groups, resourceAttributes: { ...right } };
  const answer = await review(client, TYPE, spec, APPROVER_WORDS);
  if (answer.kind === 'unreadable') {
    return answer;
  }
  const allowed = valueAt(answer.value, ['status', 'allowed']);
  const denied = valueAt(answer.value, ['status', 'denied']) === true;
  const failed = textOf(valueAt(answer.value, ['status', 'evaluationError']));
  if (typeof allowed !== 'boolean' || (allowed && denied)) {
    return unreadable('invalid', APPROVER_WORDS, 'the API server answered with something that is no verdict');
  }
  if (!allowed && failed !== '') {
    return unreadable('unavailable', APPROVER_WORDS, `the API server could not evaluate all rules: ${failed}`);
  }
  return { kind: 'known', allowed, reason: textOf(valueAt(answer.value, ['status', 'reason'])) };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? shorten(oneLine(value), 300) : '';
}
