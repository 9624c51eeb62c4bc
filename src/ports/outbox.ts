import type { ChatMethod } from '../core/chat/chat-method.ts';
import type { Delivery, Detour } from '../core/chat/delivery.ts';

/** Keeps every outgoing message before it is sent. Throws STORE_UNAVAILABLE. */
export interface Outbox {
  /**
   * `outdated`: the key has this version or a newer one already, or it is a delivery that cannot be edited and whose
   * first version is under way or sent.
   */
  put(delivery: Delivery): Promise<'stored' | 'outdated'>;
  /** Where the message of a key was posted. */
  posted(key: string): Promise<PostedMessage | undefined>;
  /** Whether nothing of a key waits to be sent or is under way: then what it is and where it was posted stay as they are. */
  isSettled(key: string): Promise<boolean>;
  /**
   * Gives up what waits to be posted for the first time; a newer version may be put later. False: it is under way or
   * posted already.
   */
  withdraw(key: string): Promise<boolean>;
}

/** A message in the chat system. */
export interface PostedMessage {
  readonly channel: string;
  readonly ts: string;
}

/** A message that one sender has taken for itself until its lease ends. */
export interface Claim {
  readonly delivery: Delivery;
  /** Where it was posted before; then it is edited. */
  readonly posted?: PostedMessage;
  /** Sends before this one that failed. */
  readonly failures: number;
  /** An earlier send may have arrived: look before sending again. */
  readonly uncertain: boolean;
  /** Counts claims of a row; a settlement with an older fence changes nothing. */
  readonly fence: number;
}

/** What became of a claim. */
export type Settlement =
  | { readonly kind: 'sent'; readonly posted?: PostedMessage }
  /** Try again; `uncertain` when this send may have arrived. */
  | { readonly kind: 'retry'; readonly afterMs: number; readonly uncertain: boolean; readonly reason: string }
  /** It was not tried, for a reason that is not its own (rate limit, configuration): try again, not counted as a failure. */
  | { readonly kind: 'postpone'; readonly afterMs: number; readonly reason: string }
  /** The posted message is gone or cannot be edited: post it again. */
  | { readonly kind: 'repost'; readonly reason: string }
  /** Its place takes no message: post it, and every later version, where the detour leads. Only of cards. */
  | { readonly kind: 'detour'; readonly detour: Detour; readonly reason: string }
  /** It can never be sent; kept for a day with its reason. */
  | { readonly kind: 'dead'; readonly reason: string };

/** The sender's side of the outbox: rows that are due, within the rate limits. Throws STORE_UNAVAILABLE. */
export interface OutboxRows {
  /**
   * The most urgent row that may be sent now, or how long there is nothing to do; no row that needs one of the methods
   * in `except`. Several senders never get the same row.
   */
  claim(
    except?: readonly ChatMethod[],
  ): Promise<
    { readonly kind: 'claimed'; readonly claim: Claim } | { readonly kind: 'none'; readonly nextInMs: number }
  >;
  /** Prolongs the lease of a claim while its send is under way; false when another sender may have it already. */
  renew(claim: Claim): Promise<boolean>;
  settle(claim: Claim, settlement: Settlement): Promise<void>;
  /** Slack answered 429: no row that needs this method is claimed for that long. */
  pauseMethod(method: ChatMethod, forMs: number): Promise<void>;
  /** Calls back when something was put; returns how to stop listening. */
  onPut(listener: () => void): () => void;
  /** Rows that are not sent yet, by state, for health and metrics. */
  backlog(): Promise<{ readonly waiting: number; readonly oldestMs: number }>;
}
