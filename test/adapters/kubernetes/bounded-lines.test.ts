import { expect, it } from 'vitest';
import { BoundedLines } from '../../../src/adapters/kubernetes/bounded-lines.ts';

function push(lines: BoundedLines, ...texts: readonly string[]): unknown {
  return texts.map((text) => lines.push(Buffer.from(text)));
}

it('cuts at line feeds, wherever the pieces end', () => {
  expect(push(new BoundedLines(10), 'on', 'e\ntw', '', 'o\n\nthree\n', 'rest')).toEqual([
    [],
    ['one'],
    [],
    ['two', '', 'three'],
    [],
  ]);
});

it('puts characters together that were cut', () => {
  const [first, second] = [Buffer.from('ä\n').subarray(0, 1), Buffer.from('ä\n').subarray(1)];
  const lines = new BoundedLines(10);

  expect([lines.push(first), lines.push(second)]).toEqual([[], ['ä']]);
});

it('holds no line that is too long, whether it has ended or not', () => {
  expect(push(new BoundedLines(3), 'abc\n', 'abcd')).toEqual([['abc'], 'too-long']);
  expect(push(new BoundedLines(3), 'abcd\n')).toEqual(['too-long']);
});
