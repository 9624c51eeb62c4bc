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

/** Looks people and channels up; answers may be up to 60 seconds old. Throws CHAT_UNAVAILABLE. */
export interface People {
  person(user: string): Promise<Person>;
  place(channel: string): Promise<Place>;
}
