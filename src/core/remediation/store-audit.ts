import type { AuditDraft } from './audit.ts';
import { targetText } from './change-identity.ts';
import type { RemediationPlan, SignedPlan } from './remediation.ts';

/** How the audit names a person of Slack. */
export function slackActor({ team, user }: { readonly team: string; readonly user: string }): string {
  return `slack:${team}/${user}`;
}

/** How the audit names an executor. */
export function executorActor(worker: string): string {
  return `executor:${worker}`;
}

/** What entries about the same plan share. */
export function planAudit(plan: RemediationPlan): Pick<AuditDraft, 'cluster' | 'remediation' | 'target' | 'action'> {
  return {
    cluster: plan.cluster,
    remediation: plan.id,
    target: targetText(plan.target),
    action: plan.input.action,
  };
}

/** The entry of a proposal. */
export function proposedAudit({ plan, digest }: SignedPlan): AuditDraft {
  return {
    ...planAudit(plan),
    event: 'proposed',
    to: 'proposed',
    actor: slackActor(plan.proposer),
    detail: {
      digest,
      tier: plan.tier,
      rule: plan.approval.rule,
      required: plan.approval.required,
      requester: slackActor(plan.requester),
      finding: plan.finding.code,
      playbooks: plan.finding.playbooks,
      question: plan.finding.question,
      run: plan.finding.run,
      expiresAt: plan.expiresAt,
    },
    security: 2,
  };
}

/** The entry of switching changes off or on; `scope` is a cluster or `*`. */
export function switchAudit(
  event: 'stopped' | 'resumed',
  { scope, by, detail }: { readonly scope: string; readonly by: string; readonly detail: AuditDraft['detail'] },
): AuditDraft {
  return { event, cluster: scope, remediation: '', actor: by, detail, security: 4 };
}
