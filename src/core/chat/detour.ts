import type { CardDelivery, Detour, FileDelivery } from './delivery.ts';

/** A conversation, or the person with whom there is one, and the thread in it. */
export interface ChatPlace {
  readonly channel: string;
  readonly thread?: string;
}

// Refused because of the thread: the channel around it may take the message.
const THREAD_CODES: readonly string[] = [
  'cannot_reply_to_message',
  'restricted_action_non_threadable_channel',
  'restricted_action_thread_locked',
  'thread_locked',
  'thread_not_found',
];

/**
 * Where a card goes next whose place was refused with a code: first beside its thread, then, if it is an answer, to the
 * asker. Undefined when there is no further place.
 */
export function nextDetour({ thread, detour, content }: CardDelivery, code: string): Detour | undefined {
  if (THREAD_CODES.includes(code) && thread !== undefined && detour === undefined) {
    return { to: 'channel', code };
  }
  return content.kind === 'answer' && detour?.to !== 'asker' ? { to: 'asker', code } : undefined;
}

/** Where a message goes, its detour followed. */
export function placeOf(delivery: CardDelivery | FileDelivery): ChatPlace {
  const { channel, thread, content } = delivery;
  const detour = delivery.kind === 'card' ? delivery.detour : undefined;
  if (detour === undefined) {
    return thread === undefined ? { channel } : { channel, thread };
  }
  return { channel: detour.to === 'asker' && 'question' in content ? content.question.asker.user : channel };
}
