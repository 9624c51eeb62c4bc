import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/facts/json.ts';
import type { Labels } from '../../src/core/triage/alert.ts';
import { groupByTarget } from '../../src/core/triage/target-group.ts';
import type { Unreadable } from '../../src/ports/cluster-reader.ts';
import { findRoots } from '../../src/usecases/find-roots.ts';
import { PodMemory } from '../../src/usecases/pod-memory.ts';
import { mapped } from '../core/triage/payloads.ts';
import { FakeCluster } from '../fakes/fake-cluster.ts';

const UID = '81c1715d-7ac4-469f-afa8-980b87d604b1';
const OTHER_UID = '5b3c8f0e-6d0c-4d52-9b6c-2f6f0a2f7c11';

function pod(name: string, owner?: { kind: string; name: string }, hash?: string): JsonObject {
  return {
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'shop',
      uid: UID,
      labels: hash === undefined ? {} : { 'pod-template-hash': hash },
      ownerReferences: owner === undefined ? [] : [{ ...owner, controller: true }],
    },
  };
}

function webPods(count: number): readonly JsonObject[] {
  return Array.from({ length: count }, (_, index) =>
    pod(`web-5d9c-${index}`, { kind: 'ReplicaSet', name: 'web-5d9c' }, '5d9c'),
  );
}

function podAlert(name: string, labels: Labels = {}): Labels {
  return { alertname: 'KubePodNotReady', namespace: 'shop', pod: name, ...labels };
}

async function rootsOf(alerts: readonly Labels[], cluster: FakeCluster) {
  const { questions, unasked } = await findRoots(groupByTarget(alerts.map((labels) => mapped(labels))), cluster);
  return {
    asked: questions.map(({ query, groups }) => [
      `${query.kind ?? ''} ${query.namespace}/${query.name}`,
      groups.length,
    ]),
    notes: questions.flatMap(({ notes }) => notes),
    unasked: unasked.map(({ reason }) => reason),
  };
}

describe('findRoots', () => {
  it('asks once about the workload of several pods', async () => {
    const objects = [...webPods(2), pod('db-0', { kind: 'StatefulSet', name: 'db' }), pod('alone')];
    const alerts = ['web-5d9c-0', 'web-5d9c-1', 'db-0', 'alone'].map((name) => podAlert(name));

    expect(await rootsOf(alerts, new FakeCluster({ objects }))).toEqual({
      asked: [
        ['Deployment shop/web', 2],
        ['Pod shop/db-0', 1],
        ['Pod shop/alone', 1],
      ],
      notes: [],
      unasked: [],
    });
  });

  it('puts the alert of a workload and those of its pods together', async () => {
    const deployment = { alertname: 'KubeDeploymentReplicasMismatch', namespace: 'shop', deployment: 'web' };

    const { asked } = await rootsOf([podAlert('web-5d9c-0'), deployment], new FakeCluster({ objects: webPods(1) }));

    expect(asked).toEqual([['Deployment shop/web', 2]]);
  });

  it('counts several alerts about one object once', async () => {
    const alerts = [podAlert('alone'), { ...podAlert('alone'), alertname: 'KubePodCrashLooping' }];

    const { asked } = await rootsOf(alerts, new FakeCluster({ objects: [pod('alone')] }));

    expect(asked).toEqual([['Pod shop/alone', 1]]);
  });

  it('lists the pods of a namespace instead of asking for many', async () => {
    const cluster = new FakeCluster({ objects: webPods(40) });

    const { asked } = await rootsOf(
      Array.from({ length: 40 }, (_, index) => podAlert(`web-5d9c-${index}`)),
      cluster,
    );

    expect(asked).toEqual([['Deployment shop/web', 40]]);
    expect(cluster.queries.map(({ verb }) => verb)).toEqual(['list']);
  });

  it('does not list the pods of a namespace again that it listed just now', async () => {
    const cluster = new FakeCluster({ objects: webPods(40) });
    const memory = new PodMemory(() => 0);
    const groups = (from: number, to: number) =>
      groupByTarget(Array.from({ length: to - from }, (_, index) => mapped(podAlert(`web-5d9c-${from + index}`))));

    await findRoots(groups(0, 20), cluster, { memory });
    const { questions } = await findRoots(groups(20, 40), cluster, { memory });

    expect(questions.map(({ root, groups: found }) => [root.name, found.length])).toEqual([['web', 20]]);
    expect(cluster.queries.map(({ verb }) => verb)).toEqual(['list']);
  });

  it('asks the cluster a bounded number of times, however many objects alerts name', async () => {
    const cluster = new FakeCluster({});
    const pods = Array.from({ length: 300 }, (_, index) => ({ ...podAlert('web-0'), namespace: `shop-${index}` }));
    const nodes = Array.from({ length: 300 }, (_, index) => ({
      alertname: 'NodeClockSkewDetected',
      instance: `10.0.1.${index}:9100`,
    }));

    const { asked, unasked } = await rootsOf([...pods, ...nodes], cluster);

    expect([asked.length, unasked.length, unasked[299]]).toEqual([300, 300, 'no node has the address 10.0.1.299']);
    expect(cluster.queries.length).toBeLessThanOrEqual(61);
  });

  it('notices that a pod was replaced', async () => {
    const alerts = [podAlert('db-0', { uid: OTHER_UID }), podAlert('alone', { uid: UID })];

    const { notes } = await rootsOf(alerts, new FakeCluster({ objects: [pod('db-0'), pod('alone')] }));

    expect(notes).toEqual(['pod db-0 was replaced since: the alert is about an earlier one of the same name']);
  });

  it('asks about pods whose owners cannot be read', async () => {
    const unreadable: Unreadable = { kind: 'unreadable', why: 'forbidden', message: 'no right' };
    const cluster = new FakeCluster({ objects: webPods(2) }, () => unreadable);

    const { asked } = await rootsOf([podAlert('web-5d9c-0'), podAlert('web-5d9c-1')], cluster);

    expect(asked).toEqual([
      ['Pod shop/web-5d9c-0', 1],
      ['Pod shop/web-5d9c-1', 1],
    ]);
  });

  it('follows only what is known to be gone as gone', async () => {
    const replicaSet = {
      kind: 'ReplicaSet',
      metadata: {
        name: 'web-5d9c7b4f6d',
        namespace: 'shop',
        ownerReferences: [{ kind: 'Deployment', name: 'web', controller: true }],
      },
    };
    const unreadable: Unreadable = { kind: 'unreadable', why: 'forbidden', message: 'pods: no right' };
    const alert = podAlert('web-5d9c7b4f6d-x2k8d');
    const several = Array.from({ length: 6 }, (_, index) => podAlert(`web-5d9c7b4f6d-x2k8${'bcdfgh'[index] ?? ''}`));
    const closed = () =>
      new FakeCluster({ objects: [replicaSet] }, (query) =>
        'resource' in query && query.resource.resource === 'pods' ? unreadable : undefined,
      );

    const found = await Promise.all([
      rootsOf([alert], new FakeCluster({ objects: [replicaSet] })),
      rootsOf([alert], closed()),
      rootsOf(several, closed()),
    ]);

    const words = 'its Deployment is asked about';
    expect(found.map(({ asked, notes }) => [asked, notes.length, notes[0]])).toEqual([
      [[['Deployment shop/web', 1]], 1, `pod web-5d9c7b4f6d-x2k8d is gone: ${words}`],
      [[['Deployment shop/web', 1]], 1, `pod web-5d9c7b4f6d-x2k8d could not be read: ${words}`],
      [[['Deployment shop/web', 6]], 6, `pod web-5d9c7b4f6d-x2k8b could not be read: ${words}`],
    ]);
  });

  it('asks about the controller of Jobs and ReplicaSets, also where their pods are meant', async () => {
    const made = (kind: string, name: string, owner?: { kind: string; name: string }): JsonObject => ({
      ...pod(name, owner),
      kind,
    });
    const objects = [
      made('Job', 'backup-28919280', { kind: 'CronJob', name: 'backup' }),
      made('Job', 'alone'),
      made('Job', 'odd', { kind: 'Workflow', name: 'odd' }),
      made('ReplicaSet', 'web-6d5f7c9b8d', { kind: 'Deployment', name: 'web' }),
      pod('backup-28919280-x2k8d', { kind: 'Job', name: 'backup-28919280' }),
    ];
    const job = (name: string) => ({ alertname: 'KubeJobFailed', namespace: 'shop', job_name: name });
    const alerts = [
      job('backup-28919280'),
      podAlert('backup-28919280-x2k8d'),
      job('alone'),
      job('odd'),
      job('gone'),
      { alertname: 'KubeReplicaSetX', namespace: 'shop', replicaset: 'web-6d5f7c9b8d' },
      { alertname: 'KubeDeploymentReplicasMismatch', namespace: 'shop', deployment: 'web' },
    ];

    expect(await rootsOf(alerts, new FakeCluster({ objects }))).toEqual({
      asked: [
        ['CronJob shop/backup', 2],
        ['Job shop/alone', 1],
        ['Job shop/odd', 1],
        ['Job shop/gone', 1],
        ['Deployment shop/web', 2],
      ],
      notes: [],
      unasked: [],
    });
  });

  it('cannot ask about some kinds, and not about information', async () => {
    const alerts = [
      { alertname: 'KubeQuotaExceeded', namespace: 'shop', resourcequota: 'compute' },
      { alertname: 'KubeAPIDown' },
      { alertname: 'KubeCPUOvercommit' },
      { alertname: 'TargetDown', job: 'web' },
      { alertname: 'Other' },
    ];

    expect(await rootsOf(alerts, new FakeCluster({}))).toEqual({
      asked: [],
      notes: [],
      unasked: [
        'Kubewhy cannot be asked about a ResourceQuota',
        'it is about no object that could be asked about',
        'it is information only',
        'no label names an object that could be asked about',
        'it has no label namespace that names a Namespace',
      ],
    });
  });
});

describe('an alert that names nothing but a namespace', () => {
  it('leads to it only when it is about its deletion', async () => {
    const alerts = [
      { alertname: 'ErrorRateHigh', namespace: 'web' },
      { alertname: 'NamespaceStuckInTerminating', namespace: 'shop' },
      { alertname: 'PhaseOdd', namespace: 'old', phase: 'Terminating' },
    ];

    expect(await rootsOf(alerts, new FakeCluster({}))).toEqual({
      asked: [
        ['Namespace /shop', 1],
        ['Namespace /old', 1],
      ],
      notes: [],
      unasked: ['its labels name a namespace, but nothing in it that could be asked about'],
    });
  });
});

describe('a node that is named by its address', () => {
  function node(name: string, ...addresses: readonly string[]): JsonObject {
    return { kind: 'Node', metadata: { name }, status: { addresses: addresses.map((address) => ({ address })) } };
  }

  const alert = { alertname: 'NodeClockSkewDetected', instance: '10.0.0.12:9100' };

  it('is not known when no node or several have it, or nodes cannot be read', async () => {
    const two = [node('a', '10.0.0.12'), node('b', '10.0.0.12', 'b.example.org')];
    const unreadable: Unreadable = {
      kind: 'unreadable',
      why: 'forbidden',
      message: 'the right `list nodes` is missing',
    };

    const reasons = await Promise.all(
      [new FakeCluster({}), new FakeCluster({ objects: two }), new FakeCluster({}, () => unreadable)].map(
        async (cluster) => (await rootsOf([alert], cluster)).unasked,
      ),
    );

    expect(reasons.flat()).toEqual([
      'no node has the address 10.0.0.12',
      'several nodes have the address 10.0.0.12: a and b',
      'which node has the address 10.0.0.12 is not known: the right `list nodes` is missing',
    ]);
  });

  it.each(['10.0.0.12:9100', 'worker-2', 'W2.example.org:9100'])('%s is looked up', async (instance) => {
    const cluster = new FakeCluster({
      objects: [node('worker-1', '10.0.0.11'), node('worker-2', '10.0.0.12', 'w2.example.org')],
    });

    const { asked, unasked } = await rootsOf([{ ...alert, instance }], cluster);

    expect([asked, unasked]).toEqual([[['Node /worker-2', 1]], []]);
  });
});
