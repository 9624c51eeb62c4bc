import { CHAT_METHODS, type ChatMethod, chatMethodOf } from '../core/chat/chat-method.ts';
import type { Priority } from '../core/chat/delivery.ts';
import { nextDetour } from '../core/chat/detour.ts';
import type { FindResult, SendResult } from '../ports/chat.ts';
import type { Claim, PostedMessage, Settlement } from '../ports/outbox.ts';

/** What came of one attempt to send a claim. */
export type Attempt =
  | SendResult
  /** An earlier send may have arrived, and the chat system did not say whether it did. */
  | { readonly kind: 'not-told'; readonly code: string }
  /** An earlier send may have arrived, and it may be asked only later whether it did. */
  | { readonly kind: 'ask-later'; readonly afterMs: number }
  /** Nothing was sent and nothing will be. */
  | { readonly kind: 'given-up'; readonly reason: string };

/** How a claim ends, and which methods rest meanwhile. */
export interface Verdict {
  readonly settlement: Settlement;
  readonly pauses: readonly { readonly method: ChatMethod; readonly forMs: number }[];
}

const LONGEST_DELAY_MS = 60_000;
const CONFIG_PAUSE_MS = 30_000;
const OF_ONE_METHOD: readonly string[] = ['access_denied', 'missing_scope', 'no_permission'];
/** Failures after which a row is given up: with the delays below 24 hours, for news 15 minutes. */
const MOST_FAILURES: Readonly<Record<Priority, number>> = { urgent: 1445, answer: 1445, alert: 1445, news: 20 };

/** The delay before the next attempt in milliseconds, after so many failures: 1, 2, 4, … 60 s. */
export function retryDelayMs(failures: number): number {
  return Math.min(1000 * 2 ** Math.max(0, failures - 1), LONGEST_DELAY_MS);
}

/** Whether a row has failed so often that it is not tried again. */
export function isWornOut(claim: Claim): boolean {
  return claim.failures >= MOST_FAILURES[claim.delivery.priority];
}

/** Whether sending may double a message that arrived already: edits and Homes overwrite what is there. */
export function mustLookFirst({ uncertain, posted, delivery }: Claim): boolean {
  return uncertain && posted === undefined && delivery.kind !== 'home';
}

/** What to do after looking for a message that may have arrived. */
export type NextStep =
  /** It is there; it may show an older version. */
  | { readonly kind: 'edit'; readonly posted: PostedMessage }
  | { readonly kind: 'send' }
  | { readonly kind: 'end'; readonly attempt: Attempt };

/**
 * Decides after the search. Where nothing can be found out, an answer is rather shown twice than lost; a notice to one
 * person is rather lost.
 */
export function afterSearch({ delivery }: Claim, found: FindResult): NextStep {
  switch (found.kind) {
    case 'found':
      return delivery.kind === 'card'
        ? { kind: 'edit', posted: found.posted }
        : { kind: 'end', attempt: { kind: 'sent', posted: found.posted } };
    case 'absent':
      return { kind: 'send' };
    case 'rate-limited':
      return { kind: 'end', attempt: { kind: 'ask-later', afterMs: found.retryAfterMs } };
    case 'unavailable':
      return { kind: 'end', attempt: { kind: 'not-told', code: found.code } };
    case 'unknown':
      return delivery.kind === 'ephemeral'
        ? { kind: 'end', attempt: { kind: 'given-up', reason: 'it may have been sent already' } }
        : { kind: 'send' };
  }
}

/** Maps what came of an attempt to the end of its claim. */
export function verdictOn(claim: Claim, attempt: Attempt): Verdict {
  switch (attempt.kind) {
    case 'sent':
      return only({ kind: 'sent', ...(attempt.posted === undefined ? {} : { posted: attempt.posted }) });
    case 'rate-limited':
      return rateLimited(claim, attempt.retryAfterMs);
    case 'refused':
      return refused(claim, attempt);
    case 'unavailable':
      // What was found is not kept, so it must be found again, or it would be posted a second time.
      return retry(claim, { uncertain: claim.uncertain && claim.posted !== undefined, reason: attempt.code });
    case 'uncertain':
      return retry(claim, { uncertain: true, reason: attempt.code });
    case 'not-told':
      return retry(claim, { uncertain: true, reason: attempt.code });
    case 'ask-later':
      // Sending has a limit of its own, so it does not rest.
      return only({ kind: 'postpone', afterMs: attempt.afterMs, reason: 'ratelimited' });
    case 'given-up':
      return only({ kind: 'dead', reason: attempt.reason });
  }
}

function rateLimited(claim: Claim, retryAfterMs: number): Verdict {
  const method = chatMethodOf(claim.delivery, claim.posted !== undefined);
  return {
    settlement: { kind: 'postpone', afterMs: retryAfterMs, reason: 'ratelimited' },
    pauses: [{ method, forMs: retryAfterMs }],
  };
}

function refused(claim: Claim, { why, code }: Extract<Attempt, { kind: 'refused' }>): Verdict {
  switch (why) {
    case 'config':
      return {
        settlement: { kind: 'postpone', afterMs: CONFIG_PAUSE_MS, reason: code },
        pauses: refusedMethods(claim, code).map((method) => ({ method, forMs: CONFIG_PAUSE_MS })),
      };
    case 'message':
      return only(claim.posted === undefined ? { kind: 'dead', reason: code } : { kind: 'repost', reason: code });
    case 'channel':
      return only(elsewhere(claim, code));
    case 'payload':
      return only({ kind: 'dead', reason: code });
  }
}

function elsewhere({ delivery }: Claim, code: string): Settlement {
  const detour = delivery.kind === 'card' ? nextDetour(delivery, code) : undefined;
  return detour === undefined ? { kind: 'dead', reason: code } : { kind: 'detour', detour, reason: code };
}

/** A permission that one method lacks says nothing about the others. A response URL carries its own right to be used. */
function refusedMethods(claim: Claim, code: string): readonly ChatMethod[] {
  return OF_ONE_METHOD.includes(code)
    ? [chatMethodOf(claim.delivery, claim.posted !== undefined)]
    : CHAT_METHODS.filter((method) => method !== 'response_url');
}

function retry(claim: Claim, { uncertain, reason }: { readonly uncertain: boolean; readonly reason: string }): Verdict {
  const failures = claim.failures + 1;
  return isWornOut({ ...claim, failures })
    ? only({ kind: 'dead', reason })
    : only({ kind: 'retry', afterMs: retryDelayMs(failures), uncertain, reason });
}

function only(settlement: Settlement): Verdict {
  return { settlement, pauses: [] };
}
