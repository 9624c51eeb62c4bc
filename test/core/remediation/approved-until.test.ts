import { expect, it } from 'vitest';
import { approvedUntil } from '../../../src/core/remediation/approved-until.ts';
import { sampleSigned } from '../../fakes/remediation-samples.ts';

const signed = sampleSigned('m-1', { expiresAt: '2026-01-31T12:30:00.000Z' });

it.each([
  ['2026-01-31T12:20:00.000Z', Date.parse('2026-01-31T12:20:00.000Z')],
  // A forged row.
  ['2027-01-31T12:20:00.000Z', Date.parse('2026-01-31T12:30:00.000Z')],
  ['soon', 0],
])('an approval that acts before %s', (actBefore, expected) => {
  expect(approvedUntil({ signed, actBefore })).toBe(expected);
});

it('an approval that says nothing leads to nothing', () => {
  expect(approvedUntil({ signed })).toBe(0);
});
