/** Where a remediation stands. The ones that follow `verifying` are ends: nothing leads out of them. */
export const REMEDIATION_STATES = [
  /** Stored; its message is not posted yet, so nobody can decide. */
  'proposed',
  'awaiting_approval',
  'approved',
  'executing',
  /** The change was made; whether it helped is being looked at. */
  'verifying',
  'succeeded',
  'denied',
  'expired',
  /** The object, the evidence or the playbook is not what it was, or it healed. */
  'superseded',
  /** A policy, a limit, the breaker, a freeze, a storm or the kill switch forbids it. */
  'blocked',
  /** Definitely refused by the API server or by the tool; nothing was changed. */
  'failed',
  /** The change was made and did not help. */
  'verify_failed',
  /** Whether the change was made cannot be told; only a person can look. */
  'unknown_outcome',
  'cancelled',
] as const;

export type RemediationState = (typeof REMEDIATION_STATES)[number];

/** States in which something may still happen to the object. */
export const OPEN_STATES = ['proposed', 'awaiting_approval', 'approved', 'executing', 'verifying'] as const;

export type OpenState = (typeof OPEN_STATES)[number];

/** States that nothing leads out of. */
export type EndState = Exclude<RemediationState, OpenState>;

/** Whether something may still happen. */
export function isOpen(state: RemediationState): state is OpenState {
  return OPEN_STATES.some((open) => open === state);
}
