import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCluster } from '../../src/adapters/kubernetes/kubernetes-cluster.ts';
import { loadPlaybooks } from '../../src/adapters/playbook-files/load-playbooks.ts';
import { diagnose } from '../../src/usecases/diagnose.ts';
import { CONFIG_MISSING, TOO_LARGE } from './broken-pods.ts';
import { createBulkPods } from './bulk-pods.ts';
import { describeWithCluster } from './injected-cluster.ts';

const MOST_REQUESTS = 10;
/** The question itself, and finding out that the name is a Deployment's. */
const MOST_WORKLOAD_REQUESTS = 16 + 8;
const OTHER_PODS = 2000;

const MANIFEST = `${CONFIG_MISSING}
---${TOO_LARGE}---
apiVersion: apps/v1
kind: Deployment
metadata: { name: crashing }
spec:
  selector: { matchLabels: { app: crashing } }
  template:
    metadata: { labels: { app: crashing } }
    spec:
      containers:
        - { name: app, image: busybox:1.36, imagePullPolicy: IfNotPresent, command: [sh, -c, "echo failed; exit 3"] }
`;

describeWithCluster('API requests of one question', (cluster) => {
  const namespace = `budget-${Date.now().toString(36)}`;

  beforeAll(async () => {
    await cluster.kubectl(['create', 'namespace', namespace]);
    await cluster.kubectl(['-n', namespace, 'apply', '-f', '-'], MANIFEST);
    await cluster.kubectl([
      '-n',
      namespace,
      'wait',
      'pod/too-large',
      '--for=condition=PodScheduled=false',
      '--timeout=60s',
    ]);
    await cluster.kubectl([
      '-n',
      namespace,
      'wait',
      'pod',
      '-l',
      'app=crashing',
      '--for=jsonpath={.status.containerStatuses[0].restartCount}=2',
      '--timeout=90s',
    ]);
  }, 180_000);

  afterAll(async () => {
    await cluster.deleteNamespace(namespace);
  });

  async function requestsFor(name: string): Promise<{ readonly requests: number; readonly code: string }> {
    const reader = openCluster({ kubeconfig: cluster.kubeconfig }).question();
    const playbooks = await loadPlaybooks({ folders: [join(import.meta.dirname, '../../playbooks')] });
    const diagnosis = await diagnose(
      { name, namespace },
      { cluster: reader, playbooks, clock: { now: () => new Date() } },
    );
    return { requests: reader.requestCount(), code: diagnosis.primary?.code ?? diagnosis.verdict };
  }

  const questions = [
    ['config-missing', 'missing-configmap-or-secret'],
    ['config-miss', 'missing-configmap-or-secret'],
    ['too-large', 'pending-insufficient-resources'],
  ] as const;

  /** A workload is asked about by its pods' beginning: its own objects come on top. */
  test('a Deployment by its bare name', async () => {
    const { requests, code } = await requestsFor('crashing');

    expect(code).toBe('crash-application-error');
    expect(requests).toBeLessThanOrEqual(MOST_WORKLOAD_REQUESTS);
  });

  test.each(questions)('%s alone in its namespace', async (name, code) => {
    const { requests, code: found } = await requestsFor(name);

    expect(found).toBe(code);
    expect(requests).toBeLessThanOrEqual(MOST_REQUESTS);
  });

  test(`the same beside ${OTHER_PODS} other pods`, async () => {
    await createBulkPods(cluster, namespace, OTHER_PODS);

    for (const [name, code] of questions) {
      const { requests, code: found } = await requestsFor(name);

      expect(found).toBe(code);
      expect(requests).toBeLessThanOrEqual(MOST_REQUESTS);
    }
  }, 120_000);
});
