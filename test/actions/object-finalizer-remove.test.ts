import { describe, expect, it } from 'vitest';
import { objectFinalizerRemove } from '../../src/actions/object-finalizer-remove.ts';
import type { JsonObject } from '../../src/core/facts/json.ts';
import { ago, anObject, aPod, POD, possible, proposed, worldOf } from './action-world.ts';

const HOLD = 'acme.example/hold';
const INPUT = proposed('R-OBJ-FINALIZER-REMOVE', POD, { finalizer: HOLD });
const ENDED = { phase: 'Succeeded', containerStatuses: [{ name: 'web', state: { terminated: { exitCode: 0 } } }] };
const NAMESPACE = { kind: 'Namespace', name: 'shop', uid: 'namespace-1', namespace: '' } as const;
const IN_NAMESPACE = { apiVersion: 'v1', resource: 'configmaps', namespace: 'shop', name: 'app', finalizer: HOLD };
const CONFIG_MAP = anObject('ConfigMap', 'app', { metadata: { deletionTimestamp: ago(100), finalizers: [HOLD] } });
const SHOP = anObject('Namespace', 'shop', { metadata: { deletionTimestamp: ago(100) } });

function held(finalizers: readonly string[] = [HOLD], changes: Readonly<Record<string, unknown>> = {}): JsonObject {
  return aPod({ metadata: { deletionTimestamp: ago(100), finalizers }, status: ENDED, ...changes });
}

function setBy(manager: string, finalizer = HOLD): JsonObject {
  const fieldsV1 = { 'f:metadata': { 'f:finalizers': { [`v:"${finalizer}"`]: {} } } };
  return aPod({
    metadata: { deletionTimestamp: ago(100), finalizers: [finalizer], managedFields: [{ manager, fieldsV1 }] },
    status: ENDED,
  });
}

function api(group: string): JsonObject {
  return anObject('APIService', `v1.${group}`, { spec: { group } });
}

function workload(kind: string, name: string, ready: number): JsonObject {
  const status = kind === 'DaemonSet' ? { numberReady: ready } : { readyReplicas: ready };
  return anObject(kind, name, { metadata: { namespace: 'acme-system', uid: name }, spec: { replicas: 1 }, status });
}

describe('objectFinalizerRemove.inspect', () => {
  it('removes the one entry, on the condition of the uid and of its place', async () => {
    const inspection = await objectFinalizerRemove.inspect(
      INPUT,
      worldOf([held(['other.example/x', HOLD]), api('apps')]),
    );

    const body = [
      { op: 'test', path: '/metadata/uid', value: 'pod-1' },
      { op: 'test', path: '/metadata/finalizers/1', value: HOLD },
      { op: 'remove', path: '/metadata/finalizers/1' },
    ];
    expect(inspection).toEqual({
      kind: 'possible',
      target: { kind: 'Pod', group: '', namespace: 'shop', name: 'web-abc-1', uid: 'pod-1' },
      tier: 'T3',
      effect: {
        kind: 'kubernetes',
        request: {
          verb: 'patch',
          path: ['api', 'v1', 'namespaces', 'shop', 'pods', 'web-abc-1'],
          contentType: 'application/json-patch+json',
          body,
        },
      },
      fingerprint: `{"action":"R-OBJ-FINALIZER-REMOVE","all":["other.example/x","${HOLD}"],"finalizer":"${HOLD}","uid":"pod-1"}`,
      words: {
        title: `remove finalizer ${HOLD} from Pod shop/web-abc-1`,
        steps: [
          'Stop unless the object still has the uid pod-1, is being deleted and has these finalizers, and it is still proven that their controller is absent: no API group of acme.example is served, and no workload that bears its name runs.',
          'Send the patch as a dry run.',
          'Remove the one finalizer, on the condition of the uid and of its place.',
          'Look whether the object goes.',
        ],
        commands: [`kubectl -n shop patch pods web-abc-1 --type=json -p '${JSON.stringify(body)}'`],
        touches: 'Pod shop/web-abc-1, which is being deleted; it goes on waiting for other.example/x.',
        risk: 'Nobody does what the controller of the finalizer would have done before the object goes.',
        undo: 'It cannot be undone: nobody can give a finalizer to an object that is being deleted.',
        danger: `Whatever ${HOLD} promises to clean up outside of Kubernetes (a disk, a load balancer, an account) stays behind; make sure that it is cleaned up.`,
      },
      rights: [{ verb: 'patch', group: '', resource: 'pods', subresource: '', namespace: 'shop', name: 'web-abc-1' }],
      before: { finalizer: HOLD, group: '', version: 'v1', resource: 'pods' },
    });
  });

  it('takes one object of the namespace that is the subject', async () => {
    const input = proposed('R-OBJ-FINALIZER-REMOVE', NAMESPACE, {
      ...IN_NAMESPACE,
      uid: 'configmap-1',
      controllerName: '',
      controllerNamespace: '',
      controllerKind: '',
    });

    const inspection = possible(await objectFinalizerRemove.inspect(input, worldOf([SHOP, CONFIG_MAP])));

    expect([inspection.target, inspection.effect]).toEqual([
      { kind: 'ConfigMap', group: '', namespace: 'shop', name: 'app', uid: 'configmap-1' },
      expect.objectContaining({
        request: expect.objectContaining({ path: ['api', 'v1', 'namespaces', 'shop', 'configmaps', 'app'] }) as unknown,
      }),
    ]);
  });

  it('reads no more than the metadata of what may hold secrets', async () => {
    const input = proposed('R-OBJ-FINALIZER-REMOVE', NAMESPACE, { ...IN_NAMESPACE, resource: 'secrets' });
    const world = worldOf([
      SHOP,
      anObject('Secret', 'app', { metadata: { deletionTimestamp: ago(9), finalizers: [HOLD] } }),
    ]);

    await objectFinalizerRemove.inspect(input, world);

    expect(
      world.reader.queries.find((query) => query.verb === 'get' && query.resource.kind === 'Secret'),
    ).toMatchObject({ metadataOnly: true });
  });

  it.each([
    'kubernetes.io/pvc-protection',
    'kubernetes.io/pv-protection',
    'external-attacher/rbd-csi-ceph-com',
    'external-provisioner.volume.kubernetes.io/finalizer',
    'foregroundDeletion',
    'orphan',
    'kubernetes',
    'batch.kubernetes.io/job-tracking',
    'service.kubernetes.io/load-balancer-cleanup',
    'service.k8s.aws/resources',
    'networking.gke.io/neg-finalizer',
    'gateway.networking.k8s.io/cleanup',
    'snapshot.storage.kubernetes.io/volumesnapshot-bound-protection',
    'karpenter.sh/termination',
  ])('never removes %s', async (finalizer) => {
    const input = proposed('R-OBJ-FINALIZER-REMOVE', POD, { finalizer });

    const inspection = await objectFinalizerRemove.inspect(input, worldOf([held([finalizer])]));

    expect(inspection).toEqual({
      kind: 'refused',
      why: 'unsafe',
      reason: expect.stringContaining('never removes') as string,
    });
  });

  it.each([
    ['nobody deleted it', [aPod({ metadata: { finalizers: [HOLD] }, status: ENDED })], 'changed', /not being deleted/],
    ['it has no such finalizer', [held(['other.example/x'])], 'changed', /does not have the finalizer/],
    [
      'a container still runs',
      [held([HOLD], { status: { containerStatuses: [{ state: { running: {} } }] } })],
      'unsafe',
      /still runs/,
    ],
    ['its domain is served', [held(), api('acme.example')], 'unproven', /acme.example is still installed/],
    ['a group in its domain is served', [held(), api('storage.acme.example')], 'unproven', /still installed/],
    ['its domain is in a group that is served', [held(), api('example')], 'unproven', /still installed/],
    [
      'a Deployment may be its controller',
      [held(), workload('Deployment', 'acme-operator', 1)],
      'unsafe',
      /Deployment acme-system\/acme-operator runs/,
    ],
    ['a DaemonSet may be its controller', [held(), workload('DaemonSet', 'acme-agent', 2)], 'unsafe', /DaemonSet/],
    [
      'who set it runs',
      [setBy('gizmo-operator'), workload('StatefulSet', 'gizmo', 1)],
      'unsafe',
      /StatefulSet acme-system\/gizmo/,
    ],
    ['who set it cannot be told', [setBy('manager')], 'unproven', /Neither the finalizer/],
    ['it is another one', [held([HOLD], { metadata: { uid: 'pod-2' } })], 'changed', /another object/],
  ] as const)('refuses when %s', async (_, objects, why, reason) => {
    const inspection = await objectFinalizerRemove.inspect(INPUT, worldOf(objects));

    expect(inspection).toEqual({ kind: 'refused', why, reason: expect.stringMatching(reason) as string });
  });

  it.each(['hold', 'finalizer', 'controller.io/finalizer'])(
    'proves nothing of %s, which says nothing',
    async (finalizer) => {
      const input = proposed('R-OBJ-FINALIZER-REMOVE', POD, { finalizer });

      const inspection = await objectFinalizerRemove.inspect(input, worldOf([held([finalizer])]));

      expect(inspection).toMatchObject({ kind: 'refused', why: 'unproven' });
    },
  );

  it.each([
    ['its controller has no Ready pod', [held(), workload('Deployment', 'acme-operator', 0)]],
    ['a person set it', [setBy('kubectl-edit')]],
    ['who set it does not run', [setBy('gizmo-operator')]],
    ['other domains are served', [held(), api('example.acme'), api('notacme.example')]],
  ])('is possible when %s', async (_, objects) => {
    const inspection = await objectFinalizerRemove.inspect(INPUT, worldOf(objects));

    expect(inspection.kind).toBe('possible');
  });

  it.each(['deployments', 'statefulsets', 'daemonsets', 'apiservices', 'pods'])(
    'is unproven when %s cannot be read',
    async (resource) => {
      const world = worldOf([held()], { unreadable: [{ resource, why: 'forbidden' }] });

      const inspection = await objectFinalizerRemove.inspect(INPUT, world);

      expect(inspection).toMatchObject({ kind: 'refused', why: 'unproven' });
    },
  );
});

describe('objectFinalizerRemove.inspect with a controller that is named', () => {
  const named = { finalizer: 'hold', controllerNamespace: 'acme-system', controllerName: 'gizmo' };

  it.each([
    ['does not exist', [], 'possible'],
    ['has no Ready pod', [workload('Deployment', 'gizmo', 0)], 'possible'],
    ['runs', [workload('Deployment', 'gizmo', 1)], 'refused'],
  ] as const)('decides by whether it %s', async (_, workloads, kind) => {
    const input = proposed('R-OBJ-FINALIZER-REMOVE', POD, named);

    const inspection = await objectFinalizerRemove.inspect(input, worldOf([held(['hold']), ...workloads]));

    expect(inspection.kind).toBe(kind);
  });

  it.each([
    ['names a controller by half', POD, { finalizer: HOLD, controllerName: 'gizmo' }],
    ['names an object of another namespace', NAMESPACE, { ...IN_NAMESPACE, namespace: 'kube-system' }],
    ['names no kind of object', NAMESPACE, { ...IN_NAMESPACE, resource: 'pods/exec' }],
    ['names a kind that is in no namespace', NAMESPACE, { ...IN_NAMESPACE, resource: 'nodes' }],
    ['names a version with a path', NAMESPACE, { ...IN_NAMESPACE, apiVersion: 'v1/namespaces/kube-system' }],
    ['names an object but no name', NAMESPACE, { apiVersion: 'v1', resource: 'configmaps', finalizer: HOLD }],
    ['names an object of a pod', POD, IN_NAMESPACE],
    ['names another uid', POD, { finalizer: HOLD, uid: 'pod-2' }],
    ['names no finalizer', POD, {}],
  ] as const)('refuses a playbook that %s', async (_, subject, parameters) => {
    const input = proposed('R-OBJ-FINALIZER-REMOVE', subject, parameters);

    const inspection = await objectFinalizerRemove.inspect(input, worldOf([held(), SHOP, CONFIG_MAP]));

    expect(inspection).toMatchObject({ kind: 'refused', why: 'invalid' });
  });
});

describe('objectFinalizerRemove.seen and objectFinalizerRemove.verify', () => {
  const acted = {
    input: INPUT,
    target: { kind: 'Pod', group: '', namespace: 'shop', name: 'web-abc-1', uid: 'pod-1' },
    before: { finalizer: HOLD, group: '', version: 'v1', resource: 'pods' },
  };

  it.each([
    [
      'it stands',
      [held()],
      'not-made',
      { kind: 'failed', says: 'Pod shop/web-abc-1 has the finalizer still or again' },
    ],
    [
      'others are left',
      [held(['other.example/x'])],
      'made',
      { kind: 'helped', says: 'the finalizer is gone; Pod shop/web-abc-1 now waits for other.example/x' },
    ],
    [
      'none is left',
      [held([])],
      'made',
      { kind: 'waiting', says: 'Pod shop/web-abc-1 has no finalizer any more and is about to go' },
    ],
    ['the object is gone', [], 'made', { kind: 'helped', says: 'Pod shop/web-abc-1 is gone' }],
  ] as const)('looks whether %s', async (_, objects, seen, verification) => {
    const world = worldOf(objects);

    const outcome = [await objectFinalizerRemove.seen(acted, world), await objectFinalizerRemove.verify(acted, world)];

    expect(outcome).toEqual([seen, verification]);
  });

  it('cannot tell without knowing what it was', async () => {
    const outcome = await objectFinalizerRemove.seen({ ...acted, before: {} }, worldOf([held()]));

    expect(outcome).toBe('cannot-tell');
  });
});
