import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadPlaybooks } from '../../src/adapters/playbook-files/load-playbooks.ts';
import type { Diagnosis } from '../../src/core/diagnosis/diagnosis.ts';
import type { JsonObject } from '../../src/core/facts/json.ts';
import type { ClusterReader } from '../../src/ports/cluster-reader.ts';
import { diagnose } from '../../src/usecases/diagnose.ts';
import { permittedReader } from '../../src/usecases/permitted-reader.ts';
import { FakeCluster } from '../fakes/fake-cluster.ts';

const playbooks = await loadPlaybooks({ folders: [join(import.meta.dirname, '../../playbooks')] });
const NOW = '2026-01-31T12:00:00Z';
const LEFT = 'Some resources are remaining: widgets.acme.io has 1 resource instances';
const WAITS = 'Some content in the namespace has finalizers remaining: acme.io/cleanup in 1 resource instances';
const APIS = [apiService('v1.acme.io', 'acme.io', 'v1'), apiService('v1', '', 'v1')];

function namespace(name: string, deleted?: string, conditions: readonly JsonObject[] = []): JsonObject {
  return {
    kind: 'Namespace',
    metadata: {
      name,
      creationTimestamp: '2026-01-01T00:00:00Z',
      ...(deleted === undefined ? {} : { deletionTimestamp: deleted }),
    },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: deleted === undefined ? 'Active' : 'Terminating', conditions },
  };
}

function condition(type: string, message: string): JsonObject {
  return { type, status: 'True', reason: 'x', message, lastTransitionTime: '2026-01-31T11:00:10Z' };
}

function stuck(name = 'shop'): JsonObject {
  const conditions = [condition('NamespaceContentRemaining', LEFT), condition('NamespaceFinalizersRemaining', WAITS)];
  return namespace(name, '2026-01-31T11:00:00Z', conditions);
}

function apiService(name: string, group: string, version: string): JsonObject {
  const spec = { ...(group === '' ? {} : { group }), version, versionPriority: 15 };
  const status = { conditions: [{ type: 'Available', status: 'True', reason: 'Local' }] };
  return { kind: 'APIService', metadata: { name }, spec, status };
}

function widget(finalizers: readonly string[] = ['acme.io/cleanup']): JsonObject {
  return {
    kind: 'widgets.acme.io',
    apiVersion: 'acme.io/v1',
    metadata: { name: 'w1', namespace: 'shop', deletionTimestamp: '2026-01-31T11:00:05Z', finalizers },
    spec: { secret: 'content' },
  };
}

function operator(ready: number): JsonObject {
  return {
    kind: 'Deployment',
    metadata: { name: 'acme-operator', namespace: 'ops' },
    spec: { replicas: ready },
    status: { readyReplicas: ready },
  };
}

function ask(
  cluster: ClusterReader,
  name = 'shop',
  mayName: (namespace: string) => boolean = () => true,
): Promise<Diagnosis> {
  const clock = { now: () => new Date(NOW) };
  return diagnose({ kind: 'Namespace', namespace: '', name }, { cluster, playbooks, clock, mayName });
}

describe('a namespace', () => {
  it('that nobody deletes is healthy, and costs one request', async () => {
    const cluster = new FakeCluster({ objects: [namespace('shop')] });

    expect(await ask(cluster)).toMatchObject({
      subject: { kind: 'Namespace', namespace: '', name: 'shop' },
      verdict: 'healthy',
      status: 'Active',
      unread: [],
    });
    expect(cluster.requestCount()).toBe(1);
  });

  it('that does not exist is not found, with those that may be named', async () => {
    const cluster = new FakeCluster({ objects: [namespace('shop-1'), namespace('shop-2')] });

    await expect(ask(cluster, 'shop', (name) => name !== 'shop-2')).rejects.toThrow(
      'There is no Namespace "shop"; `shop-1` exists.',
    );
  });

  it('in which something is left names it, reads no content, and offers the one entry to take away', async () => {
    const cluster = new FakeCluster({ objects: [stuck(), ...APIS, widget(), operator(0)] });

    const { primary } = await ask(cluster);

    expect(primary).toMatchObject({
      code: 'namespace-terminating-content-remaining',
      state: 'confirmed',
      remediation: {
        action: 'R-OBJ-FINALIZER-REMOVE',
        subject: { kind: 'Namespace', namespace: '', name: 'shop' },
        parameters: {
          apiVersion: 'acme.io/v1',
          resource: 'widgets',
          namespace: 'shop',
          name: 'w1',
          uid: 'uid-of-widgets.acme.io/shop/w1',
          finalizer: 'acme.io/cleanup',
          controllerKind: 'Deployment',
          controllerNamespace: 'ops',
          controllerName: 'acme-operator',
        },
      },
    });
    const read = cluster.queries.filter((query) => query.verb === 'list' && query.resource.resource === 'widgets');
    expect(read).toMatchObject([{ namespace: 'shop', metadataOnly: true }]);
    expect(cluster.requestCount()).toBeLessThanOrEqual(16);
  });

  it('offers the same without a controller only when the API of the finalizer is gone as well', async () => {
    const left = condition(
      'NamespaceContentRemaining',
      'Some resources are remaining: configmaps. has 1 resource instances',
    );
    const gone = namespace('shop', '2026-01-31T11:00:00Z', [left]);
    const metadata = { name: 'c1', namespace: 'shop', deletionTimestamp: '2026-01-31T11:00:05Z' };
    const kept = { kind: 'ConfigMap', metadata: { ...metadata, finalizers: ['loom.io/keep'] } };

    const answers = [
      await ask(new FakeCluster({ objects: [gone, ...APIS, kept] })),
      await ask(new FakeCluster({ objects: [stuck(), ...APIS, widget()] })),
    ];

    expect(answers.map(({ primary }) => primary?.remediation?.parameters['finalizer'])).toEqual([
      'loom.io/keep',
      undefined,
    ]);
  });

  it('offers nothing while what it protects may be real, its controller runs, or nothing tells whose it is', async () => {
    const objects = [
      [widget(), operator(1)],
      [widget(['external-attacher/rbd']), operator(0)],
      [widget(['x/y']), operator(0)],
    ];

    const answers = await Promise.all(
      objects.map((more) => ask(new FakeCluster({ objects: [stuck(), ...APIS, ...more] }))),
    );

    expect(answers.map(({ primary }) => [primary?.code, primary?.remediation])).toEqual(
      objects.map(() => ['namespace-terminating-content-remaining', undefined]),
    );
  });

  it('is told without the objects where they may not be listed, and nothing is offered', async () => {
    const cluster = new FakeCluster({
      objects: [stuck(), ...APIS, widget()],
      unreadable: [{ resource: 'widgets', why: 'forbidden' }],
    });

    const { primary, unread } = await ask(cluster);

    expect(primary).toMatchObject({ code: 'namespace-terminating-content-remaining', state: 'likely' });
    expect(primary?.cause).toContain('`acme.io/cleanup`');
    expect(primary?.remediation).toBeUndefined();
    expect(unread).toEqual([
      'could not read widgets in namespace shop; the missing permission is `list widgets.acme.io`',
    ]);
  });

  it('may be asked about by whoever may ask about it, who learns no other name', async () => {
    const others = [namespace('secret-team', '2026-01-31T11:00:00Z'), namespace('shop', '2026-01-31T11:00:00Z')];
    const cluster = new FakeCluster({ objects: [...others, ...APIS] });
    const onlyShop = (name: string): boolean => name === 'shop';

    const diagnosis = await ask(permittedReader(cluster, onlyShop), 'shop', onlyShop);

    expect(diagnosis.primary).toMatchObject({
      code: 'namespace-terminating-controller-not-running',
      remediation: { action: 'R-NS-FINALIZE', parameters: {} },
    });
    expect(JSON.stringify(diagnosis)).toContain('1 more of 2 namespaces');
    expect(JSON.stringify(diagnosis)).not.toContain('secret-team');
  });

  it('is not finalized while an API does not answer or a pod is left', async () => {
    const down = {
      ...apiService('v1.loom.io', 'loom.io', 'v1'),
      status: { conditions: [{ type: 'Available', status: 'False', reason: 'ServiceNotFound' }] },
    };
    const pod = {
      kind: 'Pod',
      metadata: { name: 'web', namespace: 'shop', deletionTimestamp: '2026-01-31T11:00:40Z' },
    };
    const gone = namespace('shop', '2026-01-31T11:00:00Z');

    const answers = [
      await ask(new FakeCluster({ objects: [gone, ...APIS, down] })),
      await ask(new FakeCluster({ objects: [gone, ...APIS, pod] })),
    ];

    expect(answers.map(({ primary }) => [primary?.code, primary?.remediation?.action])).toEqual([
      ['namespace-terminating-controller-not-running', undefined],
      ['namespace-terminating-content-remaining', undefined],
    ]);
  });
});
