import { KubewhyError } from '../../core/errors/kubewhy-error.ts';
import type { SlackFailure } from './slack-failure.ts';

/** What stops the start: CHAT_REJECTED when a token or scope is wrong, CHAT_UNAVAILABLE when Slack cannot be reached. */
export function startError(failure: SlackFailure, token: string): KubewhyError {
  const context = { code: failure.code };
  if (failure.class === 'config' || failure.class === 'payload') {
    return new KubewhyError('CHAT_REJECTED', {
      message: `Slack does not accept the ${token}: ${failure.code}.`,
      hint: `Copy the ${token} again from the app's page on api.slack.com; \`kubewhy doctor\` checks it.`,
      context,
    });
  }
  return new KubewhyError('CHAT_UNAVAILABLE', {
    message: `Slack did not answer when the ${token} was checked: ${failure.code}.`,
    context,
  });
}
