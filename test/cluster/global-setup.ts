import type { TestProject } from 'vitest/node';
import type { ClusterKind } from './cluster.ts';
import { startCluster } from './cluster.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the cluster's kubeconfig; empty without a cluster. */
    readonly kubeconfig: string;
    readonly clusterKind: ClusterKind;
  }
}

/** Starts the cluster once per run; KUBEWHY_KEEP_CLUSTER=1 leaves it running for the next one. */
// oxlint-disable-next-line import/no-default-export -- vitest asks for it
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await startCluster();
  project.provide('kubeconfig', cluster?.kubeconfig ?? '');
  project.provide('clusterKind', cluster?.kind ?? 'existing');
  return async () => {
    if (process.env['KUBEWHY_KEEP_CLUSTER'] !== '1') {
      await cluster?.stop();
    }
  };
}
