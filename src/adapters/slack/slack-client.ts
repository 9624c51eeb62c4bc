import { WebClient, type WebClientOptions } from '@slack/web-api';
import type { Logger } from '../../ports/logger.ts';
import type { Metrics } from '../../ports/metrics.ts';
import { judgeFailure, type SlackFailure } from './slack-failure.ts';
import { createSlackFetch, type SlackFetch } from './slack-fetch.ts';
import { createSlackLogger } from './slack-logger.ts';
import type { SlackMethod } from './slack-methods.ts';

/** How Slack is reached. */
export interface SlackConnection {
  /** The Web API with `/api/` at its end; Slack's own when absent. */
  readonly apiUrl?: string;
  /** Milliseconds for a whole call; 10 seconds when absent. */
  readonly timeoutMs?: number;
  readonly fetch?: SlackFetch;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** The answer to one call. */
export type CallResult =
  | { readonly kind: 'ok'; readonly body: unknown }
  | { readonly kind: 'failed'; readonly failure: SlackFailure };

/** Calls the Web API: once, within the time-out, and never throws. */
export interface SlackClient {
  call(method: SlackMethod, parameters?: Readonly<Record<string, unknown>>): Promise<CallResult>;
}

/** Slack's own Web API. */
export const SLACK_API_URL = 'https://slack.com/api/';

const DEFAULT_TIMEOUT_MS = 10_000;

/** The settings every WebClient of Kubewhy has: retries belong to the outbox, not to the SDK. */
export function webClientOptions(connection: SlackConnection): WebClientOptions {
  const timeout = connection.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  return {
    slackApiUrl: connection.apiUrl ?? SLACK_API_URL,
    timeout,
    fetch: createSlackFetch(timeout, connection.fetch),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    maxRequestConcurrency: 10,
    allowAbsoluteUrls: false,
    logger: createSlackLogger(connection.logger),
  };
}

/** A client that acts with one token. */
export function createSlackClient(token: string, connection: SlackConnection): SlackClient {
  const client = new WebClient(token, webClientOptions(connection));
  return {
    async call(method, parameters = {}) {
      const result = await callOnce(client, method, parameters);
      const outcome = result.kind === 'ok' ? 'ok' : result.failure.class;
      connection.metrics.count('slack_calls_total', { method, outcome });
      return result;
    },
  };
}

async function callOnce(
  client: WebClient,
  method: SlackMethod,
  parameters: Readonly<Record<string, unknown>>,
): Promise<CallResult> {
  try {
    return { kind: 'ok', body: await client.apiCall(method, { ...parameters }) };
  } catch (error) {
    return { kind: 'failed', failure: judgeFailure(error) };
  }
}
