import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addSeconds, formatClock, formatSpan, parseGoDuration, secondsBetween } from '../../../src/core/facts/time.ts';

describe('times', () => {
  it.each([
    ['2026-01-01T00:00:00Z', '2026-01-01T00:01:40Z', 100],
    ['2026-01-01T00:01:40Z', '2026-01-01T00:00:00Z', -100],
    ['2026-01-01T01:00:00+01:00', '2026-01-01T00:00:05Z', 5],
    ['2026-01-01T00:00:00.400000Z', '2026-01-01T00:00:01Z', 1],
    ['', '2026-01-01T00:00:00Z', undefined],
    [undefined, '2026-01-01T00:00:00Z', undefined],
    ['2026-01-01T00:00:00Z', 'soon', undefined],
  ])('from %s to %s', (from, to, expected) => {
    expect(secondsBetween(from, to)).toBe(expected);
  });

  it.each([
    ['2026-01-01T00:00:00Z', 300, '2026-01-01T00:05:00Z'],
    ['2026-01-01T00:00:00Z', 0.5, '2026-01-01T00:00:00.500Z'],
    ['2026-12-31T23:59:59Z', 1, '2027-01-01T00:00:00Z'],
    ['never', 1, undefined],
  ])('%s and %d seconds', (time, seconds, expected) => {
    expect(addSeconds(time, seconds)).toBe(expected);
  });

  it.each([
    ['2026-11-20T01:48:51Z', '2026-11-20T12:00:00Z', '01:48:51'],
    ['2026-11-19T23:59:59Z', '2026-11-20T12:00:00Z', '2026-11-19 23:59'],
    ['2026-11-20T01:30:00+02:00', '2026-11-20T12:00:00Z', '2026-11-19 23:30'],
    ['', '2026-11-20T12:00:00Z', 'an unknown time'],
  ])('the clock at %s', (time, now, expected) => {
    expect(formatClock(time, now)).toBe(expected);
  });
});

describe('spans', () => {
  it.each([
    [0, '0 s'],
    [-5, '0 s'],
    [0.4, '0 s'],
    [59.6, '1 m'],
    [45, '45 s'],
    [60, '1 m'],
    [280, '4 m 40 s'],
    [3600, '1 h'],
    [3605, '1 h'],
    [21_480, '5 h 58 m'],
    [273_600, '3 d 4 h'],
    [86_400 * 400, '400 d'],
  ])('%d s reads %s', (seconds, expected) => {
    expect(formatSpan(seconds)).toBe(expected);
  });

  it('never claims more than there is, and at most two units', () => {
    const units: Readonly<Record<string, number>> = { d: 86_400, h: 3600, m: 60, s: 1 };
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), (seconds) => {
        const parts = [...formatSpan(seconds).matchAll(/(\d+) ([dhms])/g)];
        const shown = parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (units[unit ?? ''] ?? 0), 0);

        expect(parts.length).toBeLessThanOrEqual(2);
        expect(shown).toBeLessThanOrEqual(seconds);
        expect(shown).toBeGreaterThan(seconds * 0.5);
      }),
    );
  });
});

describe('Go durations', () => {
  it.each([
    ['10s', 10],
    ['1m20s', 80],
    ['5m0s', 300],
    ['2h45m0.5s', 9900.5],
    ['500ms', 0.5],
    ['', undefined],
    ['5', undefined],
    ['5 m', undefined],
    ['1m20s later', undefined],
  ])('%s', (text, expected) => {
    expect(parseGoDuration(text)).toBe(expected);
  });
});
