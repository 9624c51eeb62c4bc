import { describe, expect, it } from 'vitest';
import { encodeFrame, FrameReader, OPCODES } from '../../../../src/sim/slack/socket/frames.ts';

const MASK = [0x12, 0x34, 0x56, 0x78];

/** What a client sends: the same frame with the mask bit and masked bytes. */
function masked(frame: Buffer, headerLength: number): Buffer {
  const header = Buffer.from(frame.subarray(0, headerLength));
  header[1] = (header[1] ?? 0) | 0x80;
  const payload = frame.subarray(headerLength).map((byte, index) => byte ^ (MASK[index % 4] ?? 0));
  return Buffer.concat([header, Buffer.from(MASK), payload]);
}

describe('frames', () => {
  it.each([
    [0, 2],
    [125, 2],
    [126, 4],
    [65_535, 4],
    [65_536, 10],
  ])('of %i bytes are read as they were written', (length, headerLength) => {
    const payload = Buffer.alloc(length, 'äx');
    const frame = encodeFrame(OPCODES.text, payload);

    const plain = new FrameReader().push(frame);
    const fromClient = new FrameReader().push(masked(frame, headerLength));

    expect(plain).toEqual([{ opcode: OPCODES.text, isFinal: true, payload }]);
    expect(fromClient).toEqual(plain);
  });

  it('arrive in any pieces', () => {
    const bytes = Buffer.concat([
      encodeFrame(OPCODES.text, Buffer.from('one')),
      encodeFrame(OPCODES.ping, Buffer.alloc(0)),
      encodeFrame(OPCODES.text, Buffer.alloc(300, 'x')),
    ]);
    const reader = new FrameReader();

    const frames = [...bytes].flatMap((byte) => reader.push(Buffer.from([byte])));

    expect(frames.map(({ opcode, payload }) => [opcode, payload.length])).toEqual([
      [OPCODES.text, 3],
      [OPCODES.ping, 0],
      [OPCODES.text, 300],
    ]);
  });
});
