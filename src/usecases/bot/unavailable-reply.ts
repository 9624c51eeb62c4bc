import { isKubewhyError } from '../../core/errors/kubewhy-error.ts';

/** What a person is told when something that the bot needs does not answer. */
export interface Unavailable {
  readonly kind: 'unavailable';
  readonly reason: string;
}

const REASONS = {
  STORE_UNAVAILABLE:
    'Kubewhy cannot use its Redis, so nothing was started and nothing was changed. Try again in a minute; an administrator finds the reason with `kubewhy doctor`.',
  QUEUE_UNAVAILABLE:
    'Kubewhy cannot use its queue, so nothing was started and nothing was changed. Try again in a minute; an administrator finds the reason with `kubewhy doctor`.',
  CHAT_UNAVAILABLE:
    'Slack did not tell Kubewhy in time who you are, so nothing was started and nothing was changed. Try again.',
} as const;

/** The reply to a failure that is nobody's mistake; undefined for every other failure. */
export function unavailableReply(error: unknown): Unavailable | undefined {
  if (!isKubewhyError(error)) {
    return undefined;
  }
  const reason = REASONS[error.code as keyof typeof REASONS] as string | undefined;
  return reason === undefined ? undefined : { kind: 'unavailable', reason };
}
