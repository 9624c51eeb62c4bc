import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatQuantity, parseQuantity } from '../../../src/core/facts/quantity.ts';

describe('a quantity', () => {
  it.each([
    ['1', 1],
    ['100m', 0.1],
    ['1500m', 1.5],
    ['0.5', 0.5],
    ['.5', 0.5],
    ['5.', 5],
    ['250u', 0.00025],
    ['1k', 1000],
    ['1M', 1e6],
    ['1Ki', 1024],
    ['1.5Gi', 1.5 * 2 ** 30],
    ['2Ei', 2 ** 61],
    ['1E', 1e18],
    ['2e3', 2000],
    ['2E3', 2000],
    ['1e-3', 0.001],
    ['-1', -1],
    [' 1Gi ', 2 ** 30],
    [7, 7],
  ])('%s is %d', (text, expected) => {
    expect(parseQuantity(text)).toBeCloseTo(expected, 10);
  });

  it.each([undefined, '', 'Gi', '1 Gi', '1gi', '1KI', '1mi', '1Gib', '1K', 'one', '1.2.3', '1e', '0x10'])(
    '%s is none',
    (text) => {
      expect(parseQuantity(text)).toBeUndefined();
    },
  );

  it.each([
    [1.5 * 2 ** 30, 'memory', '1.5Gi'],
    [512 * 2 ** 20, 'limits.memory', '512Mi'],
    [2 ** 40, 'ephemeral-storage', '1Ti'],
    [1000, 'memory', '1000'],
    [0, 'memory', '0'],
    [-(2 ** 30), 'memory', '-1Gi'],
    [0.25, 'cpu', '250m'],
    [1.5, 'cpu', '1500m'],
    [2, 'cpu', '2'],
    [3, 'nvidia.com/gpu', '3'],
  ])('%d of %s reads %s', (value, resource, expected) => {
    expect(formatQuantity(value, resource)).toBe(expected);
  });

  it('is within 5 % of itself after it was written and read', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 50 }), (bytes) => {
        const back = parseQuantity(formatQuantity(bytes, 'memory')) ?? Number.NaN;

        expect(Math.abs(back - bytes) / bytes).toBeLessThan(0.05);
      }),
    );
  });
});
