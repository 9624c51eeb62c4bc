import type { Action, Possible } from '../../actions/action.ts';
import { oneLine, shorten } from '../../core/facts/text.ts';
import type { FittingRule } from '../../core/policy/decide-remediation.ts';
import { changeKey } from '../../core/remediation/change-identity.ts';
import type { ApprovalRule, RemediationPlan } from '../../core/remediation/remediation.ts';
import type { Offer } from './offer.ts';
import type { ExecutorDeps } from './remediation-deps.ts';

const LONGEST_CAUSE = 300;

/** What was found and decided about an offer. */
export interface Found {
  readonly found: Possible;
  readonly rule: FittingRule;
  readonly action: Action;
  /** By the clock of the store. */
  readonly now: Date;
}

/**
 * The plan of a change. The same click makes the same id, so that it is proposed once; a later run of the question makes
 * another one.
 */
export function buildPlan(offer: Offer, { found, rule, action, now }: Found, deps: ExecutorDeps): RemediationPlan {
  const { job, question, offered, finding, playbooks, place } = offer;
  const { target, tier, fingerprint, words, rights } = found;
  const { cluster, ids } = deps;
  const { proposalMs } = deps.settings().times;
  const key = changeKey({ cluster, target, input: offered });
  return {
    id: `m-${ids.derive('remediation', key, question.id, String(job.run))}`,
    cluster,
    input: offered,
    tier,
    conditional: action.conditional,
    target,
    fingerprint,
    words,
    rights,
    approval: approvalOf(found, rule),
    finding: {
      code: finding.code,
      cause: shorten(oneLine(finding.cause), LONGEST_CAUSE),
      playbooks,
      question: question.id,
      run: job.run,
    },
    requester: question.asker,
    proposer: { team: job.team, user: job.user },
    replyTo: place,
    proposedAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + proposalMs).toISOString(),
  };
}

/** What cannot be undone is confirmed by typing the name of the object. */
function approvalOf({ tier, words, target }: Possible, { approval }: FittingRule): ApprovalRule {
  return tier === 'T3' || words.danger !== undefined ? { ...approval, confirm: target.name } : approval;
}
