import type { SimState } from '../state.ts';
import type { MessageRecord } from '../store/records.ts';
import type { SlackChannel } from '../world/world-types.ts';
import { ApiRefusal } from './refusal.ts';

/** A channel that the bot can see. A user id stands for the direct conversation with that user. */
export function visibleChannel(state: SimState, id: string): SlackChannel {
  const { world } = state;
  const user = world.user(id);
  const channel = user === undefined ? world.channel(id) : world.directChannel(user.id);
  if (channel === undefined || (channel.kind !== 'public' && !world.hasBot(channel))) {
    throw new ApiRefusal('channel_not_found');
  }
  return channel;
}

/** A channel to which the bot may post. */
export function writableChannel(state: SimState, id: string): SlackChannel {
  const channel = visibleChannel(state, id);
  if (channel.isArchived) {
    throw new ApiRefusal('is_archived');
  }
  if (!state.world.hasBot(channel) && !state.tokens.scopes.includes('chat:write.public')) {
    throw new ApiRefusal('not_in_channel');
  }
  return channel;
}

/** A channel of which the bot is a member. */
export function memberChannel(state: SimState, id: string): SlackChannel {
  const channel = visibleChannel(state, id);
  if (!state.world.hasBot(channel)) {
    throw new ApiRefusal('not_in_channel');
  }
  return channel;
}

const SCOPE_PREFIXES = { public: 'channels', private: 'groups', im: 'im' } as const;

/** Refuses unless the scope of this kind of conversation was granted, such as `groups:read` for a private channel. */
export function requireChannelScope(state: SimState, channel: SlackChannel, right: 'read' | 'history'): void {
  const needed = `${SCOPE_PREFIXES[channel.kind]}:${right}`;
  if (!state.tokens.scopes.includes(needed)) {
    throw missingScope(state, needed);
  }
}

/** Slack's answer to a call for which a scope is missing. */
export function missingScope(state: SimState, needed: string): ApiRefusal {
  return new ApiRefusal('missing_scope', { extra: { needed, provided: state.tokens.scopes.join(',') } });
}

/** A message that exists, or `message_not_found`. */
export function existingMessage(state: SimState, channel: string, ts: string): MessageRecord {
  const message = state.messages.find(channel, ts);
  if (message === undefined) {
    throw new ApiRefusal('message_not_found');
  }
  return message;
}

/** The parent to which `threadTs` points. Refuses a `ts` that is malformed, gone, or a reply's. */
export function checkThread(state: SimState, channel: string, threadTs: string | undefined): void {
  if (threadTs === undefined) {
    return;
  }
  if (!/^\d+\.\d{6}$/.test(threadTs)) {
    throw new ApiRefusal('invalid_thread_ts', {
      details: [`${threadTs} is not a valid thread_ts`],
      isMistake: true,
    });
  }
  const parent = state.messages.all(channel).find(({ ts }) => ts === threadTs);
  if (parent === undefined || parent.deleted) {
    throw new ApiRefusal('thread_not_found', {
      isMistake: parent === undefined,
      details: parent === undefined ? [`no message ever had the ts ${threadTs} in ${channel}`] : [],
    });
  }
  if (parent.threadTs !== undefined) {
    throw new ApiRefusal('cannot_reply_to_message', { details: ['thread_ts is that of a reply'], isMistake: true });
  }
}
