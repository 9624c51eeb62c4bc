import type { PrometheusMetrics } from '../../adapters/prometheus/prometheus-metrics.ts';
import { OPEN_STATES } from '../../core/remediation/state.ts';
import type { RemediationStore } from '../../ports/remediation-store.ts';

/** Where figures about changes come from. */
export interface ChangeSources {
  readonly store: Pick<RemediationStore, 'list'>;
  readonly audit: { head(): Promise<{ readonly pending: number }> };
  readonly queue: { oldestMs(cluster: string): Promise<number> };
  readonly clusters: () => readonly string[];
}

/** More are counted as this many: so many open changes are a fault of their own. */
const MOST_OPEN = 1000;

/** Figures about changes that are asked for when the metrics are read. */
export function changeFigures(metrics: PrometheusMetrics, { store, audit, queue, clusters }: ChangeSources): void {
  metrics.gaugeOfStates('remediations_open', 'Changes that may still happen, by their state.', async () => {
    const open = await store.list({ open: true, limit: MOST_OPEN });
    return new Map(OPEN_STATES.map((state) => [state, open.filter((one) => one.state === state).length] as const));
  });
  metrics.gauge('audit_pending', 'Entries of the audit that wait to be chained.', async () => {
    const { pending } = await audit.head();
    return pending;
  });
  metrics.gaugeOfClusters(
    'remediation_job_oldest_seconds',
    'For how long the job of an executor has been waiting that waits for longest.',
    async () => {
      const ages = clusters().map(async (name) => [name, (await queue.oldestMs(name)) / 1000] as const);
      return new Map(await Promise.all(ages));
    },
  );
}
