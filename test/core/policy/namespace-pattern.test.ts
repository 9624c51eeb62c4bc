import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commonPatterns, isNamespaceName, matchesPattern } from '../../../src/core/policy/namespace-pattern.ts';

describe('matchesPattern', () => {
  it.each([
    ['shop', 'shop', true],
    ['shop', 'shop-2', false],
    ['*', 'shop', true],
    ['team-*', 'team-a', true],
    ['team-*', 'team-', true],
    ['team-*', 'my-team-a', false],
    ['*-prod', 'shop-prod', true],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['a*b*c', 'a-b-c', true],
    ['a*b*c', 'acb', false],
    ['*a*a*', 'a', false],
    ['a**b', 'ab', true],
    ['.*', 'shop', false],
  ])('%s and %s: %s', (pattern, name, fits) => {
    expect(matchesPattern(pattern, name)).toBe(fits);
  });

  it('agrees with the same pattern as a regular expression', () => {
    const text = (alphabet: readonly string[]): fc.Arbitrary<string> =>
      fc.array(fc.constantFrom(...alphabet), { maxLength: 12 }).map((parts) => parts.join(''));

    fc.assert(
      fc.property(text(['a', 'b', '-', '*']), text(['a', 'b', '-']), (pattern, name) => {
        const expression = new RegExp(`^${pattern.replaceAll(/\*+/g, '.*')}$`);

        expect(matchesPattern(pattern, name)).toBe(expression.test(name));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('commonPatterns', () => {
  it.each([
    [
      ['shop', 'team-*'],
      ['shop', 'team-*'],
      ['shop', 'team-*'],
    ],
    [['shop', 'team-*'], ['team-a', 'pay'], ['team-a']],
    [['team-a-*'], ['*'], ['team-a-*']],
    [['*'], [], []],
    [['a*'], ['*b'], []],
  ])('%j and %j: %j', (first, second, common) => {
    expect(commonPatterns(first, second)).toEqual(common);
    expect(commonPatterns(second, first).toSorted()).toEqual(common.toSorted());
  });

  it('fits no name that one of both does not fit', () => {
    const text = (alphabet: readonly string[]): fc.Arbitrary<string> =>
      fc.array(fc.constantFrom(...alphabet), { maxLength: 6 }).map((parts) => parts.join(''));
    const patterns = fc.array(text(['a', 'b', '*']), { maxLength: 3 });
    const fits = (list: readonly string[], name: string): boolean =>
      list.some((pattern) => matchesPattern(pattern, name));

    fc.assert(
      fc.property(patterns, patterns, text(['a', 'b']), (first, second, name) => {
        const isCommon = fits(commonPatterns(first, second), name);

        expect(isCommon && !(fits(first, name) && fits(second, name))).toBe(false);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('isNamespaceName', () => {
  it.each([
    ['shop', true],
    ['a', true],
    ['0-a', true],
    ['-a', false],
    ['a-', false],
    ['A', false],
    ['a.b', false],
    ['', false],
    ['a\n', false],
    ['x'.repeat(64), false],
  ])('%j: %s', (text, is) => {
    expect(isNamespaceName(text)).toBe(is);
  });
});
