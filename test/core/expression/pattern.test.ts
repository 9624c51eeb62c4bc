import { describe, expect, test } from 'vitest';
import { compilePattern, PatternError } from '../../../src/core/expression/pattern.ts';

describe('compilePattern', () => {
  test('returns index, text and the named groups that took part', () => {
    const pattern = compilePattern('(?<kind>secret|configmap) "(?<name>[^"]+)"(?<rest> gone)?');

    expect(pattern.exec('Error: secret "db" not found')).toEqual({
      index: 7,
      text: 'secret "db"',
      groups: { kind: 'secret', name: 'db' },
    });
    expect(pattern.exec('nothing')).toBeUndefined();
    expect(pattern.test('configmap "x"')).toBe(true);
  });

  test('finds several matches up to a limit, counting UTF-16 units', () => {
    const pattern = compilePattern('“(?<word>\\w+)”');

    expect(pattern.execAll('😀“a” “b” “c”', 2)).toEqual([
      { index: 2, text: '“a”', groups: { word: 'a' } },
      { index: 6, text: '“b”', groups: { word: 'b' } },
    ]);
    expect(pattern.execAll('“a”', 0)).toEqual([]);
  });

  test('replaces every match', () => {
    expect(compilePattern('(?<n>\\d+)').replaceAll('a1b22', ({ groups }) => `<${groups.n}>`)).toBe('a<1>b<22>');
    expect(compilePattern('x*').replaceAll('ab', () => '-')).toBe('-a-b-');
    expect(compilePattern('x').replaceAll('ab', () => '-')).toBe('ab');
  });

  test('honours the flags', () => {
    expect(compilePattern('secret', 'i').test('SECRET')).toBe(true);
    expect(compilePattern('^b$', 'm').test('a\nb')).toBe(true);
    expect(compilePattern('a.b', 's').test('a\nb')).toBe(true);
    expect(compilePattern('a.b').test('a\nb')).toBe(false);
  });

  test.each([
    ['a(?=b)', 'look-ahead is not supported'],
    ['a(?!b)', 'look-ahead is not supported'],
    ['(?<=a)b', 'look-behind is not supported'],
    ['(?<!a)b', 'look-behind is not supported'],
    ['(a)\\1', 'backreferences are not supported'],
    ['(?<n>a)\\k<n>', 'backreferences are not supported'],
    ['\\h', 'unknown escape \\h'],
    ['[a', 'missing closing ]: `[a`'],
    ['a{1001}', 'invalid repeat count: `{1001}`'],
    ['a\\', 'trailing backslash at end of expression'],
  ])('refuses %s', (source, reason) => {
    const compile = () => compilePattern(source);

    expect(compile).toThrow(PatternError);
    expect(compile).toThrow(expect.objectContaining({ pattern: source, reason }));
  });

  test('accepts escaped brackets that only look like a look-ahead', () => {
    expect(compilePattern('\\(?=x\\)').test('=x)')).toBe(true);
  });

  test('stays linear on a pattern that ruins a backtracking engine', () => {
    const start = performance.now();

    expect(compilePattern('(a+)+$').test(`${'a'.repeat(20_000)}b`)).toBe(false);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});
