import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { objectFinalizerRemove } from '../../src/actions/object-finalizer-remove.ts';
import { podForceDelete } from '../../src/actions/pod-force-delete.ts';
import { describeWithCluster } from '../cluster/injected-cluster.ts';
import { addMachine, breakMachine, removeMachine } from '../cluster/machines.ts';
import type { BotWorld } from '../integration/bot-world.ts';
import { approve } from '../integration/remediation-world.ts';
import { type IncidentLab, openIncidentLab, overdue, told, untilIs } from './incident-lab.ts';
import {
  approveByTwo,
  askWhy,
  auditOf,
  bob,
  changeIs,
  HELPED,
  hasButton,
  openIncidentWorld,
  plainText,
  review,
} from './incident-world.ts';
import { inspectReal } from './inspect-real.ts';

const MACHINE = { name: 'rack-stuck', number: 48 } as const;
const GRACE_SECONDS = 2;

/** They wait for kubelets and controllers, which are slow on a busy machine. */
vi.setConfig({ testTimeout: 300_000 });

describeWithCluster('a deleted pod that stays', (cluster) => {
  let lab: IncidentLab;
  let world: BotWorld;

  beforeAll(async () => {
    lab = await openIncidentLab(cluster, { files: ['executor-finalizers.yaml'] });
    world = await openIncidentWorld(lab);
    await world.start();
  });

  afterAll(async () => {
    expect((await auditOf(world)).report.fault).toBeUndefined();
    expect(world.slack.problems()).toEqual([]);
    await world.close();
    await lab.close();
  });

  function read(namespace: string, name: string, path: string): Promise<string> {
    return told(cluster, ['-n', namespace, 'get', 'pod', name, '-o', `jsonpath={${path}}`]);
  }

  describe.skipIf(cluster.kind !== 'local')('on a node whose kubelet has stopped', () => {
    let namespace: string;
    let web: string;

    beforeAll(async () => {
      await addMachine(MACHINE);
      namespace = await lab.namespace();
      await cluster.kubectl(['-n', namespace, 'apply', '-f', '-'], onMachine(namespace));
      for (const one of ['deployment/web', 'statefulset/db']) {
        await cluster.kubectl(['-n', namespace, 'rollout', 'status', one, '--timeout=180s']);
      }
      const pods = ['-n', namespace, 'get', 'pods', '-l', 'app=web', '-o', 'jsonpath={.items[0].metadata.name}'];
      web = await told(cluster, pods);
      // Whoever drains a node cordons it first, so that replacements go elsewhere.
      await cluster.kubectl(['cordon', MACHINE.name]);
      await breakMachine(MACHINE, 'kubelet');
      await cluster.kubectl(['-n', namespace, 'delete', 'pod', web, 'db-0', '--wait=false']);
      await untilIs(cluster, ['node', MACHINE.name], '.status.conditions[?(@.type=="Ready")].status', 'Unknown');
      await overdue(cluster, ['-n', namespace, 'pod', web], GRACE_SECONDS + 35);
    }, 300_000);

    afterAll(async () => {
      await removeMachine(MACHINE);
      await cluster.kubectl(['delete', 'pv', `ledger-${namespace}`, '--ignore-not-found', '--wait=false']);
    });

    test('is deleted by force when nothing of it may be there twice', async () => {
      const uid = await read(namespace, web, '.metadata.uid');

      const answer = await askWhy(world, `${web} -n ${namespace}`);
      const proposal = await review(world, answer);
      await approve(world, proposal, { user: bob.id });
      const fixed = await changeIs(world, proposal, HELPED);

      expect(plainText(answer)).toContain(`nly the kubelet of \`${MACHINE.name}\` can confirm`);
      expect(plainText(proposal)).toContain('force-delete pod');
      expect(plainText(proposal)).toContain(uid);
      expect(plainText(fixed)).toContain('Approved by');
      expect(await read(namespace, web, '.metadata.uid')).toBe('');
    });

    test('is not offered to be deleted by force when it may still write to a volume of one node', async () => {
      const uid = await read(namespace, 'db-0', '.metadata.uid');

      const answer = await askWhy(world, `db-0 -n ${namespace}`);
      const looked = await inspectReal(lab, podForceDelete, {
        action: 'R-POD-FORCE-DELETE',
        subject: { kind: 'Pod', namespace, name: 'db-0', uid },
        parameters: {},
      });

      expect(hasButton(answer, 'remediation.review')).toBe(false);
      expect(plainText(answer)).toContain('do not delete it by force: the old copy may still write to data-db-0');
      expect(looked).toMatchObject({
        kind: 'refused',
        why: 'unsafe',
        reason: expect.stringMatching(/may still run there, and its volume data must never have two writers/),
      });
      expect(await read(namespace, 'db-0', '.metadata.uid')).toBe(uid);
    });
  });

  describe('because of a finalizer', () => {
    /** A deleted pod that an operator without pods should let go. */
    async function heldPod(finalizer: string): Promise<string> {
      const namespace = await lab.namespace();
      await cluster.kubectl(['-n', namespace, 'apply', '-f', '-'], heldBy(finalizer));
      await cluster.kubectl(['-n', namespace, 'wait', 'pod/worker', '--for=condition=Ready', '--timeout=180s']);
      await cluster.kubectl(['-n', namespace, 'delete', 'pod', 'worker', '--wait=false']);
      await overdue(cluster, ['-n', namespace, 'pod', 'worker'], 35);
      return namespace;
    }

    test('goes after two approvals, one of an owner, with its name and a reason', async () => {
      const namespace = await heldPod('spindle.weaver.test/drain');

      const answer = await askWhy(world, `worker -n ${namespace}`);
      const proposal = await review(world, answer);
      const refused = await approve(world, proposal, { user: bob.id, confirm: 'workers', reason: 'cleaned by hand' });
      await world.slack.drivers.closeView({ viewId: openView(world) });
      await approveByTwo(world, proposal, { confirm: 'worker', reason: 'cleaned by hand' });
      const fixed = await changeIs(world, proposal, HELPED);

      expect(plainText(answer)).toContain(`Deployment ${namespace}/spindle-operator, which should take it away`);
      expect(plainText(proposal)).toContain('Whatever spindle.weaver.test/drain promises to clean up');
      expect(JSON.stringify(refused.json)).toContain('approval-confirm');
      expect(plainText(fixed)).toContain(`Pod ${namespace}/worker is gone`);
      expect(await read(namespace, 'worker', '.metadata.uid')).toBe('');
    });

    test('is not offered to lose a finalizer that protects something', async () => {
      const finalizer = 'service.kubernetes.io/load-balancer-cleanup';
      const namespace = await heldPod(finalizer);
      const uid = await read(namespace, 'worker', '.metadata.uid');

      const answer = await askWhy(world, `worker -n ${namespace}`);
      const looked = await inspectReal(lab, objectFinalizerRemove, {
        action: 'R-OBJ-FINALIZER-REMOVE',
        subject: { kind: 'Pod', namespace, name: 'worker', uid },
        parameters: { finalizer },
      });

      expect(hasButton(answer, 'remediation.review')).toBe(false);
      expect(plainText(answer)).toContain(`do not take \`${finalizer}\` away by hand`);
      expect(looked).toMatchObject({ kind: 'refused', why: 'unsafe', reason: expect.stringContaining('protects') });
      expect(await read(namespace, 'worker', '.metadata.finalizers[0]')).toBe(finalizer);
    });
  });
});

function openView(world: BotWorld): string {
  const view = world.slack.views().findLast(({ open }) => open);
  if (view === undefined) {
    throw new Error('no window is open');
  }
  return view.id;
}

/** Both run on the machine, and only the pods of the Deployment can start elsewhere. */
function onMachine(namespace: string): string {
  const image = 'nginx:1.27';
  const container = (name: string, more = ''): string =>
    `[{ name: ${name}, image: "${image}", imagePullPolicy: IfNotPresent${more} }]`;
  const host = (operator: string): string =>
    `matchExpressions: [{ key: kubernetes.io/hostname, operator: ${operator}, values: [${MACHINE.name}] }]`;
  return `
apiVersion: v1
kind: PersistentVolume
metadata: { name: ledger-${namespace} }
spec:
  capacity: { storage: 1Gi }
  accessModes: [ReadWriteOnce]
  storageClassName: ledger-${namespace}
  persistentVolumeReclaimPolicy: Retain
  claimRef: { namespace: ${namespace}, name: data-db-0 }
  hostPath: { path: /tmp/kubewhy-ledger-${namespace}, type: DirectoryOrCreate }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  serviceName: db
  replicas: 1
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec:
      nodeSelector: { kubernetes.io/hostname: ${MACHINE.name} }
      terminationGracePeriodSeconds: ${GRACE_SECONDS}
      tolerations: [{ operator: Exists }]
      containers: ${container('db', ', volumeMounts: [{ name: data, mountPath: /data }]')}
  volumeClaimTemplates:
    - metadata: { name: data }
      spec:
        accessModes: [ReadWriteOnce]
        storageClassName: ledger-${namespace}
        resources: { requests: { storage: 1Gi } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 1
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      affinity:
        nodeAffinity:
          preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, preference: { ${host('In')} } }]
      terminationGracePeriodSeconds: ${GRACE_SECONDS}
      tolerations: [{ key: kubewhy.test/machine, operator: Exists }]
      containers: ${container('web')}
`;
}

function heldBy(finalizer: string): string {
  const containers =
    '[{ name: worker, image: "busybox:1.36", imagePullPolicy: IfNotPresent, command: [sleep, "9999"] }]';
  return `
apiVersion: apps/v1
kind: Deployment
metadata: { name: spindle-operator }
spec:
  replicas: 0
  selector: { matchLabels: { app: spindle-operator } }
  template:
    metadata: { labels: { app: spindle-operator } }
    spec: { containers: ${containers} }
---
apiVersion: v1
kind: Pod
metadata: { name: worker, finalizers: [${finalizer}] }
spec: { terminationGracePeriodSeconds: 1, containers: ${containers} }
`;
}
