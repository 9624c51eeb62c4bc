import { textAt } from './fields.ts';
import { checkedWorkspace } from './messages/thread-link.ts';
import type { SlackClient } from './slack-client.ts';
import { startError } from './start-error.ts';

/** Who the bot is in its workspace. */
export interface SlackIdentity {
  readonly team: string;
  /** The bot's user id (`U…`), as it is mentioned. */
  readonly botUser: string;
  /** The bot's own id (`B…`). */
  readonly botId: string;
  /** The name by which it is mentioned, without `@`. */
  readonly botName: string;
  /** The address of the workspace, `https://team.slack.com/`; absent when Slack says none that could be linked to. */
  readonly workspaceUrl?: string;
}

/** Asks Slack who the bot token belongs to. Throws CHAT_REJECTED or CHAT_UNAVAILABLE. */
export async function identifyBot(client: SlackClient): Promise<SlackIdentity> {
  const answer = await client.call('auth.test');
  if (answer.kind === 'failed') {
    throw startError(answer.failure, BOT_TOKEN);
  }
  const team = textAt(answer.body, 'team_id');
  const botUser = textAt(answer.body, 'user_id');
  const botId = textAt(answer.body, 'bot_id');
  if (team === undefined || botUser === undefined || botId === undefined) {
    throw startError({ class: 'config', code: 'not_a_bot_token' }, BOT_TOKEN);
  }
  const workspaceUrl = checkedWorkspace(textAt(answer.body, 'url'));
  const botName = textAt(answer.body, 'user') ?? 'kubewhy';
  return { team, botUser, botId, botName, ...(workspaceUrl === undefined ? {} : { workspaceUrl }) };
}

const BOT_TOKEN = 'bot token (SLACK_BOT_TOKEN)';
