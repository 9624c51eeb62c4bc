import { describe, expect, it } from 'vitest';
import { resourceOf } from '../../src/core/subject/kinds.ts';
import { limitReads } from '../../src/usecases/reads.ts';
import { FakeCluster } from '../fakes/fake-cluster.ts';

const resource = resourceOf('Pod');
const content = {
  namespace: 'shop',
  objects: [
    { kind: 'Pod', metadata: { name: 'web' }, spec: { nodeName: 'n' } },
    { kind: 'Service', metadata: { name: 'web' } },
  ],
};

describe('an object that a list brought', () => {
  it('is not asked for again', async () => {
    const cluster = new FakeCluster(content);
    const reads = limitReads(cluster, 10);

    await reads.list({ resource, namespace: 'shop' });
    const pod = await reads.get({ resource, namespace: 'shop', name: 'web' });

    expect(pod).toMatchObject({ kind: 'found', object: { kind: 'Pod', spec: { nodeName: 'n' } } });
    expect(cluster.queries).toHaveLength(1);
  });

  it('is asked for when only its metadata was listed, or when it is of another kind', async () => {
    const cluster = new FakeCluster(content);
    const reads = limitReads(cluster, 10);

    await reads.list({ resource, namespace: 'shop', metadataOnly: true });
    await reads.get({ resource, namespace: 'shop', name: 'web' });
    await reads.get({ resource: resourceOf('Service'), namespace: 'shop', name: 'web' });

    expect(cluster.queries).toHaveLength(3);
  });
});
