import { describe, expect, it } from 'vitest';
import { podForceDelete } from '../../src/actions/pod-force-delete.ts';
import type { JsonObject } from '../../src/core/facts/json.ts';
import {
  aDeployment,
  ago,
  aNode,
  anObject,
  aPod,
  aReplicaSet,
  NOT_READY,
  owned,
  POD,
  possible,
  proposed,
  READY,
  worldOf,
} from './action-world.ts';

const INPUT = proposed('R-POD-FORCE-DELETE', POD);
const STUCK = { deletionTimestamp: ago(200), deletionGracePeriodSeconds: 30 };
const STUCK_POD = aPod({ metadata: STUCK });
const OUT_OF_SERVICE = { spec: { taints: [{ key: 'node.kubernetes.io/out-of-service', effect: 'NoExecute' }] } };
const LEASE = lease(10);
const AROUND = [aReplicaSet(), aDeployment()];

function lease(seconds: number): JsonObject {
  return anObject('Lease', 'node-1', {
    metadata: { namespace: 'kube-node-lease' },
    spec: { renewTime: ago(seconds), leaseDurationSeconds: 40 },
  });
}

function claimPod(controller: string, changes: Readonly<Record<string, unknown>> = {}): JsonObject {
  const volumes = [
    { name: 'data', persistentVolumeClaim: { claimName: 'data-0' } },
    { name: 'tmp', emptyDir: {} },
  ];
  return aPod({
    metadata: { ...STUCK, ...owned(controller, 'db') },
    spec: { nodeName: 'node-1', volumes },
    ...changes,
  });
}

function aClaim(...accessModes: string[]): JsonObject {
  return anObject('PersistentVolumeClaim', 'data-0', {
    spec: { accessModes, volumeName: 'pv-1' },
    status: { accessModes },
  });
}

const VOLUME = anObject('PersistentVolume', 'pv-1', {
  spec: { csi: { driver: 'rbd.csi.ceph.com', volumeHandle: 'h-1' } },
});
const SET = anObject('StatefulSet', 'db', { spec: { replicas: 1, selector: { matchLabels: { app: 'web' } } } });
const ONCE = [claimPod('StatefulSet'), SET, aClaim('ReadWriteOnce'), VOLUME];

describe('podForceDelete.inspect', () => {
  it('removes a stateless pod at once, on the condition of uid and resourceVersion', async () => {
    const inspection = await podForceDelete.inspect(INPUT, worldOf([STUCK_POD, ...AROUND, aNode(), LEASE]));

    const body = {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      gracePeriodSeconds: 0,
      preconditions: { uid: 'pod-1', resourceVersion: '7' },
    };
    expect(inspection).toEqual({
      kind: 'possible',
      target: { kind: 'Pod', group: '', namespace: 'shop', name: 'web-abc-1', uid: 'pod-1' },
      tier: 'T1',
      effect: {
        kind: 'kubernetes',
        request: {
          verb: 'delete',
          path: ['api', 'v1', 'namespaces', 'shop', 'pods', 'web-abc-1'],
          contentType: 'application/json',
          body,
          dryRunBody: { ...body, dryRun: ['All'] },
        },
      },
      fingerprint: `{"action":"R-POD-FORCE-DELETE","alive":true,"deletionTimestamp":"${ago(200)}","node":{"kind":"known","name":"node-1","outOfService":false,"ready":true},"owner":"replicaset-1","single":[],"stateless":true,"uid":"pod-1"}`,
      words: {
        title: 'force-delete pod shop/web-abc-1',
        steps: [
          'Stop unless the pod still has the uid pod-1, hangs in Terminating without finalizers, and node node-1 is as it was.',
          'Send the deletion as a dry run.',
          'Remove the object at once, on the condition of its uid and resourceVersion; nobody waits for the kubelet.',
          'Look whether it is gone and whether its controller has what it wants.',
        ],
        commands: ['kubectl -n shop delete pod web-abc-1 --grace-period=0 --force # only while its uid is pod-1'],
        touches: 'The object of one pod on node node-1, overdue for 3 m 20 s, of ReplicaSet web-abc.',
        risk: 'The kubelet could not end the pod; its processes may stay on the node where nobody tracks them.',
        undo: 'It cannot be undone. A controller makes a new pod, mostly long before.',
      },
      rights: [{ verb: 'delete', group: '', resource: 'pods', subresource: '', namespace: 'shop', name: 'web-abc-1' }],
      before: {
        workloadKind: 'Deployment',
        workload: 'web',
        workloadUid: 'deployment-1',
        newest: ago(231),
        node: 'node-1',
        volumes: '',
      },
    });
  });

  it.each([
    ['nobody deleted it', [aPod(), ...AROUND, aNode(), LEASE], 'unsafe', /R-POD-DELETE/],
    [
      'a finalizer holds it',
      [aPod({ metadata: { ...STUCK, finalizers: ['example.com/x'] } }), ...AROUND, aNode(), LEASE],
      'unsafe',
      /a finalizer/,
    ],
    [
      'its grace period and 30 s are just over',
      [aPod({ metadata: { ...STUCK, deletionTimestamp: ago(60) } }), ...AROUND, aNode(), LEASE],
      'unsafe',
      /1 m overdue. Wait 1 s/,
    ],
    [
      'it is a mirror pod',
      [aPod({ metadata: { ...STUCK, annotations: { 'kubernetes.io/config.mirror': 'x' } } }), aNode()],
      'unsafe',
      /file/,
    ],
    [
      'it is a StatefulSet pod on a node that is not Ready',
      [claimPod('StatefulSet', { spec: { nodeName: 'node-1' } }), SET, aNode(NOT_READY)],
      'unsafe',
      /promises that there is one.*R-OOS-TAINT/,
    ],
    [
      'its volume has one writer and its node is not Ready',
      [...ONCE, aNode(NOT_READY)],
      'unsafe',
      /volume data must never have two writers/,
    ],
    [
      'a ReplicaSet pod has such a volume',
      [claimPod('ReplicaSet'), aClaim('ReadWriteOncePod'), aNode(NOT_READY)],
      'unsafe',
      /two writers/,
    ],
    [
      'one of its access modes is for one writer',
      [claimPod('ReplicaSet'), aClaim('ReadWriteMany', 'ReadWriteOnce'), aNode(NOT_READY)],
      'unsafe',
      /two writers/,
    ],
    ['its claim is gone', [claimPod('ReplicaSet'), aNode(NOT_READY)], 'unsafe', /two writers/],
    ['its claim names no access mode', [claimPod('ReplicaSet'), aClaim(), aNode(NOT_READY)], 'unsafe', /two writers/],
    [
      'it has a disk without a claim',
      [
        claimPod('ReplicaSet', { spec: { nodeName: 'node-1', volumes: [{ name: 'disk', rbd: {} }] } }),
        aNode(NOT_READY),
      ],
      'unsafe',
      /volume disk/,
    ],
    [
      'its own claim is for one writer',
      [
        claimPod('ReplicaSet', { spec: { nodeName: 'node-1', volumes: [{ name: 'own', ephemeral: {} }] } }),
        aNode(NOT_READY),
      ],
      'unsafe',
      /volume own/,
    ],
    [
      'nobody knows what its controller promises',
      [claimPod('Cluster', { spec: { nodeName: 'node-1' } }), aNode(NOT_READY)],
      'unsafe',
      /Cluster db promises/,
    ],
    ['its node is called Ready but is silent', [...ONCE, aNode(), lease(41)], 'unsafe', /does not answer/],
    ['its node is called Ready but has no lease', [...ONCE, aNode()], 'unsafe', /does not answer/],
  ] as const)('refuses when %s', async (_, objects, why, reason) => {
    const inspection = await podForceDelete.inspect(INPUT, worldOf(objects));

    expect(inspection).toEqual({ kind: 'refused', why, reason: expect.stringMatching(reason) as string });
  });

  it.each([
    ['persistentvolumeclaims', [...ONCE, aNode(NOT_READY)]],
    ['leases', [...ONCE, aNode(), LEASE]],
    ['nodes', [...ONCE, aNode(), LEASE]],
  ])('is unproven when %s cannot be read', async (resource, objects) => {
    const world = worldOf(objects, { unreadable: [{ resource, why: 'forbidden' }] });

    const inspection = await podForceDelete.inspect(INPUT, world);

    expect(inspection).toMatchObject({ kind: 'refused', why: 'unproven' });
  });

  it.each([
    [
      '61 s overdue',
      [aPod({ metadata: { ...STUCK, deletionTimestamp: ago(61) } }), ...AROUND, aNode(), LEASE],
      'T1',
      undefined,
    ],
    ['a lost node and no volume', [STUCK_POD, ...AROUND, aNode(NOT_READY)], 'T1', undefined],
    [
      'a volume that many may write',
      [claimPod('ReplicaSet'), aClaim('ReadWriteMany'), aNode(NOT_READY)],
      'T1',
      undefined,
    ],
    ['a StatefulSet on a node that is gone', ONCE, 'T3', /second web-abc-1.*volume data/],
    [
      'a StatefulSet on a node that is out of service',
      [...ONCE, aNode({ ...NOT_READY, ...OUT_OF_SERVICE })],
      'T3',
      /volume data/,
    ],
    ['a StatefulSet on a node that works', [...ONCE, aNode(), LEASE], 'T3', /volume data/],
    [
      'a Job',
      [aPod({ metadata: { ...STUCK, ...owned('Job', 'import') } }), aNode(NOT_READY)],
      'T3',
      /runs beside its successor/,
    ],
    [
      'a pod of its own',
      [aPod({ metadata: { ...STUCK, ownerReferences: [] } }), aNode(NOT_READY)],
      'T3',
      /runs beside/,
    ],
    [
      'files of the node',
      [
        aPod({ metadata: STUCK, spec: { nodeName: 'node-1', volumes: [{ name: 'logs', hostPath: {} }] } }),
        ...AROUND,
        aNode(NOT_READY),
      ],
      'T3',
      /volume logs/,
    ],
  ] as const)('knows how dangerous it is: %s', async (_, objects, tier, danger) => {
    const inspection = possible(await podForceDelete.inspect(INPUT, worldOf(objects)));

    expect(inspection).toMatchObject({ tier });
    expect(inspection.words.danger).toEqual(danger === undefined ? undefined : expect.stringMatching(danger));
  });

  it('has another fingerprint when the node comes back or the taint goes', async () => {
    const nodes = [aNode(), aNode(NOT_READY), aNode({ ...NOT_READY, ...OUT_OF_SERVICE })];

    const inspections = await Promise.all(
      nodes.map((node) => podForceDelete.inspect(INPUT, worldOf([STUCK_POD, ...AROUND, node, LEASE]))),
    );

    expect(new Set(inspections.map((one) => possible(one).fingerprint)).size).toBe(3);
  });
});

describe('podForceDelete.seen and podForceDelete.verify', () => {
  const ACTED = {
    input: INPUT,
    target: { kind: 'Pod', group: '', namespace: 'shop', name: 'web-abc-1', uid: 'pod-1' },
    before: { node: 'node-1', volumes: 'kubernetes.io/csi/rbd.csi.ceph.com^h-1' },
  };
  const holding = { volumesInUse: ['kubernetes.io/csi/rbd.csi.ceph.com^h-1'] };

  it('sees only that the object is gone', async () => {
    const seen = await Promise.all([
      podForceDelete.seen(ACTED, worldOf([STUCK_POD])),
      podForceDelete.seen(ACTED, worldOf([])),
    ]);

    expect(seen).toEqual(['not-made', 'made']);
  });

  it('notes the names by which a node knows the volumes', async () => {
    const inspection = await podForceDelete.inspect(INPUT, worldOf([...ONCE, aNode(), LEASE]));

    expect(possible(inspection).before).toEqual({
      workloadKind: 'StatefulSet',
      workload: 'db',
      workloadUid: 'statefulset-1',
      newest: ago(231),
      ...ACTED.before,
    });
  });

  it('asks no new pod of a DaemonSet on a lost node', async () => {
    const daemon = anObject('DaemonSet', 'agent', { status: { desiredNumberScheduled: 2, numberReady: 1 } });
    const pod = aPod({ metadata: { ...STUCK, ...owned('DaemonSet', 'agent') } });

    const inspection = await podForceDelete.inspect(INPUT, worldOf([pod, daemon, aNode(NOT_READY)]));

    expect(possible(inspection).before).toEqual({ node: 'node-1', volumes: '' });
  });

  it.each([
    ['the object stands', [STUCK_POD, aNode()], 'waiting'],
    ['it is gone', [aNode()], 'helped'],
    [
      'the node still holds the volume',
      [aNode({ status: { conditions: [{ type: 'Ready', status: 'True' }], ...holding } })],
      'waiting',
    ],
    ['a node that is not Ready says so', [aNode({ status: { ...NOT_READY.status, ...holding } })], 'helped'],
    ['the node is gone', [], 'helped'],
  ] as const)('verifies when %s', async (_, objects, kind) => {
    const verification = await podForceDelete.verify(ACTED, worldOf(objects));

    expect(verification.kind).toBe(kind);
  });

  it('counts the pod that its controller made when the deletion was asked for', async () => {
    const { before } = possible(await podForceDelete.inspect(INPUT, worldOf([STUCK_POD, ...AROUND, aNode(NOT_READY)])));
    const next = aPod({ metadata: { name: 'web-abc-2', uid: 'pod-2', creationTimestamp: ago(229) }, ...READY });

    const verification = await podForceDelete.verify(
      { ...ACTED, before },
      worldOf([next, ...AROUND, aNode(NOT_READY)]),
    );

    expect(verification).toMatchObject({ kind: 'helped', says: 'web-abc-2 is Ready' });
  });

  it('is content when the new pod uses the volume on the same node', async () => {
    const acted = {
      ...ACTED,
      before: {
        ...ACTED.before,
        workloadKind: 'StatefulSet',
        workload: 'db',
        workloadUid: 'statefulset-1',
        newest: ago(600),
      },
    };
    const next = aPod({
      metadata: { uid: 'pod-2', creationTimestamp: ago(40), labels: { app: 'web' }, ...owned('StatefulSet', 'db') },
      ...READY,
    });
    const node = aNode({ status: { conditions: [{ type: 'Ready', status: 'True' }], ...holding } });

    const verification = await podForceDelete.verify(acted, worldOf([next, SET, node]));

    expect(verification).toEqual({
      kind: 'helped',
      says: 'web-abc-1 is Ready',
      object: { kind: 'Pod', namespace: 'shop', name: 'web-abc-1' },
    });
  });
});
