import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { describeWithCluster } from '../cluster/injected-cluster.ts';
import { createNodes, deleteNodes, ExtraNode, keepNodes, type NodeKeeper } from '../cluster/nodes.ts';
import type { BotWorld } from '../integration/bot-world.ts';
import { approve } from '../integration/remediation-world.ts';
import { type IncidentLab, openIncidentLab, told, untilIs } from './incident-lab.ts';
import {
  askWhy,
  auditOf,
  bob,
  changeIs,
  HELPED,
  openIncidentWorld,
  plainText,
  refusal,
  review,
} from './incident-world.ts';

/** No built-in playbook offers an eviction or a restart; an organisation's own may. */
const OWN_PLAYBOOKS = join(import.meta.dirname, 'playbooks');

/** They wait for kubelets and controllers, which are slow on a busy machine. */
vi.setConfig({ testTimeout: 300_000 });

describeWithCluster('a workload in trouble', (cluster) => {
  let lab: IncidentLab;
  let world: BotWorld;

  beforeAll(async () => {
    lab = await openIncidentLab(cluster);
    world = await openIncidentWorld(lab, { playbooks: [OWN_PLAYBOOKS] });
    await world.start();
  });

  afterAll(async () => {
    expect((await auditOf(world)).report.fault).toBeUndefined();
    expect(world.slack.problems()).toEqual([]);
    await world.close();
    await lab.close();
  });

  /** A Deployment whose pods are Ready. */
  async function deploy(name: string, more: Workload): Promise<string> {
    const namespace = await lab.namespace();
    await cluster.kubectl(['-n', namespace, 'apply', '-f', '-'], deployment(name, more));
    await cluster.kubectl(['-n', namespace, 'rollout', 'status', `deployment/${name}`, '--timeout=180s']);
    return namespace;
  }

  /** One of its pods, or all, stop being Ready. */
  async function breakPods(namespace: string, most = 9): Promise<readonly string[]> {
    const names = (await told(cluster, ['-n', namespace, 'get', 'pods', '-o', 'jsonpath={.items[*].metadata.name}']))
      .split(' ')
      .slice(0, most);
    for (const name of names) {
      await cluster.kubectl(['-n', namespace, 'exec', name, '--', 'touch', '/tmp/broken']);
      const ready = '.status.conditions[?(@.type=="Ready")].status';
      await untilIs(cluster, ['-n', namespace, 'pod', name], ready, 'False');
    }
    return names;
  }

  test('is rolled back from an image that does not exist', async () => {
    const namespace = await deploy('orders', {});
    await cluster.kubectl(['-n', namespace, 'set', 'image', 'deployment/orders', 'app=busybox:9.9']);
    const waiting = '.items[*].status.containerStatuses[0].state.waiting.reason';
    await untilIs(cluster, ['-n', namespace, 'pods'], waiting, 'ImagePullBackOff');

    const answer = await askWhy(world, `deploy/orders -n ${namespace}`);
    const proposal = await review(world, answer);
    await approve(world, proposal, { user: bob.id });
    const fixed = await changeIs(world, proposal, HELPED);

    expect(plainText(proposal)).toContain('to revision 1');
    expect(plainText(fixed)).toContain('Undo');
    const image = '.spec.template.spec.containers[0].image';
    await untilIs(cluster, ['-n', namespace, 'deployment/orders'], image, 'busybox:1.36');
  });

  describe('whose node is cordoned', () => {
    const node = ExtraNode.parse({
      name: `inc-maint-${process.pid}`,
      labels: { 'inc-pool': `maint-${process.pid}` },
      unschedulable: true,
    });
    let keeper: NodeKeeper;

    beforeAll(async () => {
      await createNodes(cluster, [node]);
      keeper = keepNodes(cluster, [node]);
    });

    afterAll(async () => {
      keeper.stop();
      await deleteNodes(cluster, [node]);
    });

    test('gets the node back', async () => {
      const namespace = await lab.namespace();
      const pod = {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'web' },
        spec: { nodeSelector: node.labels, containers: [{ name: 'web', image: 'busybox:1.36' }] },
      };
      await cluster.kubectl(['-n', namespace, 'apply', '-f', '-'], JSON.stringify(pod));
      const reason = '.status.conditions[?(@.type=="PodScheduled")].reason';
      await untilIs(cluster, ['-n', namespace, 'pod/web'], reason, 'Unschedulable');

      const answer = await askWhy(world, `web -n ${namespace}`);
      const proposal = await review(world, answer);
      await approve(world, proposal, { user: bob.id });
      const done = await changeIs(world, proposal, HELPED);

      expect(plainText(answer)).toContain('cordoned');
      expect(plainText(proposal)).toContain(`uncordon node ${node.name}`);
      expect(plainText(done)).toContain('Done');
      await untilIs(cluster, ['-n', namespace, 'pod/web'], '.spec.nodeName', node.name);
    });
  });

  describe('on a node that is short of disk space', () => {
    const taints = [{ key: 'example.com/test', effect: 'NoSchedule' as const }];
    const node = ExtraNode.parse({ name: `inc-full-${process.pid}`, taints });
    let keeper: NodeKeeper;

    beforeAll(async () => {
      await createNodes(cluster, [node]);
      keeper = keepNodes(cluster, [node]);
      const now = new Date().toISOString();
      const times = { lastHeartbeatTime: now, lastTransitionTime: now };
      const condition = { type: 'DiskPressure', status: 'True', reason: 'KubeletHasDiskPressure', ...times };
      const patch = JSON.stringify({ status: { conditions: [condition] } });
      await cluster.kubectl(['patch', 'node', node.name, '--subresource=status', '--type=strategic', '-p', patch]);
    });

    afterAll(async () => {
      keeper.stop();
      await deleteNodes(cluster, [node]);
    });

    test('gets no new neighbours', async () => {
      const answer = await askWhy(world, `node/${node.name}`);
      const proposal = await review(world, answer);
      await approve(world, proposal, { user: bob.id });
      const done = await changeIs(world, proposal, HELPED);

      expect(plainText(answer)).toContain('short of disk space');
      expect(plainText(proposal)).toContain(`cordon node ${node.name}`);
      expect(plainText(done)).toContain('Done');
      await untilIs(cluster, ['node', node.name], '.spec.unschedulable', 'true');
    });
  });

  describe('that only new pods cure', () => {
    test('has its pod evicted', async () => {
      const namespace = await deploy('cache', { cure: 'eviction', replicas: 2 });
      const [pod = ''] = await breakPods(namespace, 1);

      const answer = await askWhy(world, `${pod} -n ${namespace}`);
      const proposal = await review(world, answer);
      await approve(world, proposal, { user: bob.id });
      const fixed = await changeIs(world, proposal, HELPED);

      expect(plainText(proposal)).toContain(`evict pod ${namespace}/${pod}`);
      expect(plainText(fixed)).toMatch(/Fixed: cache-\S+ is Ready/);
    });

    test('keeps its pod when a disruption budget was made since the proposal', async () => {
      const namespace = await deploy('cache', { cure: 'eviction', replicas: 2 });
      const [pod = ''] = await breakPods(namespace, 1);
      const uid = await told(cluster, ['-n', namespace, 'get', 'pod', pod, '-o', 'jsonpath={.metadata.uid}']);

      const answer = await askWhy(world, `${pod} -n ${namespace}`);
      const proposal = await review(world, answer);
      await cluster.kubectl(['-n', namespace, 'create', 'pdb', 'cache', '--selector=app=cache', '--min-available=2']);
      await untilIs(cluster, ['-n', namespace, 'pdb/cache'], '.status.currentHealthy', '1');
      await approve(world, proposal, { user: bob.id });
      const blocked = await changeIs(world, proposal, 'Not run');

      expect(plainText(blocked)).toMatch(/PodDisruptionBudget forbids it now, so nothing was changed/);
      expect(await told(cluster, ['-n', namespace, 'get', 'pod', pod, '-o', 'jsonpath={.metadata.uid}'])).toBe(uid);
      const again = await askWhy(world, `${pod} -n ${namespace}`);
      expect(await refusal(world, again)).toContain('PodDisruptionBudget');
    });

    test('is restarted', async () => {
      const namespace = await deploy('cache', { cure: 'restart', replicas: 2 });
      await breakPods(namespace);

      const answer = await askWhy(world, `deploy/cache -n ${namespace}`);
      const proposal = await review(world, answer);
      await approve(world, proposal, { user: bob.id });
      const fixed = await changeIs(world, proposal, HELPED);

      expect(plainText(proposal)).toContain(`restart deployment ${namespace}/cache`);
      expect(plainText(fixed)).toContain('cache');
      await untilIs(cluster, ['-n', namespace, 'deployment/cache'], '.status.readyReplicas', '2');
    });
  });
});

interface Workload {
  readonly cure?: string;
  readonly replicas?: number;
}

/** Its pods are Ready until they have a file `/tmp/broken`. */
function deployment(name: string, { cure = 'none', replicas = 1 }: Workload): string {
  const labels = { app: name, cure };
  return JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels },
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
  });
}
