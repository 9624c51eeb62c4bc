import type { EndState, RemediationState } from './state.ts';

const WAYS: Readonly<Record<'executing' | 'verifying', readonly RemediationState[]>> = {
  executing: ['verifying', 'superseded', 'failed', 'blocked', 'unknown_outcome', 'cancelled', 'expired'],
  verifying: ['succeeded', 'verify_failed', 'unknown_outcome'],
};

/** Whether an executor may take a change from one state to the other. */
export function mayAdvance(from: 'executing' | 'verifying', to: 'verifying' | EndState): boolean {
  return WAYS[from].includes(to);
}

/** States in which nothing was sent and nobody has begun to. */
export const BEFORE_EXECUTION = ['proposed', 'awaiting_approval', 'approved'] as const;

/** Whether nobody has begun to execute it. */
export function isBeforeExecution(state: RemediationState): boolean {
  return BEFORE_EXECUTION.some((one) => one === state);
}

/** Ends that show that a change did not help, or that it cannot be told. */
export function isHarm(state: RemediationState): boolean {
  return state === 'verify_failed' || state === 'unknown_outcome';
}

const MINUTE_MS = 60_000;

/** When changes are switched off because they did not help. */
export const BREAKER = {
  /** So many of one action within `actionWindowMs` switch that action off for `actionOffMs`. */
  actionHarm: 2,
  actionWindowMs: 60 * MINUTE_MS,
  actionOffMs: 60 * MINUTE_MS,
  /** So many of whatever action within `allWindowMs` switch everything off until a person resumes. */
  allHarm: 3,
  allWindowMs: 24 * 60 * MINUTE_MS,
} as const;

/** The time for which changes that helped count against the same change of the same object. */
export const REPEAT_WINDOW_MS = 24 * 60 * MINUTE_MS;

/** The time for which the budget of an hour counts. */
export const BUDGET_WINDOW_MS = 60 * MINUTE_MS;
