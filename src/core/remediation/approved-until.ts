import type { RemediationRecord } from './remediation.ts';

/**
 * Until when an approval may lead to the change, in milliseconds since 1970 by the clock of the store; 0 where that is not
 * known. What a forged row says is never later than what the signed plan allows.
 */
export function approvedUntil({ signed, actBefore }: Pick<RemediationRecord, 'signed' | 'actBefore'>): number {
  const stored = actBefore === undefined ? Number.NaN : Date.parse(actBefore);
  const until = Math.min(stored, Date.parse(signed.plan.expiresAt));
  return Number.isNaN(until) ? 0 : until;
}
