import type { RemediationLimits } from '../../src/core/remediation/limits.ts';
import type { RemediationState } from '../../src/core/remediation/state.ts';

export const MODEL_LEASE_MS = 30_000;
export const MODEL_LIMITS: RemediationLimits = {
  perClusterHour: 3,
  perNamespaceHour: 9,
  perTargetMinutes: 30,
  inFlightPerNamespace: 2,
  inFlightPerCluster: 9,
};

/** What can happen. `n` is one of a few changes, `user` one of a few people, `fence` one of a few fences. */
export type ModelCommand =
  | { readonly kind: 'propose' | 'opened' | 'cancel' | 'stopBefore' | 'claim' | 'read'; readonly n: number }
  | { readonly kind: 'approve'; readonly n: number; readonly user: string; readonly stale: boolean }
  | { readonly kind: 'deny'; readonly n: number }
  | { readonly kind: 'renew' | 'intend' | 'step'; readonly n: number; readonly fence: number }
  | {
      readonly kind: 'advance';
      readonly n: number;
      readonly fence: number;
      readonly from: 'executing' | 'verifying';
      readonly to: RemediationState;
    }
  | { readonly kind: 'stop' | 'resume'; readonly scope: string }
  | { readonly kind: 'expire' }
  | { readonly kind: 'pass'; readonly ms: number };

/** What is fixed of a change by its number: every fourth one is alike, so that they get into each other's way. */
export function modelPlan(n: number) {
  const shape = n % 4;
  return {
    id: `m-${n}`,
    cluster: shape === 3 ? 'dev' : 'prod',
    action: shape === 2 ? ('R-EVICT' as const) : ('R-POD-DELETE' as const),
    required: shape === 1 ? 2 : 1,
    conditional: shape !== 1,
    /** The second and the third shape are two actions on one object; of the first eight changes two are the same. */
    object: `${shape === 0 ? 'a' : 'b'}${Math.floor(n / 8)}`,
  };
}
