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

    await readFurtherFacts([one], limitReads(cluster, 10), { namespace: 'shop', name: 'web' });

    expect(one.scope['second']).toBeDefined();
    expect(cluster.queries).toHaveLength(1);
  });
});
