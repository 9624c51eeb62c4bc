import { expect, it } from 'vitest';
import { REMEDIATION_STATES } from '../../../src/core/remediation/state.ts';
import { isBeforeExecution, isHarm, mayAdvance } from '../../../src/core/remediation/transitions.ts';

it('an executor leads a change only where the table of states lets it', () => {
  const ends = REMEDIATION_STATES.filter(
    (state) => !['proposed', 'awaiting_approval', 'approved', 'executing'].includes(state),
  ) as Parameters<typeof mayAdvance>[1][];

  expect(ends.filter((to) => mayAdvance('executing', to))).toEqual([
    'verifying',
    'expired',
    'superseded',
    'blocked',
    'failed',
    'unknown_outcome',
    'cancelled',
  ]);
  expect(ends.filter((to) => mayAdvance('verifying', to))).toEqual(['succeeded', 'verify_failed', 'unknown_outcome']);
});

it('tells what has not begun and what did harm', () => {
  expect(REMEDIATION_STATES.filter(isBeforeExecution)).toEqual(['proposed', 'awaiting_approval', 'approved']);
  expect(REMEDIATION_STATES.filter(isHarm)).toEqual(['verify_failed', 'unknown_outcome']);
});
