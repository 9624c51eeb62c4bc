import type { SendResult } from '../../ports/chat.ts';
import { textAt } from './fields.ts';
import type { CallResult } from './slack-client.ts';
import type { SlackFailure } from './slack-failure.ts';

/**
 * What a failed call means for the outbox. `repeatable`: the call may be made again whatever became of this one, as
 * an edit may; then nothing is uncertain about it.
 */
export function failedSend(failure: SlackFailure, repeatable: boolean): SendResult {
  const { code } = failure;
  switch (failure.class) {
    case 'rate-limited':
      return { kind: 'rate-limited', retryAfterMs: failure.retryAfterMs ?? 0 };
    case 'retry':
      return { kind: 'unavailable', code };
    case 'uncertain':
      return { kind: repeatable ? 'unavailable' : 'uncertain', code };
    case 'config':
    case 'channel':
    case 'message':
    case 'payload':
      return { kind: 'refused', why: failure.class, code };
    default:
      return failure.class satisfies never;
  }
}

/** A result for the outbox, with the place of the message when Slack named one. */
export function sendResult(result: CallResult, repeatable: boolean): SendResult {
  if (result.kind === 'failed') {
    return failedSend(result.failure, repeatable);
  }
  const channel = textAt(result.body, 'channel');
  const ts = textAt(result.body, 'ts');
  return channel === undefined || ts === undefined ? { kind: 'sent' } : { kind: 'sent', posted: { channel, ts } };
}
