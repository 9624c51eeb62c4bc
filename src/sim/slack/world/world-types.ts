/** The workspace in which the app is installed. */
export interface SlackTeam {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
}

/** What kind of account it is. A `foreign` user belongs to another workspace and is here through Slack Connect. */
export type UserKind = 'member' | 'guest' | 'bot' | 'foreign';

/** An account, as `users.info` describes it. */
export interface SlackUser {
  readonly id: string;
  readonly teamId: string;
  /** The handle, without `@`. */
  readonly name: string;
  readonly realName: string;
  readonly kind: UserKind;
  readonly deleted: boolean;
}

/** `im` is the direct conversation of one user with the bot. */
export type ChannelKind = 'public' | 'private' | 'im';

/** A channel or direct conversation. */
export interface SlackChannel {
  readonly id: string;
  readonly name: string;
  readonly kind: ChannelKind;
  /** User ids; the bot's own id among them means that it is a member. */
  readonly members: readonly string[];
  readonly isArchived: boolean;
  /** Shared with another workspace through Slack Connect. */
  readonly isExtShared: boolean;
}

/** A group that `<!subteam^ID>` mentions. */
export interface SlackUserGroup {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly users: readonly string[];
}

/** The installed app. */
export interface SlackApp {
  readonly id: string;
  readonly name: string;
  readonly botId: string;
  readonly botUserId: string;
}
