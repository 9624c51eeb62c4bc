import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AlertInput } from '../integration/alerts-talk.ts';
import { type AlertBench, openAlertBench, untilFiring } from './alert-bench.ts';
import { CASCADE, MISSING_KEY, NO_CLASS, OTHERS, RUNNING, TWO_TROUBLES } from './alert-breakages.ts';
import { exported } from './alert-rules.ts';
import { describeWithCluster } from './injected-cluster.ts';

const PLACES = ['key', 'shop', 'blog', 'cascade', 'claim', 'two', 'others'] as const;
type Place = (typeof PLACES)[number];

const MANIFESTS: Readonly<Record<Place, string>> = {
  key: MISSING_KEY,
  shop: RUNNING('shop'),
  blog: RUNNING('blog'),
  cascade: CASCADE,
  claim: NO_CLASS,
  two: TWO_TROUBLES,
  others: OTHERS,
};

describeWithCluster('alerts about a real cluster that is broken in several ways', (cluster) => {
  const run = `alerts-${Date.now().toString(36)}`;
  const namespaceOf = (place: Place): string => `${run}-${place}`;
  const kubectl = (place: Place, ...args: readonly string[]): Promise<string> =>
    cluster.kubectl(['-n', namespaceOf(place), ...args]);
  const firing = (places: readonly Place[], awaited: readonly string[]): Promise<AlertInput[]> =>
    untilFiring(cluster, places.map(namespaceOf), awaited);
  let bench: AlertBench;

  async function rollOut(place: 'shop' | 'blog'): Promise<void> {
    await kubectl(place, 'rollout', 'status', `deployment/${place}`, '--timeout=120s');
    await kubectl(place, 'set', 'image', `deployment/${place}`, `${place}=nginx:9.9`);
  }

  beforeAll(async () => {
    await Promise.all(
      PLACES.map(async (place) => {
        await cluster.kubectl(['create', 'namespace', namespaceOf(place)]);
        await kubectl(place, 'wait', 'serviceaccount/default', '--for=create', '--timeout=60s');
        await cluster.kubectl(['-n', namespaceOf(place), 'apply', '-f', '-'], MANIFESTS[place]);
      }),
    );
    await Promise.all([rollOut('shop'), rollOut('blog')]);
    bench = await openAlertBench(cluster);
  }, 240_000);

  afterAll(async () => {
    await bench.close();
    await Promise.all(PLACES.map((place) => cluster.deleteNamespace(namespaceOf(place))));
  });

  test('three workloads without the same key are one thread that names it', async () => {
    const place = namespaceOf('key');
    const alerts = await firing(
      ['key'],
      ['orders', 'cart', 'billing'].map((name) => `KubeContainerWaiting.*"${name}".*CreateContainerConfigError`),
    );
    await bench.send(alerts);

    const { parent } = await bench.thread(place, {
      headline: /key DATABASE_URL does not exist in ConfigMap settings .*11 firing/,
      replies: [/add the key/, /explains 3 objects/],
    });

    for (const name of ['orders', 'cart', 'billing']) {
      expect(parent).toContain(`Deployment ${place}/${name}`);
    }
  }, 240_000);

  test('an image that does not exist in two namespaces is one thread, beside which the rollouts stand', async () => {
    await bench.send(await firing(['shop', 'blog'], ['-shop".*(ImagePull|ErrImage)', '-blog".*(ImagePull|ErrImage)']));

    const { replies } = await bench.thread(namespaceOf('shop'), {
      headline: /nginx:9\.9 does not exist in docker\.io/,
      parent: [`Deployment ${namespaceOf('blog')}/blog`],
      replies: [/(shop|blog)`: revision 2 rolled out: image of \1 changed from nginx:1\.27 to nginx:9\.9/],
    });

    expect(replies.join()).toContain('coincidence in time, no proof');
  }, 240_000);

  test('what fails because something else crashes is explained in the thread of that, whichever fires first', async () => {
    const alerts = await firing(['cascade'], ['KubePodCrashLooping.*"api"', 'KubePodCrashLooping.*"web"']);
    const isWeb = ({ deployment, container }: AlertInput): boolean => deployment === 'web' || container === 'web';
    await bench.send(alerts.filter(isWeb));
    await bench.thread(namespaceOf('cascade'), {
      headline:
        /^Deployment \S+\/web(, likely)?: the \w+ probe of web fails while api has no ready pod: container api exits/,
    });
    await bench.send(alerts.filter((alert) => !isWeb(alert)));

    const { parent } = await bench.thread(namespaceOf('cascade'), {
      headline: /^Deployment \S+\/api: container api exits with code 1 .*cannot parse/,
      replies: [/◦ Deployment \S+\/web(, likely)?: .*probe of `web` fails while `api` has no ready pod/],
    });

    expect(parent).toContain(`Deployment ${namespaceOf('cascade')}/web`);
  }, 240_000);

  test('a StatefulSet whose claim waits for a class that is not there is one thread with the claim', async () => {
    await bench.send(
      await firing(['claim'], ['KubePodNotReady.*db-0', 'KubeStatefulSetReplicasMismatch', 'claimPending.*data-db-0']),
    );

    const { parent } = await bench.thread(namespaceOf('claim'), {
      headline: /claim data-db-0 asks for StorageClass fast-ssd, which does not exist .*3 firing/,
      replies: [/delete the claim/],
    });

    expect(parent).toContain(`StatefulSet ${namespaceOf('claim')}/db`);
  }, 240_000);

  test('two troubles in one group of Alertmanager are two threads, each with its own cause', async () => {
    const place = namespaceOf('two');
    await bench.sendTogether(
      await firing(['two'], ['KubePodCrashLooping.*"cache"', 'KubePodCrashLooping.*"worker"', 'Mismatch.*"cache"']),
    );

    const cache = await bench.thread(`${place}/cache`, { headline: /container cache needs more memory .*24Mi/ });
    const worker = await bench.thread(`${place}/worker`, { headline: /program sleeep is nowhere in the PATH/ });

    expect(cache.parent).not.toContain(`${place}/worker`);
    expect(worker.parent).not.toContain(`${place}/cache`);
  }, 240_000);

  test('a pod that was replaced since, labels of the exporter and what is well again are told as they are', async () => {
    const place = namespaceOf('others');
    const alerts = await firing(['others'], ['KubePodCrashLooping.*"queue"', 'KubePodCrashLooping.*"mailer"']);
    await kubectl('others', 'delete', 'pod', 'queue-0');
    await firing(['others'], ['KubePodCrashLooping.*"queue"|KubeContainerWaiting.*"queue"']);
    await bench.send(alerts.filter(({ pod }) => pod === 'queue-0'));
    await bench.send(alerts.filter(({ container }) => container === 'mailer').map(exported));
    const steady = { alertname: 'KubeDeploymentReplicasMismatch', namespace: place, deployment: 'steady' };
    await bench.send([{ ...steady, job: 'kube-state-metrics', severity: 'warning' }]);

    const queue = await bench.thread(`${place}/queue`, {
      headline: /cannot open \/var\/lib\/queue\/journal/,
      replies: [/queue-0 was replaced since: the alert is about an earlier one/],
    });
    const mailer = await bench.thread(`${place}/mailer`, { headline: /panic: SMTP_HOST is not set .*1 firing/ });
    const well = await bench.thread(`${place}/steady`, { headline: /^1 firing: .*Nothing wrong was found/ });

    expect(queue.parent).toContain(`StatefulSet ${place}/queue`);
    expect(mailer.parent).not.toContain('kube-state-metrics');
    expect(well.parent).toContain('The alerts fire, but what they are about looks well');
    expect(bench.headlines()).toHaveLength(9);
  }, 240_000);

  test('what is repaired is told as resolved when its alerts end', async () => {
    const alerts = await firing(['key'], ['KubeContainerWaiting.*"cart"']);
    await kubectl('key', 'patch', 'configmap', 'settings', '-p', '{"data":{"DATABASE_URL":"postgres://db"}}');
    for (const name of ['orders', 'cart', 'billing']) {
      await kubectl('key', 'rollout', 'status', `deployment/${name}`, '--timeout=120s');
    }
    await bench.send(alerts, { status: 'resolved' });

    const { parent } = await bench.thread(namespaceOf('key'), {
      headline: /^Resolved: .*key DATABASE_URL/,
      replies: [/^All 11 alerts are resolved/m],
    });

    expect(parent).toContain('Every alert was resolved.');
  }, 240_000);

  test('what is repaired ends by itself when its alerts do not', async () => {
    const command = [{ op: 'replace', path: '/spec/template/spec/containers/0/command', value: ['sleep', '3600'] }];
    await kubectl('two', 'patch', 'deployment', 'worker', '--type=json', '-p', JSON.stringify(command));
    await kubectl('two', 'rollout', 'status', 'deployment/worker', '--timeout=120s');

    const { parent } = await bench.thread(`${namespaceOf('two')}/worker`, {
      headline: /^Resolved: .*program sleeep/,
      replies: [/as two looks at the cluster say; 2 alerts still fire/],
    });

    expect(parent).toContain('Nothing is wrong in the cluster any more, although 2 alerts still fire.');
    expect(bench.headlines().filter((text) => text.startsWith('Resolved'))).toHaveLength(2);
    expect(bench.world.slack.problems()).toEqual([]);
  }, 240_000);
});
