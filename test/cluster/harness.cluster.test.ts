import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithCluster } from './injected-cluster.ts';
import { createNodes, deleteNodes, ExtraNode } from './nodes.ts';

describeWithCluster('the test cluster', (cluster) => {
  const namespace = `harness-${randomInt(36 ** 4, 36 ** 5).toString(36)}`;

  beforeAll(async () => {
    await cluster.kubectl(['create', 'namespace', namespace]);
    await cluster.kubectl(['-n', namespace, 'wait', '--for=create', 'serviceaccount/default', '--timeout=30s']);
  });

  afterAll(() => cluster.deleteNamespace(namespace));

  test('runs Kubernetes 1.34', async () => {
    const version = await cluster.kubectl(['get', '--raw', '/version']);

    expect(JSON.parse(version)).toMatchObject({ gitVersion: expect.stringMatching(/^v1\.34\./) });
  });

  test('has a node that is Ready', async () => {
    const ready = '{.items[0].status.conditions[?(@.type=="Ready")].status}';

    expect(await cluster.kubectl(['get', 'nodes', '-o', `jsonpath=${ready}`])).toBe('True');
  });

  test('runs a Pod that finds a Service by name', async () => {
    const script = `until nslookup web.${namespace}.svc.cluster.local; do sleep 1; done; sleep 1000`;
    await cluster.kubectl(['-n', namespace, 'create', 'service', 'clusterip', 'web', '--tcp=80']);

    await cluster.kubectl(['-n', namespace, 'run', 'asker', '--image=busybox:1.36', '--', 'sh', '-c', script]);
    await cluster.kubectl(['-n', namespace, 'wait', '--for=condition=Ready', 'pod/asker', '--timeout=60s']);
    const address = await cluster.kubectl(['-n', namespace, 'get', 'service/web', '-o', 'jsonpath={.spec.clusterIP}']);

    await expect
      .poll(() => cluster.kubectl(['-n', namespace, 'logs', 'asker']), { timeout: 20_000 })
      .toContain(address);
  });

  test('takes extra nodes, which are Ready while their leases are renewed', async () => {
    const name = `extra-${namespace}`;
    const node = ExtraNode.parse({ name, taints: [{ key: 'dedicated', value: 'gpu', effect: 'NoSchedule' }] });

    await createNodes(cluster, [node]);
    await cluster.kubectl(['wait', '--for=condition=Ready', `node/${name}`, '--timeout=20s']);
    await deleteNodes(cluster, [node]);

    expect(await cluster.kubectl(['get', 'nodes', '-o', 'name'])).not.toContain(name);
  });
});
