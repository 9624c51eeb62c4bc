import { setTimeout as sleep } from 'node:timers/promises';
import { textAt } from '../fields.ts';
import { type SlackConnection, webClientOptions } from '../slack-client.ts';
import { judgeFailure, type SlackFailure } from '../slack-failure.ts';
import { createSlackLogger } from '../slack-logger.ts';
import { SafeSocketClient } from './safe-socket-client.ts';
import { type SocketHeartbeat, watchHeartbeat } from './socket-heartbeat.ts';

/** One envelope as the SDK hands it over. */
export interface SocketEnvelope {
  readonly body: Record<string, unknown>;
  ack(response?: unknown): Promise<void>;
  readonly retry_num?: number;
  readonly retry_reason?: string;
}

/** How one WebSocket is opened. */
export interface SocketSessionOptions {
  readonly appToken: string;
  readonly connection: SlackConnection;
  /** Milliseconds until Slack's hello; 10,000 when absent. */
  readonly helloMs?: number;
  /** Milliseconds without a pong after which the connection counts as dead; 5,000 when absent. */
  readonly pongMs?: number;
  onEnvelope(envelope: SocketEnvelope): void;
}

/** One WebSocket from its hello to its end; it does not reconnect. */
export interface SocketSession {
  /** Resolves when the connection has ended, whoever ended it. */
  readonly ended: Promise<void>;
  silentMs(): number;
  /** Ends it and waits for that, forcing it when Slack does not answer. */
  close(): Promise<void>;
}

const HELLO_MS = 10_000;
const PONG_MS = 5000;
const CLOSE_MS = 1000;

/** Opens one WebSocket. The failure says whether the token is wrong or Slack cannot be reached. */
export async function openSocketSession(
  options: SocketSessionOptions,
): Promise<SocketSession | { readonly failure: SlackFailure }> {
  const { logger } = options.connection;
  const client = new SafeSocketClient(
    {
      appToken: options.appToken,
      // The SDK's own way to reconnect is deaf for five seconds and can end in an unhandled rejection.
      autoReconnectEnabled: false,
      clientPingTimeout: options.pongMs ?? PONG_MS,
      clientOptions: withoutLogger(options.connection),
      logger: createSlackLogger(logger),
    },
    (problem) => logger.warn('A Socket Mode frame was left out', { problem }),
  );
  const ended = Promise.withResolvers<void>();
  client.on('disconnected', () => ended.resolve());
  let heartbeat: SocketHeartbeat | undefined;
  client.on('authenticated', (opened: unknown) => {
    const url = textAt(opened, 'url');
    heartbeat = url === undefined ? undefined : watchHeartbeat(url);
  });
  client.on('slack_event', (envelope: SocketEnvelope) => options.onEnvelope(envelope));
  client.on('ws_message', () => heartbeat?.beat());
  void ended.promise.then(() => heartbeat?.stop());

  const failure = await startWithin(client, options.helloMs ?? HELLO_MS);
  if (failure !== undefined) {
    await closeClient(client, ended.promise);
    heartbeat?.stop();
    return { failure };
  }
  return {
    ended: ended.promise,
    silentMs: () => heartbeat?.silentMs() ?? 0,
    close: () => closeClient(client, ended.promise),
  };
}

/** The SDK takes its logger beside these options. */
function withoutLogger(connection: SlackConnection): Omit<ReturnType<typeof webClientOptions>, 'logger' | 'logLevel'> {
  const { logger: _logger, logLevel: _logLevel, ...rest } = webClientOptions(connection);
  return rest;
}

async function startWithin(client: SafeSocketClient, ms: number): Promise<SlackFailure | undefined> {
  const timer = new AbortController();
  const late = sleep(ms, undefined, { signal: timer.signal }).then(
    (): SlackFailure => ({ class: 'retry', code: 'no_hello' }),
    () => undefined,
  );
  const started = client.start().then(
    () => undefined,
    (error: unknown) => (error === undefined ? closedEarly() : judgeFailure(error)),
  );
  try {
    return await Promise.race([started, late]);
  } finally {
    timer.abort();
  }
}

function closedEarly(): SlackFailure {
  return { class: 'retry', code: 'closed_before_hello' };
}

async function closeClient(client: SafeSocketClient, ended: Promise<void>): Promise<void> {
  if (client.websocket === undefined) {
    return;
  }
  void client.disconnect();
  await Promise.race([ended, sleep(CLOSE_MS, undefined, { ref: false })]);
  // A second time forces what the other side did not confirm; it does nothing when all is closed.
  client.websocket.disconnect();
}
