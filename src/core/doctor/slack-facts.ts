/** Why a call to Slack failed: Slack's own code such as `invalid_auth`, or what the network said. */
export type SlackFault =
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'unreachable'; readonly reason: string };

/** What the bot token is good for. */
export type BotTokenFact =
  | {
      readonly kind: 'valid';
      readonly team: string;
      readonly bot: string;
      /** Undefined when Slack did not say. */
      readonly scopes: readonly string[] | undefined;
      /** Positive: this machine is ahead. Undefined when Slack did not say the time. */
      readonly clockSkewMs: number | undefined;
    }
  | SlackFault;

/** What the app-level token is good for. */
export type AppTokenFact = { readonly kind: 'valid' } | SlackFault;

/** What Slack says about a channel of the settings. */
export type ChannelFact =
  | {
      readonly kind: 'channel';
      readonly id: string;
      readonly name: string;
      readonly member: boolean;
      readonly archived: boolean;
      readonly shared: boolean;
    }
  | { readonly kind: 'unknown'; readonly id: string; readonly fault: SlackFault };

/** What Slack says about a user group of the settings. */
export type UserGroupFact =
  | { readonly kind: 'group'; readonly id: string; readonly people: number; readonly members: readonly string[] }
  | { readonly kind: 'unknown'; readonly id: string; readonly fault: SlackFault };

/** What was found out about Slack; a part that was not configured is absent. */
export interface SlackFacts {
  readonly bot?: BotTokenFact;
  readonly app?: AppTokenFact;
  readonly channels: readonly ChannelFact[];
  readonly groups: readonly UserGroupFact[];
  /** Channels that were left out because there are too many. */
  readonly leftOut: number;
}
