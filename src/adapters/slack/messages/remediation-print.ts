import type { RemediationCard } from '../../../core/chat/content.ts';
import { shorten } from '../../../core/facts/text.ts';
import type { RemediationPlan, RemediationRecord } from '../../../core/remediation/remediation.ts';
import { isOpen, type RemediationState } from '../../../core/remediation/state.ts';
import { detourNote } from './answer-frame.ts';
import { CAPS } from './fit-budget.ts';
import { code, cutMrkdwn, mention, mentionOf, plainWords, prose, slackTime } from './mrkdwn.ts';
import { mentions, votesText } from './remediation-words.ts';
import type { RenderOptions } from './rendered-message.ts';

const MOST_CALLED = 5;

/** The small print: by whom and for whom it was proposed, who decides or decided, and which change it is. */
export function remediationPrint(card: RemediationCard, options: RenderOptions): readonly string[] {
  const { record } = card;
  const waits = record.state === 'proposed' || record.state === 'awaiting_approval';
  const note = options.detour === undefined ? '' : detourNote(options.detour, options.intended);
  return [...(waits ? waitingPrint(card) : decidedPrint(card)), note].filter((element) => element !== '');
}

function waitingPrint({ record, approvers }: RemediationCard): readonly string[] {
  const { plan } = record.signed;
  const called = [...new Set(approvers.map(mentionOf))].filter((id) => id !== '').slice(0, MOST_CALLED);
  const voters = record.votes.map(({ user }) => user);
  const votes = voters.length === 0 ? votesText(record) : `${votesText(record)}, by ${mentions(voters)}`;
  return [
    proposedText(plan),
    joined([
      called.length === 0 ? '' : `Approvers: ${called.join(' ')}`,
      `${votes} (not ${mentions(excluded(plan))})`,
      needsOwner(record) ? 'one of them must be an owner' : '',
      record.state === 'proposed' ? 'the buttons follow in a moment' : '',
      code(plan.id),
    ]),
    reasonsText(record),
  ];
}

function decidedPrint({ record, at }: RemediationCard): readonly string[] {
  const { votes, signed } = record;
  const { plan } = signed;
  const last = votes.at(-1);
  const approved =
    last === undefined ? '' : `Approved by ${mentions(votes.map(({ user }) => user))} at ${slackTime(last.at, at)}`;
  return [
    joined([
      approved,
      `${approved === '' ? 'Requested' : 'requested'} by ${mentions(excluded(plan))}`,
      trail(record),
      code(plan.id),
    ]),
    reasonsText(record),
  ];
}

function proposedText({ finding, requester, proposer }: RemediationPlan): string {
  const by = `Proposed by playbook ${code(shorten(`${finding.code}@${finding.playbooks}`, CAPS.cell))}`;
  const pressed = proposer.user === requester.user ? '' : ` · ${mention(proposer.user)} pressed Review fix`;
  return `${by} for ${mention(requester.user)}${pressed}`;
}

/** Those whose approval never counts. */
function excluded({ requester, proposer }: RemediationPlan): readonly string[] {
  return [requester.user, proposer.user];
}

function needsOwner({ votes, signed: { plan } }: RemediationRecord): boolean {
  return plan.approval.owners.length > 0 && !votes.some(({ owner }) => owner === true);
}

/** Why people approved, in their words. */
function reasonsText({ votes }: RemediationRecord): string {
  const given = votes.filter(({ reason }) => plainWords(reason) !== '');
  const each = Math.floor(CAPS.context / Math.max(1, given.length)) - 20;
  return given
    .map(({ user, reason }) => `${mention(user)}: ${cutMrkdwn(prose(reason), Math.max(40, each))}`)
    .join(' · ');
}

const PLACES: Readonly<Record<RemediationState, string>> = {
  proposed: 'Pending',
  awaiting_approval: 'Pending',
  approved: 'Pending',
  executing: 'Running',
  verifying: 'Running',
  succeeded: 'Verified',
  verify_failed: 'Not verified',
  failed: 'Failed',
  superseded: 'Not run',
  blocked: 'Not run',
  denied: 'Denied',
  expired: 'Expired',
  cancelled: 'Cancelled',
  unknown_outcome: 'Unknown',
};

/** `~Pending~ → ~Running~ → *Verified*` once it is over; empty before. */
function trail({ state, history, intent }: RemediationRecord): string {
  if (isOpen(state)) {
    return '';
  }
  const running = intent === undefined && PLACES[state] !== 'Verified' ? 'Checked' : PLACES.executing;
  const before = history.map((entry) => entry.state).filter(isOpen);
  const places = before.map((open) => (open === 'executing' ? running : PLACES[open]));
  const passed = [...new Set(places)].map((place) => `~${place}~`);
  return [...passed, `*${PLACES[state]}*`].join(' → ');
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' · ');
}
