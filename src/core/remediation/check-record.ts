import type { RemediationRecord } from './remediation.ts';
import { planText, signedPlanText, voteText } from './signed-text.ts';
import { isOpen } from './state.ts';
import type { Tier } from './tier.ts';

/** How digests and signatures are checked. */
export interface SignatureTools {
  digest(text: string): string;
  verify(text: string, signature: string): boolean;
}

/** What a record must be about. */
export interface Expected {
  readonly id: string;
  readonly cluster: string;
}

const LEAST_APPROVERS: Readonly<Record<Tier, number>> = { T1: 1, T2: 1, T3: 2 };

/** What shows that a plan was not made by an executor of this cluster, for the audit, or nothing. */
export function planForgery(
  { signed: { plan, digest, signature } }: Pick<RemediationRecord, 'signed'>,
  { id, cluster }: Expected,
  tools: SignatureTools,
): string | undefined {
  if (plan.id !== id) {
    return `it is stored as ${id}, and its plan is that of another change`;
  }
  if (plan.cluster !== cluster) {
    return 'its plan is for another cluster';
  }
  if (tools.digest(planText(plan)) !== digest) {
    return 'its plan is not the one that was proposed';
  }
  return tools.verify(signedPlanText(digest), signature) ? undefined : 'its plan is not signed by an executor';
}

/** What shows that an approved record was not approved through a gateway by enough people, or nothing. */
export function approvalForgery(
  { signed: { plan, digest }, votes }: Pick<RemediationRecord, 'signed' | 'votes'>,
  tools: SignatureTools,
): string | undefined {
  const { id, tier, approval, requester, proposer, replyTo } = plan;
  for (const vote of votes) {
    if (!tools.verify(voteText(id, digest, vote), vote.signature)) {
      return `the approval of ${vote.user} is not signed by a gateway`;
    }
    if (vote.team !== replyTo.team) {
      return `the approval of ${vote.user} is of another workspace`;
    }
    // Within an organisation a person has the same ID in each workspace.
    if (vote.user === requester.user || vote.user === proposer.user) {
      return `${vote.user} approved a change of their own`;
    }
  }
  const voters = new Set(votes.map(({ user }) => user));
  const required = Math.max(approval.required, LEAST_APPROVERS[tier]);
  return voters.size < required ? `it has ${voters.size} of ${required} approvals` : undefined;
}

/** What shows that a change that had ended was taken up again, or nothing: no transition leads out of an end. */
export function revival({ history }: Pick<RemediationRecord, 'history'>): string | undefined {
  const end = history.find(({ state }) => !isOpen(state));
  return end && `it had ended before as ${end.state} (${end.at})`;
}
