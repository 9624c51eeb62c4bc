import { describe, expect, it } from 'vitest';
import { rollback } from '../../src/actions/rollback.ts';
import type { JsonObject } from '../../src/core/facts/json.ts';
import {
  aDeployment,
  anOldReplicaSet,
  aPod,
  aReplicaSet,
  aShop,
  aTemplate,
  DEPLOYMENT,
  owned,
  POD,
  possible,
  proposed,
  worldOf,
} from './action-world.ts';

const INPUT = proposed('R-ROLLBACK', DEPLOYMENT);
const SHOP = [...aShop(), anOldReplicaSet()];

function withDeployment(changes: Readonly<Record<string, unknown>>): readonly JsonObject[] {
  return [aDeployment(changes), aReplicaSet(), anOldReplicaSet()];
}

function marked(
  labels: Readonly<Record<string, string>>,
  annotations: Readonly<Record<string, string>> = {},
): readonly JsonObject[] {
  return withDeployment({
    metadata: { generation: 2, labels, annotations: { 'deployment.kubernetes.io/revision': '2', ...annotations } },
  });
}

describe('rollback.inspect', () => {
  it('puts the template of the revision before back, on the condition of uid and resourceVersion', async () => {
    const inspection = possible(await rollback.inspect(INPUT, worldOf(SHOP)));

    expect(inspection).toEqual({
      kind: 'possible',
      target: { kind: 'Deployment', group: 'apps', namespace: 'shop', name: 'web', uid: 'deployment-1' },
      tier: 'T2',
      effect: {
        kind: 'kubernetes',
        request: {
          verb: 'patch',
          path: ['apis', 'apps', 'v1', 'namespaces', 'shop', 'deployments', 'web'],
          contentType: 'application/json-patch+json',
          body: [
            { op: 'test', path: '/metadata/uid', value: 'deployment-1' },
            { op: 'test', path: '/metadata/resourceVersion', value: '7' },
            { op: 'replace', path: '/spec/template', value: aTemplate('web:1') },
          ],
        },
      },
      fingerprint: expect.stringMatching(
        /^{"action":"R-ROLLBACK","from":"[0-9a-f]{64}","to":"[0-9a-f]{64}","uid":"deployment-1"}$/,
      ) as string,
      words: {
        title: 'roll back deployment shop/web to revision 1',
        steps: [
          'Stop unless Deployment web still has the uid deployment-1 and the template of revision 2, and ReplicaSet web-old that of revision 1.',
          'Send the patch as a dry run.',
          'Replace its pod template by the older one, on the condition of its uid and resourceVersion.',
          'Wait until every pod (3) has the older template and is Ready.',
        ],
        commands: ['kubectl -n shop rollout undo deployment/web --to-revision=1 # only while its uid is deployment-1'],
        touches:
          'Every pod of Deployment web (3, of which 2 Ready). Afterwards: image of web changed from web:2 to web:1.',
        risk: 'Whatever the newer revision brought is gone, and data that it wrote may not suit the older one.',
        undo: 'The newer template stays as a revision of its own: kubectl -n shop rollout undo deployment/web --to-revision=2',
      },
      rights: [
        { verb: 'patch', group: 'apps', resource: 'deployments', subresource: '', namespace: 'shop', name: 'web' },
      ],
      before: {
        from: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        to: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      },
    });
  });

  it('follows a pod of the newest revision, and takes the nearest of the older ones', async () => {
    const older = anOldReplicaSet({
      metadata: { name: 'web-older', uid: 'replicaset-x', annotations: { 'deployment.kubernetes.io/revision': '0' } },
    });
    const stranger = anOldReplicaSet({
      metadata: {
        name: 'other',
        uid: 'replicaset-y',
        ...owned('Deployment', 'other', 'deployment-9'),
        annotations: { 'deployment.kubernetes.io/revision': '1' },
      },
      spec: { template: aTemplate('other:1') },
    });

    const inspection = await rollback.inspect(proposed('R-ROLLBACK', POD), worldOf([...SHOP, older, stranger]));

    expect(possible(inspection).words.title).toBe('roll back deployment shop/web to revision 1');
  });

  it.each([
    ['no older template is kept', aShop(), 'unsafe', /No older template/],
    [
      'the older one is the same',
      [
        aDeployment(),
        aReplicaSet(),
        anOldReplicaSet({ spec: { template: aTemplate('web:2', { 'pod-template-hash': 'old' }) } }),
      ],
      'unsafe',
      /is the same/,
    ],
    [
      'the older one differs by a restart only',
      [
        aDeployment({
          spec: {
            template: {
              ...aTemplate('web:1'),
              metadata: { labels: { app: 'web' }, annotations: { 'kubectl.kubernetes.io/restartedAt': 'x' } },
            },
          },
        }),
        aReplicaSet({
          spec: {
            template: {
              ...aTemplate('web:1'),
              metadata: {
                labels: { app: 'web', 'pod-template-hash': 'abc' },
                annotations: { 'kubectl.kubernetes.io/restartedAt': 'x' },
              },
            },
          },
        }),
        anOldReplicaSet(),
      ],
      'unsafe',
      /is the same/,
    ],
    ['it is paused', withDeployment({ spec: { paused: true } }), 'unsafe', /is paused/],
    ['its controller lags', withDeployment({ spec: { template: aTemplate('web:3') } }), 'changed', /not taken up/],
    [
      'it was rolled back already',
      [
        aDeployment(),
        aReplicaSet({
          metadata: {
            annotations: { 'deployment.kubernetes.io/revision': '2', 'deployment.kubernetes.io/revision-history': '1' },
          },
        }),
        anOldReplicaSet(),
      ],
      'unsafe',
      /rolled back already/,
    ],
    [
      'Argo CD keeps it',
      marked({}, { 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:shop/web' }),
      'unsafe',
      /Argo CD.*argocd app rollback shop`/,
    ],
    [
      'Flux keeps it',
      marked({ 'kustomize.toolkit.fluxcd.io/name': 'apps' }),
      'unsafe',
      /Flux.*flux reconcile kustomization apps/,
    ],
    [
      'Helm keeps it',
      marked({}, { 'meta.helm.sh/release-name': 'web', 'meta.helm.sh/release-namespace': 'shop' }),
      'unsafe',
      /helm -n shop rollback web`/,
    ],
    [
      'another controller owns it',
      withDeployment({
        metadata: { generation: 2, annotations: { 'deployment.kubernetes.io/revision': '2' }, ...owned('App', 'web') },
      }),
      'unsafe',
      /another controller/,
    ],
    [
      'all its pods serve and would go at once',
      withDeployment({ spec: { strategy: { type: 'Recreate' } } }),
      'unsafe',
      /left with 0/,
    ],
    [
      'it could only be read without its secrets',
      [
        aDeployment(),
        aReplicaSet(),
        anOldReplicaSet({
          spec: {
            template: { spec: { containers: [{ name: 'web', env: [{ name: 'KEY', value: '[redacted 20 bytes]' }] }] } },
          },
        }),
      ],
      'unproven',
      /without its secrets/,
    ],
    ['it is another one', [aDeployment({ metadata: { uid: 'deployment-2' } })], 'changed', /another object/],
  ] as const)('refuses when %s', async (_, objects, why, reason) => {
    const inspection = await rollback.inspect(INPUT, worldOf(objects));

    expect(inspection).toEqual({ kind: 'refused', why, reason: expect.stringMatching(reason) as string });
  });

  it.each([
    [
      'belongs to an older revision',
      aPod({ metadata: owned('ReplicaSet', 'web-old', 'replicaset-0') }),
      'changed',
      /older revision/,
    ],
    ['belongs to a StatefulSet', aPod({ metadata: owned('StatefulSet', 'db') }), 'invalid', /for a Deployment only/],
  ] as const)('refuses when the pod %s', async (_, pod, why, reason) => {
    const set = { kind: 'StatefulSet', metadata: { name: 'db', uid: 'statefulset-1' } };

    const inspection = await rollback.inspect(
      proposed('R-ROLLBACK', POD),
      worldOf([pod, aDeployment(), aReplicaSet(), anOldReplicaSet(), set]),
    );

    expect(inspection).toEqual({ kind: 'refused', why, reason: expect.stringMatching(reason) as string });
  });

  it('is unproven when the ReplicaSets cannot be read', async () => {
    const world = worldOf(SHOP, { unreadable: [{ resource: 'replicasets', why: 'forbidden' }] });

    const inspection = await rollback.inspect(INPUT, world);

    expect(inspection).toMatchObject({ kind: 'refused', why: 'unproven' });
  });

  it('keeps values of the template out of everything that is shown or stored', async () => {
    const secret = {
      spec: { containers: [{ name: 'web', image: 'web:1', env: [{ name: 'KEY', value: 'hunter2-canary' }] }] },
    };
    const old = anOldReplicaSet({ spec: { template: secret } });

    const { effect: _, ...told } = possible(
      await rollback.inspect(INPUT, worldOf([aDeployment(), aReplicaSet(), old])),
    );

    expect(JSON.stringify(told)).not.toContain('canary');
  });
});

describe('rollback.seen and rollback.verify', () => {
  it('tells the older template from the newer one and from others', async () => {
    const { target, before } = possible(await rollback.inspect(INPUT, worldOf(SHOP)));
    const acted = { input: INPUT, target, before };
    const status = { observedGeneration: 2, replicas: 3, updatedReplicas: 3, readyReplicas: 3, availableReplicas: 3 };
    const images = ['web:1', 'web:2', 'web:3'];

    const outcomes = await Promise.all(
      images.map(async (image) => {
        const world = worldOf([aDeployment({ spec: { template: aTemplate(image) }, status })]);
        return [await rollback.seen(acted, world), (await rollback.verify(acted, world)).kind];
      }),
    );

    expect(outcomes).toEqual([
      ['made', 'helped'],
      ['not-made', 'failed'],
      ['changed', 'failed'],
    ]);
  });
});
