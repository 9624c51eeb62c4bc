import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { TestCluster } from './cluster.ts';
import { findKubectl } from './kubectl.ts';

const LANES = 32;

/** Creates many pods that no scheduler ever places, so that they cost the API server but not the node. */
export async function createBulkPods(cluster: TestCluster, namespace: string, count: number): Promise<void> {
  await throughProxy(cluster, async (address) => {
    let next = 0;
    const lane = async (): Promise<void> => {
      for (let index = next++; index < count; index = next++) {
        await post(`${address}/api/v1/namespaces/${namespace}/pods`, bulkPod(index));
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  });
}

function bulkPod(index: number): object {
  const name = `bulk-${String(index).padStart(5, '0')}`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: 'bulk' } },
    spec: { schedulerName: 'nobody', containers: [{ name: 'app', image: 'lab/idle:1' }] },
  };
}

async function post(url: string, body: object): Promise<void> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  await answer.arrayBuffer();
  if (!answer.ok && answer.status !== 409) {
    throw new Error(`POST ${url} answered ${answer.status}`);
  }
}

async function throughProxy(cluster: TestCluster, work: (address: string) => Promise<void>): Promise<void> {
  const program = findKubectl(process.env);
  if (program === undefined) {
    throw new Error('kubectl is not on the search path.');
  }
  const proxy = spawn(program, ['proxy', '--port=0', `--kubeconfig=${cluster.kubeconfig}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = (await once(createInterface(proxy.stdout), 'line')) as [string];
    await work(`http://${/(127\.0\.0\.1:\d+)/.exec(line)?.[1] ?? ''}`);
  } finally {
    proxy.kill();
  }
}
