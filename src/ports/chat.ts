import type { Delivery } from '../core/chat/delivery.ts';
import type { PostedMessage } from './outbox.ts';

/** What the chat system said to one send. */
export type SendResult =
  | { readonly kind: 'sent'; readonly posted?: PostedMessage }
  | { readonly kind: 'rate-limited'; readonly retryAfterMs: number }
  /** Refused for good as it is; `config` stops all sending, `message` means that the edited message is gone. */
  | { readonly kind: 'refused'; readonly why: 'config' | 'channel' | 'message' | 'payload'; readonly code: string }
  /** Certainly not accepted; may be sent again. */
  | { readonly kind: 'unavailable'; readonly code: string }
  /** It may have been accepted: nothing was heard after it was sent. */
  | { readonly kind: 'uncertain'; readonly code: string };

/** What is known about a message after an uncertain send. */
export type FindResult =
  | { readonly kind: 'found'; readonly posted: PostedMessage }
  | { readonly kind: 'absent' }
  /** It may be asked again only after this time. */
  | { readonly kind: 'rate-limited'; readonly retryAfterMs: number }
  /** The chat system did not answer the question; ask again later. */
  | { readonly kind: 'unavailable'; readonly code: string }
  /** It cannot be found out, for example because a scope is missing. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** Sends messages; never retries by itself and never throws for an expected answer. */
export interface Chat {
  /** Posts, or edits when `posted` is given. Falls back to a plainer layout by itself when the chat system refuses blocks. */
  send(delivery: Delivery, posted: PostedMessage | undefined): Promise<SendResult>;
  /** Looks for a delivery that may have been accepted, by the key that every message carries. */
  find(delivery: Delivery): Promise<FindResult>;
}
