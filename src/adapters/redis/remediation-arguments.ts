import { governedNamespace } from '../../core/policy/decide-remediation.ts';
import { changeKey, objectKey, targetText } from '../../core/remediation/change-identity.ts';
import type { RemediationLimits } from '../../core/remediation/limits.ts';
import type { SignedPlan } from '../../core/remediation/remediation.ts';
import { proposedAudit } from '../../core/remediation/store-audit.ts';
import type { Argument } from './redis-connection.ts';

/** More than any limit; Lua knows no word for infinity. */
const NO_LIMIT = 1e15;

/** The start of every key of remediations and their audit; all of them are in one slot of a Redis cluster. */
export function remediationBase(prefix = 'kubewhy'): string {
  return `${prefix}:{remedy}:`;
}

/** What PROPOSE takes before the limits. */
export function proposeArguments(signed: SignedPlan): readonly Argument[] {
  const { plan, digest } = signed;
  const { approval, target } = plan;
  return [
    plan.id,
    changeKey(plan),
    digest,
    JSON.stringify(signed),
    plan.cluster,
    governedNamespace(plan),
    plan.input.action,
    plan.conditional ? '1' : '0',
    approval.required,
    approval.owners.length === 0 ? '0' : '1',
    plan.requester.user,
    plan.proposer.user,
    objectKey(target),
    targetText(target),
    Date.parse(plan.expiresAt) || 0,
    JSON.stringify(proposedAudit(signed)),
  ];
}

/** Limits as the scripts read them. */
export function limitArguments(limits: RemediationLimits): readonly Argument[] {
  return [
    limits.inFlightPerCluster,
    limits.inFlightPerNamespace,
    limits.perClusterHour,
    limits.perNamespaceHour,
    limits.perTargetMinutes * 60_000,
    limits.perTargetDay ?? NO_LIMIT,
  ].map((limit) => Math.min(limit, NO_LIMIT));
}

/** The ending that a person gives. */
export function endingText({ user, reason }: { readonly user: string; readonly reason: string }): string {
  return JSON.stringify({ reason, by: user });
}
