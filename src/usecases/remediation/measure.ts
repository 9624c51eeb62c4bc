import { isKubewhyError } from '../../core/errors/kubewhy-error.ts';
import type { AuditEntry } from '../../core/remediation/audit.ts';
import type { RemediationRecord } from '../../core/remediation/remediation.ts';
import { isOpen, REMEDIATION_STATES, type RemediationState } from '../../core/remediation/state.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { RemediationStore } from '../../ports/remediation-store.ts';

interface MeasureDeps {
  readonly store: Pick<RemediationStore, 'read'>;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/**
 * Counts the changes of state that entries of the audit tell. Every change of state is an entry, whoever made it, and an
 * entry is chained once, so that each is counted once; those of a process that dies then are not counted. Times are by the clock of the store. Never throws: figures are not
 * worth an error.
 */
export async function measureEntries(entries: readonly AuditEntry[], deps: MeasureDeps): Promise<void> {
  for (const { from, to, remediation } of entries) {
    const state = REMEDIATION_STATES.find((one) => one === to);
    // An executor that takes over changes nothing.
    if (state !== undefined && from !== to) {
      deps.metrics.count('remediations_total', { state });
      await measureTimes(remediation, state, deps);
    }
  }
}

async function measureTimes(id: string, state: RemediationState, { store, logger, metrics }: MeasureDeps) {
  if (state !== 'approved' && isOpen(state)) {
    return;
  }
  try {
    const record = await store.read(id);
    const [from, name] =
      state === 'approved'
        ? (['awaiting_approval', 'remediation_approval_seconds'] as const)
        : (['executing', 'remediation_execution_seconds'] as const);
    const seconds = record && secondsBetween(record, from, state);
    if (seconds !== undefined) {
      metrics.observe(name, seconds, {});
    }
  } catch (error) {
    if (!isKubewhyError(error)) {
      throw error;
    }
    logger.debug('how long a change took could not be read', { remediation: id, error });
  }
}

/** Undefined when it was not in both. */
function secondsBetween(
  { history }: RemediationRecord,
  from: RemediationState,
  to: RemediationState,
): number | undefined {
  const at = (wanted: RemediationState): number => Date.parse(history.find(({ state }) => state === wanted)?.at ?? '');
  const seconds = (at(to) - at(from)) / 1000;
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}
