import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cluster, openCluster } from '../../src/adapters/kubernetes/kubernetes-cluster.ts';
import { resourceOf } from '../../src/core/subject/kinds.ts';
import type { ClusterReader } from '../../src/ports/cluster-reader.ts';
import { redactedReader } from '../../src/usecases/redacted-reader.ts';
import { type FoundChanges, findChanges } from '../../src/usecases/triage/find-changes.ts';
import { describeWithCluster } from './injected-cluster.ts';

const HOUR_MS = 60 * 60_000;
/** Times of the cluster are whole seconds, and the steps of one rollout are told from others by five of them. */
const APART_MS = 6000;

const workload = (kind: string, name: string, image = 'busybox:1.35'): string => `
apiVersion: apps/v1
kind: ${kind}
metadata: { name: ${name} }
spec:
  selector: { matchLabels: { app: ${name} } }
  ${kind === 'StatefulSet' ? `serviceName: ${name}` : ''}
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      terminationGracePeriodSeconds: 0
      containers:
        - name: app
          image: ${image}
          imagePullPolicy: IfNotPresent
          command: [sleep, "3600"]
          envFrom: [{ configMapRef: { name: settings } }]
---`;

const MANIFEST = `
apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data: { mode: fast }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: unrelated }
data: { mode: fast }
---${workload('Deployment', 'web')}${workload('Deployment', 'quiet')}${workload('StatefulSet', 'db')}`;

describeWithCluster('what changed in a real cluster', (cluster) => {
  const namespace = `changes-${Date.now().toString(36)}`;
  let opened: Cluster | undefined;
  let started = 0;

  const run = (...args: readonly string[]): Promise<string> => cluster.kubectl(['-n', namespace, ...args]);

  /** An incident that begins an hour after everything had been made, so that only what is done to it counts. */
  async function changesOf(
    kind: 'Deployment' | 'StatefulSet',
    name: string,
  ): Promise<FoundChanges & { requests: number }> {
    const reader = question();
    const since = new Date(started + HOUR_MS).toISOString();
    const found = await findChanges([{ kind, namespace, name }], since, redactedReader(reader));
    return { ...found, requests: reader.requestCount() };
  }

  function question(): ClusterReader {
    opened ??= openCluster({ kubeconfig: cluster.kubeconfig });
    return opened.question();
  }

  beforeAll(async () => {
    await cluster.kubectl(['create', 'namespace', namespace]);
    await cluster.kubectl(['-n', namespace, 'apply', '-f', '-'], MANIFEST);
    await run('rollout', 'status', 'deployment/web', '--timeout=120s');
    await run('rollout', 'status', 'deployment/quiet', '--timeout=120s');
    await run('rollout', 'status', 'statefulset/db', '--timeout=120s');
    await sleep(APART_MS);
    const reader = question();
    await reader.get({ resource: resourceOf('Namespace'), name: namespace, metadataOnly: true });
    started = reader.serverTime()?.getTime() ?? Date.now();
    await sleep(2000);
  }, 300_000);

  afterAll(async () => {
    opened?.close();
    await cluster.deleteNamespace(namespace);
  });

  test('names a rollout, a ConfigMap and a new size, and nothing else', async () => {
    const before = await changesOf('Deployment', 'web');
    await run('set', 'image', 'deployment/web', 'app=busybox:1.36');
    await run('rollout', 'status', 'deployment/web', '--timeout=120s');
    await sleep(APART_MS);
    await run('patch', 'configmap', 'settings', '-p', '{"data":{"mode":"slow"}}');
    await run('patch', 'configmap', 'unrelated', '-p', '{"data":{"mode":"slow"}}');
    await sleep(APART_MS);
    await run('scale', 'deployment/web', '--replicas=3');
    await run('rollout', 'status', 'deployment/web', '--timeout=120s');

    const { changes, unread, requests } = await changesOf('Deployment', 'web');
    const quiet = await changesOf('Deployment', 'quiet');

    expect(before).toMatchObject({ changes: [], unread: [] });
    expect(changes.map(({ object, what }) => `${object} ${what}`)).toEqual([
      `Deployment ${namespace}/web was scaled from 1 to 3 replicas`,
      `ConfigMap ${namespace}/settings was changed by kubectl-patch`,
      `Deployment ${namespace}/web revision 2 rolled out: image of app changed from busybox:1.35 to busybox:1.36`,
    ]);
    expect(unread).toEqual([]);
    expect(requests).toBeLessThanOrEqual(12);
    expect(quiet.changes.map(({ object }) => object)).toEqual([`ConfigMap ${namespace}/settings`]);
  }, 240_000);

  test('names a rollback', async () => {
    await run('rollout', 'undo', 'deployment/web');
    await run('rollout', 'status', 'deployment/web', '--timeout=120s');

    const { changes } = await changesOf('Deployment', 'web');

    expect(changes[0]).toMatchObject({
      object: `Deployment ${namespace}/web`,
      what: 'was rolled back to an earlier pod template, now revision 3: image of app changed from busybox:1.36 to busybox:1.35',
    });
  }, 240_000);

  test('names what a StatefulSet got and gave back', async () => {
    await run('set', 'env', 'statefulset/db', 'MODE=slow');
    await run('rollout', 'status', 'statefulset/db', '--timeout=120s');
    await sleep(APART_MS);
    await run('rollout', 'undo', 'statefulset/db');
    await run('rollout', 'status', 'statefulset/db', '--timeout=120s');

    const { changes } = await changesOf('StatefulSet', 'db');

    expect(changes.filter(({ object }) => object.startsWith('StatefulSet')).map(({ what }) => what)).toEqual([
      'was rolled back to an earlier pod template, now revision 3: its pod template changed (env)',
      'revision 2 rolled out: its pod template changed (env)',
    ]);
  }, 240_000);
});
