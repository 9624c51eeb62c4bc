import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/facts/json.ts';
import type { RecordedQuery } from '../../../src/core/recording/recording.ts';
import type { SubjectQuery } from '../../../src/core/subject/subject.ts';
import { findChanges } from '../../../src/usecases/triage/find-changes.ts';
import { FakeCluster } from '../../fakes/fake-cluster.ts';

const SINCE = '2026-01-31T12:00:00Z';
const LONG_AGO = '2026-01-01T00:00:00Z';
const WEB: SubjectQuery = { kind: 'Deployment', namespace: 'shop', name: 'web' };

function at(minutes: string): string {
  return `2026-01-31T11:${minutes}Z`;
}

function object(kind: string, name: string, more: JsonObject = {}, metadata: JsonObject = {}): JsonObject {
  const place = ['Node', 'Namespace', 'ValidatingWebhookConfiguration'].includes(kind) ? {} : { namespace: 'shop' };
  return { kind, metadata: { name, uid: `u-${name}`, creationTimestamp: LONG_AGO, ...place, ...metadata }, ...more };
}

function written(manager: string, time: string): JsonObject {
  return { managedFields: [{ manager, operation: 'Update', time }] };
}

function deployment(name: string, metadata: JsonObject = written('kubectl-set', at('30:00'))): JsonObject {
  const container = {
    name,
    image: 'web:2',
    envFrom: [{ configMapRef: { name: 'settings' } }, { secretRef: { name: 'token' } }],
  };
  const spec = { selector: { matchLabels: { app: name } }, template: { spec: { containers: [container] } } };
  return object('Deployment', name, { spec }, metadata);
}

function replicaSet(owner: string, revision: number, created: string): JsonObject {
  const container = { name: owner, image: `web:${revision}` };
  return object(
    'ReplicaSet',
    `${owner}-${revision}`,
    { spec: { replicas: 0, template: { spec: { containers: [container] } } } },
    {
      creationTimestamp: created,
      labels: { app: owner },
      annotations: { 'deployment.kubernetes.io/revision': String(revision) },
      ownerReferences: [{ kind: 'Deployment', name: owner, uid: `u-${owner}`, controller: true }],
    },
  );
}

function pod(owner: string, nodeName: string, ready = false): JsonObject {
  return object(
    'Pod',
    `${owner}-2-${nodeName}`,
    { spec: { nodeName }, status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] } },
    {
      labels: { app: owner, 'pod-template-hash': '2' },
      ownerReferences: [{ kind: 'ReplicaSet', name: `${owner}-2`, controller: true }],
    },
  );
}

function node(name: string, lastTransitionTime: string): JsonObject {
  const conditions = [{ type: 'Ready', status: 'False', reason: 'KubeletNotReady', lastTransitionTime }];
  return object('Node', name, { status: { conditions } });
}

/** A Deployment in whose surroundings everything changed that is looked at. */
const EVERYTHING: readonly JsonObject[] = [
  deployment('web'),
  replicaSet('web', 1, LONG_AGO),
  replicaSet('web', 2, at('30:01')),
  pod('web', 'worker-1'),
  pod('web', 'worker-2', true),
  object('ConfigMap', 'settings', {}, written('helm', at('35:00'))),
  object('ConfigMap', 'unrelated', {}, written('helm', at('36:00'))),
  object('Secret', 'token', {}, written('vault', at('37:00'))),
  node('worker-1', at('40:00')),
  node('worker-2', LONG_AGO),
  node('worker-3', at('41:00')),
  object('ResourceQuota', 'compute', {}, written('kubectl-edit', at('42:00'))),
  object('LimitRange', 'sizes', {}, written('kubectl-edit', LONG_AGO)),
  object('ValidatingWebhookConfiguration', 'policy', {}, written('kyverno', at('43:00'))),
  object('HorizontalPodAutoscaler', 'web', {
    spec: { scaleTargetRef: { kind: 'Deployment', name: 'web' } },
    status: { lastScaleTime: at('44:00'), desiredReplicas: 4 },
  }),
];

function fake(objects: readonly JsonObject[], unreadable: readonly string[] = []): FakeCluster {
  return new FakeCluster({
    objects,
    namespace: 'shop',
    unreadable: unreadable.map((resource) => ({ resource, why: 'forbidden' as const })),
  });
}

async function told(cluster: FakeCluster, subjects: readonly SubjectQuery[] = [WEB]): Promise<readonly string[]> {
  const { changes } = await findChanges(subjects, SINCE, cluster);
  return changes.map((change) => `${change.at.slice(14, 16)} ${change.object} ${change.what}`);
}

function resourceIn(query: RecordedQuery): string {
  return 'resource' in query ? query.resource.resource : 'pods/log';
}

describe('findChanges', () => {
  it('tells what changed about a workload and around it, within 12 requests', async () => {
    const cluster = fake(EVERYTHING, ['secrets']);

    const { changes, unread } = await findChanges([WEB], SINCE, cluster);

    expect(changes.map((change) => `${change.at.slice(14, 16)} ${change.object} ${change.what}`)).toEqual([
      '44 HorizontalPodAutoscaler shop/web scaled Deployment shop/web to 4 replicas',
      '43 ValidatingWebhookConfiguration policy was changed by kyverno',
      '42 ResourceQuota shop/compute was changed by kubectl-edit',
      '40 Node worker-1 its condition Ready became False (KubeletNotReady)',
      '35 ConfigMap shop/settings was changed by helm',
      '30 Deployment shop/web revision 2 rolled out: image of web changed from web:1 to web:2',
    ]);
    expect(unread).toEqual([]);
    expect(cluster.requestCount()).toBeLessThanOrEqual(12);
  });

  it('tells a Secret only where it may be read, and reads its metadata only', async () => {
    const cluster = fake([deployment('web', written('helm', LONG_AGO)), ...EVERYTHING.slice(7, 8)]);

    const changes = await told(cluster);

    const secrets = cluster.queries.filter((query) => resourceIn(query) === 'secrets');
    expect(changes).toEqual(['37 Secret shop/token was changed by vault']);
    expect(secrets).toMatchObject([{ verb: 'get', name: 'token', metadataOnly: true }]);
  });

  it('asks less about what nobody wrote to', async () => {
    const cluster = fake([deployment('web', written('helm', LONG_AGO)), replicaSet('web', 2, at('30:00'))]);

    expect(await told(cluster)).toEqual([]);
    expect(cluster.queries.map(resourceIn)).not.toContain('replicasets');
  });

  it('looks at the workload of a pod, and at the node under it', async () => {
    const query: SubjectQuery = { kind: 'Pod', namespace: 'shop', name: 'web-2-worker-1' };
    const cluster = fake(EVERYTHING, ['secrets']);

    const changes = await told(cluster, [query, WEB]);

    expect(changes).toContain('30 Deployment shop/web revision 2 rolled out: image of web changed from web:1 to web:2');
    expect(changes).toContain('40 Node worker-1 its condition Ready became False (KubeletNotReady)');
  });

  it('looks at nodes', async () => {
    const cluster = fake([node('worker-3', at('41:00'))]);

    expect(await told(cluster, [{ kind: 'Node', namespace: '', name: 'worker-3' }])).toEqual([
      '41 Node worker-3 its condition Ready became False (KubeletNotReady)',
    ]);
  });

  it('says when the namespace is being deleted', async () => {
    const namespace = object('Namespace', 'shop', {}, { deletionTimestamp: at('50:00') });

    expect(await told(fake([namespace]))).toEqual(['50 Namespace shop is being deleted since then']);
  });

  it('says what may not be read', async () => {
    const cluster = fake(EVERYTHING, ['secrets', 'replicasets', 'horizontalpodautoscalers']);

    const { changes, unread } = await findChanges([WEB], SINCE, cluster);

    expect(unread).toEqual([
      'could not read replicasets in namespace shop; the missing permission is `list replicasets.apps`',
      'could not read horizontalpodautoscalers in namespace shop; the missing permission is `list horizontalpodautoscalers.autoscaling`',
    ]);
    // That somebody wrote to it is known from the Deployment itself.
    expect(changes.at(-1)).toEqual({
      at: at('30:00'),
      object: 'Deployment shop/web',
      what: 'was changed by kubectl-set',
    });
  });

  it('stays within its requests for many objects, and says what it left out', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const objects = names.flatMap((name) => [
      deployment(name),
      replicaSet(name, 1, LONG_AGO),
      replicaSet(name, 2, at('30:01')),
      ...['1', '2', '3'].map((number) => pod(name, `worker-${number}`)),
    ]);
    const cluster = fake(objects);
    const subjects = names.map((name): SubjectQuery => ({ kind: 'Deployment', namespace: 'shop', name }));

    const { changes, unread } = await findChanges(subjects, SINCE, cluster);

    expect(changes.map(({ object: title }) => title)).toEqual(
      ['a', 'b', 'c', 'd', 'e'].map((name) => `Deployment shop/${name}`),
    );
    expect(unread).toEqual(['only 2 of the 3 nodes that run its pods were looked at']);
    expect(cluster.requestCount()).toBeLessThanOrEqual(12);
  });

  it('stays within its requests for objects of many namespaces', async () => {
    const namespaces = ['a', 'b', 'c', 'd', 'e'];
    const objects = namespaces.map((namespace) => {
      const { metadata, ...rest } = deployment('web');
      return { ...rest, metadata: { ...(metadata as JsonObject), namespace } };
    });
    const cluster = fake(objects);
    const subjects = namespaces.map((namespace): SubjectQuery => ({ kind: 'Deployment', namespace, name: 'web' }));

    const { unread } = await findChanges(subjects, SINCE, cluster);

    expect(cluster.requestCount()).toBe(12);
    expect(unread).toHaveLength(1);
    expect(unread[0]).toMatch(/: left out, looking for changes had used its 12 API requests$/);
  });

  it.each([
    ['nothing', []],
    ['a name without a kind', [{ namespace: 'shop', name: 'web' }]],
  ])('asks nothing about %s', async (_, subjects) => {
    const cluster = fake(EVERYTHING);

    expect(await findChanges(subjects, SINCE, cluster)).toEqual({ changes: [], unread: [] });
    expect(cluster.requestCount()).toBe(0);
  });

  it('knows nothing when it is not known when it began', async () => {
    expect(await findChanges([WEB], 'soon', fake(EVERYTHING))).toEqual({
      changes: [],
      unread: ['when it began is not known, so nothing can be said about what changed before'],
    });
  });
});
