import type { RemediationCard } from '../../../core/chat/content.ts';
import { listWords } from '../../../core/facts/text.ts';
import { formatSpan, secondsBetween } from '../../../core/facts/time.ts';
import type { ActionCode } from '../../../core/playbook/vocabulary.ts';
import type { RemediationPlan, RemediationRecord } from '../../../core/remediation/remediation.ts';
import type { RemediationState } from '../../../core/remediation/state.ts';
import { CAPS } from './fit-budget.ts';
import { bold, cutMrkdwn, cutPlain, mention, plainWords, prose } from './mrkdwn.ts';

/** These keep trouble from spreading, or are a step of several, and mend nothing by themselves. */
const MENDS_NOTHING: readonly ActionCode[] = ['R-CORDON', 'R-UNCORDON', 'R-OOS-TAINT', 'R-OBJ-FINALIZER-REMOVE'];
const REASON = 300;

/** The first line: a mark, how it stands in bold, and on which cluster. */
export function headLine({ record }: RemediationCard): string {
  const { plan } = record.signed;
  const state = stateLine(record);
  const mark = MARKS[record.state];
  return namesChange(record)
    ? `${mark} ${bold(`${state}: ${changeMrkdwn(plan)}`)} · ${clusterOf(plan)}`
    : `${mark} ${state}`;
}

/** Whether the first line says what is changed. */
export function namesChange({ state }: Pick<RemediationRecord, 'state'>): boolean {
  return NAMES_CHANGE.includes(state);
}

/** What is changed on which cluster. */
export function changeLine({ signed: { plan } }: RemediationRecord): string {
  return `${capital(changeMrkdwn(plan))} · ${clusterOf(plan)}`;
}

/** The same as plain text, as plans and notifications have it. */
export function changePlain({ words, cluster }: Pick<RemediationPlan, 'words' | 'cluster'>): string {
  return `${capital(cutPlain(plainWords(words.title), CAPS.title)) || 'A change'} · ${plainWords(cluster)}`;
}

/** What a notification and a screen reader say. Plain text. */
export function notificationOf({ record }: RemediationCard): string {
  const { plan } = record.signed;
  const change = `${cutPlain(plainWords(plan.words.title), CAPS.title)} (${plainWords(plan.cluster)})`;
  const reason = plainWords(record.ending?.reason ?? '');
  switch (record.state) {
    case 'proposed':
    case 'awaiting_approval':
      return `${neededWords(record)}: ${change}, ${votesText(record)}`;
    case 'succeeded':
      return `${successWord(plan)}: ${reason === '' ? change : `${reason} (${plainWords(plan.cluster)})`}`;
    default:
      return `${SPOKEN[record.state]}: ${change}${reason === '' ? '' : ` · ${reason}`}`;
  }
}

/** `0 of 2 approvals`. */
export function votesText({ votes, signed: { plan } }: RemediationRecord): string {
  const { required } = plan.approval;
  return `${votes.length} of ${required} ${required === 1 ? 'approval' : 'approvals'}`;
}

/** People as mentions: `@a`, `@a and @b`. */
export function mentions(users: readonly string[]): string {
  return listWords([...new Set(users)].map(mention));
}

/** How long something took between entering two states; empty where it is not known. */
function spanBetween({ history }: RemediationRecord, from: RemediationState, to: RemediationState): string {
  const at = (state: RemediationState): string | undefined => history.find((entry) => entry.state === state)?.at;
  const seconds = secondsBetween(at(from), at(to));
  return seconds === undefined ? '' : formatSpan(seconds);
}

/** A text that begins with a word of ours, with a capital letter. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const MARKS: Readonly<Record<RemediationState, string>> = {
  proposed: ':lock:',
  awaiting_approval: ':lock:',
  approved: ':hourglass_flowing_sand:',
  executing: ':gear:',
  verifying: ':mag:',
  succeeded: ':white_check_mark:',
  denied: ':no_entry_sign:',
  expired: ':hourglass:',
  superseded: ':octagonal_sign:',
  blocked: ':octagonal_sign:',
  failed: ':x:',
  verify_failed: ':warning:',
  unknown_outcome: ':grey_question:',
  cancelled: ':no_entry_sign:',
};

/** Their first line is `<state>: <change> · <cluster>`. */
const NAMES_CHANGE: readonly RemediationState[] = [
  'proposed',
  'awaiting_approval',
  'executing',
  'superseded',
  'blocked',
  'failed',
  'unknown_outcome',
];

const SPOKEN: Readonly<Record<Exclude<RemediationState, 'proposed' | 'awaiting_approval' | 'succeeded'>, string>> = {
  approved: 'Approved, starting',
  executing: 'Running',
  verifying: 'Done, watching whether it helped',
  denied: 'Denied',
  expired: 'Expired',
  superseded: 'Not run',
  blocked: 'Not run',
  failed: 'Failed',
  verify_failed: 'It ran, but it did not help',
  unknown_outcome: 'Outcome unknown',
  cancelled: 'Cancelled',
};

function stateLine(record: RemediationRecord): string {
  const { state, votes, ending } = record;
  switch (state) {
    case 'proposed':
    case 'awaiting_approval':
      return neededWords(record);
    case 'approved':
      return `${bold(votes.length === 0 ? 'Approved' : `Approved by ${mentions(votes.map(({ user }) => user))}`)}, starting…`;
    case 'succeeded':
      return successLine(record);
    case 'denied':
    case 'cancelled': {
      const by = ending?.by === undefined ? '' : ` by ${mention(ending.by)}`;
      const reason = cutMrkdwn(prose(ending?.reason ?? ''), REASON);
      return `${bold(`${SPOKEN[state]}${by}`)}${reason === '' ? '' : `: ${reason}`}`;
    }
    case 'expired':
      return bold(wasApproved(record) ? 'Expired before it was begun' : 'Expired without approval');
    case 'verifying':
    case 'verify_failed':
      return bold(SPOKEN[state]);
    default:
      return SPOKEN[state];
  }
}

function successLine(record: RemediationRecord): string {
  const { ending, signed } = record;
  const seen = cutMrkdwn(prose(ending?.reason ?? ''), CAPS.title) || changeMrkdwn(signed.plan);
  const took = spanBetween(record, 'executing', 'succeeded');
  return `${bold(`${successWord(signed.plan)}: ${seen}`)}${took === '' ? '' : ` (it took ${took})`}`;
}

function successWord({ input }: RemediationPlan): string {
  return MENDS_NOTHING.includes(input.action) ? 'Done' : 'Fixed';
}

function neededWords({ votes, signed: { plan } }: RemediationRecord): string {
  const missing = plan.approval.required - votes.length;
  if (votes.length === 0) {
    return 'Approval needed';
  }
  if (missing <= 0) {
    return 'Approval of an owner needed';
  }
  return missing === 1 ? 'One more approval needed' : `${missing} more approvals needed`;
}

function wasApproved({ history }: RemediationRecord): boolean {
  return history.some(({ state }) => state === 'approved');
}

function changeMrkdwn({ words }: Pick<RemediationPlan, 'words'>): string {
  return cutMrkdwn(prose(words.title), CAPS.title) || 'a change';
}

function clusterOf({ cluster }: Pick<RemediationPlan, 'cluster'>): string {
  return prose(cutPlain(cluster, CAPS.cell)) || 'cluster not known';
}
