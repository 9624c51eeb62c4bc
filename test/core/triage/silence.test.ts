import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  anyOf,
  commentProblem,
  durationProblem,
  matcherText,
  parseMatchers,
  type SilenceMatcher,
} from '../../../src/core/triage/silence.ts';

/** What is wrong; `valid` when nothing is. */
function problem(text: string): string {
  const parsed = parseMatchers(text);
  return parsed.kind === 'invalid' ? parsed.reason : parsed.kind;
}

describe('parseMatchers', () => {
  it('reads every operator, one a line', () => {
    const parsed = parseMatchers(' alertname="A" \r\n\nns != "b"\npod=~"web-.*"\nnode!~"x|"\n');

    expect(parsed).toEqual({
      kind: 'valid',
      matchers: [
        { name: 'alertname', value: 'A', isRegex: false, isEqual: true },
        { name: 'ns', value: 'b', isRegex: false, isEqual: false },
        { name: 'pod', value: 'web-.*', isRegex: true, isEqual: true },
        { name: 'node', value: 'x|', isRegex: true, isEqual: false },
      ],
    });
  });

  it.each([
    ['quotes, backslashes and line feeds', String.raw`a="q\"b\\c\nd"`, 'q"b\\c\nd'],
    ['a backslash of a pattern that was not doubled', String.raw`a=~"web-\d+\.x"`, String.raw`web-\d+\.x`],
    ['the quotes that phones make', 'a=\u201cweb\u201d', 'web'],
    ['what would be an operator outside', 'a="b=~c, d!=e"', 'b=~c, d!=e'],
  ])('understands %s', (_what, text, value) => {
    const parsed = parseMatchers(text);

    expect(parsed.kind === 'valid' && parsed.matchers.map((matcher) => matcher.value)).toEqual([value]);
  });

  it.each([
    ['', 'Write at least one matcher'],
    ['  \n ', 'Write at least one matcher'],
    ['alertname=A', 'Line 1: "alertname=A" is no matcher'],
    ['a="b"\nb="c", c="d"', 'Line 2: "b="c", c="d"" is no matcher'],
    ['a="b', 'is no matcher'],
    ['a-b="c"', 'is no matcher'],
    ['1a="c"', 'is no matcher'],
    ['a=="c"', 'is no matcher'],
    ['a=~"("', 'the pattern cannot be used: missing closing )'],
    ['a=~"(?=x)"', 'the pattern cannot be used: look-ahead is not supported'],
    [`${'a'.repeat(129)}="b"`, 'the name of the label is longer than 128'],
    [`a="${'b'.repeat(1025)}"`, 'the value is longer than 1024'],
    ['a="b"\n'.repeat(21), 'There are 21 matchers; at most 20'],
    ['x'.repeat(3001), 'longer than 3000 characters'],
    ['\u202e<!channel>', String.raw`"\u{202e}<!channel>" is no matcher`],
  ])('refuses %j', (text, words) => {
    expect(problem(text)).toContain(words);
  });

  it.each([
    ['a=""', false],
    ['a=~".*"', false],
    ['a=~"x|"', false],
    ['a!="x"', false],
    ['a!~"x"', false],
    ['a=~".+"', false],
    ['a=~"(.|x)+"', false],
    [String.raw`a=~"[\s\S]+"`, false],
    ['a=~"a|.*"', false],
    ['a=~".{3,}"', false],
    ['a=~"[a-z0-9-]+"', false],
    ['a=~"[A-Z].*"', false],
    ['a=~"[^k].*"', false],
    ['a!=""', false],
    ['a!~"x|"', false],
    ['a=~".+"\nb=~".*"\nc!="x"', false],
    ['a!~".*"', true],
    ['a="x"', true],
    ['a=~"Kube.*"', true],
    ['a=~"web-.+|api-.+"', true],
    ['a=~".+"\nb=~"x"', true],
    ['a!="x"\nb="y"', true],
  ])('takes %j only if it does not fit everything: %s', (text, good) => {
    expect(problem(text)).toContain(good ? 'valid' : 'would silence all alerts');
  });

  it('reads what matcherText writes', () => {
    const name = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,10}$/);
    const value = fc.string({ minLength: 1, maxLength: 50 }).filter((text) => !/[\u201c\u201d]/.test(text));

    fc.assert(
      fc.property(name, value, fc.boolean(), (label, text, isEqual) => {
        const given: readonly SilenceMatcher[] = [
          { name: label, value: text, isRegex: false, isEqual },
          { name: 'alertname', value: 'A', isRegex: false, isEqual: true },
        ];

        const parsed = parseMatchers(given.map(matcherText).join('\n'));

        expect(parsed).toEqual({ kind: 'valid', matchers: given });
      }),
    );
  });
});

describe('anyOf', () => {
  it.each([
    [[], undefined],
    [[''], undefined],
    [['A', 'A'], 'alertname="A"'],
    [['A', 'B.c(d)'], String.raw`alertname=~"A|B\\.c\\(d\\)"`],
    [['a|b"\n'], String.raw`alertname="a|b\"\n"`],
  ])('of %j', (values, text) => {
    const matcher = anyOf('alertname', values);

    expect(matcher && matcherText(matcher)).toBe(text);
  });
});

it.each([
  [4, false],
  [5, true],
  [43_200, true],
  [43_201, false],
  [60.5, false],
  [Number.NaN, false],
])('a silence of %d minutes is fine: %s', (minutes, fine) => {
  expect(durationProblem(minutes) === undefined).toBe(fine);
});

it.each([
  [' \n', false],
  ['rollout', true],
  ['x'.repeat(501), false],
])('a comment %j is fine: %s', (comment, fine) => {
  expect(commentProblem(comment) === undefined).toBe(fine);
});
