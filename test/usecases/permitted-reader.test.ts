import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadPlaybooks } from '../../src/adapters/playbook-files/load-playbooks.ts';
import { findResourceType, type ResourceType, resourceOf } from '../../src/core/subject/kinds.ts';
import type { ClusterReader } from '../../src/ports/cluster-reader.ts';
import { diagnose } from '../../src/usecases/diagnose.ts';
import { permittedReader } from '../../src/usecases/permitted-reader.ts';
import { FakeCluster } from '../fakes/fake-cluster.ts';

const PROBE = "Liveness probe failed: wget: can't connect to ledger.payments.svc:8080";

/** A pod whose owner writes what its probe says, and a Service of another namespace that is down. */
const ATTACK = {
  namespace: 'shop',
  clock: '2026-03-02T10:00:00Z',
  objects: [
    {
      kind: 'Pod',
      metadata: { name: 'web-0', namespace: 'shop', uid: 'u1', labels: { app: 'web' } },
      spec: {
        nodeName: 'n1',
        containers: [
          { name: 'web', image: 'nginx', livenessProbe: { exec: { command: ['check'] }, periodSeconds: 10 } },
        ],
      },
      status: {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: '2026-03-02T09:50:00Z' }],
        containerStatuses: [
          {
            name: 'web',
            ready: false,
            restartCount: 3,
            image: 'nginx',
            state: { running: { startedAt: '2026-03-02T09:58:00Z' } },
          },
        ],
      },
    },
    { kind: 'Service', metadata: { name: 'ledger', namespace: 'payments' }, spec: { selector: { app: 'ledger' } } },
    {
      kind: 'Pod',
      metadata: { name: 'ledger-secret-name-1', namespace: 'payments', uid: 'u2', labels: { app: 'ledger' } },
      spec: { nodeName: 'n1', containers: [{ name: 'ledger', image: 'registry.internal/ledger:bad' }] },
      status: {
        phase: 'Pending',
        conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: '2026-03-02T09:50:00Z' }],
        containerStatuses: [
          {
            name: 'ledger',
            ready: false,
            restartCount: 0,
            image: 'registry.internal/ledger:bad',
            state: { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image' } },
          },
        ],
      },
    },
  ],
  events: [
    {
      involvedObject: { kind: 'Pod', name: 'web-0', namespace: 'shop', uid: 'u1', fieldPath: 'spec.containers{web}' },
      type: 'Warning',
      reason: 'Unhealthy',
      message: PROBE,
      count: 9,
      firstTimestamp: '2026-03-02T09:51:00Z',
      lastTimestamp: '2026-03-02T09:59:50Z',
    },
  ],
};

async function toldAbout(cluster: ClusterReader): Promise<string> {
  const playbooks = await loadPlaybooks({ folders: [join(import.meta.dirname, '../../playbooks')] });
  const clock = { now: () => new Date(ATTACK.clock) };
  return JSON.stringify(await diagnose({ name: 'web-0', namespace: 'shop' }, { cluster, playbooks, clock }));
}

function resource(name: string): ResourceType {
  const found = findResourceType(name);
  if (found === undefined) {
    throw new Error(`there is no resource ${name}`);
  }
  return found;
}

const onlyShop = (namespace: string): boolean => namespace === 'shop';

describe('a text that names another namespace', () => {
  it('leads there when it may be asked about', async () => {
    const cluster = new FakeCluster(ATTACK);

    expect(await toldAbout(permittedReader(cluster, () => true))).toContain('ledger-secret-name-1');
  });

  it('leads nowhere when it may not', async () => {
    const cluster = new FakeCluster(ATTACK);

    const told = await toldAbout(permittedReader(cluster, onlyShop));

    expect(told).not.toMatch(/ledger-secret-name|registry\.internal/);
    expect(cluster.queries.filter((query) => 'namespace' in query && query.namespace === 'payments')).toEqual([]);
  });
});

describe('a permitted reader', () => {
  const pods = resourceOf('Pod');
  const cluster = new FakeCluster(ATTACK);
  const reader = permittedReader(cluster, onlyShop);

  it('refuses objects, lists and logs of other namespaces, and says why', async () => {
    const answers = [
      await reader.get({ resource: pods, namespace: 'payments', name: 'ledger-secret-name-1' }),
      await reader.list({ resource: pods, namespace: 'payments' }),
      await reader.logs({ namespace: 'payments', pod: 'ledger-secret-name-1', container: 'ledger' }),
    ];

    expect(answers.map(({ kind }) => kind)).toEqual(['unreadable', 'unreadable', 'unreadable']);
    expect(answers[1]).toEqual({
      kind: 'unreadable',
      why: 'forbidden',
      message: 'could not read pods in namespace payments: whoever asked may not ask about that namespace',
    });
  });

  it('reads what is allowed, what has no namespace, and the heartbeats of nodes', async () => {
    const answers = [
      await reader.get({ resource: pods, namespace: 'shop', name: 'web-0' }),
      await reader.get({ resource: resource('nodes'), name: 'n1' }),
      await reader.get({ resource: resource('leases'), namespace: 'kube-node-lease', name: 'n1' }),
    ];

    expect(answers.map(({ kind }) => kind)).toEqual(['found', 'missing', 'missing']);
  });

  it('shows a namespace to those who may ask about it, and of others only how they stand', async () => {
    const metadata = { labels: { team: 'secret' }, deletionTimestamp: '2026-03-02T09:00:00Z' };
    const objects = ['payments', 'shop'].map((name) => ({ kind: 'Namespace', metadata: { ...metadata, name } }));
    const some = permittedReader(new FakeCluster({ objects }), onlyShop);
    const namespaces = resourceOf('Namespace');

    const answers = [
      await some.get({ resource: namespaces, name: 'shop' }),
      await some.get({ resource: namespaces, name: 'payments' }),
    ];
    const list = await some.list({ resource: namespaces });

    expect(answers.map(({ kind }) => kind)).toEqual(['found', 'unreadable']);
    expect(list).toMatchObject({
      objects: [
        { metadata: { name: 'hidden', deletionTimestamp: metadata.deletionTimestamp } },
        { metadata: { ...metadata, name: 'shop' } },
      ],
    });
    expect(JSON.stringify(list).match(/secret/g)).toHaveLength(1);
  });

  it('takes the names out of lists over all namespaces, and nothing else', async () => {
    const [whole, shown] = await Promise.all([cluster.list({ resource: pods }), reader.list({ resource: pods })]);
    const specs = [whole, shown].map((list) => list.kind === 'found' && list.objects.map(({ spec }) => spec));

    expect(shown).toMatchObject({
      kind: 'found',
      objects: [
        { metadata: { name: 'hidden', namespace: 'hidden', labels: { app: 'ledger' } } },
        { metadata: { name: 'web-0', namespace: 'shop' } },
      ],
    });
    expect(specs[0]).toEqual(specs[1]);
  });
});
