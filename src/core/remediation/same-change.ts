import { canonicalJson } from './canonical-json.ts';
import type { AccessRight, RemediationPlan, RemediationTarget } from './remediation.ts';
import type { Tier } from './tier.ts';

/** What an inspection found that can be done, as far as it must be what was approved. */
export interface Found {
  readonly target: RemediationTarget;
  readonly tier: Tier;
  readonly fingerprint: string;
  readonly rights: readonly AccessRight[];
}

const AGAIN = 'Nothing was changed. Diagnose it again.';

/** Why what can be done now is not what was approved, or nothing. */
export function otherChange(plan: RemediationPlan, found: Found): string | undefined {
  if (canonicalJson(found.target) !== canonicalJson(plan.target)) {
    return `The object is not the one that the approval was for. ${AGAIN}`;
  }
  if (found.tier !== plan.tier) {
    return `The change is more or less dangerous than it was when it was approved (${found.tier} instead of ${plan.tier}). ${AGAIN}`;
  }
  if (found.fingerprint !== plan.fingerprint) {
    return `What the decision rested on has changed since it was approved. ${AGAIN}`;
  }
  return canonicalJson(found.rights) === canonicalJson(plan.rights)
    ? undefined
    : `The change needs other rights than when it was approved. ${AGAIN}`;
}
