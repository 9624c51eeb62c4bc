import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textWidth } from '../../../src/core/render/text-width.ts';
import { flowText, wrapText } from '../../../src/core/render/wrap.ts';

describe('wrapText', () => {
  it.each([
    ['short', 10, ['short']],
    ['one two three', 7, ['one two', 'three']],
    ['a  b', 10, ['a  b']],
    ['first\nsecond line', 8, ['first', 'second', 'line']],
    ['abcdefghij', 4, ['abcd', 'efgh', 'ij']],
    ['x abcdefghij', 4, ['x', 'abcd', 'efgh', 'ij']],
    ['next try in 4 m 40 s', 17, ['next try in', '4 m 40 s']],
    ['漢字漢字', 4, ['漢字', '漢字']],
    ['tab\there', 20, ['tab  here']],
    ['', 10, ['']],
  ])('%j at %i columns', (text, width, lines) => {
    expect(wrapText(text, width)).toEqual(lines);
  });

  it('keeps combining marks with their letter', () => {
    const lines = wrapText('e\u0301'.repeat(9), 4);

    expect(lines.every((line) => line.startsWith('e'))).toBe(true);
  });

  it('loses no word', () => {
    const words = fc.array(fc.string({ unit: 'grapheme-ascii', minLength: 1 }), { minLength: 1 });

    fc.assert(
      fc.property(words, fc.integer({ min: 2, max: 60 }), (list, width) => {
        const text = list.join(' ').replaceAll(/\s+/g, ' ').trim();
        const lines = wrapText(text, width);

        expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
        expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('flowText', () => {
  it('breaks between the parts', () => {
    expect(flowText(['container web', 'Running', 'restart 3'], ' · ', 24)).toEqual([
      'container web · Running',
      'restart 3',
    ]);
  });
});
