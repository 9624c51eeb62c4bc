import type {
  CardDelivery,
  Delivery,
  EphemeralDelivery,
  FileDelivery,
  HomeDelivery,
} from '../../core/chat/delivery.ts';
import { placeOf } from '../../core/chat/detour.ts';
import { isEvidenceFile } from '../../core/chat/evidence-size.ts';
import type { Chat, SendResult } from '../../ports/chat.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { PostedMessage } from '../../ports/outbox.ts';
import { findDelivery } from './find-delivery.ts';
import { inLayouts } from './in-layouts.ts';
import type { LayoutMemory } from './layout-memory.ts';
import { messageMetadata } from './message-metadata.ts';
import { homeView } from './messages/home-view.ts';
import { renderContent } from './messages/render-content.ts';
import type { RenderedMessage } from './messages/rendered-message.ts';
import type { PostResponse } from './response-url.ts';
import { sendFile, uniqueFile } from './send-file.ts';
import { sendResult } from './send-result.ts';
import type { CallResult, SlackClient } from './slack-client.ts';
import type { SlackFetch } from './slack-fetch.ts';

/** What sending through Slack needs. */
export interface SlackChatDeps {
  readonly client: SlackClient;
  readonly postResponse: PostResponse;
  /** With a time-out of its own; for the bytes of files. */
  readonly upload: SlackFetch;
  /** The Web API's address. */
  readonly apiUrl: string;
  readonly layouts: LayoutMemory;
  readonly metrics: Metrics;
  /** The slash command with its slash. */
  readonly command: string;
  /** The bot's own user id. */
  readonly botUser: string;
  /** The address of the workspace; without it nothing is linked. */
  readonly workspaceUrl?: string | undefined;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** Nothing is unfurled, and no bare name becomes a mention. */
const QUIET = { unfurl_links: false, unfurl_media: false, link_names: false, parse: 'none' } as const;

/** Slack as the chat port: every message carries the key of its delivery. */
export function createSlackChat(deps: SlackChatDeps): Chat {
  const now = deps.now ?? Date.now;
  return {
    send: (delivery, posted) => send(deps, delivery, posted),
    find: (delivery) => findDelivery({ client: deps.client, botUser: deps.botUser, now }, delivery),
  };
}

async function send(deps: SlackChatDeps, delivery: Delivery, posted: PostedMessage | undefined): Promise<SendResult> {
  switch (delivery.kind) {
    case 'card':
      return await sendCard(deps, delivery, posted);
    case 'file':
      return await sendEvidence(deps, delivery);
    case 'ephemeral':
      return sendResult(await laidOut(deps, delivery, (message) => postEphemeral(deps, delivery, message)), false);
    case 'response':
      return sendResult(await laidOut(deps, delivery, (message) => respond(deps, delivery.url, message)), false);
    case 'home':
      return await publishHome(deps, delivery);
    default:
      return delivery satisfies never;
  }
}

async function sendCard(
  deps: SlackChatDeps,
  delivery: CardDelivery,
  posted: PostedMessage | undefined,
): Promise<SendResult> {
  if (posted === undefined) {
    return sendResult(await laidOut(deps, delivery, (message) => post(deps, delivery, message)), false);
  }
  const edited = await laidOut(deps, delivery, (message) => update(deps, { delivery, posted, message }));
  const result = sendResult(edited, true);
  // What the edit answers may lack the channel; the message stays where it was.
  return result.kind === 'sent' ? { kind: 'sent', posted: result.posted ?? posted } : result;
}

/** In the thread as a message when it is short, else as a file. */
async function sendEvidence(deps: SlackChatDeps, delivery: FileDelivery): Promise<SendResult> {
  const { content } = delivery;
  if (content.kind === 'evidence' && isEvidenceFile(content)) {
    return await sendFile(deps, delivery, uniqueFile(delivery, content));
  }
  return sendResult(await laidOut(deps, delivery, (message) => post(deps, delivery, message)), false);
}

/** Renders the content in each layout that is tried. */
async function laidOut(
  deps: SlackChatDeps,
  delivery: Exclude<Delivery, HomeDelivery>,
  deliver: (message: RenderedMessage) => Promise<CallResult>,
): Promise<CallResult> {
  const { content, version } = delivery;
  if (content.kind === 'home') {
    return misfit('home_is_no_message');
  }
  const { command, workspaceUrl } = deps;
  const options = {
    version,
    command,
    privately: delivery.kind === 'response',
    ...(workspaceUrl === undefined ? {} : { workspaceUrl }),
    ...(delivery.kind === 'card' && delivery.detour !== undefined
      ? { detour: delivery.detour, intended: delivery.channel }
      : {}),
  };
  return await inLayouts(deps, delivery.team, (tier) => deliver(renderContent(content, tier, options)));
}

function post(
  deps: SlackChatDeps,
  delivery: CardDelivery | FileDelivery,
  message: RenderedMessage,
): Promise<CallResult> {
  const { channel, thread } = placeOf(delivery);
  return deps.client.call('chat.postMessage', {
    ...QUIET,
    ...message,
    channel,
    thread_ts: thread,
    ...(delivery.kind === 'card' && delivery.broadcast === true && thread !== undefined
      ? { reply_broadcast: true }
      : {}),
    metadata: messageMetadata(delivery.key, delivery.version),
  });
}

function update(
  deps: SlackChatDeps,
  edit: { readonly delivery: CardDelivery; readonly posted: PostedMessage; readonly message: RenderedMessage },
): Promise<CallResult> {
  const { delivery, posted, message } = edit;
  return deps.client.call('chat.update', {
    link_names: false,
    parse: 'none',
    ...message,
    channel: posted.channel,
    ts: posted.ts,
    metadata: messageMetadata(delivery.key, delivery.version),
  });
}

function postEphemeral(
  deps: SlackChatDeps,
  delivery: EphemeralDelivery,
  message: RenderedMessage,
): Promise<CallResult> {
  return deps.client.call('chat.postEphemeral', {
    link_names: false,
    parse: 'none',
    ...message,
    channel: delivery.channel,
    user: delivery.user,
    thread_ts: delivery.thread,
  });
}

function respond(deps: SlackChatDeps, url: string, message: RenderedMessage): Promise<CallResult> {
  return deps.postResponse(url, { response_type: 'ephemeral', replace_original: false, ...QUIET, ...message });
}

async function publishHome(deps: SlackChatDeps, delivery: HomeDelivery): Promise<SendResult> {
  const { content, team, user } = delivery;
  if (content.kind !== 'home') {
    return sendResult(misfit('message_is_no_home'), true);
  }
  const published = await inLayouts(deps, team, (tier) =>
    deps.client.call('views.publish', { user_id: user, view: homeView(content.home, tier, deps.workspaceUrl) }),
  );
  return sendResult(published, true);
}

function misfit(code: string): CallResult {
  return { kind: 'failed', failure: { class: 'payload', code } };
}
