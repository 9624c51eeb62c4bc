import { describe, expect, it } from 'vitest';
import { readFurtherFacts } from '../../src/usecases/further-facts.ts';
import { limitReads } from '../../src/usecases/reads.ts';
import { candidate } from '../core/playbook/playbook-builder.ts';
import { FakeCluster } from '../fakes/fake-cluster.ts';

describe('a need that is not wanted', () => {
  it('does not stop the needs that depend on it', async () => {
    const cluster = new FakeCluster({
      namespace: 'shop',
      objects: [{ kind: 'ConfigMap', metadata: { name: 'b' }, data: { key: 'value' } }],
    });
    const one = candidate(
      {
        needs: {
          first: { get: 'configmaps', name: 'a', when: 'pod.no' },
          second: { get: 'configmaps', name: 'b', when: 'wanted' },
        },
        let: { wanted: '!has(first.exists)' },
      },
      { pod: { no: false } },
    );

    await readFurtherFacts([one], limitReads(cluster, 10), { kind: 'Pod', namespace: 'shop', name: 'web' });

    expect(one.scope['second']).toBeDefined();
    expect(cluster.queries).toHaveLength(1);
  });
});

describe('a need of a resource that only the facts name', () => {
  const widget = {
    kind: 'widgets.acme.io',
    metadata: { name: 'w1', namespace: 'shop', finalizers: ['acme.io/x'] },
    spec: { secret: 'content' },
  };
  const namespace = { kind: 'Namespace', namespace: '', name: 'shop' } as const;

  function wanting(item: { readonly group: string; readonly version: string; readonly resource: string }) {
    const metadataOf = { group: '${pod.group}', version: '${pod.version}', resource: '${pod.resource}' };
    return candidate({ needs: { left: { metadataOf, limit: 5 } } }, { pod: item });
  }

  it('reads its metadata in the namespace of the subject, and no content', async () => {
    const cluster = new FakeCluster({ objects: [widget] });
    const one = wanting({ group: 'acme.io', version: 'v1', resource: 'widgets' });

    await readFurtherFacts([one], limitReads(cluster, 10), namespace);

    expect(cluster.queries).toMatchObject([
      { verb: 'list', namespace: 'shop', metadataOnly: true, limit: 5, resource: { resource: 'widgets' } },
    ]);
    expect(one.scope['left']).toBeDefined();
    expect(one.unread.size).toBe(0);
  });

  it.each([
    { group: '', version: 'v1', resource: '../secrets' },
    { group: 'a/b', version: 'v1', resource: 'widgets' },
    { group: 'acme.io', version: '../../api/v1', resource: 'widgets' },
    { group: '', version: 'v1', resource: 'nodes' },
  ])('asks nothing for %j', async (item) => {
    const cluster = new FakeCluster({ objects: [widget] });
    const one = wanting(item);

    await readFurtherFacts([one], limitReads(cluster, 10), namespace);

    expect(cluster.queries).toEqual([]);
    expect([...one.unread.keys()]).toEqual(['left']);
  });

  it('reads no values of Secrets either', async () => {
    const cluster = new FakeCluster({ objects: [] });

    const one = wanting({ group: '', version: 'v1', resource: 'secrets' });
    await readFurtherFacts([one], limitReads(cluster, 10), namespace);

    expect(cluster.queries).toMatchObject([{ metadataOnly: true }]);
  });
});
