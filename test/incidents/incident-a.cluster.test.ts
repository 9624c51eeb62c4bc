import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { describeWithCluster } from '../cluster/injected-cluster.ts';
import { addMachine, breakMachine, removeMachine } from '../cluster/machines.ts';
import type { BotWorld } from '../integration/bot-world.ts';
import { approve } from '../integration/remediation-world.ts';
import { type IncidentLab, openIncidentLab, told, untilIs } from './incident-lab.ts';
import { askWhy, auditOf, bob, changeIs, HELPED, openIncidentWorld, plainText, review } from './incident-world.ts';

const MACHINE = { name: 'rack-incident', number: 47, apart: true } as const;

/** Its container ends when what it reads changes, as programs do that are told to read their settings again. */
const BLOG = `
apiVersion: v1
kind: ConfigMap
metadata: { name: blog-settings }
data: { settings.json: one }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: blog }
spec:
  replicas: 1
  selector: { matchLabels: { app: blog } }
  template:
    metadata: { labels: { app: blog } }
    spec:
      nodeSelector: { kubernetes.io/hostname: ${MACHINE.name} }
      tolerations: [{ key: kubewhy.test/machine, operator: Exists }]
      terminationGracePeriodSeconds: 1
      volumes: [{ name: settings, configMap: { name: blog-settings } }]
      containers:
        - name: blog
          image: busybox:1.36
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'now=$(cat /live/settings.json); while [ "$(cat /live/settings.json)" = "$now" ]; do sleep 1; done; exit 1']
          volumeMounts:
            - { name: settings, mountPath: /app/settings.json, subPath: settings.json }
            - { name: settings, mountPath: /live }
`;

/** They wait for kubelets and controllers, which are slow on a busy machine. */
vi.setConfig({ testTimeout: 300_000 });

describeWithCluster('a ConfigMap that is replaced under a running subPath mount', (cluster) => {
  if (cluster.kind !== 'local') {
    test.skip('needs a node whose container runtime keeps old mounts');
    return;
  }
  let lab: IncidentLab;
  let world: BotWorld;

  beforeAll(async () => {
    lab = await openIncidentLab(cluster);
    world = await openIncidentWorld(lab);
    await world.start();
    await addMachine(MACHINE);
  });

  afterAll(async () => {
    expect(world.slack.problems()).toEqual([]);
    await world.close();
    await removeMachine(MACHINE);
    await lab.close();
  });

  /** A pod that cannot start its container again, beside a younger one that can. */
  async function breakBlog(namespace: string): Promise<string> {
    const inNamespace = (...args: readonly string[]): Promise<string> => cluster.kubectl(['-n', namespace, ...args]);
    await cluster.kubectl(['-n', namespace, 'apply', '-f', '-'], BLOG);
    await inNamespace('rollout', 'status', 'deployment/blog', '--timeout=180s');
    const pod = (await inNamespace('get', 'pods', '-o', 'jsonpath={.items[0].metadata.name}')).trim();
    await breakMachine(MACHINE, 'subpaths');
    await inNamespace('patch', 'configmap', 'blog-settings', '-p', '{"data":{"settings.json":"two"}}');
    // The kubelet looks for new content at once when the pod changes.
    await inNamespace('annotate', 'pod', pod, 'example.com/look=now');
    const reason = '.status.containerStatuses[0].lastState.terminated.reason';
    await untilIs(cluster, ['-n', namespace, 'pod', pod], reason, 'StartError');
    await inNamespace('scale', 'deployment/blog', '--replicas=2');
    await untilIs(cluster, ['-n', namespace, 'deployment/blog'], '.status.readyReplicas', '1');
    return pod;
  }

  test('is found, and repaired by deleting the one pod, once somebody else approved', async () => {
    const namespace = await lab.namespace();
    const pod = await breakBlog(namespace);
    const uid = await told(cluster, ['-n', namespace, 'get', 'pod', pod, '-o', 'jsonpath={.metadata.uid}']);

    const answer = await askWhy(world, `${pod} -n ${namespace}`);
    const proposal = await review(world, answer);
    await approve(world, proposal, { user: bob.id });
    const fixed = await changeIs(world, proposal, HELPED);

    expect(plainText(answer)).toContain('ConfigMap `blog-settings` changed under its subPath mount');
    expect(plainText(proposal)).toContain(`still has the uid ${uid}`);
    expect(plainText(fixed)).toMatch(/Fixed: blog-\S+ is Ready/);
    await untilIs(cluster, ['-n', namespace, 'deployment/blog'], '.status.readyReplicas', '2');
    expect(await told(cluster, ['-n', namespace, 'get', 'pod', pod, '--ignore-not-found', '-o', 'name'])).toBe('');
    const events = await told(cluster, [
      '-n',
      namespace,
      'get',
      'events',
      '--field-selector',
      `involvedObject.uid=${uid},source=kubewhy`,
      '-o',
      'jsonpath={range .items[*]}{.type} {.reason} {.message}{"\\n"}{end}',
    ]);
    expect(events).toMatch(
      new RegExp(`^Normal RemediationSucceeded delete pod ${namespace}/${pod}: .*Approved by ${bob.id}`),
    );
    const { report, entries } = await auditOf(world);
    expect(report.fault).toBeUndefined();
    expect(entries.filter(({ event }) => event !== 'step').map(({ event }) => event)).toEqual(
      expect.arrayContaining(['proposed', 'vote', 'approved', 'claimed', 'checked', 'dry-run', 'intent', 'result']),
    );
    expect(entries.filter(({ event }) => event === 'intent')).toHaveLength(1);
  });

  test('is repaired by the account for changes alone', async () => {
    const may = (kubeconfig: string): Promise<string> =>
      told(cluster, [`--kubeconfig=${kubeconfig}`, '-n', lab.home, 'auth', 'can-i', 'delete', 'pods']);

    const answers = await Promise.all([may(lab.executor), may(lab.reader)]);

    // kubectl ends with 1 for "no".
    expect(answers).toEqual(['yes', '']);
  });
});
