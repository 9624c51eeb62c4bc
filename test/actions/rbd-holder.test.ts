import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/facts/json.ts';
import { FakeRunbook } from '../fakes/fake-runbook.ts';
import {
  AUTO,
  CLAIM,
  expectRefusal,
  inspect,
  LOCK,
  node,
  POD,
  proposed,
  type RbdOptions,
  VOLUME,
  WORKERS,
  worker1,
} from './rbd-world.ts';

const OUT_OF_SERVICE = [{ key: 'node.kubernetes.io/out-of-service', value: 'nodeshutdown', effect: 'NoExecute' }];

function lease(renewTime: string): JsonObject {
  return { kind: 'Lease', metadata: { name: 'worker-1', namespace: 'kube-node-lease' }, spec: { renewTime } };
}

describe('the holder of a kubelet lock', () => {
  const inUse = { status: { volumesInUse: ['kubernetes.io/rbd/[10.0.0.1:6789]:vol-1'] } };
  const FAR = '2026-11-22T04:00:00.000000+0000';
  const fence = (...blocklist: readonly string[]) => new FakeRunbook({ locks: [LOCK], blocklist });
  const gone: readonly [string, string, RbdOptions][] = [
    ['its node is Ready and does not use the image', 'released', { objects: [worker1()] }],
    [
      'Ceph refuses its machine',
      'fenced',
      { objects: [worker1({ ready: 'Unknown' })], ceph: fence(`10.0.0.11:0/0 ${FAR}`) },
    ],
    [
      'Ceph refuses a range that it is in',
      'fenced',
      { objects: [worker1({ ready: 'False' })], ceph: fence(`cidr:10.0.0.0:0/24 ${FAR}`) },
    ],
    [
      'its node is out of service, silent and down for long',
      'off',
      { objects: [worker1({ ready: 'Unknown', taints: OUT_OF_SERVICE }), lease('2026-11-22T01:00:00Z')] },
    ],
    ['its node does not exist and its last heartbeat is old', 'no-node', { objects: [lease('2026-11-22T02:00:00Z')] }],
  ];

  it.each(gone)('is gone: %s', async (_what, how, { objects = [], ...world }) => {
    const inspection = await inspect({ ...world, objects: [POD, CLAIM, VOLUME, ...WORKERS, ...objects] });

    expect(inspection.kind === 'possible' ? JSON.parse(inspection.fingerprint) : inspection).toMatchObject({ how });
  });

  const alive: readonly [string, RegExp, RbdOptions][] = [
    ['its node is Ready and lists the volume', /still uses the image \(volumesInUse\)/, { objects: [worker1(inUse)] }],
    [
      'its node is not Ready',
      /may be cut off from Kubernetes and still write\. Fence it/,
      { objects: [worker1({ ready: 'Unknown' })] },
    ],
    ['its node says nothing of itself', /may be cut off/, { objects: [worker1({ status: { conditions: [] } })] }],
    [
      'only the command that took the lock is fenced',
      /may be cut off/,
      { objects: [worker1({ ready: 'Unknown' })], ceph: fence(`${LOCK.address} ${FAR}`) },
    ],
    [
      'the fence ends soon',
      /may be cut off/,
      { objects: [worker1({ ready: 'Unknown' })], ceph: fence('10.0.0.11:0/0 2026-11-22T03:05:00.000000+0000') },
    ],
    [
      'another machine is fenced',
      /may be cut off/,
      { objects: [worker1({ ready: 'Unknown' })], ceph: fence(`10.0.0.1:0/0 ${FAR}`) },
    ],
    [
      'it is out of service for too short a time',
      /too short a time/,
      { objects: [worker1({ ready: 'Unknown', since: '2026-11-22T02:58:00Z', taints: OUT_OF_SERVICE })] },
    ],
    [
      'it is out of service and still sends heartbeats',
      /too short a time/,
      { objects: [worker1({ ready: 'Unknown', taints: OUT_OF_SERVICE }), lease('2026-11-22T02:59:30Z')] },
    ],
    [
      'its node was deleted and its kubelet still runs',
      /sent a heartbeat 20 s ago/,
      { objects: [lease('2026-11-22T02:59:40Z')] },
    ],
    [
      'most nodes look dead',
      /3 of 4 nodes look dead/,
      {
        objects: [
          worker1(),
          node('worker-4', '10.0.0.14', { ready: 'Unknown' }),
          node('worker-5', '10.0.0.15', { ready: 'Unknown' }),
          node('worker-6', '10.0.0.16', { ready: 'False' }),
        ],
      },
    ],
  ];

  it.each(alive)('may be alive: %s', async (what, reason, { objects = [], ...world }) => {
    const workers = what === 'most nodes look dead' ? [] : WORKERS;

    const inspection = await inspect({ ...world, objects: [POD, CLAIM, VOLUME, ...workers, ...objects] });

    expectRefusal(inspection, 'unsafe', reason);
  });

  it('is looked for by the short name of the host, too', async () => {
    const named = node('worker-1.lab.example.com', '10.0.0.11', { ready: 'Unknown' });

    expectRefusal(await inspect({ objects: [POD, CLAIM, VOLUME, ...WORKERS, named] }), 'unsafe', /may be cut off/);
  });

  it('is unknown when several nodes fit', async () => {
    const twins = [worker1(), node('worker-1.other', '10.0.0.21')];

    expectRefusal(await inspect({ objects: [POD, CLAIM, VOLUME, ...twins] }), 'unproven', /Several nodes fit/);
  });

  it.each(['nodes', 'pods', 'leases', 'persistentvolumeclaims', 'persistentvolumes'])(
    'is not proven when %s cannot be read',
    async (resource) => {
      expectRefusal(await inspect({ unreadable: resource }), 'unproven', /could not be read .* so it is not proven/);
    },
  );

  it('is not proven when the cluster names no nodes', async () => {
    expectRefusal(await inspect({ objects: [POD, CLAIM, VOLUME] }), 'unproven', /the cluster names none/);
  });
});

describe('the holder of an automatic lock', () => {
  const FAR = '2026-11-22T04:00:00.000000+0000';

  it('is gone when Ceph refuses exactly its client', async () => {
    const ceph = new FakeRunbook({ locks: [AUTO], blocklist: [`${AUTO.address} ${FAR}`] });

    const inspection = await inspect(
      { ceph, objects: [POD, CLAIM, VOLUME, ...WORKERS, worker1({ ready: 'Unknown' })] },
      proposed(AUTO),
    );

    expect(inspection).toMatchObject({ kind: 'possible' });
  });

  it.each([
    ['is no node of this cluster', [], 'unproven', /is no node of this cluster, so nobody can tell/],
    ['is a node that is not Ready', [worker1({ ready: 'Unknown' })], 'unsafe', /may be cut off/],
  ] as const)('may be alive when it %s', async (_what, objects, why, reason) => {
    const ceph = new FakeRunbook({ locks: [AUTO], blocklist: [`10.0.0.11:0/1 ${FAR}`] });

    const inspection = await inspect({ ceph, objects: [POD, CLAIM, VOLUME, ...WORKERS, ...objects] }, proposed(AUTO));

    expectRefusal(inspection, why, reason);
  });
});
