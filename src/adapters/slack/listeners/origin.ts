import type { Act } from '../../../ports/bot.ts';
import { listAt, textAt, trueAt } from '../fields.ts';
import { homeChannel } from '../messages/home-remediations.ts';

/** Where somebody did something, and where a word to that person alone goes. */
export interface Origin {
  readonly act: Act;
  /** The thread in which a message for one person is shown; a thread without replies would hide it. */
  readonly replyThread?: string;
  /** The bot may be no member there: a message for one person goes through the act's `response_url`. */
  readonly byResponse: boolean;
  /** It was done where nothing can be shown: a word to that person goes into the direct message with the bot. */
  readonly directly?: true;
}

/** The origin of a slash command; undefined when it lacks something that Slack always sends. */
export function commandOrigin(body: unknown, team: string): Origin | undefined {
  const act = actOf(team, {
    delivery: textAt(body, 'trigger_id'),
    user: textAt(body, 'user_id'),
    channel: textAt(body, 'channel_id'),
    responseUrl: textAt(body, 'response_url'),
  });
  return act && { act, byResponse: true };
}

/** The origin of a mention: it is answered in its thread, or in one below it, so that channels stay calm. */
export function mentionOrigin(body: unknown, team: string): Origin | undefined {
  const thread = textAt(body, 'event', 'thread_ts');
  const act = actOf(team, {
    delivery: textAt(body, 'event_id'),
    user: textAt(body, 'event', 'user'),
    channel: textAt(body, 'event', 'channel'),
    thread: thread ?? textAt(body, 'event', 'ts'),
  });
  return act && { act, byResponse: false, ...(thread === undefined ? {} : { replyThread: thread }) };
}

/** The origin of a message to the bot itself: it is answered beside it, or in its thread. */
export function directOrigin(body: unknown, team: string): Origin | undefined {
  const thread = textAt(body, 'event', 'thread_ts');
  const act = actOf(team, {
    delivery: textAt(body, 'event_id'),
    user: textAt(body, 'event', 'user'),
    channel: textAt(body, 'event', 'channel'),
    thread,
  });
  return act && { act, byResponse: false, ...(thread === undefined ? {} : { replyThread: thread }) };
}

/** The origin of the message shortcut: it is answered in the thread of the message. */
export function shortcutOrigin(body: unknown, team: string): Origin | undefined {
  const act = actOf(team, {
    delivery: textAt(body, 'trigger_id'),
    user: textAt(body, 'user', 'id'),
    channel: textAt(body, 'channel', 'id'),
    thread: textAt(body, 'message', 'thread_ts') ?? textAt(body, 'message', 'ts'),
    responseUrl: textAt(body, 'response_url'),
  });
  return act && { act, byResponse: true };
}

/** The origin of a click on a message; the thread of a message for one person cannot be written to. */
export function clickOrigin(body: unknown, team: string): Origin | undefined {
  const ephemeral = trueAt(body, 'container', 'is_ephemeral');
  const parent = textAt(body, 'container', 'thread_ts') ?? textAt(body, 'message', 'thread_ts');
  const own = ephemeral ? undefined : textAt(body, 'container', 'message_ts');
  const act = actOf(team, {
    delivery: textAt(body, 'trigger_id'),
    user: textAt(body, 'user', 'id'),
    channel: textAt(body, 'channel', 'id') ?? textAt(body, 'container', 'channel_id'),
    thread: parent ?? own,
    responseUrl: textAt(body, 'response_url'),
  });
  return act && { act, byResponse: ephemeral, ...(parent === undefined ? {} : { replyThread: parent }) };
}

/** The origin of a click in the App Home on what is shown in a channel; the block of the button names it. */
export function homeOrigin(body: unknown, team: string): Origin | undefined {
  const [action] = listAt(body, 'actions');
  const isHome = textAt(body, 'view', 'type') === 'home';
  const channel = isHome ? homeChannel(textAt(action, 'block_id') ?? '') : undefined;
  const act = actOf(team, { delivery: textAt(body, 'trigger_id'), user: textAt(body, 'user', 'id'), channel });
  return act && { act, byResponse: false, directly: true };
}

interface Parts {
  readonly delivery: string | undefined;
  readonly user: string | undefined;
  readonly channel: string | undefined;
  readonly thread?: string | undefined;
  readonly responseUrl?: string | undefined;
}

function actOf(team: string, { delivery, user, channel, thread, responseUrl }: Parts): Act | undefined {
  if (delivery === undefined || user === undefined || channel === undefined) {
    return undefined;
  }
  return {
    delivery,
    team,
    user,
    channel,
    ...(thread === undefined ? {} : { thread }),
    ...(responseUrl === undefined ? {} : { responseUrl }),
  };
}
