import { describe, expect, it } from 'vitest';
import { rolloutRestart } from '../../src/actions/rollout-restart.ts';
import type { JsonObject } from '../../src/core/facts/json.ts';
import {
  aDeployment,
  ago,
  anObject,
  aPod,
  aReplicaSet,
  aShop,
  aTemplate,
  DEPLOYMENT,
  NOW,
  owned,
  POD,
  possible,
  proposed,
  worldOf,
} from './action-world.ts';

const INPUT = proposed('R-ROLLOUT-RESTART', DEPLOYMENT);
const RESTARTED = 'kubectl.kubernetes.io/restartedAt';

function aSet(changes: Readonly<Record<string, unknown>> = {}): JsonObject {
  return anObject(
    'StatefulSet',
    'db',
    {
      metadata: { generation: 1 },
      spec: { replicas: 3, template: aTemplate('db:1'), updateStrategy: { type: 'RollingUpdate' } },
      status: {
        observedGeneration: 1,
        replicas: 3,
        updatedReplicas: 3,
        readyReplicas: 3,
        availableReplicas: 3,
        currentRevision: 'a',
        updateRevision: 'a',
      },
    },
    changes,
  );
}

function aDaemon(changes: Readonly<Record<string, unknown>> = {}): JsonObject {
  return anObject(
    'DaemonSet',
    'agent',
    {
      metadata: { generation: 1 },
      spec: { template: aTemplate('agent:1') },
      status: {
        observedGeneration: 1,
        desiredNumberScheduled: 4,
        updatedNumberScheduled: 4,
        numberReady: 4,
        numberAvailable: 4,
      },
    },
    changes,
  );
}

const SET = { kind: 'StatefulSet', name: 'db', uid: 'statefulset-1' } as const;
const DAEMON = { kind: 'DaemonSet', name: 'agent', uid: 'daemonset-1' } as const;

describe('rolloutRestart.inspect', () => {
  it('sets the annotation of kubectl, on the condition of uid and resourceVersion', async () => {
    const inspection = possible(await rolloutRestart.inspect(INPUT, worldOf(aShop())));

    expect({ ...inspection, words: inspection.words.commands }).toEqual({
      kind: 'possible',
      target: { kind: 'Deployment', group: 'apps', namespace: 'shop', name: 'web', uid: 'deployment-1' },
      tier: 'T2',
      effect: {
        kind: 'kubernetes',
        request: {
          verb: 'patch',
          path: ['apis', 'apps', 'v1', 'namespaces', 'shop', 'deployments', 'web'],
          contentType: 'application/strategic-merge-patch+json',
          body: {
            metadata: { uid: 'deployment-1', resourceVersion: '7' },
            spec: { template: { metadata: { annotations: { [RESTARTED]: NOW } } } },
          },
        },
      },
      fingerprint: expect.stringMatching(
        /^{"action":"R-ROLLOUT-RESTART","template":"[0-9a-f]{64}","uid":"deployment-1"}$/,
      ) as string,
      words: ['kubectl -n shop rollout restart deployment/web # only while its uid is deployment-1'],
      rights: [
        { verb: 'patch', group: 'apps', resource: 'deployments', subresource: '', namespace: 'shop', name: 'web' },
      ],
      before: { restartedAt: '', restartsAt: NOW },
    });
  });

  it.each([
    ['its pod', POD, aShop(), 'Deployment'],
    ['its ReplicaSet', { kind: 'ReplicaSet', name: 'web-abc', uid: 'replicaset-1' }, aShop(), 'Deployment'],
    ['a pod of a StatefulSet', POD, [aPod({ metadata: owned('StatefulSet', 'db') }), aSet()], 'StatefulSet'],
    ['a pod of a DaemonSet', POD, [aPod({ metadata: owned('DaemonSet', 'agent') }), aDaemon()], 'DaemonSet'],
  ] as const)('finds the workload of %s', async (_, subject, objects, kind) => {
    const inspection = await rolloutRestart.inspect(proposed('R-ROLLOUT-RESTART', subject), worldOf(objects));

    expect(possible(inspection).target.kind).toBe(kind);
  });

  it.each([
    ['a Deployment is paused', DEPLOYMENT, [aDeployment({ spec: { paused: true } })], 'unsafe', /is paused/],
    ['it wants no pods', DEPLOYMENT, [aDeployment({ spec: { replicas: 0 } })], 'changed', /wants no pods/],
    [
      'it is being deleted',
      DEPLOYMENT,
      [aDeployment({ metadata: { deletionTimestamp: ago(1) } })],
      'changed',
      /being deleted/,
    ],
    [
      'its controller lags',
      DEPLOYMENT,
      [aDeployment({ metadata: { generation: 3 } })],
      'unsafe',
      /not seen its newest change/,
    ],
    [
      'pods of an old template are left',
      DEPLOYMENT,
      [aDeployment({ status: { replicas: 4 } })],
      'unsafe',
      /older template/,
    ],
    [
      'pods lack the new template',
      DEPLOYMENT,
      [aDeployment({ status: { updatedReplicas: 1 } })],
      'unsafe',
      /1 of 3 pods/,
    ],
    [
      'its last rollout is stuck',
      DEPLOYMENT,
      [
        aDeployment({
          status: { conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }] },
        }),
      ],
      'unsafe',
      /did not end \(ProgressDeadlineExceeded\).*roll it back/,
    ],
    [
      'all its pods would go at once',
      DEPLOYMENT,
      [aDeployment({ spec: { strategy: { type: 'Recreate' } } })],
      'unsafe',
      /left with 0/,
    ],
    [
      'a StatefulSet waits for deletions',
      SET,
      [aSet({ spec: { updateStrategy: { type: 'OnDelete' } } })],
      'unsafe',
      /OnDelete/,
    ],
    [
      'a StatefulSet holds a part back',
      SET,
      [aSet({ spec: { updateStrategy: { rollingUpdate: { partition: 1 } } } })],
      'unsafe',
      /partition/,
    ],
    ['a StatefulSet has two revisions', SET, [aSet({ status: { updateRevision: 'b' } })], 'unsafe', /older revision/],
    [
      'the only pod of a StatefulSet serves',
      SET,
      [aSet({ spec: { replicas: 1 }, status: { readyReplicas: 1 } })],
      'unsafe',
      /left with 0/,
    ],
    [
      'a DaemonSet takes all at once',
      DAEMON,
      [aDaemon({ spec: { updateStrategy: { rollingUpdate: { maxUnavailable: '100%' } } } })],
      'unsafe',
      /left with 0/,
    ],
    [
      'a pod has no such workload',
      POD,
      [aPod({ metadata: owned('Job', 'import') })],
      'invalid',
      /does not belong to one/,
    ],
    [
      'a pod belongs to nobody',
      POD,
      [aPod({ metadata: { ownerReferences: [] } })],
      'invalid',
      /does not belong to one/,
    ],
    [
      'a ReplicaSet is its own',
      { kind: 'ReplicaSet', name: 'web-abc', uid: 'replicaset-1' },
      [aReplicaSet({ metadata: { ownerReferences: [] } })],
      'invalid',
      /does not belong/,
    ],
    ['it is another one', { ...DEPLOYMENT, uid: 'deployment-2' }, aShop(), 'changed', /another object/],
  ] as const)('refuses when %s', async (...[, subject, objects, why, reason]) => {
    const inspection = await rolloutRestart.inspect(proposed('R-ROLLOUT-RESTART', subject), worldOf(objects));

    expect(inspection).toEqual({ kind: 'refused', why, reason: expect.stringMatching(reason) as string });
  });

  it.each([
    ['one pod at a time', SET, [aSet()]],
    ['a StatefulSet that does not serve', SET, [aSet({ spec: { replicas: 1 }, status: { readyReplicas: 0 } })]],
    ['a DaemonSet', DAEMON, [aDaemon()]],
    [
      'Recreate where nothing serves',
      DEPLOYMENT,
      [aDeployment({ spec: { strategy: { type: 'Recreate' } }, status: { readyReplicas: 0 } })],
    ],
  ] as const)('is possible for %s', async (_, subject, objects) => {
    const inspection = await rolloutRestart.inspect(proposed('R-ROLLOUT-RESTART', subject), worldOf(objects));

    expect(inspection.kind).toBe('possible');
  });

  it('has the same fingerprint until the template changes', async () => {
    const scaled = aDeployment({ metadata: { resourceVersion: '8' }, status: { readyReplicas: 1 } });
    const changed = aDeployment({ spec: { template: aTemplate('web:3') } });

    const [first, second, third] = await Promise.all(
      [aDeployment(), scaled, changed].map((one) => rolloutRestart.inspect(INPUT, worldOf([one]))),
    );

    const prints = [first, second, third].map((one) => (one?.kind === 'possible' ? one.fingerprint : ''));
    expect(prints[0]).toBe(prints[1]);
    expect(prints[0]).not.toBe(prints[2]);
  });
});

describe('rolloutRestart.seen and rolloutRestart.verify', () => {
  const ACTED = {
    input: INPUT,
    target: { kind: 'Deployment', group: 'apps', namespace: 'shop', name: 'web', uid: 'deployment-1' },
    before: { restartedAt: '', restartsAt: NOW },
  };
  const restarted = (at: string, changes: Readonly<Record<string, unknown>> = {}): JsonObject =>
    aDeployment({
      spec: {
        template: { ...aTemplate('web:2'), metadata: { labels: { app: 'web' }, annotations: { [RESTARTED]: at } } },
      },
      ...changes,
    });

  it.each([
    ['as it was', [aDeployment()], 'not-made'],
    ['ours', [restarted(NOW)], 'made'],
    ['of somebody else', [restarted(ago(5))], 'changed'],
    ['of another object', [aDeployment({ metadata: { uid: 'deployment-2' } })], 'changed'],
    ['gone', [], 'changed'],
  ] as const)('sees that the template is %s', async (_, objects, expected) => {
    const seen = await rolloutRestart.seen(ACTED, worldOf(objects));

    expect(seen).toBe(expected);
  });

  const all = { observedGeneration: 2, replicas: 3, updatedReplicas: 3, readyReplicas: 3, availableReplicas: 3 };

  it.each([
    [
      'all are new and Ready',
      [restarted(NOW, { status: all })],
      {
        kind: 'helped',
        says: 'every pod of Deployment web (3) has this template and is Ready',
        object: { kind: 'Deployment', namespace: 'shop', name: 'web' },
      },
    ],
    [
      'some are old',
      [restarted(NOW, { status: { ...all, updatedReplicas: 1 } })],
      { kind: 'waiting', says: 'Deployment web: 1 of 3 pods has the newest template' },
    ],
    [
      'some are not available',
      [restarted(NOW, { status: { ...all, availableReplicas: 2, readyReplicas: 2 } })],
      { kind: 'waiting', says: 'Deployment web: 2 of 3 pods are Ready' },
    ],
    [
      'its controller lags',
      [restarted(NOW, { metadata: { generation: 3 }, status: all })],
      { kind: 'waiting', says: 'Deployment web: its controller has not seen its newest change yet' },
    ],
    [
      'somebody restarted it again',
      [restarted(ago(1), { status: all })],
      { kind: 'failed', says: 'somebody else changed the pod template of Deployment web in the meantime' },
    ],
    ['it is gone', [], { kind: 'failed', says: 'Deployment web was deleted in the meantime' }],
  ] as const)('verifies when %s', async (_, objects, expected) => {
    const verification = await rolloutRestart.verify(ACTED, worldOf(objects));

    expect(verification).toEqual(expected);
  });
});
