import type { Delivery } from '../../../core/chat/delivery.ts';
import type { AskReply, ClickReply } from '../../../ports/bot.ts';
import { textAt } from '../fields.ts';
import { helpMessage } from '../messages/help-message.ts';
import { renderNotice } from '../messages/notice.ts';
import type { RenderedMessage } from '../messages/rendered-message.ts';
import { lookingAt, refusedText, unavailableText } from '../messages/replies.ts';
import type { ListenerDeps } from './listener-deps.ts';
import type { Origin } from './origin.ts';

/** A reply to a question as a message; nothing for a duplicate, which was replied to before. */
export function askReplyMessage(reply: AskReply): RenderedMessage | undefined {
  switch (reply.kind) {
    case 'asked':
      return { text: lookingAt(reply.question, reply.privately) };
    case 'help':
      return helpMessage(reply.help);
    case 'told':
      return renderNotice({ kind: 'notice', ...toldOf(reply) }, { version: 1 });
    case 'refused':
      return { text: refusedText(reply.reason) };
    case 'unavailable':
      return { text: unavailableText(reply.reason) };
    case 'duplicate':
      return undefined;
    default:
      return reply satisfies never;
  }
}

/** Tells a person what became of a question that no acknowledgement can carry; the answer itself speaks for `asked`. */
export async function tellAskReply(deps: ListenerDeps, origin: Origin, reply: AskReply): Promise<void> {
  if (reply.kind === 'help') {
    await tellMessage(deps, origin, helpMessage(reply.help));
  } else if (reply.kind === 'told') {
    await tellNotice(deps, origin, toldOf(reply));
  } else if (reply.kind === 'refused') {
    await tellNotice(deps, origin, { text: reply.reason });
  } else if (reply.kind === 'unavailable') {
    await tellUnavailable(deps, origin, reply.reason);
  }
}

/** Tells a person what became of a click, if there is anything to say. */
export async function tellClickReply(deps: ListenerDeps, origin: Origin, reply: ClickReply): Promise<void> {
  if (reply.kind === 'refused') {
    await tellNotice(deps, origin, { text: reply.reason });
  } else if (reply.kind === 'unavailable') {
    await tellUnavailable(deps, origin, reply.reason);
  } else if (reply.kind === 'done' && reply.say !== undefined) {
    await tellNotice(deps, origin, { text: reply.say, ...(reply.code === undefined ? {} : { code: reply.code }) });
  }
}

/** A sentence for one person, through the outbox; straight to Slack when the store does not answer. */
export async function tellNotice(
  deps: ListenerDeps,
  origin: Origin,
  notice: { readonly text: string; readonly code?: readonly string[] },
): Promise<void> {
  const delivery = noticeDelivery(origin, notice);
  try {
    await deps.outbox.put(delivery);
  } catch (error) {
    deps.logger.warn('A notice does not go through the outbox: the store does not answer', { error });
    await deps.chat.send(delivery, undefined);
  }
}

/**
 * Straight to Slack: a store that hangs may take the notice in spite of its time-out, and then it would be said twice.
 * Through the outbox only when Slack did not take it.
 */
async function tellUnavailable(deps: ListenerDeps, origin: Origin, reason: string): Promise<void> {
  const delivery = noticeDelivery(origin, { text: reason });
  const result = await deps.chat.send(delivery, undefined);
  if (result.kind !== 'unavailable' && result.kind !== 'rate-limited') {
    return;
  }
  try {
    await deps.outbox.put(delivery);
  } catch (error) {
    deps.logger.warn('A reply could not be shown', { code: result.kind, channel: origin.act.channel, error });
  }
}

/** The words for a person whose delivery failed, to where that person is. */
export async function tellFailure(deps: ListenerDeps, body: unknown, text: string): Promise<void> {
  const url = textAt(body, 'response_url');
  const channel = textAt(body, 'event', 'channel');
  const user = textAt(body, 'event', 'user');
  if (url !== undefined) {
    await deps.postResponse(url, ephemeralResponse({ text }));
  } else if (textAt(body, 'event', 'type') === 'app_mention' && channel !== undefined && user !== undefined) {
    await deps.client.call('chat.postEphemeral', { channel, user, text });
  }
}

/** What an acknowledgement or a `response_url` says to one person; the message that was clicked stays. */
export function ephemeralResponse(message: RenderedMessage): Readonly<Record<string, unknown>> {
  return { response_type: 'ephemeral', replace_original: false, ...message };
}

/** Straight to Slack, once: what is not worth storing, such as the help. */
async function tellMessage(deps: ListenerDeps, origin: Origin, message: RenderedMessage): Promise<void> {
  const { channel, user, responseUrl } = origin.act;
  const result =
    origin.byResponse && responseUrl !== undefined
      ? await deps.postResponse(responseUrl, ephemeralResponse(message))
      : await deps.client.call('chat.postEphemeral', { ...message, channel, user, thread_ts: origin.replyThread });
  if (result.kind === 'failed') {
    deps.logger.warn('A reply could not be shown', { code: result.failure.code, channel });
  }
}

function toldOf({ text, code }: Extract<AskReply, { readonly kind: 'told' }>): {
  readonly text: string;
  readonly code?: readonly string[];
} {
  return { text, ...(code === undefined ? {} : { code }) };
}

function noticeDelivery(
  { act, replyThread, byResponse, directly }: Origin,
  notice: { readonly text: string; readonly code?: readonly string[] },
): Delivery {
  const base = {
    key: `notice-${act.delivery}`,
    team: act.team,
    priority: 'answer',
    version: 1,
    content: { kind: 'notice', ...notice },
  } as const;
  if (byResponse && act.responseUrl !== undefined) {
    return { kind: 'response', url: act.responseUrl, ...base };
  }
  if (directly === true) {
    return { kind: 'card', channel: act.user, ...base };
  }
  const thread = replyThread === undefined ? {} : { thread: replyThread };
  return { kind: 'ephemeral', channel: act.channel, user: act.user, ...thread, ...base };
}
