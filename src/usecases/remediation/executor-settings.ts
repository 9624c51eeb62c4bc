import type { RemediationPolicy } from '../../core/policy/remediation-policy.ts';
import type { RemediationTimes } from '../../core/remediation/limits.ts';

/** What an executor follows; read anew for every act, since it may change while it runs. */
export interface ExecutorSettings {
  readonly policy: RemediationPolicy;
  readonly times: RemediationTimes;
  /** The kill switch outside of the store: the environment or a ConfigMap says stop; the reason, or nothing. Unreadable means stopped. */
  readonly killSwitch: () => Promise<string | undefined>;
}
