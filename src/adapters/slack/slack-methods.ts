/**
 * Every Web API method that Kubewhy calls, with the bot scopes it needs. Where a method lists several, each one opens
 * it for another kind of conversation. `deploy/slack-manifest.yaml` asks for exactly these.
 */
export const SLACK_METHODS = {
  'auth.test': [],
  'chat.postMessage': ['chat:write'],
  'chat.postEphemeral': ['chat:write'],
  'chat.update': ['chat:write'],
  'conversations.history': ['channels:history', 'groups:history', 'im:history', 'mpim:history'],
  'conversations.info': ['channels:read', 'groups:read', 'im:read', 'mpim:read'],
  'conversations.replies': ['channels:history', 'groups:history', 'im:history', 'mpim:history'],
  'files.completeUploadExternal': ['files:write'],
  'files.getUploadURLExternal': ['files:write'],
  'usergroups.users.list': ['usergroups:read'],
  'users.info': ['users:read'],
  'views.open': [],
  'views.publish': [],
  'views.update': [],
} as const satisfies Record<string, readonly string[]>;

/** A Web API method with its scopes known. */
export type SlackMethod = keyof typeof SLACK_METHODS;

/** Scopes that Slack's deliveries need: slash command and shortcut, mentions, and what is written to the bot directly. */
export const DELIVERY_SCOPES = ['commands', 'app_mentions:read', 'im:history'] as const;
