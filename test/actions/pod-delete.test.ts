import { describe, expect, it } from 'vitest';
import { podDelete } from '../../src/actions/pod-delete.ts';
import type { JsonObject } from '../../src/core/facts/json.ts';
import {
  aDeployment,
  ago,
  aNode,
  anObject,
  aPod,
  aReplicaSet,
  aShop,
  DEPLOYMENT,
  NOT_READY,
  owned,
  POD,
  possible,
  proposed,
  READY,
  worldOf,
} from './action-world.ts';

const INPUT = proposed('R-POD-DELETE', POD);
const BODY = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid: 'pod-1' } };

function aJob(changes: Readonly<Record<string, unknown>> = {}): JsonObject {
  return anObject('Job', 'import', { spec: { backoffLimit: 2 }, status: { failed: 1, active: 1 } }, changes);
}

const JOB_POD = aPod({
  metadata: owned('Job', 'import'),
  spec: { nodeName: 'node-1', restartPolicy: 'Never' },
});

describe('podDelete.inspect', () => {
  it('deletes a pod that is not Ready, on the condition of its uid', async () => {
    const inspection = await podDelete.inspect(INPUT, worldOf(aShop()));

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
          body: BODY,
          dryRunBody: { ...BODY, dryRun: ['All'] },
        },
      },
      fingerprint: '{"action":"R-POD-DELETE","node":"node-1","owner":"replicaset-1","uid":"pod-1"}',
      words: {
        title: 'delete pod shop/web-abc-1',
        steps: [
          'Stop unless the pod still has the uid pod-1, is not Ready, is not being deleted and its node is Ready.',
          'Send the deletion as a dry run.',
          'Delete the pod, on the condition of its uid; its containers get 30 s to end.',
          'Wait until ReplicaSet web-abc has a new pod that is Ready.',
        ],
        commands: ['kubectl -n shop delete pod web-abc-1 # only while its uid is pod-1'],
        touches: 'One pod (Running, not Ready) of ReplicaSet web-abc of Deployment web.',
        risk: 'What its containers have in memory and in emptyDir volumes is lost. It does not serve, so no PodDisruptionBudget is asked.',
        undo: 'Nothing to undo: ReplicaSet web-abc makes a new pod from the same template.',
      },
      rights: [{ verb: 'delete', group: '', resource: 'pods', subresource: '', namespace: 'shop', name: 'web-abc-1' }],
      before: { workloadKind: 'Deployment', workload: 'web', workloadUid: 'deployment-1', newest: ago(600) },
    });
  });

  it.each([
    ['the pod is gone', [], 'changed', /does not exist any more/],
    [
      'the pod is another one of the same name',
      aShop(aPod({ metadata: { uid: 'pod-2' } })),
      'changed',
      /another object/,
    ],
    [
      'the kubelet made it from a file',
      aShop(aPod({ metadata: { annotations: { 'kubernetes.io/config.mirror': 'x' } } })),
      'unsafe',
      /from a file on its node/,
    ],
    ['nothing would make it again', aShop(aPod({ metadata: { ownerReferences: [] } })), 'unsafe', /no controller/],
    [
      'an owner is no controller',
      aShop(aPod({ metadata: { ownerReferences: [{ kind: 'ReplicaSet', name: 'web-abc', uid: 'replicaset-1' }] } })),
      'unsafe',
      /no controller/,
    ],
    [
      'its controller is of an unknown kind',
      aShop(aPod({ metadata: owned('Rollout', 'web') })),
      'unsafe',
      /of kind Rollout/,
    ],
    [
      'its controller is gone',
      [aPod(), aDeployment(), aNode()],
      'changed',
      /ReplicaSet shop\/web-abc does not exist.*not come back/,
    ],
    [
      'its controller is another one',
      [aPod(), aReplicaSet({ metadata: { uid: 'replicaset-9' } }), aDeployment(), aNode()],
      'changed',
      /another object/,
    ],
    [
      'its controller is being deleted',
      [aPod(), aReplicaSet({ metadata: { deletionTimestamp: ago(5) } }), aDeployment(), aNode()],
      'changed',
      /is being deleted, so the pod would not come back/,
    ],
    [
      'its controller wants no pods',
      [aPod(), aReplicaSet({ spec: { replicas: 0 } }), aDeployment(), aNode()],
      'changed',
      /wants no pods/,
    ],
    [
      'it is being deleted',
      aShop(aPod({ metadata: { deletionTimestamp: ago(5) } })),
      'changed',
      /being deleted already/,
    ],
    [
      'its node is not Ready',
      [aPod(), aReplicaSet(), aDeployment(), aNode(NOT_READY)],
      'unsafe',
      /node-1 is not Ready/,
    ],
    ['its node is gone', [aPod(), aReplicaSet(), aDeployment()], 'unsafe', /node-1 does not exist/],
    ['it is Ready', aShop(aPod(READY)), 'unsafe', /R-EVICT/],
    [
      'its Job is over',
      [JOB_POD, aJob({ status: { conditions: [{ type: 'Failed', status: 'True' }] } }), aNode()],
      'changed',
      /is over/,
    ],
    ['its Job is suspended', [JOB_POD, aJob({ spec: { suspend: true } }), aNode()], 'changed', /is suspended/],
    ['its Job has no try left', [JOB_POD, aJob({ status: { failed: 2 } }), aNode()], 'unsafe', /no try left/],
  ] as const)('refuses when %s', async (_, objects, why, reason) => {
    const inspection = await podDelete.inspect(INPUT, worldOf(objects));

    expect(inspection).toEqual({ kind: 'refused', why, reason: expect.stringMatching(reason) as string });
  });

  it.each(['Pod', 'Node', 'ReplicaSet', 'Deployment'])('is unproven when a %s cannot be read', async (kind) => {
    const world = worldOf(aShop(), {
      inject: (query) =>
        query.verb === 'get' && query.resource.kind === kind
          ? { kind: 'unreadable', why: 'timeout', message: 'token=ghp_0123456789abcdefghijklmnopqrstuvwxyzAB' }
          : undefined,
    });

    const inspection = await podDelete.inspect(INPUT, world);

    expect(inspection).toMatchObject({ kind: 'refused', why: 'unproven' });
    expect(JSON.stringify(inspection)).not.toContain('ghp_');
  });

  it('is possible for a pod that waits for a place, for one that ended, and says what it costs a Job', async () => {
    const pending = aPod({ spec: { nodeName: '' }, status: { phase: 'Pending' } });
    const failed = aPod({ ...READY, status: { phase: 'Failed', conditions: [] } });
    const ofJob = [JOB_POD, aJob(), aNode()];

    const inspections = await Promise.all([
      podDelete.inspect(INPUT, worldOf(aShop(pending))),
      podDelete.inspect(INPUT, worldOf(aShop(failed))),
      podDelete.inspect(INPUT, worldOf(ofJob)),
    ]);

    expect(inspections.map((one) => possible(one).words.risk.startsWith('The deletion counts'))).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('has the same fingerprint whatever changes by itself', async () => {
    const later = aPod({
      metadata: { resourceVersion: '99' },
      status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: ago(1) }] },
    });

    const [one, two] = await Promise.all([
      podDelete.inspect(INPUT, worldOf(aShop())),
      podDelete.inspect(INPUT, worldOf(aShop(later))),
    ]);

    expect(possible(one).fingerprint).toBe(possible(two).fingerprint);
  });
});

describe('podDelete.inspect of another subject', () => {
  const NODE = { kind: 'Node', name: 'node-1', uid: 'node-1', namespace: '' } as const;

  it.each([
    ['a Deployment', DEPLOYMENT, { pod: 'web-abc-1' }],
    ['a ReplicaSet', { kind: 'ReplicaSet', name: 'web-abc', uid: 'replicaset-1' }, { pod: 'web-abc-1', uid: 'pod-1' }],
    ['a Node', NODE, { pod: 'web-abc-1', namespace: 'shop' }],
    ['the Pod itself', POD, { pod: 'web-abc-1', namespace: 'shop', uid: 'pod-1' }],
  ] as const)('takes the pod that is named of %s', async (_, subject, parameters) => {
    const inspection = await podDelete.inspect(proposed('R-POD-DELETE', subject, parameters), worldOf(aShop()));

    expect(possible(inspection).target).toEqual({
      kind: 'Pod',
      group: '',
      namespace: 'shop',
      name: 'web-abc-1',
      uid: 'pod-1',
    });
  });

  it.each([
    ['no pod is named', DEPLOYMENT, {}, 'invalid', /does not say which/],
    ['no namespace is named for a pod of a node', NODE, { pod: 'web-abc-1' }, 'invalid', /does not say which/],
    [
      'a pod of another namespace is named',
      DEPLOYMENT,
      { pod: 'web-abc-1', namespace: 'kube-system' },
      'invalid',
      /another namespace/,
    ],
    ['another pod is named', POD, { pod: 'web-abc-2' }, 'invalid', /another pod/],
    ['another uid is named', POD, { uid: 'pod-2' }, 'invalid', /another pod/],
    ['the uid is not that of the pod', DEPLOYMENT, { pod: 'web-abc-1', uid: 'pod-2' }, 'changed', /another object/],
    [
      'the workload is another one',
      { ...DEPLOYMENT, uid: 'deployment-2' },
      { pod: 'web-abc-1' },
      'changed',
      /another object/,
    ],
    ['the pod belongs to nobody', DEPLOYMENT, { pod: 'alone' }, 'changed', /does not belong to Deployment web/],
    ['the pod runs elsewhere', NODE, { pod: 'alone', namespace: 'shop' }, 'changed', /does not belong to Node node-1/],
    [
      'the subject is no workload',
      { kind: 'Ingress', name: 'web', uid: 'x' },
      { pod: 'web-abc-1' },
      'invalid',
      /cannot be done for a Ingress/,
    ],
  ] as const)('refuses when %s', async (...[, subject, parameters, why, reason]) => {
    const alone = anObject('Pod', 'alone', { metadata: { uid: 'pod-7' }, spec: { nodeName: 'node-2' } });

    const inspection = await podDelete.inspect(
      proposed('R-POD-DELETE', subject, parameters),
      worldOf([...aShop(), alone]),
    );

    expect(inspection).toEqual({ kind: 'refused', why, reason: expect.stringMatching(reason) as string });
  });
});

describe('podDelete.seen and podDelete.verify', () => {
  const ACTED = {
    input: INPUT,
    target: { kind: 'Pod', group: '', namespace: 'shop', name: 'web-abc-1', uid: 'pod-1' },
    before: { workloadKind: 'Deployment', workload: 'web', workloadUid: 'deployment-1', newest: ago(600) },
  };
  const NEW = { name: 'web-abc-2', uid: 'pod-2', creationTimestamp: ago(30) };
  const around = [aReplicaSet(), aDeployment(), aNode()];

  it.each([
    ['the same pod stands', aShop(), 'not-made'],
    ['it is on its way out', aShop(aPod({ metadata: { deletionTimestamp: ago(1) } })), 'made'],
    ['it is gone', around, 'made'],
    ['another one bears its name', aShop(aPod({ metadata: { uid: 'pod-2' } })), 'made'],
  ] as const)('sees when %s', async (_, objects, expected) => {
    const seen = await podDelete.seen(ACTED, worldOf(objects));

    expect(seen).toBe(expected);
  });

  it('cannot tell when it cannot read', async () => {
    const world = worldOf([], { unreadable: [{ resource: 'pods', why: 'forbidden' }] });

    const outcome = [await podDelete.seen(ACTED, world), await podDelete.verify(ACTED, world)];

    expect(outcome).toEqual([
      'cannot-tell',
      { kind: 'waiting', says: expect.stringContaining('could not be read') as string },
    ]);
  });

  it.each([
    [
      'the old pod stands',
      aShop(aPod({ metadata: { deletionTimestamp: ago(1) } })),
      { kind: 'waiting', says: 'web-abc-1 is still there (Running, not Ready, terminating)' },
    ],
    [
      'no new pod is there',
      around,
      { kind: 'waiting', says: 'web-abc-1 is gone; Deployment web has not made a new pod yet' },
    ],
    [
      'the new pod is not Ready',
      [...around, aPod({ metadata: NEW })],
      { kind: 'waiting', says: 'web-abc-2 is Running, not Ready' },
    ],
    [
      'the new pod is Ready only now',
      [
        ...around,
        aPod({
          metadata: NEW,
          status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: ago(2) }] },
        }),
      ],
      { kind: 'waiting', says: 'web-abc-2 is Running, Ready, since a moment' },
    ],
    [
      'the new pod is Ready',
      [...around, aPod({ metadata: NEW, ...READY })],
      { kind: 'helped', says: 'web-abc-2 is Ready', object: { kind: 'Pod', namespace: 'shop', name: 'web-abc-2' } },
    ],
    [
      'only an older sibling is Ready',
      [...around, aPod({ metadata: { ...NEW, creationTimestamp: ago(900) }, ...READY })],
      { kind: 'waiting', says: 'web-abc-1 is gone; Deployment web has not made a new pod yet' },
    ],
    [
      'its workload is gone as well',
      [aNode()],
      { kind: 'helped', says: 'web-abc-1 is gone, and so is Deployment web' },
    ],
    [
      'the workload wants none by now',
      [aReplicaSet(), aDeployment({ spec: { replicas: 0 } }), aNode()],
      { kind: 'helped', says: 'web-abc-1 is gone, and Deployment web wants no pods' },
    ],
  ] as const)('verifies when %s', async (_, objects, expected) => {
    const verification = await podDelete.verify(ACTED, worldOf(objects));

    expect(verification).toEqual(expected);
  });
});
