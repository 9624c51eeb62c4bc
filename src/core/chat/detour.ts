import type { Content } from './content.ts';
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
 * Where a card goes next whose place was refused with a code: to its fallback channel if it has one; else first beside its
 * thread, then, if it is an answer, to the asker. Undefined when there is no further place. What stands in the thread of
 * an incident goes nowhere else: without its parent nobody could tell what it is about, and with it, it is put again.
 */
export function nextDetour(delivery: CardDelivery, code: string): Detour | undefined {
  const { channel, thread, detour, content, fallback } = delivery;
  if (thread !== undefined && isOfIncident(content)) {
    return undefined;
  }
  if (fallback !== undefined && fallback !== channel) {
    return detour === undefined ? { to: 'fallback', code } : undefined;
  }
  const isInThread = thread !== undefined && detour === undefined;
  return isInThread && THREAD_CODES.includes(code) ? { to: 'channel', code } : toAsker(delivery, code);
}

/** Where a message goes, its detour followed. */
export function placeOf(delivery: CardDelivery | FileDelivery): ChatPlace {
  const { channel, thread, content } = delivery;
  const detour = delivery.kind === 'card' ? delivery.detour : undefined;
  switch (detour?.to) {
    case undefined:
      return thread === undefined ? { channel } : { channel, thread };
    case 'channel':
      return { channel };
    case 'asker':
      return { channel: 'question' in content ? content.question.asker.user : channel };
    case 'fallback':
      return { channel: (delivery.kind === 'card' ? delivery.fallback : undefined) ?? channel };
  }
}

function isOfIncident(content: Content): boolean {
  if ('question' in content) {
    return content.question.incident !== undefined;
  }
  return content.kind === 'incident-details' || content.kind === 'incident-event';
}

/** Only an answer that a person waits for. */
function toAsker({ content, detour }: CardDelivery, code: string): Detour | undefined {
  const isAwaited = content.kind === 'answer' && content.question.incident === undefined;
  return isAwaited && detour?.to !== 'asker' ? { to: 'asker', code } : undefined;
}
