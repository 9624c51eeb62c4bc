import type { RemediationRecord } from '../../core/remediation/remediation.ts';
import type { RemediationState } from '../../core/remediation/state.ts';
import type { DecideResult } from '../../ports/remediation-store.ts';
import type { BotDeps } from './bot-deps.ts';
import { nameOf } from './person-name.ts';

/** A decision that came to nothing. */
export type Undecided = Exclude<DecideResult, { readonly kind: 'counted' | 'decided' }>;

const PROPOSE_AGAIN = 'Nothing was changed. Propose it again.';

/** Why a decision came to nothing, for the person who tried. */
export async function undecidedWords(
  result: Undecided,
  record: RemediationRecord,
  deps: Pick<BotDeps, 'people'>,
): Promise<string> {
  switch (result.kind) {
    case 'voted':
      return 'You have approved this change already; somebody else must approve it as well.';
    case 'own':
      return 'You asked for this change or proposed it, so somebody else must approve it.';
    case 'stale':
      return `The change is not the one that you were shown. ${PROPOSE_AGAIN}`;
    case 'expired':
      return `This change expired before it was approved. ${PROPOSE_AGAIN}`;
    case 'unknown':
      return 'This change is too old: Kubewhy does not keep it any more. Ask again.';
    case 'already':
      return alreadyWords(result.state, record, deps);
    default:
      return result satisfies never;
  }
}

/** What became of a change before, with whom and when. */
export async function alreadyWords(
  state: RemediationState,
  record: RemediationRecord,
  deps: Pick<BotDeps, 'people'>,
): Promise<string> {
  switch (state) {
    case 'proposed':
      return 'This change is not open for decisions yet. Try again in a moment.';
    case 'awaiting_approval':
      return 'This change still waits for approval.';
    case 'denied':
    case 'cancelled':
      return `Already ${state} by ${await byWords(record.ending?.by, deps)}${atWords(record, state)}.`;
    case 'expired':
      return `This change expired before it was approved. ${PROPOSE_AGAIN}`;
    case 'blocked':
    case 'superseded':
      return `This change was stopped before anything was done. ${PROPOSE_AGAIN}`;
    default:
      return `Already approved by ${await byWords(record.votes.at(-1)?.user, deps)}${atWords(record, 'approved')}.`;
  }
}

async function byWords(user: string | undefined, deps: Pick<BotDeps, 'people'>): Promise<string> {
  return user === undefined || !/^[UW][A-Z0-9]+$/.test(user) ? 'somebody' : `@${await nameOf(user, deps)}`;
}

/** ` at 10:41 UTC`, when a state began. */
function atWords({ history }: RemediationRecord, state: RemediationState): string {
  const at = history.find((one) => one.state === state)?.at ?? '';
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(at) ? ` at ${at.slice(11, 16)} UTC` : '';
}
