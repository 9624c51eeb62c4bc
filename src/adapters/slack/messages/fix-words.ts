import type { ActionCode } from '../../../core/playbook/vocabulary.ts';
import type { Outcome } from '../../../core/question/question.ts';
import type { ProposedAction } from '../../../core/remediation/proposed-action.ts';
import { subjectPath } from '../../../core/subject/subject.ts';
import { code, plainWords } from './mrkdwn.ts';
import type { AnswerContent } from './rendered-message.ts';

/** What an answer offers besides advice. */
export type FixOffer =
  /** Somebody may approve it. */
  | { readonly kind: 'offered'; readonly action: ProposedAction; readonly approvals?: number }
  | { readonly kind: 'none' }
  /** There is a repair, but whether it may be approved is not known (any more). */
  | { readonly kind: 'unknown' };

/** Nothing but advice. */
export const NO_FIX: FixOffer = { kind: 'none' };

type Repair = ProposedAction | undefined;

/** What an answer offers; a repair that is only advice is none. */
export function fixOffer({ outcome, fix, approvals }: AnswerContent): FixOffer {
  const action = repairOf(outcome);
  return fix === 'offered' && action !== undefined
    ? { kind: 'offered', action, ...(approvals === undefined ? {} : { approvals }) }
    : NO_FIX;
}

/** The same of an answer that is being replaced. */
export function undecidedFix(outcome: Outcome): FixOffer {
  return repairOf(outcome) === undefined ? NO_FIX : { kind: 'unknown' };
}

function repairOf(outcome: Outcome): Repair {
  const repair = outcome.kind === 'answered' ? outcome.diagnosis.primary?.remediation : undefined;
  return repair?.action === 'R-ADVICE' ? undefined : repair;
}

/** `1 approval`, `2 approvals`, or that some are needed. */
export function approvalsWords({ action, approvals }: Extract<FixOffer, { readonly kind: 'offered' }>): string {
  if (approvals === undefined) {
    return HARMFUL.includes(action.action) ? 'at least 2 approvals' : 'approval';
  }
  return `${approvals} ${approvals === 1 ? 'approval' : 'approvals'}`;
}

/** Always of the highest tier, for which two people are the least. */
const HARMFUL: readonly ActionCode[] = [
  'R-OOS-TAINT',
  'R-NS-FINALIZE',
  'R-OBJ-FINALIZER-REMOVE',
  'R-VA-DELETE',
  'R-RBD-LOCK-RM',
  'R-NETWORK-FENCE',
];

/** What would be done, as mrkdwn without a full stop. Exactly what is shown before anybody decides. */
export function fixMrkdwn({ action }: Extract<FixOffer, { readonly kind: 'offered' }>): string {
  return WORDS[action.action](action);
}

const WORDS: Readonly<Record<ActionCode, (action: ProposedAction) => string>> = {
  'R-POD-DELETE': (action) => `delete pod ${path(action)}, so that its controller makes a new one`,
  'R-POD-FORCE-DELETE': (action) => `remove pod ${path(action)} at once, without waiting for its node`,
  'R-EVICT': (action) => `evict pod ${path(action)}, as far as its disruption budgets allow`,
  'R-ROLLOUT-RESTART': (action) => `restart the pods of ${path(action)} one after the other`,
  'R-ROLLBACK': (action) => `go back to the pod template that ${path(action)} had before`,
  'R-SCALE': (action) => `change the number of replicas of ${path(action)}`,
  'R-CORDON': (action) => `keep new pods away from ${node(action)}`,
  'R-UNCORDON': (action) => `let new pods come to ${node(action)} again`,
  'R-OOS-TAINT': (action) => `declare ${node(action)} out of service`,
  'R-NS-FINALIZE': (action) =>
    `end the deletion of namespace ${code(action.subject.name)}, if nothing at all is found in it any more`,
  'R-OBJ-FINALIZER-REMOVE': (action) => `remove ${finalizer(action)}, which nothing else will remove`,
  'R-VA-DELETE': () => 'delete the attachment of the volume to the node that is gone',
  'R-RBD-LOCK-RM': () => 'remove the stale lock of the RBD image, then let the kubelet try again',
  'R-NETWORK-FENCE': (action) => `cut ${node(action)} off from the storage`,
  'R-JOB-RECREATE': (action) => `delete Job ${path(action)} and create it anew`,
  'R-ADVICE': () => 'see the next steps',
};

function path({ subject }: ProposedAction): string {
  return code(subjectPath(subject)) || 'it';
}

function node({ subject, parameters }: ProposedAction): string {
  const named = parameters['node'] ?? (subject.kind === 'Node' ? subject.name : '');
  return plainWords(named) === '' ? 'its node' : `node ${code(named)}`;
}

function finalizer({ parameters }: ProposedAction): string {
  const name = parameters['finalizer'] ?? '';
  return plainWords(name) === '' ? 'the finalizer' : `the finalizer ${code(name)}`;
}
