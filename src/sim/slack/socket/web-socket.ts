import { createHash } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { encodeFrame, type Frame, FrameReader, OPCODES } from './frames.ts';

/** The constant that RFC 6455 appends to the client's key. */
const HANDSHAKE_SUFFIX = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const PING_EVERY_MS = 5000;

/** What the owner of a connection wants to know. */
export interface SocketEvents {
  readonly onText: (text: string) => void;
  readonly onClose: () => void;
}

/** The server's side of one WebSocket connection. */
export class ServerWebSocket {
  private readonly stream: Duplex;
  private readonly events: SocketEvents;
  private readonly reader = new FrameReader();
  private readonly pings: NodeJS.Timeout;
  private fragments: Buffer[] = [];
  private isFrozen = false;
  private isClosing = false;

  /** `key` is the request's `sec-websocket-key`; the handshake is answered at once. */
  constructor(stream: Duplex, key: string, events: SocketEvents) {
    this.stream = stream;
    this.events = events;
    stream.write(handshake(key));
    stream.on('data', (bytes: Buffer) => this.receive(bytes));
    stream.on('error', () => stream.destroy());
    stream.on('close', () => this.closed());
    this.pings = setInterval(() => this.write(OPCODES.ping, Buffer.from('slack')), PING_EVERY_MS);
    this.pings.unref();
  }

  send(value: unknown): void {
    this.write(OPCODES.text, Buffer.from(JSON.stringify(value)));
  }

  /** From now on nothing is sent and nothing received is looked at, while the connection stays open. */
  freeze(): void {
    this.isFrozen = true;
  }

  /** Closes with a handshake. */
  close(): void {
    this.isClosing = true;
    this.write(OPCODES.close, Buffer.from([0x03, 0xe8]));
    this.stream.end();
  }

  /** Cuts the connection. */
  destroy(): void {
    this.stream.destroy();
  }

  private receive(bytes: Buffer): void {
    for (const frame of this.isFrozen ? [] : this.reader.push(bytes)) {
      this.handle(frame);
    }
  }

  private handle(frame: Frame): void {
    if (frame.opcode === OPCODES.ping) {
      this.write(OPCODES.pong, frame.payload);
    } else if (frame.opcode === OPCODES.close) {
      this.answerClose(frame.payload);
    } else if (frame.opcode === OPCODES.text || frame.opcode === OPCODES.continuation) {
      this.collect(frame);
    }
  }

  private answerClose(payload: Buffer): void {
    if (!this.isClosing) {
      this.write(OPCODES.close, payload.subarray(0, 2));
    }
    this.stream.end();
  }

  private collect({ payload, isFinal }: Frame): void {
    this.fragments.push(payload);
    if (isFinal) {
      const text = Buffer.concat(this.fragments).toString();
      this.fragments = [];
      this.events.onText(text);
    }
  }

  private write(opcode: number, payload: Buffer): void {
    if (!this.isFrozen && this.stream.writable) {
      this.stream.write(encodeFrame(opcode, payload));
    }
  }

  private closed(): void {
    clearInterval(this.pings);
    this.events.onClose();
  }
}

function handshake(key: string): string {
  const accept = createHash('sha1').update(`${key}${HANDSHAKE_SUFFIX}`).digest('base64');
  const lines = [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${accept}`,
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}
