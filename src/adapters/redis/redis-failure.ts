import { KubewhyError } from '../../core/errors/kubewhy-error.ts';

const REASONS: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/^OOM\b/, 'it has reached its memory limit and takes nothing more'],
  [/^READONLY\b/, 'it is a read-only replica'],
  [/^LOADING\b/, 'it is still loading its data'],
  [/^MISCONF\b/, 'it cannot write its data to disk and takes nothing more'],
  [/^(WRONGPASS|NOAUTH)\b|invalid username-password/, 'it does not accept the user or the password of the URL'],
  [/^NOPERM\b/, 'the user of the URL lacks a permission'],
  [/Command timed out/, 'no reply came within the time limit'],
  [/^BUSY\b/, 'it is busy with a script'],
];

/** Turns whatever the client threw into STORE_UNAVAILABLE; `server` names the server without credentials. */
export function redisFailure(error: unknown, server: string, lastConnectionError?: string): KubewhyError {
  const said = error instanceof Error ? error.message : String(error);
  const known = REASONS.find(([pattern]) => pattern.test(said))?.[1];
  const reason = known ?? connectionReason(said, lastConnectionError);
  return new KubewhyError('STORE_UNAVAILABLE', {
    message: `Redis at ${server} cannot be used: ${reason}.`,
    cause: error,
    context: { server },
  });
}

/** Without a connection the client names its own option; what the last attempt to connect met says more. */
function connectionReason(said: string, lastConnectionError: string | undefined): string {
  if (!/enableOfflineQueue|Connection is closed|max retries per request/.test(said)) {
    return said;
  }
  return lastConnectionError === undefined
    ? 'there is no connection to it'
    : `there is no connection to it (${lastConnectionError})`;
}
