import { describe, expect, it } from 'vitest';
import { resourceOf } from '../../src/core/subject/kinds.ts';
import type { ClusterReader } from '../../src/ports/cluster-reader.ts';
import { lateReader } from '../../src/usecases/late-reader.ts';
import { FakeCluster } from '../fakes/fake-cluster.ts';

const LONG_MS = 60_000;
const POD = { resource: resourceOf('Pod'), namespace: 'shop', name: 'web-0' };
const LATE = { kind: 'unreadable', why: 'timeout', message: 'the cluster did not answer within 0.02 seconds' };

function hanging(): Promise<never> {
  return new Promise<never>(() => undefined);
}

describe('lateReader', () => {
  it('opens the cluster once, when it is asked', async () => {
    let opened = 0;
    const cluster = new FakeCluster({ objects: [{ kind: 'Pod', metadata: { name: 'web-0', namespace: 'shop' } }] });
    const reader = lateReader(async () => {
      opened += 1;
      return cluster;
    }, LONG_MS);

    const before = [opened, reader.requestCount(), reader.serverTime()];
    const read = [
      await reader.get(POD),
      await reader.list({ resource: POD.resource, namespace: 'shop', limit: 5 }),
      await reader.logs({ namespace: 'shop', pod: 'web-0', container: 'app' }),
    ];
    reader.end();

    expect(before).toEqual([0, 0, undefined]);
    expect(read.map(({ kind }) => kind)).toEqual(['found', 'found', 'missing']);
    expect([opened, reader.requestCount(), reader.serverTime()]).toEqual([1, 3, cluster.serverTime()]);
  });

  it.each<[string, () => Promise<ClusterReader>]>([
    ['a cluster that does not answer', async () => new FakeCluster({}, hanging)],
    ['a cluster that cannot be opened in time', hanging],
  ])('gives up %s, and asks nothing more then', async (_what, open) => {
    const reader = lateReader(open, 20);

    const first = await reader.get(POD);
    const asked = reader.requestCount();
    const second = await reader.list({ resource: POD.resource, namespace: 'shop', limit: 5 });

    expect([first, second]).toEqual([LATE, LATE]);
    expect(reader.requestCount()).toBe(asked);
  });

  it('fails as opening fails', async () => {
    const failure = new Error('no kubeconfig');
    const reader = lateReader(() => Promise.reject(failure), LONG_MS);

    await expect(reader.get(POD)).rejects.toBe(failure);
    reader.end();
  });
});
