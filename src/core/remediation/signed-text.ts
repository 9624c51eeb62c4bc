import { canonicalJson } from './canonical-json.ts';
import type { RemediationPlan, Vote } from './remediation.ts';

/** The text of which a plan's digest is made. */
export function planText(plan: RemediationPlan): string {
  return canonicalJson(plan);
}

/** The text that an executor signs for a plan. */
export function signedPlanText(digest: string): string {
  return `plan:${digest}`;
}

/** The text that a gateway signs for a vote: whoever forges a vote in the store does not know its signature. */
export function voteText(
  remediation: string,
  digest: string,
  { team, user, reason }: Pick<Vote, 'team' | 'user' | 'reason'>,
): string {
  return canonicalJson({ digest, reason, remediation, team, user, vote: 'approve' });
}
