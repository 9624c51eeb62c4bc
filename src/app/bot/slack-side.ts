import { createLayoutMemory, type LayoutMemory } from '../../adapters/slack/layout-memory.ts';
import { createHttpReceiver } from '../../adapters/slack/receivers/http-receiver.ts';
import { createReplayGuard } from '../../adapters/slack/receivers/replay-guard.ts';
import type { SlackReceiver } from '../../adapters/slack/receivers/slack-receiver.ts';
import { createSocketReceiver } from '../../adapters/slack/receivers/socket-receiver.ts';
import { createPostResponse, type PostResponse } from '../../adapters/slack/response-url.ts';
import { createSlackChat } from '../../adapters/slack/slack-chat.ts';
import {
  createSlackClient,
  SLACK_API_URL,
  type SlackClient,
  type SlackConnection,
} from '../../adapters/slack/slack-client.ts';
import { createSlackFetch } from '../../adapters/slack/slack-fetch.ts';
import { identifyBot, type SlackIdentity } from '../../adapters/slack/slack-identity.ts';
import { createSlackPeople } from '../../adapters/slack/slack-people.ts';
import type { Chat } from '../../ports/chat.ts';
import type { People } from '../../ports/people.ts';
import type { GatewayOptions } from './gateway-options.ts';

/** Everything by which the bot reaches Slack. */
export interface SlackSide {
  readonly identity: SlackIdentity;
  readonly connection: SlackConnection;
  readonly chat: Chat;
  readonly people: People;
  /** For what a person waits for. */
  readonly quickClient: SlackClient;
  readonly postResponse: PostResponse;
  /** Which layouts workspaces refuse. */
  readonly layouts: LayoutMemory;
}

const SEND_MS = 10_000;
/** Modals must open within 3 s of the click. */
const QUICK_MS = 2000;
/** An acknowledgement may take a second in all. */
const LOOKUP_MS = 1500;

/** Asks Slack who the bot is, and makes everything that speaks to Slack. Throws CHAT_REJECTED and CHAT_UNAVAILABLE. */
export async function connectSlack(options: GatewayOptions): Promise<SlackSide> {
  const { service, stores, logger, metrics } = options;
  const apiUrl = service.slack.apiUrl ?? SLACK_API_URL;
  const connection: SlackConnection = { apiUrl, timeoutMs: SEND_MS, logger, metrics };
  const token = service.slack.botToken?.reveal() ?? '';
  const client = createSlackClient(token, connection);
  const identity = await identifyBot(client);
  const postResponse = createPostResponse({ apiUrl, timeoutMs: SEND_MS, metrics });
  const layouts = createLayoutMemory(stores.notes, logger);
  return {
    identity,
    connection,
    layouts,
    people: createSlackPeople({
      client: createSlackClient(token, { ...connection, timeoutMs: LOOKUP_MS }),
      team: identity.team,
    }),
    quickClient: createSlackClient(token, { ...connection, timeoutMs: QUICK_MS }),
    postResponse,
    chat: createSlackChat({
      client,
      postResponse,
      upload: createSlackFetch(SEND_MS),
      apiUrl,
      layouts,
      metrics,
      command: options.settings.slack.command,
      botUser: identity.botUser,
      workspaceUrl: identity.workspaceUrl,
    }),
  };
}

/** The way by which Slack reaches the bot, as the settings say. */
export function openReceiver({ service, settings, stores, logger, metrics }: GatewayOptions): SlackReceiver {
  const { slack } = settings;
  if (slack.mode === 'http') {
    return createHttpReceiver({
      port: slack.port,
      host: slack.host,
      signingSecrets: service.slack.signingSecrets.map((secret) => secret.reveal()),
      replays: createReplayGuard({ seen: stores.seen, logger }),
      logger,
      metrics,
    });
  }
  const apiUrl = service.slack.apiUrl ?? SLACK_API_URL;
  return createSocketReceiver({
    appToken: service.slack.appToken?.reveal() ?? '',
    connection: { apiUrl, timeoutMs: SEND_MS, logger, metrics },
    connections: slack.connections,
  });
}
