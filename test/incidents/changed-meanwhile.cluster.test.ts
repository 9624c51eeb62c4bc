import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { RunningBot } from '../../src/app/bot/start-bot.ts';
import type { MessageRecord } from '../../src/sim/slack/store/records.ts';
import { type ApiProxy, proxied, startApiProxy } from '../cluster/api-proxy.ts';
import { accessOf } from '../cluster/cluster-access.ts';
import { describeWithCluster } from '../cluster/injected-cluster.ts';
import type { BotWorld } from '../integration/bot-world.ts';
import { approve } from '../integration/remediation-world.ts';
import { type IncidentLab, openIncidentLab, told, untilIs } from './incident-lab.ts';
import { askWhy, auditOf, bob, changeIs, openIncidentWorld, plainText, review } from './incident-world.ts';

/** It offers to evict pods that are not Ready and have the label `cure: eviction`. */
const OWN_PLAYBOOKS = join(import.meta.dirname, 'playbooks');
const IMAGE = '.spec.template.spec.containers[0].image';

/** They wait for kubelets and controllers, which are slow on a busy machine. */
vi.setConfig({ testTimeout: 300_000 });

describeWithCluster('a change whose object is another one when it is made', (cluster) => {
  let lab: IncidentLab;
  let proxy: ApiProxy;
  let world: BotWorld;
  let executor: RunningBot;

  beforeAll(async () => {
    lab = await openIncidentLab(cluster);
    proxy = await startApiProxy(await accessOf(cluster));
    world = await openIncidentWorld(lab, { executor: await proxied(lab.executor, proxy), playbooks: [OWN_PLAYBOOKS] });
    await world.start({ role: 'gateway' });
    await world.start({ role: 'diagnoser' });
  });

  afterAll(async () => {
    expect((await auditOf(world)).report.fault).toBeUndefined();
    expect(world.slack.problems()).toEqual([]);
    await world.close();
    proxy.close();
    await lab.close();
  });

  beforeEach(async () => {
    executor = await world.start({ role: 'executor' });
  });

  afterEach(async () => {
    proxy.before = async () => undefined;
    await executor.stop();
  });

  /** A Deployment whose newest revision has an image that does not exist, and the proposal to roll it back. */
  async function proposeRollback(): Promise<{ readonly namespace: string; readonly proposal: MessageRecord }> {
    const namespace = await lab.namespace();
    const pod = { containers: [{ name: 'app', image: 'busybox:1.36', command: ['sleep', '9999'] }] };
    const labels = { app: 'orders' };
    const template = { metadata: { labels }, spec: { terminationGracePeriodSeconds: 0, ...pod } };
    const spec = { replicas: 1, selector: { matchLabels: labels }, template };
    const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'orders' }, spec };
    await cluster.kubectl(['-n', namespace, 'apply', '-f', '-'], JSON.stringify(deployment));
    await cluster.kubectl(['-n', namespace, 'rollout', 'status', 'deployment/orders', '--timeout=180s']);
    await setImage(namespace, 'busybox:9.9');
    const waiting = '.items[*].status.containerStatuses[0].state.waiting.reason';
    await untilIs(cluster, ['-n', namespace, 'pods'], waiting, 'ImagePullBackOff');
    const answer = await askWhy(world, `deploy/orders -n ${namespace}`);
    return { namespace, proposal: await review(world, answer) };
  }

  /** A StatefulSet whose only pod is not Ready, and the proposal to evict it. */
  async function proposeEviction(): Promise<{ readonly namespace: string; readonly proposal: MessageRecord }> {
    const namespace = await lab.namespace();
    await cluster.kubectl(['-n', namespace, 'apply', '-f', '-'], JSON.stringify(STATEFUL));
    await cluster.kubectl(['-n', namespace, 'rollout', 'status', 'statefulset/cache', '--timeout=180s']);
    await cluster.kubectl(['-n', namespace, 'exec', 'cache-0', '--', 'touch', '/tmp/broken']);
    const ready = '.status.conditions[?(@.type=="Ready")].status';
    await untilIs(cluster, ['-n', namespace, 'pod/cache-0'], ready, 'False');
    const answer = await askWhy(world, `cache-0 -n ${namespace}`);
    return { namespace, proposal: await review(world, answer) };
  }

  /** Another pod has the same name afterwards. */
  async function replaceCache(namespace: string): Promise<void> {
    await cluster.kubectl(['-n', namespace, 'delete', 'pod', 'cache-0', '--wait=true']);
    await untilIs(cluster, ['-n', namespace, 'statefulset/cache'], '.status.readyReplicas', '1');
  }

  async function uidOfCache(namespace: string): Promise<string> {
    return told(cluster, ['-n', namespace, 'get', 'pod', 'cache-0', '-o', 'jsonpath={.metadata.uid}']);
  }

  async function setImage(namespace: string, image: string): Promise<void> {
    await cluster.kubectl(['-n', namespace, 'set', 'image', 'deployment/orders', `app=${image}`]);
  }

  async function imageOf(namespace: string): Promise<string> {
    return told(cluster, ['-n', namespace, 'get', 'deployment/orders', '-o', `jsonpath={${IMAGE}}`]);
  }

  /** Bob approves while no executor runs, and something happens before one does. */
  async function approveThen(proposal: MessageRecord, meanwhile: () => Promise<void>): Promise<void> {
    await executor.stop();
    await approve(world, proposal, { user: bob.id });
    await changeIs(world, proposal, 'Approved by');
    await meanwhile();
    executor = await world.start({ role: 'executor' });
  }

  test('is not made when the object was changed since the proposal', async () => {
    const { namespace, proposal } = await proposeRollback();

    await setImage(namespace, 'busybox:9.9.1');
    await approve(world, proposal, { user: bob.id });
    const ended = await changeIs(world, proposal, 'Not run');

    expect(plainText(ended)).toContain('Nothing was changed');
    expect(await imageOf(namespace)).toBe('busybox:9.9.1');
  });

  test('is not made to another object of the same name', async () => {
    const { namespace, proposal } = await proposeEviction();

    await approveThen(proposal, () => replaceCache(namespace));
    const young = await uidOfCache(namespace);
    const ended = await changeIs(world, proposal, 'Not run');

    expect(plainText(ended)).toContain('another one of the same name');
    expect(await uidOfCache(namespace)).toBe(young);
  });

  test('is not made when the approver may not do it any more', async () => {
    const { namespace, proposal } = await proposeRollback();

    try {
      await approveThen(proposal, () => lab.approversMay(false));
      const ended = await changeIs(world, proposal, 'Not run');

      expect(plainText(ended)).toContain(
        `The cluster does not let the approver bob do this: the right to patch deployments in ${namespace} is missing. Nothing was changed.`,
      );
      expect(await imageOf(namespace)).toBe('busybox:9.9');
    } finally {
      await lab.approversMay(true);
    }
  });

  test('is refused by the API server itself when somebody changes the object at the last moment', async () => {
    const { namespace, proposal } = await proposeRollback();
    const answers: string[] = [];
    proxy.before = async ({ method, path }) => {
      if (method === 'PATCH' && !path.includes('dryRun') && answers.length === 0) {
        answers.push(path);
        await setImage(namespace, 'busybox:9.9.2');
      }
    };

    await approve(world, proposal, { user: bob.id });
    const ended = await changeIs(world, proposal, 'Not run');

    expect(plainText(ended)).toContain('HTTP 422');
    expect(plainText(ended)).toContain('Kubewhy changed nothing');
    expect(answers).toEqual([`/apis/apps/v1/namespaces/${namespace}/deployments/orders?fieldManager=kubewhy`]);
    expect(await imageOf(namespace)).toBe('busybox:9.9.2');
  });

  test('is refused by the API server itself when another pod takes the name at the last moment', async () => {
    const { namespace, proposal } = await proposeEviction();
    const young: string[] = [];
    proxy.before = async ({ method, path, body }) => {
      if (method === 'POST' && path.includes('/eviction') && !`${path}${body}`.includes('dryRun')) {
        await replaceCache(namespace);
        young.push(await uidOfCache(namespace));
      }
    };

    await approve(world, proposal, { user: bob.id });
    const ended = await changeIs(world, proposal, 'Not run');

    expect(plainText(ended)).toContain('HTTP 409');
    expect(young).toEqual([await uidOfCache(namespace)]);
  });
});

const LABELS = { app: 'cache', cure: 'eviction' };
/** Its pod is Ready until it has a file `/tmp/broken`. */
const STATEFUL = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'cache' },
  spec: {
    serviceName: 'cache',
    selector: { matchLabels: { app: 'cache' } },
    template: {
      metadata: { labels: LABELS },
      spec: {
        terminationGracePeriodSeconds: 0,
        containers: [
          {
            name: 'app',
            image: 'busybox:1.36',
            imagePullPolicy: 'IfNotPresent',
            command: ['sleep', '9999'],
            readinessProbe: {
              exec: { command: ['test', '!', '-e', '/tmp/broken'] },
              periodSeconds: 1,
              timeoutSeconds: 5,
            },
          },
        ],
      },
    },
  },
};
