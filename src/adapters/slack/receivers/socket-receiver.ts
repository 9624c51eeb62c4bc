import type { App, ReceiverEvent } from '@slack/bolt';
import type { SlackConnection } from '../slack-client.ts';
import { startError } from '../start-error.ts';
import type { SlackReceiver } from './slack-receiver.ts';
import { SocketConnection } from './socket-connection.ts';
import type { SocketEnvelope } from './socket-session.ts';

/** How Socket Mode connects. */
export interface SocketReceiverOptions {
  /** The app-level token (`xapp-`). */
  readonly appToken: string;
  readonly connection: SlackConnection;
  /** Connections at the same time, at most 10; 2 when absent, so that one listens while the other is renewed. */
  readonly connections?: number;
  /** Milliseconds until Slack's hello. */
  readonly helloMs?: number;
  /** Milliseconds without a pong after which a connection counts as dead. */
  readonly pongMs?: number;
  /** Milliseconds before a failed connection is tried again. */
  readonly retryMs?: number;
}

const CONNECTIONS = 2;

/** Deliveries over several Socket Mode connections. Slack may send the same envelope again, over any of them. */
export function createSocketReceiver(options: SocketReceiverOptions): SlackReceiver {
  const { logger } = options.connection;
  let app: App | undefined;
  let refusing = false;

  function onEnvelope(envelope: SocketEnvelope): void {
    // Not acknowledged: Slack gives it to another connection.
    if (refusing || app === undefined) {
      return;
    }
    app.processEvent(toEvent(envelope)).catch((error: unknown) => {
      logger.error('A delivery escaped its guard', { error });
    });
  }

  const connections = Array.from(
    { length: options.connections ?? CONNECTIONS },
    () => new SocketConnection({ ...options, onEnvelope }),
  );
  return {
    init(created: App) {
      app = created;
    },
    start: () => startAll(connections),
    refuseNew() {
      refusing = true;
    },
    async stop() {
      await Promise.all(connections.map((connection) => connection.close()));
    },
    status: () => statusOf(connections),
  };
}

function toEvent(envelope: SocketEnvelope): ReceiverEvent {
  return {
    body: envelope.body,
    ack: (response) => envelope.ack(response),
    ...(envelope.retry_num === undefined ? {} : { retryNum: envelope.retry_num }),
    ...(envelope.retry_reason === undefined ? {} : { retryReason: envelope.retry_reason }),
  };
}

/** One that connects is enough: the others go on trying. */
async function startAll(connections: readonly SocketConnection[]): Promise<void> {
  const failures = await Promise.all(connections.map((connection) => connection.start()));
  const [first] = failures.filter((failure) => failure !== undefined);
  if (first !== undefined && failures.every((failure) => failure !== undefined)) {
    await Promise.all(connections.map((connection) => connection.close()));
    throw startError(first, 'app-level token (SLACK_APP_TOKEN)');
  }
}

function statusOf(connections: readonly SocketConnection[]): ReturnType<SlackReceiver['status']> {
  const alive = connections.filter((connection) => connection.healthy()).length;
  const reasons = connections.map((connection) => connection.failure()?.code).filter((code) => code !== undefined);
  const why = reasons.length === 0 ? '' : ` (${[...new Set(reasons)].join(', ')})`;
  return { healthy: alive > 0, detail: `${alive} of ${connections.length} Socket Mode connections are up${why}` };
}
