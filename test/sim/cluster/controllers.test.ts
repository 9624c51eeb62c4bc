import { expect, onTestFinished, test } from 'vitest';
import type { JsonObject } from '../../../src/core/facts/json.ts';
import { completeObjects } from '../../../src/core/recording/case-document.ts';
import { childOf, childrenOf, nameOf, textAt } from '../../../src/core/recording/object-parts.ts';
import { type ClusterSim, type ClusterSimOptions, startClusterSim } from '../../../src/sim/cluster/cluster-sim.ts';
import type { ControllerOptions } from '../../../src/sim/cluster/controllers.ts';
import { type HttpAnswer, sendHttp } from '../../contract/http-client.ts';
import { contractUsers } from './contract-cluster.ts';

const CLOCK = '2026-01-31T12:00:00Z';
const PODS = '/api/v1/namespaces/shop/pods';
const APPS = '/apis/apps/v1/namespaces/shop';
const FAST: ControllerOptions = { stopMs: 5, startMs: 10 };

const container = { name: 'app', image: 'registry.example.com/web:1' };
const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [container] } };

function owned(kind: string, name: string): JsonObject {
  return { ownerReferences: [{ apiVersion: 'apps/v1', kind, name, uid: `uid-${name}`, controller: true }] };
}

function pod(name: string, owner: string, over: JsonObject = {}): JsonObject {
  const ready = [{ type: 'Ready', status: 'False' }];
  return {
    kind: 'Pod',
    metadata: {
      name,
      uid: `uid-${name}`,
      labels: { app: 'web' },
      ...owned(owner, owner === 'StatefulSet' ? 'db' : 'web-1'),
      ...over,
    },
    spec: { nodeName: 'node-1', containers: [container] },
    status: { phase: 'Running', conditions: ready, containerStatuses: [{ name: 'app', restartCount: 9 }] },
  };
}

const OBJECTS: readonly JsonObject[] = [
  { kind: 'Node', metadata: { name: 'node-1' }, status: { conditions: [{ type: 'Ready', status: 'True' }] } },
  { kind: 'Node', metadata: { name: 'node-2' }, status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } },
  {
    kind: 'Deployment',
    metadata: { name: 'web', uid: 'uid-web', generation: 1 },
    spec: { replicas: 2, template },
    status: { replicas: 2, readyReplicas: 1, availableReplicas: 1, unavailableReplicas: 1, observedGeneration: 1 },
  },
  {
    kind: 'ReplicaSet',
    metadata: {
      name: 'web-1',
      uid: 'uid-web-1',
      annotations: { 'deployment.kubernetes.io/revision': '1' },
      ...owned('Deployment', 'web'),
    },
    spec: { replicas: 2, template },
    status: { replicas: 2, readyReplicas: 1, availableReplicas: 1 },
  },
  {
    kind: 'StatefulSet',
    metadata: { name: 'db', uid: 'uid-db' },
    spec: { replicas: 1, template },
    status: { readyReplicas: 0 },
  },
  pod('web-1-abcde', 'ReplicaSet'),
  pod('db-0', 'StatefulSet'),
];

async function start(objects: readonly JsonObject[], options: Partial<ClusterSimOptions> = {}): Promise<ClusterSim> {
  const content = completeObjects(objects, [], { namespace: 'shop', clock: CLOCK, created: CLOCK });
  const sim = await startClusterSim({
    recordings: [{ closedWorld: true, subject: '', clock: CLOCK, objects: content, logs: [], unreadable: [] }],
    users: contractUsers('shop'),
    controllers: FAST,
    ...options,
  });
  onTestFinished(() => sim.close());
  return sim;
}

function send(sim: ClusterSim, path: string, method = 'GET', body: object = {}): Promise<HttpAnswer> {
  const type = method === 'PATCH' ? 'application/strategic-merge-patch+json' : 'application/json';
  const headers = { authorization: `Bearer ${sim.token}`, 'content-type': type };
  return sendHttp(sim.url, path, { method, headers, ...(method === 'GET' ? {} : { body: JSON.stringify(body) }) });
}

/** `name phase Ready` of each pod. */
async function podsOf(sim: ClusterSim, prefix: string): Promise<readonly string[]> {
  const { json } = await send(sim, PODS);
  return childrenOf(json, 'items')
    .filter((one) => nameOf(one).name.startsWith(prefix))
    .map((one) => {
      const status = childOf(one, 'status');
      const ready = childrenOf(status, 'conditions').find((condition) => textAt(condition, 'type') === 'Ready');
      const dying = childOf(one, 'metadata')['deletionTimestamp'] === undefined ? '' : ' dying';
      return `${textAt(status, 'phase')} ${textAt(ready ?? {}, 'status')}${dying}`;
    });
}

async function statusOf(sim: ClusterSim, path: string): Promise<JsonObject> {
  return childOf((await send(sim, path)).json, 'status');
}

test('a deleted pod of a ReplicaSet is replaced by another one, which gets Ready and is counted', async () => {
  const sim = await start(OBJECTS);

  await send(sim, `${PODS}/web-1-abcde`, 'DELETE');

  await expect.poll(() => podsOf(sim, 'web-')).toEqual(['Running True']);
  expect((await send(sim, `${PODS}/web-1-abcde`)).status).toBe(404);
  expect(await statusOf(sim, `${APPS}/deployments/web`)).toMatchObject({
    readyReplicas: 2,
    availableReplicas: 2,
    conditions: [{ type: 'Available', status: 'True' }, { type: 'Progressing' }],
  });
  expect(await statusOf(sim, `${APPS}/deployments/web`)).not.toHaveProperty('unavailableReplicas');
});

test('a deleted pod of a StatefulSet comes back under its name, as another one', async () => {
  const sim = await start(OBJECTS);

  await send(sim, `${PODS}/db-0`, 'DELETE');

  await expect.poll(() => podsOf(sim, 'db-')).toEqual(['Running True']);
  const { json } = await send(sim, `${PODS}/db-0`);
  expect(textAt(childOf(json, 'metadata'), 'uid')).not.toBe('uid-db-0');
  expect(childrenOf(childOf(json, 'status'), 'containerStatuses')).toMatchObject([{ ready: true, restartCount: 0 }]);
});

test('a pod that is said not to recover has the troubles of the one before', async () => {
  const sim = await start(OBJECTS, { controllers: { ...FAST, recovers: () => false } });

  await send(sim, `${PODS}/db-0`, 'DELETE');

  await expect.poll(() => podsOf(sim, 'db-')).toEqual(['Running False']);
  const { json } = await send(sim, `${PODS}/db-0`);
  expect(childrenOf(childOf(json, 'status'), 'containerStatuses')).toMatchObject([{ restartCount: 9 }]);
});

test('a pod on a node that does not answer stays, until it is forced; a StatefulSet waits for that', async () => {
  const lost = { ...pod('db-0', 'StatefulSet'), spec: { nodeName: 'node-2', containers: [container] } };
  const sim = await start([...OBJECTS.slice(0, -1), lost]);

  await send(sim, `${PODS}/db-0`, 'DELETE');
  await new Promise((resolve) => setTimeout(resolve, 50));
  const stuck = await podsOf(sim, 'db-');
  await send(sim, `${PODS}/db-0`, 'DELETE', { gracePeriodSeconds: 0 });

  expect(stuck).toEqual(['Running False dying']);
  await expect.poll(() => podsOf(sim, 'db-')).toEqual(['Running True']);
  const { json } = await send(sim, `${PODS}/db-0`);
  expect(textAt(childOf(json, 'spec'), 'nodeName')).toBe('node-1');
});

test('a pod that a finalizer holds goes when the finalizer does', async () => {
  const sim = await start([...OBJECTS.slice(0, -1), pod('db-0', 'StatefulSet', { finalizers: ['example.com/keep'] })]);
  const grace = async (): Promise<unknown> => {
    const { json } = await send(sim, `${PODS}/db-0`);
    return childOf(json, 'metadata')['deletionGracePeriodSeconds'];
  };

  await send(sim, `${PODS}/db-0`, 'DELETE');
  await expect.poll(grace).toBe(0);
  const held = await podsOf(sim, 'db-');
  await send(sim, `${PODS}/db-0`, 'PATCH', { metadata: { finalizers: null } });

  expect(held).toEqual(['Running False dying']);
  await expect.poll(() => podsOf(sim, 'db-')).toEqual(['Running True']);
});

test('a pod without a controller does not come back', async () => {
  const { metadata, ...rest } = pod('alone', 'ReplicaSet');
  const { ownerReferences: _none, ...own } = metadata as JsonObject;
  const sim = await start([...OBJECTS, { ...rest, metadata: own }]);

  await send(sim, `${PODS}/alone`, 'DELETE');

  await expect.poll(() => podsOf(sim, 'alone')).toEqual([]);
});

test('a new template makes a new ReplicaSet with Ready pods, and the old template brings back the old one', async () => {
  const sim = await start(OBJECTS);
  const annotate = (annotations: JsonObject): Promise<HttpAnswer> =>
    send(sim, `${APPS}/deployments/web`, 'PATCH', { spec: { template: { metadata: { annotations } } } });
  const sets = async (): Promise<readonly unknown[]> => {
    const { json } = await send(sim, `${APPS}/replicasets`);
    return childrenOf(json, 'items').map((set) => [
      childOf(childOf(set, 'metadata'), 'annotations')['deployment.kubernetes.io/revision'],
      childOf(set, 'spec')['replicas'],
    ]);
  };

  await annotate({ restarted: 'now' });
  await expect.poll(() => podsOf(sim, 'web-')).toEqual(['Running True', 'Running True']);
  const rolled = await sets();
  await expect
    .poll(() => statusOf(sim, `${APPS}/deployments/web`))
    .toMatchObject({ observedGeneration: 2, updatedReplicas: 2, availableReplicas: 2 });
  await send(sim, `${APPS}/deployments/web`, 'PATCH', { spec: { template: { metadata: { annotations: null } } } });

  expect(rolled).toEqual([
    ['1', 0],
    ['2', 2],
  ]);
  await expect.poll(sets).toEqual([
    ['3', 2],
    ['2', 0],
  ]);
  await expect.poll(() => podsOf(sim, 'web-')).toEqual(['Running True', 'Running True']);
});

test('an eviction takes from the budget, which counts again when the replacement is Ready', async () => {
  const ready = {
    ...pod('web-1-abcde', 'ReplicaSet'),
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  };
  const budget = {
    kind: 'PodDisruptionBudget',
    metadata: { name: 'web', generation: 1 },
    spec: { minAvailable: 0, selector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['web'] }] } },
    status: { observedGeneration: 1, currentHealthy: 1, desiredHealthy: 0, disruptionsAllowed: 1 },
  };
  const sim = await start([...OBJECTS.slice(0, -2), ready, budget], { controllers: { stopMs: 5, startMs: 200 } });
  const path = '/apis/policy/v1/namespaces/shop/poddisruptionbudgets/web';

  const answer = await send(sim, `${PODS}/web-1-abcde/eviction`, 'POST', {
    kind: 'Eviction',
    metadata: { name: 'web-1-abcde' },
  });
  const spent = await statusOf(sim, path);

  expect([answer.status, spent]).toMatchObject([201, { disruptionsAllowed: 0 }]);
  await expect.poll(() => statusOf(sim, path)).toMatchObject({ currentHealthy: 1, disruptionsAllowed: 1 });
});

const DYING = { deletionTimestamp: '2026-01-31T11:00:00Z', deletionGracePeriodSeconds: 0 };

function dyingNamespace(conditions: readonly JsonObject[]): JsonObject {
  return {
    kind: 'Namespace',
    metadata: { name: 'old', ...DYING },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Terminating', conditions },
  };
}

const HELD = {
  kind: 'ConfigMap',
  metadata: { name: 'held', namespace: 'old', finalizers: ['example.com/keep'], ...DYING },
};
const CONTENT = { type: 'NamespaceContentRemaining', status: 'True' };

test('a namespace goes when nothing in it is held any more', async () => {
  const sim = await start([dyingNamespace([CONTENT]), HELD]);

  await send(sim, '/api/v1/namespaces/old/configmaps/held', 'PATCH', { metadata: { finalizers: null } });

  await expect.poll(async () => (await send(sim, '/api/v1/namespaces/old')).status).toBe(404);
});

test.each([
  ['whose groups cannot be discovered', [CONTENT, { type: 'NamespaceDeletionDiscoveryFailure', status: 'True' }]],
  ['that its controller never looked at', []],
])('a namespace %s stays', async (_which, conditions) => {
  const sim = await start([dyingNamespace(conditions), HELD]);

  await send(sim, '/api/v1/namespaces/old/configmaps/held', 'PATCH', { metadata: { finalizers: null } });
  await new Promise((resolve) => setTimeout(resolve, 60));

  expect((await send(sim, '/api/v1/namespaces/old')).status).toBe(200);
});

test('a namespace without finalizers is gone at once', async () => {
  const sim = await start([dyingNamespace([])]);
  const { json } = await send(sim, '/api/v1/namespaces/old');

  const answer = await send(sim, '/api/v1/namespaces/old/finalize', 'PUT', { ...json, spec: { finalizers: [] } });

  expect([answer.status, (await send(sim, '/api/v1/namespaces/old')).status]).toEqual([200, 404]);
});

test('nothing answers to a write where everything stands still', async () => {
  const sim = await start(OBJECTS, { controllers: 'still' });

  await send(sim, `${PODS}/db-0`, 'DELETE');

  expect(await podsOf(sim, 'db-')).toEqual(['Running False dying']);
});

test('watches are told of the deletion, the end and the replacement', async () => {
  const sim = await start(OBJECTS);
  const { json } = await send(sim, PODS);
  const version = textAt(childOf(json, 'metadata'), 'resourceVersion');

  await send(sim, `${PODS}/db-0`, 'DELETE');
  await expect.poll(() => podsOf(sim, 'db-')).toEqual(['Running True']);
  const { text } = await send(sim, `${PODS}?watch=true&resourceVersion=${version}&timeoutSeconds=1`);

  const types = text
    .trim()
    .split('\n')
    .map((line) => textAt(JSON.parse(line) as JsonObject, 'type'));
  expect(types).toEqual(['MODIFIED', 'DELETED', 'ADDED', 'MODIFIED']);
});
