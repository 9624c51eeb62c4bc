import { describe, expect, it } from 'vitest';
import { clusterNames } from '../../../src/cli/try/cluster-names.ts';
import { findBrokenPods } from '../../../src/cli/try/find-broken-pods.ts';
import type { JsonObject } from '../../../src/core/facts/json.ts';
import { resourceOf } from '../../../src/core/subject/kinds.ts';
import type { ClusterReader, ListResult } from '../../../src/ports/cluster-reader.ts';

function readerOf(result: ListResult): ClusterReader & { readonly asked: () => number } {
  let asked = 0;
  return {
    get: async () => ({ kind: 'missing', message: '' }),
    list: async () => {
      asked += 1;
      return result;
    },
    logs: async () => ({ kind: 'missing', message: '' }),
    serverTime: () => undefined,
    requestCount: () => asked,
    asked: () => asked,
  };
}

function found(...objects: readonly JsonObject[]): ListResult {
  return { kind: 'found', objects, truncated: false };
}

function pod(name: string, phase: string, ...ready: readonly boolean[]): JsonObject {
  return {
    metadata: { name, namespace: 'shop' },
    status: { phase, containerStatuses: ready.map((one) => ({ ready: one })) },
  };
}

describe('names of a cluster', () => {
  it('are read once for people who type fast', async () => {
    const reader = readerOf(found({ metadata: { name: 'a' } }, { metadata: null }, {}));
    const names = clusterNames(() => reader);

    const twice = [await names(resourceOf('Pod'), 'shop'), await names(resourceOf('Pod'), 'shop')];

    expect({ twice, asked: reader.asked() }).toEqual({ twice: [['a'], ['a']], asked: 1 });
  });

  it('are none when they cannot be read', async () => {
    const names = clusterNames(() => readerOf({ kind: 'unreadable', why: 'forbidden', message: 'no' }));

    expect(await names(resourceOf('Pod'))).toEqual([]);
  });
});

describe('broken pods', () => {
  it('are suggested, at most as many as wanted', async () => {
    const reader = readerOf(
      found(
        pod('good', 'Running', true),
        pod('done', 'Succeeded', false),
        pod('waiting', 'Pending'),
        pod('crashing', 'Running', true, false),
        pod('one-more', 'Failed'),
      ),
    );

    expect(await findBrokenPods(reader, 2)).toEqual(['/k8s why waiting -n shop', '/k8s why crashing -n shop']);
  });

  it('are none when pods cannot be read', async () => {
    expect(await findBrokenPods(readerOf({ kind: 'unreadable', why: 'forbidden', message: 'no' }), 3)).toEqual([]);
  });
});
