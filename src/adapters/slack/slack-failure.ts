import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';

/** What a failed call means for what is done next. */
export type FailureClass = 'config' | 'channel' | 'message' | 'payload' | 'retry' | 'rate-limited' | 'uncertain';

/** A failed call of the Web API, translated. */
export interface SlackFailure {
  readonly class: FailureClass;
  /** Slack's error code, or a short word of ours such as `timeout` or `http_502`. */
  readonly code: string;
  /** Only with `rate-limited`. */
  readonly retryAfterMs?: number;
}

const CODES: Readonly<Record<'config' | 'channel' | 'message' | 'retry', readonly string[]>> = {
  config: [
    'access_denied',
    'account_inactive',
    'app_missing_action_url',
    'ekm_access_denied',
    'enterprise_is_restricted',
    'invalid_auth',
    'link_disabled',
    'missing_scope',
    'no_permission',
    'not_allowed_token_type',
    'not_authed',
    'org_login_required',
    'team_access_not_granted',
    'team_disabled',
    'token_expired',
    'token_revoked',
    'two_factor_setup_required',
    'user_removed_from_team',
  ],
  channel: [
    'cannot_reply_to_message',
    'channel_not_found',
    'channel_is_limited_access',
    'is_archived',
    'is_inactive',
    'messages_tab_disabled',
    'not_in_channel',
    'restricted_action',
    'thread_locked',
    'thread_not_found',
    'user_not_in_channel',
  ],
  message: ['cant_update_message', 'edit_window_closed', 'message_not_found'],
  retry: [
    'accesslimited',
    'external_channel_migrating',
    'message_limit_exceeded',
    'request_timeout',
    'service_unavailable',
    'team_added_to_org',
  ],
};

// Slack says of these that a part of the call may have succeeded.
const HALF_DONE: readonly string[] = ['fatal_error', 'internal_error'];
const RATE_CODES: readonly string[] = ['ratelimited', 'rate_limited'];
// Nothing left the machine, or nobody was there to take it.
const NOT_SENT: readonly string[] = [
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
];

// The Web API itself refuses with 200 and a code; a proxy that has its troubles must not cost an answer.
const OF_A_PROXY: readonly number[] = [401, 403, 407, 408, 425];

/** How long to wait when Slack names no time. */
const DEFAULT_RETRY_MS = 30_000;

/** Translates whatever a call of the Web API threw. Codes that are not known count as refusals of the payload. */
export function judgeFailure(error: unknown): SlackFailure {
  if (error instanceof WebAPIRateLimitedError) {
    return rateLimited('ratelimited', error.retryAfter);
  }
  if (error instanceof WebAPIPlatformError) {
    return judgeCode(error.data.error, error.data.response_metadata?.retryAfter);
  }
  if (error instanceof WebAPIHTTPError) {
    return OF_A_PROXY.includes(error.statusCode)
      ? { class: 'retry', code: `http_${error.statusCode}` }
      : judgeStatus(error.statusCode);
  }
  return judgeTransport(error instanceof WebAPIRequestError ? error.original : error);
}

/** Translates a status that is not 2xx, of the Web API, a `response_url` or an upload. */
export function judgeStatus(status: number, retryAfterSeconds?: number): SlackFailure {
  const code = `http_${status}`;
  if (status === 429) {
    return rateLimited(code, retryAfterSeconds);
  }
  if (status === 503) {
    return { class: 'retry', code };
  }
  return { class: status >= 500 ? 'uncertain' : 'payload', code };
}

/** Translates what `fetch` threw: was it certainly not accepted, or is nothing known? */
export function judgeTransport(error: unknown): SlackFailure {
  const code = transportCode(error);
  return { class: NOT_SENT.includes(code) ? 'retry' : 'uncertain', code };
}

function judgeCode(answered: unknown, retryAfterSeconds: number | undefined): SlackFailure {
  // The SDK puts the whole body here when it was no JSON, for example a log-in page of a proxy.
  const code = typeof answered === 'string' && /^[\w.:-]{1,80}$/.test(answered) ? answered : 'not_json';
  if (code === 'not_json' || HALF_DONE.includes(code)) {
    return { class: 'uncertain', code };
  }
  if (RATE_CODES.includes(code)) {
    return rateLimited(code, retryAfterSeconds);
  }
  if (code.startsWith('restricted_action')) {
    return { class: 'channel', code };
  }
  for (const kind of ['config', 'channel', 'message', 'retry'] as const) {
    if (CODES[kind].includes(code)) {
      return { class: kind, code };
    }
  }
  return { class: 'payload', code };
}

function rateLimited(code: string, seconds: number | undefined): SlackFailure {
  const retryAfterMs = seconds !== undefined && seconds > 0 ? seconds * 1000 : DEFAULT_RETRY_MS;
  return { class: 'rate-limited', code, retryAfterMs };
}

function transportCode(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return 'timeout';
  }
  const cause = error instanceof Error ? error.cause : undefined;
  return codeOf(error) ?? codeOf(cause) ?? 'connection_lost';
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) {
    return undefined;
  }
  return typeof error.code === 'string' ? error.code : undefined;
}
