import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { judgeFailure, judgeStatus } from '../../../src/adapters/slack/slack-failure.ts';

describe('judgeFailure', () => {
  it.each([
    ['invalid_auth', 'config'],
    ['not_authed', 'config'],
    ['account_inactive', 'config'],
    ['token_revoked', 'config'],
    ['token_expired', 'config'],
    ['missing_scope', 'config'],
    ['no_permission', 'config'],
    ['user_removed_from_team', 'config'],
    ['team_disabled', 'config'],
    ['not_allowed_token_type', 'config'],
    ['link_disabled', 'config'],
    ['channel_not_found', 'channel'],
    ['not_in_channel', 'channel'],
    ['is_archived', 'channel'],
    ['restricted_action', 'channel'],
    ['restricted_action_thread_locked', 'channel'],
    ['cannot_reply_to_message', 'channel'],
    ['user_not_in_channel', 'channel'],
    ['message_not_found', 'message'],
    ['cant_update_message', 'message'],
    ['edit_window_closed', 'message'],
    ['invalid_blocks', 'payload'],
    ['invalid_blocks_format', 'payload'],
    ['invalid_attachments', 'payload'],
    ['msg_blocks_too_long', 'payload'],
    ['msg_too_long', 'payload'],
    ['too_many_attachments', 'payload'],
    ['metadata_too_large', 'payload'],
    ['no_text', 'payload'],
    ['a_code_of_next_year', 'payload'],
    ['message_limit_exceeded', 'retry'],
    ['service_unavailable', 'retry'],
    ['request_timeout', 'retry'],
    // Slack says of these two that part of the call may have succeeded.
    ['internal_error', 'uncertain'],
    ['fatal_error', 'uncertain'],
  ])('takes %s for %s', (code, expected) => {
    expect(judgeFailure(new WebAPIPlatformError({ ok: false, error: code }))).toEqual({ class: expected, code });
  });

  it.each(['ratelimited', 'rate_limited'])('waits as long as %s says, else half a minute', (code) => {
    const told = { ok: false, error: code, response_metadata: { retryAfter: 3 } };

    expect(judgeFailure(new WebAPIPlatformError(told)).retryAfterMs).toBe(3000);
    expect(judgeFailure(new WebAPIPlatformError({ ok: false, error: code })).retryAfterMs).toBe(30_000);
  });

  it.each([
    [new WebAPIRateLimitedError(7), { class: 'rate-limited', code: 'ratelimited', retryAfterMs: 7000 }],
    [new WebAPIHTTPError(500, '', {}), { class: 'uncertain', code: 'http_500' }],
    [new WebAPIHTTPError(502, '', {}), { class: 'uncertain', code: 'http_502' }],
    [new WebAPIHTTPError(503, '', {}), { class: 'retry', code: 'http_503' }],
    [new WebAPIHTTPError(404, '', {}), { class: 'payload', code: 'http_404' }],
    [new WebAPIHTTPError(403, '', {}), { class: 'retry', code: 'http_403' }],
    [new WebAPIHTTPError(407, '', {}), { class: 'retry', code: 'http_407' }],
    [
      new WebAPIPlatformError({ ok: false, error: '<html>Log in to the proxy</html>' }),
      { class: 'uncertain', code: 'not_json' },
    ],
    [new WebAPIRequestError(transport('ECONNREFUSED')), { class: 'retry', code: 'ECONNREFUSED' }],
    [new WebAPIRequestError(transport('ENOTFOUND')), { class: 'retry', code: 'ENOTFOUND' }],
    [new WebAPIRequestError(transport('ECONNRESET')), { class: 'uncertain', code: 'ECONNRESET' }],
    [new WebAPIRequestError(new DOMException('late', 'TimeoutError')), { class: 'uncertain', code: 'timeout' }],
    [new TypeError('terminated'), { class: 'uncertain', code: 'connection_lost' }],
    ['a string', { class: 'uncertain', code: 'connection_lost' }],
  ])('judges what the SDK throws: %s', (error, expected) => {
    expect(judgeFailure(error)).toEqual(expected);
  });
});

describe('judgeStatus', () => {
  it.each([
    [429, 5, { class: 'rate-limited', code: 'http_429', retryAfterMs: 5000 }],
    [429, 0, { class: 'rate-limited', code: 'http_429', retryAfterMs: 30_000 }],
    [404, undefined, { class: 'payload', code: 'http_404' }],
  ])('judges %d', (status, retryAfter, expected) => {
    expect(judgeStatus(status, retryAfter)).toEqual(expected);
  });
});

function transport(code: string): Error {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
}
