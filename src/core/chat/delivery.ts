import type { Content } from './content.ts';

/** What goes first when not everything may be sent at once. */
export type Priority = 'urgent' | 'answer' | 'alert' | 'news';

/** What every outgoing message has. */
interface DeliveryBase {
  /** Names the message for ever: what is stored under a key twice is sent once. */
  readonly key: string;
  readonly team: string;
  readonly priority: Priority;
  /** An older version never overwrites a newer one; the same version is not sent again. */
  readonly version: number;
  readonly content: Content;
}

/** Where a card is shown instead of where it was meant to be, because that place takes no messages. */
export interface Detour {
  /** `channel`: beside its thread; `asker`: directly to the person who asked; `fallback`: in the other channel that it names. */
  readonly to: 'channel' | 'asker' | 'fallback';
  /** The code with which the chat system refused the place before. */
  readonly code: string;
}

/** A message that is posted once and edited in place afterwards. */
export interface CardDelivery extends DeliveryBase {
  readonly kind: 'card';
  readonly channel: string;
  readonly thread?: string;
  /** A channel that takes it when its own does not. */
  readonly fallback?: string;
  /** When it is posted into a thread, the channel around it shows it too; an edit changes nothing about that. */
  readonly broadcast?: true;
  /** Known to the outbox once the place has refused it; never given when it is put. */
  readonly detour?: Detour;
}

/** A message that only one person sees; it cannot be edited. */
export interface EphemeralDelivery extends DeliveryBase {
  readonly kind: 'ephemeral';
  readonly channel: string;
  readonly user: string;
  readonly thread?: string;
}

/** An answer through `response_url`, where the bot is not a member; only the asker sees it. */
export interface ResponseDelivery extends DeliveryBase {
  readonly kind: 'response';
  readonly url: string;
}

/** A file in a thread. */
export interface FileDelivery extends DeliveryBase {
  readonly kind: 'file';
  readonly channel: string;
  readonly thread: string;
}

/** The App Home of one person. */
export interface HomeDelivery extends DeliveryBase {
  readonly kind: 'home';
  readonly user: string;
}

/** One outgoing message. */
export type Delivery = CardDelivery | EphemeralDelivery | ResponseDelivery | FileDelivery | HomeDelivery;
