import type { Metrics } from '../../ports/metrics.ts';
import type { CallResult } from './slack-client.ts';
import { judgeStatus, judgeTransport } from './slack-failure.ts';
import { createSlackFetch, type SlackFetch } from './slack-fetch.ts';

/** Posts to a `response_url`, once. Never throws. */
export type PostResponse = (url: string, payload: Readonly<Record<string, unknown>>) => Promise<CallResult>;

/** What posting to a `response_url` needs. */
export interface ResponseUrlOptions {
  /** The Web API's address; a `response_url` of the same origin is believed, besides Slack's own. */
  readonly apiUrl: string;
  readonly timeoutMs: number;
  readonly fetch?: SlackFetch;
  readonly metrics: Metrics;
}

const SLACK_HOOKS = 'https://hooks.slack.com/';

/** A poster that sends nothing to an address outside Slack: the URL came in with a delivery. */
export function createPostResponse(options: ResponseUrlOptions): PostResponse {
  const send = createSlackFetch(options.timeoutMs, options.fetch);

  async function post(url: string, payload: Readonly<Record<string, unknown>>): Promise<CallResult> {
    if (!isResponseUrl(url, options.apiUrl)) {
      return { kind: 'failed', failure: { class: 'payload', code: 'foreign_response_url' } };
    }
    try {
      const response = await send(url, {
        method: 'POST',
        redirect: 'error',
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify(payload),
      });
      return judgeResponse(response);
    } catch (error) {
      return { kind: 'failed', failure: judgeTransport(error) };
    }
  }

  return async (url, payload) => {
    const result = await post(url, payload);
    const outcome = result.kind === 'ok' ? 'ok' : result.failure.class;
    options.metrics.count('slack_calls_total', { method: 'response_url', outcome });
    return result;
  };
}

/** Whether an address is Slack's own for responses, or of the configured Web API. */
function isResponseUrl(url: string, apiUrl: string): boolean {
  return url.startsWith(SLACK_HOOKS) || (URL.canParse(url) && new URL(url).origin === new URL(apiUrl).origin);
}

async function judgeResponse(response: Response): Promise<CallResult> {
  const text = await response.text();
  if (response.ok) {
    return { kind: 'ok', body: text };
  }
  // Used up or too old: 404 with `used_url` or `expired_url`; a refused layout: 400 or 404 with `invalid_blocks`.
  const code = /^[a-z_]{3,60}$/.exec(text.trim())?.[0] ?? /"error":\s*"([a-z_]{3,60})"/.exec(text)?.[1];
  const judged = judgeStatus(response.status, Number(response.headers.get('retry-after') ?? 0));
  const failure = code === undefined ? judged : { ...judged, code };
  return { kind: 'failed', failure };
}
