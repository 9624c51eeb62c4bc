import { describe, inject, test } from 'vitest';
import type { TestCluster } from './cluster.ts';
import { connectCluster } from './cluster.ts';

/** The cluster that `global-setup.ts` found or started for this run, or undefined; for test files only. */
export function injectedCluster(): TestCluster | undefined {
  const kubeconfig = inject('kubeconfig');
  return kubeconfig === '' ? undefined : connectCluster(inject('clusterKind'), kubeconfig);
}

/** As `describe`, with the run's cluster; counts as one skipped test without a cluster. */
export function describeWithCluster(title: string, body: (cluster: TestCluster) => void): void {
  const cluster = injectedCluster();
  if (cluster === undefined) {
    test.skip(`${title}: there is no cluster`);
    return;
  }
  describe(title, () => body(cluster));
}
