import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/facts/json.ts';
import { limitReads } from '../../src/usecases/reads.ts';
import { resolveName } from '../../src/usecases/resolve-name.ts';
import { FakeCluster } from '../fakes/fake-cluster.ts';

function workload(kind: string, name: string, namespace = 'shop'): JsonObject {
  return { kind, metadata: { name, namespace } };
}

function pod(name: string, ownerKind: string, owner: string, hash?: string): JsonObject {
  return {
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'shop',
      labels: hash === undefined ? {} : { 'pod-template-hash': hash },
      ownerReferences: [{ kind: ownerKind, name: owner, controller: true }],
    },
  };
}

function searchIn(cluster: FakeCluster) {
  return { reads: limitReads(cluster, 24), mayName: () => true };
}

function resolve(name: string, objects: readonly JsonObject[], kind?: 'Pod' | 'Deployment') {
  const cluster = new FakeCluster({ objects: [{ kind: 'Namespace', metadata: { name: 'shop' } }, ...objects] });
  return resolveName({ namespace: 'shop', name, ...(kind === undefined ? {} : { kind }) }, searchIn(cluster));
}

const WEB = [
  workload('Deployment', 'web'),
  pod('web-5d9c-aaaaa', 'ReplicaSet', 'web-5d9c', '5d9c'),
  pod('web-5d9c-bbbbb', 'ReplicaSet', 'web-5d9c', '5d9c'),
];

describe('a node that does not exist', () => {
  it('is compared with those that do, without a namespace', async () => {
    const cluster = new FakeCluster({ objects: [{ kind: 'Node', metadata: { name: 'worker-1' } }] });
    const attempt = resolveName({ kind: 'Node', namespace: '', name: 'worker-7' }, searchIn(cluster));

    await expect(attempt).rejects.toThrow('There is no Node "worker-7"; `worker-1` exists.');
  });
});

describe('a namespace that does not exist', () => {
  it('is compared with those that may be named to whoever asks', async () => {
    const objects = ['shop-1', 'shop-2'].map((name) => ({ kind: 'Namespace', metadata: { name } }));
    const search = { ...searchIn(new FakeCluster({ objects })), mayName: (name: string) => name !== 'shop-2' };

    const attempt = resolveName({ kind: 'Namespace', namespace: '', name: 'shop' }, search);

    await expect(attempt).rejects.toThrow('There is no Namespace "shop"; `shop-1` exists.');
  });
});

describe('a name that is no pod', () => {
  it('is the workload of exactly that name', async () => {
    await expect(resolve('web', WEB)).resolves.toEqual({ kind: 'Deployment', namespace: 'shop', name: 'web' });
  });

  it('is the workload even if it has only one pod, or none', async () => {
    const found = { kind: 'Deployment', namespace: 'shop', name: 'web' };

    await expect(resolve('web', WEB.slice(0, 2))).resolves.toEqual(found);
    await expect(resolve('web', WEB.slice(0, 1))).resolves.toEqual(found);
  });

  it('is the workload of that name although pods of another one begin with it', async () => {
    const objects = [...WEB, pod('web-cache-0', 'StatefulSet', 'web-cache')];

    await expect(resolve('web', objects)).resolves.toEqual({ kind: 'Deployment', namespace: 'shop', name: 'web' });
  });

  it('is the one pod that begins with it', async () => {
    await expect(resolve('web-5d9c-a', WEB)).resolves.toMatchObject({ kind: 'Pod', name: 'web-5d9c-aaaaa' });
  });

  it('is the one workload whose pods begin with it', async () => {
    await expect(resolve('web-5d', WEB)).resolves.toMatchObject({ kind: 'Deployment', name: 'web' });
    await expect(resolve('we', WEB, 'Pod')).resolves.toMatchObject({ kind: 'Deployment', name: 'web' });
  });

  it('is the CronJob whose Jobs begin with it', async () => {
    const objects = [
      workload('CronJob', 'report'),
      pod('report-29541240-x', 'Job', 'report-29541240'),
      pod('report-29541250-y', 'Job', 'report-29541250'),
    ];

    await expect(resolve('repo', objects)).resolves.toMatchObject({ kind: 'CronJob', name: 'report' });
  });
});

describe('a name that cannot be told', () => {
  it('is ambiguous when pods of several workloads begin with it', async () => {
    const objects = [...WEB, pod('web-cache-0', 'StatefulSet', 'web-cache')];

    await expect(resolve('we', objects)).rejects.toMatchObject({
      code: 'SUBJECT_AMBIGUOUS',
      message: '3 pods in namespace shop begin with "we", of Deployment web and StatefulSet web-cache.',
    });
  });

  it('is ambiguous when two workloads have it', async () => {
    await expect(resolve('web', [...WEB, workload('StatefulSet', 'web')])).rejects.toMatchObject({
      code: 'SUBJECT_AMBIGUOUS',
    });
  });
});

describe('a name that nothing has', () => {
  it('comes back with close names, workloads without pods included', async () => {
    await expect(resolve('wbe', [workload('Deployment', 'web')])).rejects.toMatchObject({
      code: 'SUBJECT_NOT_FOUND',
      message: 'There is no pod or workload "wbe" in namespace shop; `web` exists there.',
    });
    await expect(resolve('wbe', WEB, 'Deployment')).rejects.toThrow('`web` exists there');
  });

  it('comes back with the namespace that has a workload of that name', async () => {
    const objects = [{ kind: 'Namespace', metadata: { name: 'prod' } }, workload('StatefulSet', 'db', 'prod')];

    await expect(resolve('db', objects)).rejects.toMatchObject({
      message: 'There is no pod or workload "db" in namespace shop; one of that name exists in namespace prod.',
      hint: 'Ask again with -n prod.',
    });
  });
});

describe('a name where little may be read', () => {
  const unreadable = (...resources: readonly string[]) =>
    new FakeCluster({
      objects: [{ kind: 'Namespace', metadata: { name: 'shop' } }],
      unreadable: resources.map((resource) => ({ resource, why: 'forbidden' as const })),
    });
  const query = { namespace: 'shop', name: 'web' };

  it('is never said to be nothing when the pods cannot be listed', async () => {
    await expect(resolveName(query, searchIn(unreadable('pods')))).rejects.toMatchObject({
      code: 'READ_FORBIDDEN',
    });
  });

  it('names the kinds that it may have after all', async () => {
    const message = 'whether it is a CronJob or Job could not be read';

    await expect(resolveName(query, searchIn(unreadable('cronjobs', 'jobs')))).rejects.toThrow(message);
  });
});

describe('a namespace that may not be named to the asker', () => {
  const hidden = (name: string) => name !== 'secret-team';
  const cluster = new FakeCluster({
    objects: [
      { kind: 'Namespace', metadata: { name: 'shop' } },
      { kind: 'Namespace', metadata: { name: 'secret-team' } },
      { kind: 'Pod', metadata: { name: 'vault-0', namespace: 'secret-team' } },
    ],
  });

  it('is not given as the place where the object is', async () => {
    const search = { ...searchIn(cluster), mayName: hidden };

    const error = await resolveName({ namespace: 'shop', name: 'vault-0' }, search).catch((thrown: Error) => thrown);

    expect(error).toMatchObject({
      code: 'SUBJECT_NOT_FOUND',
      message: 'There is no pod or workload "vault-0" in namespace shop.',
    });
  });

  it('is not given as a near name', async () => {
    const search = { ...searchIn(cluster), mayName: hidden };

    const error = await resolveName({ namespace: 'secret-tea', name: 'x' }, search).catch((thrown: Error) => thrown);

    expect(error).toMatchObject({
      code: 'SUBJECT_NOT_FOUND',
      message: 'The namespace "secret-tea" does not exist.',
    });
  });
});
