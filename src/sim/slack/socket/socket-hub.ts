import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { DeliveryAnswer, Envelope, RetryMark } from '../delivery/delivery-types.ts';
import { parseJson } from '../http/read-body.ts';
import type { SimState } from '../state.ts';
import { isObject } from '../validation/walk.ts';
import { AppConnection } from './app-connection.ts';

const MOST_CONNECTIONS = 10;

interface Waiting {
  readonly id: string;
  readonly socket: AppConnection;
  readonly acknowledge: (payload: unknown) => void;
  readonly lost: () => void;
}

/** The Socket Mode end: connections, envelopes and their acknowledgements. */
export class SocketHub {
  private readonly state: SimState;
  private readonly tickets = new Set<string>();
  private readonly server = new WebSocketServer({ noServer: true });
  private readonly sockets: AppConnection[] = [];
  /** The same envelope can wait more than once, when it was delivered twice. */
  private readonly waiting = new Set<Waiting>();
  private turn = 0;

  constructor(state: SimState) {
    this.state = state;
  }

  /** The address for one new connection. */
  openTicket(): string {
    const ticket = this.state.ids.next('w').toLowerCase();
    this.tickets.add(ticket);
    return `${this.state.url.replace('http', 'ws')}/link/?ticket=${ticket}&app_id=${this.state.world.app.id}`;
  }

  get connectionCount(): number {
    return this.sockets.length;
  }

  /** Takes an upgrade request over, with what its client sent ahead; refuses it without a valid ticket. */
  accept(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const url = new URL(request.url ?? '/', 'http://loopback');
    if (!this.tickets.delete(url.searchParams.get('ticket') ?? '')) {
      stream.on('error', () => stream.destroy());
      stream.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
      return;
    }
    this.server.handleUpgrade(request, stream, head, (socket) => this.opened(socket, stream));
  }

  /** Sends an envelope to the connection whose turn it is; resolves when it is acknowledged, lost or 3 s have passed. */
  deliver(envelopeId: string, envelope: Envelope, retry?: RetryMark): Promise<DeliveryAnswer> {
    const socket = this.sockets[this.turn % Math.max(1, this.sockets.length)];
    this.turn += 1;
    if (socket === undefined) {
      return Promise.resolve(answer('unreachable', 0, undefined));
    }
    const started = performance.now();
    return new Promise((resolve) => {
      const finish = (outcome: DeliveryAnswer['outcome'], payload?: unknown) => {
        clearTimeout(timer);
        this.waiting.delete(entry);
        resolve(answer(outcome, performance.now() - started, payload));
      };
      const timer = setTimeout(() => finish('timeout'), this.state.options.ackTimeout ?? 3000);
      const entry: Waiting = {
        id: envelopeId,
        socket,
        acknowledge: (payload) => finish('answered', payload),
        lost: () => finish('unreachable'),
      };
      this.waiting.add(entry);
      socket.send(envelopeJson(envelopeId, envelope, retry));
    });
  }

  /** Asks all connections to reconnect, as Slack does every few hours; the app closes them. */
  refresh(): void {
    for (const socket of this.sockets) {
      socket.send({ type: 'disconnect', reason: 'refresh_requested', debug_info: { host: 'slack-sim' } });
    }
  }

  /** Announces a refresh, as Slack does about 10 s before. */
  warn(): void {
    for (const socket of this.sockets) {
      socket.send({ type: 'disconnect', reason: 'warning', debug_info: { host: 'slack-sim' } });
    }
  }

  /** Cuts all connections without a word. */
  drop(): void {
    for (const socket of this.server.clients) {
      socket.terminate();
    }
  }

  /** Leaves all connections open, but deaf and dumb. */
  freeze(): void {
    for (const socket of this.sockets) {
      socket.freeze();
    }
  }

  private opened(webSocket: WebSocket, stream: Duplex): void {
    const socket: AppConnection = new AppConnection(webSocket, stream, {
      onText: (text) => this.received(socket, text),
      onClose: () => this.closed(socket),
    });
    if (this.sockets.length >= MOST_CONNECTIONS) {
      socket.send({ type: 'disconnect', reason: 'too_many_websockets' });
      socket.close();
      return;
    }
    this.sockets.push(socket);
    socket.send(this.hello());
    this.state.changes.emit({ kind: 'sockets' });
  }

  private hello(): Record<string, unknown> {
    return {
      type: 'hello',
      num_connections: this.sockets.length,
      connection_info: { app_id: this.state.world.app.id },
      debug_info: { host: 'slack-sim', approximate_connection_time: 18_060 },
    };
  }

  private received(socket: AppConnection, text: string): void {
    const message = parseJson(text);
    const id = isObject(message) ? message['envelope_id'] : undefined;
    if (!isObject(message) || typeof id !== 'string') {
      this.state.problems.push(`Socket Mode: a message without envelope_id: ${text.slice(0, 200)}`);
      return;
    }
    const entries = [...this.waiting].filter((entry) => entry.id === id);
    const entry = entries.find((candidate) => candidate.socket === socket) ?? entries[0];
    entry?.acknowledge(message['payload']);
  }

  private closed(socket: AppConnection): void {
    const index = this.sockets.indexOf(socket);
    if (index >= 0) {
      this.sockets.splice(index, 1);
      this.state.changes.emit({ kind: 'sockets' });
    }
    for (const waiting of Array.from(this.waiting)) {
      if (waiting.socket === socket) {
        waiting.lost();
      }
    }
  }
}

function envelopeJson(id: string, envelope: Envelope, retry: RetryMark | undefined): Record<string, unknown> {
  return {
    envelope_id: id,
    type: envelope.type,
    accepts_response_payload: envelope.type !== 'events_api',
    payload: envelope.payload,
    ...(retry === undefined ? {} : { retry_attempt: retry.number, retry_reason: retry.reason }),
  };
}

function answer(outcome: DeliveryAnswer['outcome'], milliseconds: number, payload: unknown): DeliveryAnswer {
  const isEmpty = !isObject(payload) || Object.keys(payload).length === 0;
  return {
    outcome,
    status: outcome === 'answered' ? 200 : 0,
    headers: {},
    body: isEmpty ? '' : JSON.stringify(payload),
    json: isEmpty ? undefined : payload,
    milliseconds,
  };
}
