import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';

const PING_EVERY_MS = 5000;

/** What the owner of a connection wants to know. */
export interface ConnectionEvents {
  readonly onText: (text: string) => void;
  readonly onClose: () => void;
}

/** The server's side of one Socket Mode connection. */
export class AppConnection {
  private readonly socket: WebSocket;
  private readonly stream: Duplex;
  private isFrozen = false;

  /** `stream` is what the open `socket` runs over. */
  constructor(socket: WebSocket, stream: Duplex, events: ConnectionEvents) {
    this.socket = socket;
    this.stream = stream;
    const pings = setInterval(() => this.ping(), PING_EVERY_MS).unref();
    // Frames that break the protocol: ws closes the connection by itself.
    socket.on('error', () => undefined);
    socket.on('message', (data, isBinary) => {
      if (!isBinary) {
        events.onText(textOf(data));
      }
    });
    socket.on('close', () => {
      clearInterval(pings);
      events.onClose();
    });
  }

  /** Sends a value as JSON. */
  send(value: unknown): void {
    if (!this.isFrozen) {
      this.socket.send(JSON.stringify(value));
    }
  }

  /** From now on nothing is sent and nothing received is looked at, while the connection stays open. */
  freeze(): void {
    this.isFrozen = true;
    // Read and thrown away: a paused stream would not even notice that the app has gone.
    this.stream.removeAllListeners('data').resume();
  }

  /** Closes with a handshake. */
  close(): void {
    this.socket.close(1000);
  }

  private ping(): void {
    if (!this.isFrozen) {
      this.socket.ping('slack');
    }
  }
}

function textOf(data: RawData): string {
  return (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer)).toString();
}
