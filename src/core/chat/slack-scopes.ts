/** A permission of the Slack app, and what does not work without it. */
export interface SlackScope {
  readonly scope: string;
  /** Ends the sentence "without it …". */
  readonly without: string;
  /** Kubewhy works without it, only not as well. */
  readonly optional?: true;
}

/** Every bot scope that Kubewhy uses; `deploy/slack-manifest.yaml` asks for exactly these. */
export const SLACK_SCOPES: readonly SlackScope[] = [
  { scope: 'commands', without: 'there is no slash command and no message shortcut' },
  { scope: 'chat:write', without: 'no answer can be posted' },
  { scope: 'app_mentions:read', without: 'mentions are not heard, and slash commands do not work in threads' },
  { scope: 'users:read', without: 'nobody can be told from a guest or a bot, so every question is refused' },
  { scope: 'channels:read', without: 'questions in public channels are refused' },
  { scope: 'groups:read', without: 'questions in private channels are refused' },
  { scope: 'im:read', without: 'questions in direct messages are refused' },
  { scope: 'mpim:read', without: 'questions in group messages are refused' },
  { scope: 'files:write', without: 'long evidence cannot be given as a file' },
  {
    scope: 'usergroups:read',
    without: 'whoever is allowed something by a user group is refused',
    optional: true,
  },
  ...['channels', 'groups', 'im', 'mpim'].map((place) => ({
    scope: `${place}:history`,
    without: 'a message whose sending was interrupted cannot be found again, and may be posted twice',
    optional: true as const,
  })),
];

/** The scope of the app-level token. */
export const APP_TOKEN_SCOPE = 'connections:write';
