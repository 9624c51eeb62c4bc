import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FailedScheduling, parseFailedScheduling } from '../../../src/core/facts/scheduler-message.ts';
import { lastLine, listWords, normaliseText, printable, shellWords, shorten } from '../../../src/core/facts/text.ts';

const ESC = '\u001b';
// Everything that must never reach a terminal: controls but tab and line feed, and bidirectional or invisible formatting.
const FORBIDDEN = /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u;
const HOSTILE = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      ESC,
      '[',
      ']',
      '0',
      ';',
      'm',
      'K',
      '\u0007',
      '\\',
      '\u009b',
      '\u202e',
      '\ud800',
      'a',
      '\r',
      '\n',
    ),
  }),
);

describe('printable text', () => {
  it.each([
    ['colours', `${ESC}[1;31mred${ESC}[0m`, 'red'],
    ['a moved cursor', `a${ESC}[2K${ESC}[1Gb`, 'ab'],
    ['a window title', `${ESC}]0;owned\u0007x`, 'x'],
    ['a link', `${ESC}]8;;http://evil${ESC}\\text${ESC}]8;;${ESC}\\`, 'text'],
    ['a two-character escape', `${ESC}Mx`, 'x'],
    ['a lone escape', ESC, '\\u{1b}'],
    ['an escape inside another', `${ESC}${ESC}[31m[0m`, '\\u{1b}[0m'],
    ['an 8-bit escape', '\u009b31m', '\\u{9b}31m'],
    ['a bell and a null', 'a\u0007b\u0000', 'a\\u{7}b\\u{0}'],
    ['reversed text', 'a\u202egpj', 'a\\u{202e}gpj'],
    ['half a character', 'a\ud83d', 'a\\u{d83d}'],
    ['line ends', 'a\r\nb\rc\n', 'a\nb\nc\n'],
    ['tabs, umlauts and emoji', 'a\tü 😀', 'a\tü 😀'],
  ])('%s', (_, text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  it('shows every character that is invisible or moves the others', () => {
    const all = Array.from({ length: 0xffff }, (_, code) => String.fromCodePoint(code));
    const hidden = all.filter((char) => FORBIDDEN.test(char) && !['\t', '\n', '\r', ESC].includes(char));

    expect(hidden.map(printable)).toEqual(hidden.map((char) => `\\u{${char.codePointAt(0)?.toString(16) ?? ''}}`));
  });

  it('holds nothing that a terminal obeys, and stays as it is', () => {
    fc.assert(
      fc.property(HOSTILE, (text) => {
        const shown = printable(text);

        expect(FORBIDDEN.test(shown.replaceAll(/[\t\n]/g, ''))).toBe(false);
        expect(shown.isWellFormed()).toBe(true);
        expect(printable(shown)).toBe(shown);
      }),
      { numRuns: 10_000 },
    );
  });
});

describe('normalised text', () => {
  it.each([
    [undefined, ''],
    ['  a \n\t b ', 'a b'],
    ['“a” ‘b’', `"a" 'b'`],
    [String.raw`caused \\\"x\\\"`, 'caused "x"'],
    ['(combined from similar events): Back-off', 'Back-off'],
    ['x'.repeat(9000), 'x'.repeat(8192)],
  ])('%s', (text, expected) => {
    expect(normaliseText(text)).toBe(expected);
  });

  it('is one line without runs of blanks', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(' ', '\n', '\t', '\u00a0', 'a', '"', '\\') }), (text) => {
        expect(normaliseText(text)).not.toMatch(/^\s|\s$|\s\s|\n|\\"/);
      }),
    );
  });
});

describe('words', () => {
  it.each<[readonly string[], string]>([
    [[], ''],
    [['a'], 'a'],
    [['a', 'b'], 'a and b'],
    [['a', 'b', 'c'], 'a, b and c'],
    [['a', 'b', 'c', 'd', 'e'], 'a, b, c, d and e'],
    [['a', 'b', 'c', 'd', 'e', 'f'], 'a, b, c, d and 2 more'],
  ])('%j', (words, expected) => {
    expect(listWords(words)).toBe(expected);
  });

  it.each([
    ['', 3, ''],
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
    ['😀😀😀', 3, '😀😀😀'],
    ['😀😀😀😀', 3, '😀😀…'],
  ])('%s shortened to %d', (text, length, expected) => {
    expect(shorten(text, length)).toBe(expected);
  });

  it.each([
    ['', ''],
    ['a', 'a'],
    ['a\nb\n\n', 'b'],
    ['a\r\n  b  \r\n', 'b'],
  ])('the last line of %j', (text, expected) => {
    expect(lastLine(text)).toBe(expected);
  });
});

describe('a scheduler message', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '0/3 nodes are available: ',
      '1 Insufficient cpu',
      ', ',
      '. ',
      'preemption: ',
      '2 node(s) had taint {a: b}',
    ),
    fc.constantFrom(
      'No nodes are available that match all of the predicates: ',
      'Insufficient cpu (2)',
      '0/',
      '()',
      '}',
    ),
    fc.nat({ max: 1000 }).map(String),
    fc.string(),
  );

  function counts(parsed: FailedScheduling | undefined): readonly number[] {
    const { total = null, reasons = [], preemption = null } = parsed ?? {};
    const inner = preemption !== null && 'reasons' in preemption ? counts(preemption) : [];
    return [...(total === null ? [] : [total]), ...reasons.map((reason) => reason.count), ...inner];
  }

  it('never yields a count that does not stand in it', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        const numbers = new Set((text.match(/\d+/g) ?? []).map(Number));

        const found = counts(parseFailedScheduling(text));

        expect(found.filter((count) => !numbers.has(count))).toEqual([]);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('shellWords', () => {
  it.each([
    [['redis-cli', 'ping'], 'redis-cli ping'],
    [['sh', '-c', 'test -f /tmp/a'], "sh -c 'test -f /tmp/a'"],
    [['echo', "it's", ''], String.raw`echo 'it'\''s' ''`],
  ])('%j', (words, text) => {
    expect(shellWords(words)).toBe(text);
  });
});
