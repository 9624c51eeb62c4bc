import type { Delivery } from './delivery.ts';
import { isEvidenceFile } from './evidence-size.ts';

/** The methods of the chat system that deliveries are sent with; each has a rate limit of its own. */
export const CHAT_METHODS = [
  'chat.postMessage',
  'chat.update',
  'chat.postEphemeral',
  'files.completeUploadExternal',
  'views.publish',
  'response_url',
] as const;

export type ChatMethod = (typeof CHAT_METHODS)[number];

/** The method that a delivery needs; `edit` when its message was posted before. */
export function chatMethodOf(delivery: Pick<Delivery, 'kind' | 'content'>, edit: boolean): ChatMethod {
  switch (delivery.kind) {
    case 'card':
      return edit ? 'chat.update' : 'chat.postMessage';
    case 'ephemeral':
      return 'chat.postEphemeral';
    case 'file':
      return delivery.content.kind === 'evidence' && !isEvidenceFile(delivery.content)
        ? 'chat.postMessage'
        : 'files.completeUploadExternal';
    case 'home':
      return 'views.publish';
    case 'response':
      return 'response_url';
  }
}
