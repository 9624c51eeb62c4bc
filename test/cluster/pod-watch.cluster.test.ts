import { randomInt } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { type Cluster, openCluster } from '../../src/adapters/kubernetes/kubernetes-cluster.ts';
import { systemClock } from '../../src/adapters/system/system-clock.ts';
import type { StoredAlert } from '../../src/core/triage/stored-alert.ts';
import { type PodTroubleWatch, watchPodTrouble } from '../../src/usecases/triage/watch-pod-trouble.ts';
import { FakeNoteStore } from '../fakes/fake-note-store.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import type { TestCluster } from './cluster.ts';
import { type CutProxy, startCutProxy } from './cut-proxy.ts';
import { describeWithCluster } from './injected-cluster.ts';

const podsOf = (namespace: string): string => `
apiVersion: v1
kind: Pod
metadata: { name: bad-image, namespace: ${namespace} }
spec:
  terminationGracePeriodSeconds: 0
  containers: [{ name: app, image: "lab/absent:1", imagePullPolicy: Never, command: [sleep, "3600"] }]
---
apiVersion: v1
kind: Pod
metadata: { name: crasher, namespace: ${namespace}, labels: { team: front } }
spec:
  terminationGracePeriodSeconds: 0
  containers: [{ name: app, image: "busybox:1.36", command: [sh, -c, "exit 1"] }]
---
apiVersion: v1
kind: Pod
metadata: { name: done, namespace: ${namespace} }
spec:
  restartPolicy: Never
  containers: [{ name: app, image: "busybox:1.36", command: [sh, -c, "exit 1"] }]
---
apiVersion: v1
kind: Pod
metadata: { name: steady, namespace: ${namespace} }
spec:
  terminationGracePeriodSeconds: 0
  containers: [{ name: app, image: "busybox:1.36", command: [sleep, "3600"] }]
`;

describeWithCluster('the watch of pods in a real cluster', (cluster) => {
  const namespace = `pods-${randomInt(36 ** 4, 36 ** 5).toString(36)}`;
  const closing: (() => unknown)[] = [() => cluster.deleteNamespace(namespace)];

  afterAll(async () => {
    for (const close of closing.toReversed()) {
      await close();
    }
  });

  test('tells a bad image and a crash loop once each, over a broken connection, until they end', async () => {
    const inNamespace = (...args: readonly string[]): Promise<string> => cluster.kubectl(['-n', namespace, ...args]);
    await cluster.kubectl(['create', 'namespace', namespace]);
    await inNamespace('wait', '--for=create', 'serviceaccount/default', '--timeout=30s');
    await cluster.apply(podsOf(namespace));
    const { opened, proxy } = await openThroughProxy(cluster, closing);
    const stored: StoredAlert[] = [];
    const watch = startWatch(opened, namespace, stored);
    closing.push(() => watch.stop());

    await passUntil(watch, () => names(stored, 'firing').length >= 2);
    const cut = proxy.cut();
    await passUntil(watch, restartedAgain(inNamespace));
    await inNamespace('delete', 'pod', 'crasher', '--wait=false');
    await inNamespace('set', 'image', 'pod/bad-image', 'app=busybox:1.36');
    await passUntil(watch, () => names(stored, 'resolved').length >= 2);

    expect(cut).toBeGreaterThan(0);
    const both = ['KubewhyImagePullFailing bad-image', 'KubewhyPodCrashLooping crasher'];
    expect([names(stored, 'firing'), names(stored, 'resolved')]).toEqual([both, both]);
    expect(episodes(stored)).toHaveLength(2);
    expect(watch.states().get(namespace)).toEqual({ kind: 'watching', beyond: false });
    expect(stored.find(({ owner }) => owner !== undefined)).toMatchObject({ owner: 'front' });
  }, 240_000);
});

/** The administrator's cluster behind a proxy that can be cut. */
async function openThroughProxy(
  cluster: TestCluster,
  closing: (() => unknown)[],
): Promise<{ readonly opened: Cluster; readonly proxy: CutProxy }> {
  const folder = await mkdtemp(join(tmpdir(), 'kubewhy-watch-'));
  closing.push(() => rm(folder, { recursive: true }));
  const view = await cluster.kubectl(['config', 'view', '--raw', '--minify', '--flatten', '-o', 'json']);
  const config = JSON.parse(view) as {
    readonly clusters: readonly [{ readonly cluster: { server: string; 'tls-server-name'?: string } }];
  };
  const [{ cluster: entry }] = config.clusters;
  const { hostname, port } = new URL(entry.server);
  const proxy = await startCutProxy(hostname, Number(port === '' ? 443 : port));
  closing.push(() => proxy.close());
  entry.server = `https://127.0.0.1:${proxy.port}`;
  // Every API server has this name beside its addresses.
  entry['tls-server-name'] ??= 'kubernetes';
  const kubeconfig = join(folder, 'config');
  await writeFile(kubeconfig, JSON.stringify(config), { mode: 0o600 });
  const opened = openCluster({ kubeconfig });
  closing.push(() => opened.close());
  return { opened, proxy };
}

function startWatch({ watchPods }: Cluster, namespace: string, stored: StoredAlert[]): PodTroubleWatch {
  const clock = systemClock();
  const intake = {
    accept: async (alerts: readonly StoredAlert[]) => {
      stored.push(...alerts);
      return { changed: alerts.length, repeated: 0 };
    },
  };
  return watchPodTrouble(
    { watchPods, intake, notes: new FakeNoteStore(clock), clock, logger: new RecordingLogger() },
    {
      namespaces: new Map([[namespace, 10]]),
      clusters: { clusters: ['lab'], clusterLabel: 'cluster', clusterNames: {}, senderCluster: 'lab' },
      routing: { routes: [], channel: 'C1', ignore: [], mute: [], owners: { labels: ['team'], ids: {} } },
    },
  );
}

async function passUntil(watch: PodTroubleWatch, done: () => boolean | Promise<boolean>): Promise<void> {
  do {
    await pause(500);
    await watch.pass();
  } while (!(await done()));
}

/** Whether the crash loop went on since the first call. */
function restartedAgain(inNamespace: (...args: readonly string[]) => Promise<string>): () => Promise<boolean> {
  let first: number | undefined;
  return async () => {
    const path = 'jsonpath={.status.containerStatuses[0].restartCount}';
    const count = Number(await inNamespace('get', 'pod', 'crasher', '-o', path));
    first ??= count;
    return count > first;
  };
}

function names(stored: readonly StoredAlert[], status: string): readonly string[] {
  const alerts = stored.map(({ mapped }) => mapped.alert).filter((alert) => alert.status === status);
  return [...new Set(alerts.map(({ name, labels }) => `${name} ${labels['pod']}`))].toSorted();
}

function episodes(stored: readonly StoredAlert[]): readonly string[] {
  return [...new Set(stored.map(({ mapped: { alert } }) => `${alert.fingerprint} ${alert.startsAt}`))];
}
