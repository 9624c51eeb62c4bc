import { randomInt } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type Cluster, openCluster } from '../../src/adapters/kubernetes/kubernetes-cluster.ts';
import { childOf } from '../../src/core/recording/object-parts.ts';
import type { ClusterWriter } from '../../src/ports/cluster-writer.ts';
import { kubeconfigText } from '../../src/sim/cluster/kubeconfig.ts';
import {
  APPROVER_RULES,
  approvers,
  describeClusterWriter,
  type WrittenCluster,
  writtenObjects,
} from '../contract/cluster-writer.contract.ts';
import { type CutAfter, startCutAfter } from '../contract/cut-after.ts';
import { sendHttp } from '../contract/http-client.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { accountKubeconfig } from './account-kubeconfig.ts';
import type { TestCluster } from './cluster.ts';
import { accessOf } from './cluster-access.ts';
import { describeWithCluster } from './injected-cluster.ts';

describeWithCluster('writing to a real API server', (cluster) => {
  const namespace = `writer-${randomInt(36 ** 4, 36 ** 5).toString(36)}`;
  const opened: Cluster[] = [];
  const proxies: CutAfter[] = [];
  let folder: string;

  afterAll(async () => {
    opened.forEach((one) => one.close());
    proxies.forEach((proxy) => proxy.close());
    await cluster.kubectl(['delete', 'node', namespace, '--ignore-not-found']);
    await cluster.kubectl(['delete', 'events', '--field-selector', `involvedObject.name=${namespace}`]);
    const pods = await cluster.kubectl(['-n', namespace, 'get', 'pods', '-o', 'name']);
    const free = ['--type=merge', '-p', '{"metadata":{"finalizers":null}}'];
    const names = pods.split('\n').filter((name) => name !== '');
    await Promise.all(names.map((name) => cluster.kubectl(['-n', namespace, 'patch', name, ...free])));
    await cluster.deleteNamespace(namespace);
    await rm(folder, { recursive: true });
  });

  function writerOf(kubeconfig: string): ClusterWriter {
    const one = openCluster({ kubeconfig });
    opened.push(one);
    return one.writer(new RecordingLogger());
  }

  describeClusterWriter('Kubernetes', async () => {
    folder = await mkdtemp(join(tmpdir(), 'kubewhy-writer-'));
    await fill(cluster, namespace);
    const access = await accessOf(cluster);
    const written: WrittenCluster = {
      namespace,
      writer: writerOf(cluster.kubeconfig),
      powerless: writerOf(await accountKubeconfig(cluster, { namespace, name: 'powerless' }, folder)),
      cut: async () => {
        const proxy = await startCutAfter(access, 'DELETE');
        proxies.push(proxy);
        const file = join(folder, 'cut');
        await writeFile(file, kubeconfigText(proxy.url, 'unused', namespace));
        return writerOf(file);
      },
      put: async (object) => {
        await cluster.kubectl(['create', '-f', '-'], JSON.stringify(object));
      },
      read: (path) => sendHttp(access.url, path, { tls: access.tls, headers: access.headers }),
    };
    return written;
  });

  test('is recorded by Kubernetes as done by kubewhy', async () => {
    const path = ['apis', 'apps', 'v1', 'namespaces', namespace, 'deployments', 'idle'];
    const body = { spec: { template: { metadata: { annotations: { 'example.com/by': 'kubewhy' } } } } };
    const request = { verb: 'patch', path, contentType: 'application/strategic-merge-patch+json', body } as const;

    const result = await writerOf(cluster.kubeconfig).send(request, { dryRun: false, remediation: 'm-1' });

    const managers = result.kind === 'done' ? childOf(result.object, 'metadata')['managedFields'] : [];
    expect(managers).toEqual(expect.arrayContaining([expect.objectContaining({ manager: 'kubewhy' })]));
  });
});

async function fill(cluster: TestCluster, namespace: string): Promise<void> {
  const inNamespace = (...args: readonly string[]): Promise<string> => cluster.kubectl(['-n', namespace, ...args]);
  await cluster.kubectl(['create', 'namespace', namespace]);
  await inNamespace('wait', '--for=create', 'serviceaccount/default', '--timeout=30s');
  await inNamespace('create', 'serviceaccount', 'powerless');
  const items = [...writtenObjects(namespace), ...roles(namespace)];
  await cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  await inNamespace('wait', '--for=condition=Ready', 'pod/guarded', 'pod/twice', '--timeout=60s');
  const counted = '--for=jsonpath={.status.currentHealthy}=1';
  await inNamespace('wait', counted, 'pdb/guarded', '--timeout=60s');
}

function roles(namespace: string): readonly object[] {
  const apiGroup = 'rbac.authorization.k8s.io';
  const apiVersion = `${apiGroup}/v1`;
  const metadata = { name: 'approver', namespace };
  const { user, group } = approvers(namespace);
  const subjects = [
    { apiGroup, kind: 'User', name: user },
    { apiGroup, kind: 'Group', name: group },
  ];
  return [
    { apiVersion, kind: 'Role', metadata, rules: APPROVER_RULES },
    { apiVersion, kind: 'RoleBinding', metadata, roleRef: { apiGroup, kind: 'Role', name: 'approver' }, subjects },
  ];
}
