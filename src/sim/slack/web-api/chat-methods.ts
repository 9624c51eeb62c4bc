import type { SimState } from '../state.ts';
import type { MessageContent, MessageRecord } from '../store/records.ts';
import { acceptContent, truncationWarning } from './accept-content.ts';
import type { ApiArguments } from './api-arguments.ts';
import { checkThread, existingMessage, memberChannel, visibleChannel, writableChannel } from './channel-access.ts';
import { messageJson } from './message-json.ts';
import type { Methods } from './method.ts';
import { ApiRefusal, invalidArguments } from './refusal.ts';

/** `chat.*` */
export const CHAT_METHODS: Methods = {
  'chat.postMessage': { tier: 'special', scopes: ['chat:write'], handle: postMessage },
  'chat.update': { tier: 3, scopes: ['chat:write'], handle: update },
  'chat.postEphemeral': { tier: 4, scopes: ['chat:write'], handle: postEphemeral },
  'chat.delete': { tier: 3, scopes: ['chat:write'], handle: remove },
  'chat.getPermalink': { tier: 'special', scopes: [], handle: getPermalink },
};

function postMessage(state: SimState, args: ApiArguments): Readonly<Record<string, unknown>> {
  const channel = writableChannel(state, args.required('channel')).id;
  const now = state.clock();
  const retryAfter = state.limiter.channelWait(channel, now);
  if (retryAfter !== undefined) {
    throw new ApiRefusal('ratelimited', { retryAfter });
  }
  const threadTs = args.text('thread_ts');
  const broadcast = args.flag('reply_broadcast') ?? false;
  const label = `chat.postMessage to ${channel}`;
  const content = acceptContent(state, args, { label, isUpdate: false });
  checkThread(state, channel, threadTs);
  checkUnfurl(state, args, label);
  if (broadcast && threadTs === undefined) {
    throw invalidArguments('reply_broadcast needs thread_ts');
  }
  const message = state.messages.add(
    {
      channel,
      ts: state.ids.timestamp(now),
      ...(threadTs === undefined ? {} : { threadTs }),
      user: state.world.app.botUserId,
      content,
      broadcast,
      via: 'chat.postMessage',
    },
    now,
  );
  return { channel, ts: message.ts, message: messageJson(state, message, true), ...truncationWarning(args) };
}

function checkUnfurl(state: SimState, args: ApiArguments, label: string): void {
  for (const flag of ['unfurl_links', 'unfurl_media']) {
    if (args.flag(flag) !== false) {
      state.problems.push(`${label}: ${flag} must be false`);
    }
  }
}

function update(state: SimState, args: ApiArguments): Readonly<Record<string, unknown>> {
  const { id: channel, isArchived } = memberChannel(state, args.required('channel'));
  if (isArchived) {
    throw new ApiRefusal('is_inactive');
  }
  const ts = args.required('ts');
  const current = existingMessage(state, channel, ts);
  if (current.user !== state.world.app.botUserId) {
    throw new ApiRefusal('cant_update_message');
  }
  const label = `chat.update of ${channel} ${ts}`;
  const accepted = acceptContent(state, args, { label, isUpdate: true });
  noteReusedBlockIds(state, current, accepted, label);
  const keepsMetadata = accepted.metadata === undefined && current.metadata !== undefined;
  const content: MessageContent = keepsMetadata ? { ...accepted, metadata: current.metadata } : accepted;
  const at = state.clock();
  const edited = content.blocks.length === 0;
  const message = state.messages.revise(current, { content, at, via: 'chat.update' }, edited);
  return { channel, ts, text: message.text, message: messageJson(state, message, true), ...truncationWarning(args) };
}

/** An updated block needs a new `block_id`, else clients keep its old state. */
function noteReusedBlockIds(state: SimState, current: MessageRecord, next: MessageContent, label: string): void {
  const before = new Map(current.blocks.map((block) => [block['block_id'], JSON.stringify(block)]));
  for (const block of next.blocks) {
    const old = before.get(block['block_id']);
    if (old !== undefined && old !== JSON.stringify(block)) {
      state.problems.push(`${label}: block_id ${String(block['block_id'])} was used for other content before`);
    }
  }
}

function postEphemeral(state: SimState, args: ApiArguments): Readonly<Record<string, unknown>> {
  const channel = memberChannel(state, args.required('channel'));
  const user = args.required('user');
  if (channel.isArchived) {
    throw new ApiRefusal('is_archived');
  }
  if (!channel.members.includes(user)) {
    throw new ApiRefusal('user_not_in_channel');
  }
  const label = `chat.postEphemeral to ${user} in ${channel.id}`;
  const content = acceptContent(state, args, { label, isUpdate: false });
  const threadTs = args.text('thread_ts');
  checkThread(state, channel.id, threadTs);
  const now = state.clock();
  const ts = state.ids.timestamp(now);
  const thread = threadTs === undefined ? {} : { threadTs };
  state.messages.addEphemeral({ ...content, channel: channel.id, user, ts, ...thread, via: 'chat.postEphemeral' }, now);
  return { message_ts: ts };
}

function remove(state: SimState, args: ApiArguments): Readonly<Record<string, unknown>> {
  const channel = visibleChannel(state, args.required('channel')).id;
  const message = existingMessage(state, channel, args.required('ts'));
  if (message.user !== state.world.app.botUserId) {
    throw new ApiRefusal('cant_delete_message');
  }
  state.messages.delete(message);
  return { channel, ts: message.ts };
}

function getPermalink(state: SimState, args: ApiArguments): Readonly<Record<string, unknown>> {
  const channel = visibleChannel(state, args.required('channel')).id;
  const message = existingMessage(state, channel, args.required('message_ts'));
  const address = `https://${state.world.team.domain}.slack.com/archives/${channel}/p${message.ts.replace('.', '')}`;
  const thread = message.threadTs === undefined ? '' : `?thread_ts=${message.threadTs}&cid=${channel}`;
  return { channel, permalink: `${address}${thread}` };
}
