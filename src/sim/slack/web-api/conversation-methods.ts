import type { SimState } from '../state.ts';
import type { MessageRecord } from '../store/records.ts';
import type { SlackChannel } from '../world/world-types.ts';
import type { ApiArguments } from './api-arguments.ts';
import { memberChannel, requireChannelScope, visibleChannel } from './channel-access.ts';
import { messageJson } from './message-json.ts';
import type { Methods } from './method.ts';
import { paged } from './paging.ts';
import { ApiRefusal } from './refusal.ts';

const READ = ['channels:read', 'groups:read', 'im:read'];
const HISTORY = ['channels:history', 'groups:history', 'im:history'];

/** `conversations.*` */
export const CONVERSATION_METHODS: Methods = {
  'conversations.info': { tier: 3, scopes: READ, handle: info },
  'conversations.list': { tier: 2, scopes: READ, handle: list },
  'conversations.members': { tier: 4, scopes: READ, handle: members },
  'conversations.history': { tier: 3, scopes: HISTORY, handle: history },
  'conversations.replies': { tier: 3, scopes: HISTORY, handle: replies },
  'conversations.open': { tier: 3, scopes: ['im:write', 'mpim:write'], handle: open },
};

function info(state: SimState, args: ApiArguments): Readonly<Record<string, unknown>> {
  const channel = visibleChannel(state, args.required('channel'));
  requireChannelScope(state, channel, 'read');
  const members = args.flag('include_num_members') === true ? { num_members: channel.members.length } : {};
  return { channel: { ...channelJson(state, channel), ...members } };
}

function list(state: SimState, args: ApiArguments): Readonly<Record<string, unknown>> {
  const types = (args.text('types') ?? 'public_channel').split(',').map((type) => type.trim());
  const kinds = { public: 'public_channel', private: 'private_channel', im: 'im' } as const;
  const withoutArchived = args.flag('exclude_archived') === true;
  const channels = state.world.channels.filter(
    (channel) =>
      types.includes(kinds[channel.kind]) &&
      (channel.kind === 'public' || state.world.hasBot(channel)) &&
      !(withoutArchived && channel.isArchived),
  );
  const page = paged(channels, args, 100);
  for (const channel of page.items) {
    requireChannelScope(state, channel, 'read');
  }
  return { channels: page.items.map((channel) => channelJson(state, channel)), ...page.fields };
}

function members(state: SimState, args: ApiArguments): Readonly<Record<string, unknown>> {
  const channel = visibleChannel(state, args.required('channel'));
  requireChannelScope(state, channel, 'read');
  const page = paged(channel.members, args, 100);
  return { members: page.items, ...page.fields };
}

function history(state: SimState, args: ApiArguments): Readonly<Record<string, unknown>> {
  const channel = memberChannel(state, args.required('channel'));
  requireChannelScope(state, channel, 'history');
  const shown = state.messages
    .list(channel.id)
    .filter((message) => message.threadTs === undefined || message.broadcast);
  const newestFirst = shown.filter((message) => inRange(message, args)).toReversed();
  return messagePage(state, newestFirst, args);
}

function replies(state: SimState, args: ApiArguments): Readonly<Record<string, unknown>> {
  const channel = memberChannel(state, args.required('channel'));
  requireChannelScope(state, channel, 'history');
  const named = state.messages.find(channel.id, args.required('ts'));
  const parent = named?.threadTs === undefined ? named : state.messages.find(channel.id, named.threadTs);
  if (parent === undefined) {
    throw new ApiRefusal('thread_not_found');
  }
  const following = state.messages.replies(channel.id, parent.ts).filter((message) => inRange(message, args));
  return messagePage(state, [parent, ...following], args);
}

function messagePage(
  state: SimState,
  messages: readonly MessageRecord[],
  args: ApiArguments,
): Readonly<Record<string, unknown>> {
  const withMetadata = args.flag('include_all_metadata') === true;
  const page = paged(messages, args, 100);
  return {
    messages: page.items.map((message) => messageJson(state, message, withMetadata)),
    has_more: page.hasMore,
    ...page.fields,
  };
}

function inRange({ ts }: MessageRecord, args: ApiArguments): boolean {
  const oldest = args.text('oldest');
  const latest = args.text('latest');
  const inclusive = args.flag('inclusive') === true;
  const time = Number(ts);
  const late = oldest === undefined || time > Number(oldest) || (inclusive && ts === oldest);
  const early = latest === undefined || time < Number(latest) || (inclusive && ts === latest);
  return late && early;
}

function open(state: SimState, args: ApiArguments): Readonly<Record<string, unknown>> {
  const user = state.world.user(args.required('users'));
  if (user === undefined) {
    throw new ApiRefusal('user_not_found');
  }
  if (user.deleted) {
    throw new ApiRefusal('user_disabled');
  }
  if (user.kind === 'bot') {
    throw new ApiRefusal('cannot_dm_bot');
  }
  return { channel: { id: state.world.directChannel(user.id).id } };
}

/** A channel as Slack writes it. */
function channelJson(state: SimState, channel: SlackChannel): Record<string, unknown> {
  if (channel.kind === 'im') {
    const user = channel.members.find((id) => id !== state.world.app.botUserId);
    return { id: channel.id, is_im: true, is_archived: channel.isArchived, user, is_user_deleted: false };
  }
  return {
    id: channel.id,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: channel.kind === 'public',
    is_group: false,
    is_im: false,
    is_mpim: false,
    is_private: channel.kind === 'private',
    is_archived: channel.isArchived,
    is_general: false,
    is_member: state.world.hasBot(channel),
    is_shared: channel.isExtShared,
    is_ext_shared: channel.isExtShared,
    is_org_shared: false,
    context_team_id: state.world.team.id,
  };
}
