/** `note` is worth knowing and asks for nothing; `skipped` could not or need not be looked at. */
export type CheckStatus = 'ok' | 'note' | 'skipped' | 'warning' | 'failure';

export const AREAS = [
  'environment',
  'settings',
  'playbooks',
  'slack',
  'redis',
  'alerts',
  'changes',
  'cluster',
] as const;
/** What a check is about. */
export type Area = (typeof AREAS)[number];

/** One thing that was looked at. */
export interface Check {
  readonly area: Area;
  /** Permanent, for scripts: `slack.scopes`. */
  readonly id: string;
  /** The cluster, for checks of one. */
  readonly of?: string;
  readonly status: CheckStatus;
  /** What was found, as one sentence. */
  readonly says: string;
  /** What to do about it. */
  readonly fix?: string;
  /** Text that is shown as it is, such as a ClusterRole or a list of problems. */
  readonly lines?: readonly string[];
}

/** `good` with notes and skipped checks as well. */
export type Verdict = 'good' | 'warnings' | 'failures';

/** The worst that the checks say. */
export function verdictOf(checks: readonly Check[]): Verdict {
  const statuses = new Set(checks.map(({ status }) => status));
  if (statuses.has('failure')) {
    return 'failures';
  }
  return statuses.has('warning') ? 'warnings' : 'good';
}
