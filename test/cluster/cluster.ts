import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dockerAnswers } from './docker-engine.ts';
import type { Kubectl } from './kubectl.ts';
import { findKubectl, kubectlFor } from './kubectl.ts';
import { missingForLocalCluster, startLocalCluster, stopLocalCluster } from './local-cluster.ts';

const K3S_IMAGE = 'rancher/k3s:v1.34.4-k3s1';
const NO_KUBECTL = 'kubectl is not on the search path.';

export type ClusterKind = 'k3s' | 'local' | 'existing';

/** A real cluster that the tests may fill and break. */
export interface TestCluster {
  readonly kind: ClusterKind;
  readonly kubeconfig: string;
  readonly kubectl: Kubectl;
  apply(yaml: string): Promise<void>;
  deleteNamespace(name: string): Promise<void>;
  /** Stops the cluster if `startCluster` started it. */
  stop(): Promise<void>;
}

type Start =
  | { readonly kind: 'cluster'; readonly cluster: TestCluster }
  | { readonly kind: 'off' | 'impossible'; readonly reason: string };

/**
 * Finds or starts a cluster: the one named by KUBEWHY_TEST_KUBECONFIG, else K3s in Docker, else a locally built one.
 * Says why and returns undefined when there is none; with CI set that is an error.
 */
export async function startCluster(environment: NodeJS.ProcessEnv = process.env): Promise<TestCluster | undefined> {
  const start = await tryToStart(environment);
  if (start.kind === 'cluster') {
    return start.cluster;
  }
  if (start.kind === 'impossible' && environment['CI'] === 'true') {
    throw new Error(start.reason);
  }
  console.warn(start.reason);
  return undefined;
}

/** Wraps a running cluster; undefined without kubectl. */
export function connectCluster(
  kind: ClusterKind,
  kubeconfig: string,
  stop: () => Promise<void> = async () => {},
): TestCluster | undefined {
  const program = findKubectl(process.env);
  if (program === undefined) {
    return undefined;
  }
  const kubectl = kubectlFor(program, kubeconfig);
  return {
    kind,
    kubeconfig,
    kubectl,
    stop,
    async apply(yaml) {
      await kubectl(['apply', '-f', '-'], yaml);
    },
    async deleteNamespace(name) {
      await kubectl(['delete', 'namespace', name, '--ignore-not-found', '--wait=false']);
    },
  };
}

async function tryToStart(environment: NodeJS.ProcessEnv): Promise<Start> {
  if (environment['KUBEWHY_TEST_CLUSTER'] === 'off') {
    return { kind: 'off', reason: 'No test cluster: KUBEWHY_TEST_CLUSTER is off.' };
  }
  const existing = environment['KUBEWHY_TEST_KUBECONFIG'];
  if (existing !== undefined && existing !== '') {
    return started(connectCluster('existing', existing));
  }
  if (await dockerAnswers(environment)) {
    return findKubectl(environment) === undefined ? started(undefined) : started(await startK3s());
  }
  const missing = missingForLocalCluster(environment);
  if (missing.length > 0) {
    const reason = `No test cluster: no Docker engine answers, and the local cluster needs ${missing.join(', ')}.`;
    return { kind: 'impossible', reason };
  }
  const local = await startLocalCluster();
  return started(connectCluster('local', local.kubeconfig, local.started ? stopLocalCluster : undefined));
}

function started(cluster: TestCluster | undefined): Start {
  return cluster === undefined
    ? { kind: 'impossible', reason: `No test cluster: ${NO_KUBECTL}` }
    : { kind: 'cluster', cluster };
}

async function startK3s(): Promise<TestCluster | undefined> {
  const { K3sContainer } = await import('@testcontainers/k3s');
  const container = await new K3sContainer(K3S_IMAGE).start();
  const folder = await mkdtemp(join(tmpdir(), 'kubewhy-k3s-'));
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, container.getKubeConfig(), { mode: 0o600 });
  return connectCluster('k3s', kubeconfig, async () => {
    await container.stop();
    await rm(folder, { recursive: true });
  });
}
