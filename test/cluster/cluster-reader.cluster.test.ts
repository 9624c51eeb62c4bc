import { randomInt } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type Cluster, openCluster } from '../../src/adapters/kubernetes/kubernetes-cluster.ts';
import { resourceOf } from '../../src/core/subject/kinds.ts';
import { contractObjects, describeClusterReader } from '../contract/cluster-reader.contract.ts';
import type { TestCluster } from './cluster.ts';
import { describeWithCluster } from './injected-cluster.ts';

describeWithCluster('a real API server', (cluster) => {
  const namespace = `adapter-${randomInt(36 ** 4, 36 ** 5).toString(36)}`;
  const opened: Cluster[] = [];
  const folders: string[] = [];

  afterAll(async () => {
    for (const one of opened) {
      one.close();
    }
    await cluster.deleteNamespace(namespace);
    await Promise.all(folders.map((folder) => rm(folder, { recursive: true })));
  });

  function open(kubeconfig: string): Cluster {
    const one = openCluster({ kubeconfig });
    opened.push(one);
    return one;
  }

  async function fill(): Promise<void> {
    await cluster.kubectl(['create', 'namespace', namespace]);
    await cluster.kubectl(['-n', namespace, 'wait', '--for=create', 'serviceaccount/default', '--timeout=30s']);
    const items = [...contractObjects(namespace), wordyPod(namespace)];
    await cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    await cluster.kubectl([
      '-n',
      namespace,
      'wait',
      '--for=condition=Ready',
      'pod/steady',
      'pod/wordy',
      '--timeout=60s',
    ]);
    const restarted = '--for=jsonpath={.status.containerStatuses[0].restartCount}=1';
    await cluster.kubectl(['-n', namespace, 'wait', restarted, 'pod/crasher', '--timeout=60s']);
  }

  describeClusterReader('Kubernetes', async () => {
    await fill();
    const folder = await mkdtemp(join(tmpdir(), 'kubewhy-rights-'));
    folders.push(folder);
    const powerless = open(await powerlessKubeconfig(cluster, namespace, folder));
    const full = open(cluster.kubeconfig);
    return { namespace, question: () => full.question(), withoutRights: () => powerless.question() };
  });

  test('keeps the newest lines of a log with long lines', async () => {
    const question = open(cluster.kubeconfig).question();

    const result = await question.logs({ namespace, pod: 'wordy', container: 'app' });

    expect(result.kind === 'found' && result.text.length).toBeLessThanOrEqual(64 * 1024);
    expect(result.kind === 'found' && result.text.slice(-20)).toMatch(/the last line\n$/);
  });

  test('reads a list of several pages', async () => {
    const names = Array.from({ length: 502 }, (_, index) => `page-${String(index).padStart(3, '0')}`);
    const items = names.map((name) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace, labels: { page: 'yes' } },
    }));
    await cluster.kubectl(['create', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    const question = open(cluster.kubeconfig).question();
    const query = { resource: resourceOf('ConfigMap'), namespace, labelSelector: 'page=yes' };

    const all = await question.list({ ...query, limit: 1000 });
    const most = await question.list({ ...query, limit: 501 });

    expect(all.kind === 'found' && [all.objects.length, all.truncated]).toEqual([502, false]);
    expect(most.kind === 'found' && [most.objects.length, most.truncated]).toEqual([501, true]);
    expect(question.requestCount()).toBe(4);
  });

  test('reads metadata in larger pages', async () => {
    const question = open(cluster.kubeconfig).question();
    const query = { resource: resourceOf('ConfigMap'), namespace, labelSelector: 'page=yes', metadataOnly: true };

    const all = await question.list({ ...query, limit: 1000 });

    expect(all.kind === 'found' && [all.objects.length, all.truncated]).toEqual([502, false]);
    expect(question.requestCount()).toBe(1);
  });
});

/** 200 lines of 4 KiB each: more than the server is asked for in one go. */
function wordyPod(namespace: string): object {
  const script = `w=$(head -c 4000 /dev/zero | tr '\\0' w); i=0; while [ $i -lt 250 ]; do echo "$i $w"; i=$((i+1)); done; echo the last line; sleep 3600`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'wordy', namespace },
    spec: {
      terminationGracePeriodSeconds: 0,
      containers: [{ name: 'app', image: 'busybox:1.36', command: ['sh', '-c', script] }],
    },
  };
}

/** A kubeconfig for a service account that no role is bound to. */
async function powerlessKubeconfig(cluster: TestCluster, namespace: string, folder: string): Promise<string> {
  await cluster.kubectl(['-n', namespace, 'create', 'serviceaccount', 'powerless']);
  const token = (await cluster.kubectl(['-n', namespace, 'create', 'token', 'powerless'])).trim();
  const view = await cluster.kubectl(['config', 'view', '--raw', '--minify', '--flatten', '-o', 'json']);
  const config = JSON.parse(view) as { users: object[]; contexts: { context: { user: string } }[] };
  config.users = [{ name: 'powerless', user: { token } }];
  for (const { context } of config.contexts) {
    context.user = 'powerless';
  }
  const file = join(folder, 'kubeconfig');
  await writeFile(file, JSON.stringify(config), { mode: 0o600 });
  return file;
}
