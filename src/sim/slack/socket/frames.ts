/** The kinds of WebSocket frames of RFC 6455 that a text protocol needs. */
export const OPCODES = { continuation: 0x0, text: 0x1, close: 0x8, ping: 0x9, pong: 0xa } as const;

/** One received frame, unmasked. */
export interface Frame {
  readonly opcode: number;
  readonly isFinal: boolean;
  readonly payload: Buffer;
}

/** A frame from server to client, which is never masked. */
export function encodeFrame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  const head = 0x80 | opcode;
  if (length < 126) {
    return Buffer.concat([Buffer.from([head, length]), payload]);
  }
  if (length < 65_536) {
    const header = Buffer.from([head, 126, 0, 0]);
    header.writeUInt16BE(length, 2);
    return Buffer.concat([header, payload]);
  }
  const header = Buffer.alloc(10);
  header[0] = head;
  header[1] = 127;
  header.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([header, payload]);
}

/** Cuts a stream of bytes from a client into frames. */
export class FrameReader {
  private pending: Buffer = Buffer.alloc(0);

  /** The frames that are complete now. */
  push(bytes: Buffer): readonly Frame[] {
    this.pending = Buffer.concat([this.pending, bytes]);
    const frames: Frame[] = [];
    for (let next = this.take(); next !== undefined; next = this.take()) {
      frames.push(next);
    }
    return frames;
  }

  private take(): Frame | undefined {
    const size = sizes(this.pending);
    if (size === undefined || this.pending.length < size.total) {
      return undefined;
    }
    const first = this.pending[0] ?? 0;
    const mask = this.pending.subarray(size.maskAt, size.maskAt + size.maskLength);
    const masked = this.pending.subarray(size.maskAt + size.maskLength, size.total);
    const payload = Buffer.from(masked.map((byte, index) => byte ^ (mask[index % 4] ?? 0)));
    this.pending = this.pending.subarray(size.total);
    return { opcode: first & 0x0f, isFinal: (first & 0x80) !== 0, payload };
  }
}

interface Sizes {
  readonly maskAt: number;
  readonly maskLength: number;
  readonly total: number;
}

function sizes(bytes: Buffer): Sizes | undefined {
  const second = bytes[1];
  if (second === undefined) {
    return undefined;
  }
  const short = second & 0x7f;
  const maskAt = { 126: 4, 127: 10 }[short] ?? 2;
  if (bytes.length < maskAt) {
    return undefined;
  }
  const maskLength = (second & 0x80) === 0 ? 0 : 4;
  return { maskAt, maskLength, total: maskAt + maskLength + payloadLength(bytes, short) };
}

function payloadLength(bytes: Buffer, short: number): number {
  if (short === 126) {
    return bytes.readUInt16BE(2);
  }
  return short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
}
