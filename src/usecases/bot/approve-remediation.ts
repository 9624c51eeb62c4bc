import { mayApprove } from '../../core/policy/decide-remediation.ts';
import { ownersSatisfied } from '../../core/policy/remediation-people.ts';
import type { RemediationRecord, Vote } from '../../core/remediation/remediation.ts';
import { voteText } from '../../core/remediation/signed-text.ts';
import type { Act, ApprovalEntry, ApprovalForm, ApprovalReply, Bot } from '../../ports/bot.ts';
import type { DecideResult } from '../../ports/remediation-store.ts';
import { confirmProblem, readApproval } from './approval-entry.ts';
import type { BotDeps } from './bot-deps.ts';
import { alreadyWords, undecidedWords } from './decision-words.ts';
import { isFirstClick } from './first-click.ts';
import { moreApprovals } from './more-approvals.ts';
import {
  decided,
  type PressedChange,
  pressedChange,
  type RemediationDeed,
  type RemediationRefusal,
  refuse,
  remediationParts,
} from './remediation-permission.ts';
import { startExecution } from './start-execution.ts';

/** A window may be sent for this long; the same one counts once. */
const ATTEMPT_SECONDS = 3600;

/** The button "Approve…": what its window shows. */
export async function prepareApproval(
  act: Act,
  remediation: string,
  deps: BotDeps,
): ReturnType<Bot['prepareApproval']> {
  if (!(await isFirstClick(act, deps))) {
    return { kind: 'duplicate' };
  }
  const checked = await approvable(act, { remediation, deed: 'open-approval' }, deps);
  if (checked.kind !== 'ok') {
    return checked;
  }
  const { record, parts } = checked;
  const { plan } = record.signed;
  if (record.state !== 'awaiting_approval') {
    const reason = await alreadyWords(record.state, record, deps);
    return refuse(act, { deed: 'open-approval', why: 'state', reason, record }, deps);
  }
  if ((await parts.store.now()).getTime() >= Date.parse(plan.expiresAt)) {
    const reason = await alreadyWords('expired', record, deps);
    return refuse(act, { deed: 'open-approval', why: 'state', reason, record }, deps);
  }
  if (record.votes.some(({ user }) => user === act.user)) {
    const reason = await undecidedWords({ kind: 'voted' }, record, deps);
    return refuse(act, { deed: 'open-approval', why: 'state', reason, record }, deps);
  }
  return { kind: 'form', form: formOf(record, act.user) };
}

function formOf(record: RemediationRecord, user: string): ApprovalForm {
  const { plan, digest } = record.signed;
  const { confirm, reasonRequired } = plan.approval;
  const more = moreApprovals(record, user);
  return {
    remediation: plan.id,
    digest,
    words: plan.words,
    cluster: plan.cluster,
    tier: plan.tier,
    ...(confirm === undefined ? {} : { confirm }),
    reasonRequired,
    ...(more === undefined ? {} : { more }),
  };
}

/** The window was sent: counts the approval once, whatever is delivered or sent again. */
export async function approve(
  act: Act,
  asked: { readonly remediation: string; readonly entry: ApprovalEntry },
  deps: BotDeps,
): Promise<ApprovalReply> {
  const attempt = `approve-${deps.ids.derive('approve', act.team, act.delivery)}`;
  const again = !(await deps.seen.firstTime(attempt, ATTEMPT_SECONDS));
  // A mark that outlived its attempt, as when the store failed in between, must not swallow the next one.
  if (again && !(await isUncounted(act, asked.remediation, deps))) {
    return duplicate(deps);
  }
  try {
    const reply = await approveChecked(act, asked, deps);
    if (again && reply.kind === 'refused' && !(await isUncounted(act, asked.remediation, deps))) {
      // The other delivery was faster.
      return duplicate(deps);
    }
    if (reply.kind !== 'done') {
      // The window stays open, and sends itself again under the same name.
      await deps.seen.forget(attempt);
    }
    return reply;
  } catch (error) {
    await deps.seen.forget(attempt).catch(() => undefined);
    throw error;
  }
}

function duplicate({ metrics }: BotDeps): ApprovalReply {
  metrics.count('duplicates_total', { kind: 'click' });
  return { kind: 'duplicate' };
}

/** Whether the change still waits for that person. */
async function isUncounted({ user }: Act, remediation: string, deps: BotDeps): Promise<boolean> {
  const record = await remediationParts(deps)?.store.read(remediation);
  return record?.state === 'awaiting_approval' && !record.votes.some((vote) => vote.user === user);
}

async function approveChecked(
  act: Act,
  { remediation, entry }: { readonly remediation: string; readonly entry: ApprovalEntry },
  deps: BotDeps,
): Promise<ApprovalReply> {
  const checked = await approvable(act, { remediation, deed: 'approve' }, deps);
  if (checked.kind !== 'ok') {
    return checked;
  }
  const { record, parts } = checked;
  const { plan, digest } = record.signed;
  if (entry.digest !== digest) {
    const reason = await undecidedWords({ kind: 'stale' }, record, deps);
    return refuse(act, { deed: 'approve', why: 'stale', reason, record }, deps);
  }
  const read = readApproval(entry, plan.approval);
  if (read.kind === 'invalid') {
    await refuse(act, { deed: 'approve', why: 'input', reason: read.reason, record }, deps);
    return read;
  }
  const vote = await voteOf(act, checked, read.reason, deps);
  return settled(act, { result: await parts.store.approve(remediation, digest, vote), checked }, deps);
}

/** The change, if that person may approve it at this moment. */
async function approvable(
  act: Act,
  asked: { readonly remediation: string; readonly deed: RemediationDeed },
  deps: BotDeps,
): Promise<PressedChange | RemediationRefusal> {
  const pressed = await pressedChange(act, asked, deps);
  if (pressed.kind !== 'ok') {
    return pressed;
  }
  const { record, question, parts } = pressed;
  const { deed } = asked;
  const decision = await decided(
    (groups) => mayApprove(parts.policy, groups === undefined ? question : { ...question, groups }),
    deps,
  );
  if (decision.kind === 'refused') {
    return refuse(act, { deed, why: decision.why, reason: decision.reason, record }, deps);
  }
  const problem = confirmProblem(record.signed.plan);
  return problem === undefined ? pressed : refuse(act, { deed, why: 'policy', reason: problem, record }, deps);
}

/** What is stored and signed. Whether an owner approved decides when a T3 is approved; executors look again. */
async function voteOf(
  { team, user }: Act,
  { record, parts }: PressedChange,
  reason: string,
  deps: BotDeps,
): Promise<Omit<Vote, 'at'>> {
  const { plan, digest } = record.signed;
  const { owners } = plan.approval;
  const owner = await decided((groups) => ownersSatisfied(owners, [user], groups), deps);
  return {
    team,
    user,
    reason,
    signature: parts.signer.sign(voteText(plan.id, digest, { team, user, reason })),
    ...(owners.length === 0 ? {} : { owner: owner.kind === 'satisfied' }),
  };
}

async function settled(
  act: Act,
  { result, checked }: { readonly result: DecideResult; readonly checked: PressedChange },
  deps: BotDeps,
): Promise<ApprovalReply> {
  const { parts } = checked;
  const { plan } = checked.record.signed;
  const record = (await parts.store.read(plan.id)) ?? checked.record;
  switch (result.kind) {
    case 'counted':
      return { kind: 'done', say: countedWords(result, record) };
    case 'decided':
      return startExecution(record, parts, deps);
    default: {
      const reason = await undecidedWords(result, record, deps);
      const why = result.kind === 'own' ? 'four-eyes' : result.kind === 'stale' ? 'stale' : 'state';
      return refuse(act, { deed: 'approve', why, reason, record }, deps);
    }
  }
}

function countedWords(
  { votes, required }: Extract<DecideResult, { kind: 'counted' }>,
  { votes: known }: RemediationRecord,
): string {
  const count = `Your approval counts: ${Math.max(votes, known.length)} of ${required}.`;
  return votes >= required ? `${count} An owner must approve as well.` : count;
}
