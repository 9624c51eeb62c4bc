/** What the chat system says about a person. */
export interface Person {
  readonly user: string;
  readonly team: string;
  /** Deactivated accounts ask nothing. */
  readonly deactivated: boolean;
  /** Single-channel and multi-channel guests. */
  readonly guest: boolean;
  readonly bot: boolean;
  /** Of another workspace, by way of a shared channel. */
  readonly foreign: boolean;
  /** As others see it; hostile text. */
  readonly name?: string;
}

/** What the chat system says about a channel. */
export interface Place {
  readonly channel: string;
  readonly name: string;
  readonly kind: 'channel' | 'direct' | 'group';
  /** Shared with another organisation or workspace. */
  readonly shared: boolean;
  readonly archived: boolean;
  /** Whether the bot is in it. */
  readonly member: boolean;
}

/** Looks people, channels and groups up. Throws CHAT_UNAVAILABLE. */
export interface People {
  /** Up to 60 seconds old. */
  person(user: string): Promise<Person>;
  /** Up to 60 seconds old. */
  place(channel: string): Promise<Place>;
  /** As of now, never remembered: for decisions that change something. */
  personNow(user: string): Promise<Person>;
  /** As of now, never remembered. */
  placeNow(channel: string): Promise<Place>;
  /** IDs of the people in a user group, as of now. */
  groupMembers(group: string): Promise<readonly string[]>;
}
