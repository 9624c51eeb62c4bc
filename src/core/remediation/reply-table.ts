import type { EndState } from './state.ts';

/** What the API server or a tool answered to a change. */
export type Reply =
  | { readonly kind: 'done'; readonly status: number }
  | { readonly kind: 'refused'; readonly status: number; readonly message: string }
  | { readonly kind: 'unknown'; readonly message: string };

/** What decides what a reply means. */
export interface ReplyFacts {
  /** The API server or the tool refuses the change when the object is another one. */
  readonly conditional: boolean;
  /** An earlier send of the same change may have arrived. */
  readonly earlier: boolean;
  /** An eviction: 429 is the answer of a disruption budget. */
  readonly evicts: boolean;
  /** A JSON patch with `test`, or a command that checks: 422 says that the object is another one. */
  readonly tests: boolean;
}

/** How it ends if nothing was changed. */
export interface PlainEnd {
  readonly state: EndState;
  /** For people. */
  readonly reason: string;
}

/** What follows from a reply. */
export type ReplyMeaning =
  | { readonly kind: 'verifying' }
  | { readonly kind: 'end'; readonly end: PlainEnd }
  /** Only the object itself tells; `end` is how it ends when the object is as it was. */
  | { readonly kind: 'look'; readonly because: 'refused' | 'silence'; readonly end: PlainEnd };

/** What a look at the object showed. */
export type Seen = 'made' | 'not-made' | 'changed' | 'cannot-tell';

/** What follows from a look. */
export type LookMeaning =
  | { readonly kind: 'verifying' }
  | { readonly kind: 'again' }
  | { readonly kind: 'end'; readonly end: PlainEnd };

/** Sends of one change at most. */
export const MOST_SENDS = 3;

const BY_SOMEBODY_ELSE: PlainEnd = {
  state: 'superseded',
  reason: 'The object was changed by somebody else in the meantime, and Kubewhy changed nothing. Diagnose it again.',
};
const CANNOT_TELL: PlainEnd = {
  state: 'unknown_outcome',
  reason:
    'The change may have been made: there was no answer, and what became of the object could not be read. Look at it before anything else is done.',
};
const UNCONDITIONAL: PlainEnd = {
  state: 'unknown_outcome',
  reason:
    'There was no answer, so the change may have been made; it is not sent twice. Look at the object before anything else is done.',
};
const NEVER_ANSWERED: PlainEnd = {
  state: 'failed',
  reason: `The change was sent ${MOST_SENDS} times without a definite answer, and the object is as it was. Check the API server, then propose it again.`,
};

/** What a reply means. */
export function readReply(reply: Reply, facts: ReplyFacts): ReplyMeaning {
  if (reply.kind === 'done') {
    return { kind: 'verifying' };
  }
  if (reply.kind === 'unknown') {
    return facts.conditional
      ? { kind: 'look', because: 'silence', end: NEVER_ANSWERED }
      : { kind: 'end', end: UNCONDITIONAL };
  }
  const end = endOfRefusal(reply, facts);
  return facts.earlier || saysOtherObject(reply.status, facts)
    ? { kind: 'look', because: 'refused', end }
    : { kind: 'end', end };
}

function saysOtherObject(status: number, { tests }: ReplyFacts): boolean {
  return status === 404 || status === 409 || (status === 422 && tests);
}

function endOfRefusal(
  { status, message }: Extract<Reply, { readonly kind: 'refused' }>,
  { evicts }: ReplyFacts,
): PlainEnd {
  return status === 429 && evicts
    ? budgetEnd(message)
    : {
        state: 'failed',
        reason: refusedWords(status, `It was refused, so nothing was changed: ${sentenceOf(message)}`),
      };
}

/** A message with a full stop. */
export function sentenceOf(message: string): string {
  return /[.!?…]$/.test(message) ? message : `${message}.`;
}

/** A refusal, then what to do. */
export function refusedWords(status: number, reason: string): string {
  return status === 403
    ? `${reason} Check the rights of the executor (\`kubewhy doctor\`) and the admission webhooks of the cluster, or make the change by hand.`
    : `${reason} Repair what it names, or make the change by hand.`;
}

/** How it ends that the API server lets no pod of a disruption budget go; `message` is what it said. */
export function budgetEnd(message: string): PlainEnd {
  return {
    state: 'blocked',
    reason: `A PodDisruptionBudget forbids it now, so nothing was changed: ${sentenceOf(message)} Wait until more of its pods are Ready, or scale up what they belong to; then ask again.`,
  };
}

/** What a look at the object means after a reply that did not tell enough. `sends`: how often it was sent. */
export function readLook(
  seen: Seen,
  { because, end }: Extract<ReplyMeaning, { readonly kind: 'look' }>,
  { earlier, sends }: { readonly earlier: boolean; readonly sends: number },
): LookMeaning {
  if (seen === 'cannot-tell') {
    return { kind: 'end', end: because === 'silence' || earlier ? CANNOT_TELL : end };
  }
  if (because === 'refused') {
    return seen === 'not-made' ? { kind: 'end', end } : ofOtherObject(earlier);
  }
  if (seen === 'made') {
    return { kind: 'verifying' };
  }
  if (seen === 'changed') {
    return { kind: 'end', end: BY_SOMEBODY_ELSE };
  }
  return sends < MOST_SENDS ? { kind: 'again' } : { kind: 'end', end };
}

/** Whether it was ours: only an earlier send can have made it. */
function ofOtherObject(earlier: boolean): LookMeaning {
  return earlier ? { kind: 'verifying' } : { kind: 'end', end: BY_SOMEBODY_ELSE };
}
