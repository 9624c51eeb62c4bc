import { describe, expect, it } from 'vitest';
import { namespaceFinalize } from '../../src/actions/namespace-finalize.ts';
import type { JsonObject } from '../../src/core/facts/json.ts';
import { ago, anObject, possible, proposed, worldOf } from './action-world.ts';

const INPUT = proposed('R-NS-FINALIZE', { kind: 'Namespace', name: 'old', uid: 'namespace-1', namespace: '' });
const API = anObject('APIService', 'v1.', { status: { conditions: [{ type: 'Available', status: 'True' }] } });
const EMPTY = { found: [], empty: 40, unseen: [] };
const PODS = { ...EMPTY, found: [{ resource: 'pods', group: '', version: 'v1', objects: [], more: false }] };

function aNamespace(changes: Readonly<Record<string, unknown>> = {}): JsonObject {
  return anObject(
    'Namespace',
    'old',
    {
      apiVersion: 'v1',
      metadata: { deletionTimestamp: ago(901), labels: { 'kubernetes.io/metadata.name': 'old' } },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Terminating' },
    },
    changes,
  );
}

function condition(type: string, status = 'True'): Readonly<Record<string, unknown>> {
  return { status: { phase: 'Terminating', conditions: [{ type, status }] } };
}

describe('namespaceFinalize.inspect', () => {
  it('removes the finalizer of a namespace that is proven empty, as it was read', async () => {
    const inspection = possible(
      await namespaceFinalize.inspect(
        INPUT,
        worldOf([aNamespace({ metadata: { managedFields: [{ manager: 'x' }] } }), API]),
      ),
    );

    expect({
      ...inspection,
      words: [inspection.words.title, inspection.words.commands, inspection.words.danger],
    }).toEqual({
      kind: 'possible',
      target: { kind: 'Namespace', group: '', namespace: '', name: 'old', uid: 'namespace-1' },
      tier: 'T3',
      effect: {
        kind: 'kubernetes',
        request: {
          verb: 'update',
          path: ['api', 'v1', 'namespaces', 'old', 'finalize'],
          contentType: 'application/json',
          body: {
            apiVersion: 'v1',
            kind: 'Namespace',
            metadata: {
              name: 'old',
              uid: 'namespace-1',
              resourceVersion: '7',
              creationTimestamp: expect.any(String) as string,
              deletionTimestamp: ago(901),
              labels: { 'kubernetes.io/metadata.name': 'old' },
            },
            spec: { finalizers: [] },
            status: { phase: 'Terminating' },
          },
        },
      },
      fingerprint: `{"action":"R-NS-FINALIZE","finalizers":["kubernetes"],"since":"${ago(901)}","uid":"namespace-1"}`,
      words: [
        'finalize namespace old',
        [
          `echo '{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"old","uid":"namespace-1","resourceVersion":"7"},"spec":{"finalizers":[]}}' | kubectl replace --raw /api/v1/namespaces/old/finalize -f -`,
        ],
        'It skips the clean-up of namespace old: whatever is still stored under it can be reached no more, and comes back when a namespace of this name is created.',
      ],
      rights: [
        { verb: 'update', group: '', resource: 'namespaces', subresource: 'finalize', namespace: '', name: 'old' },
      ],
      before: {},
    });
  });

  it('keeps finalizers of others, and is content with conditions that are good', async () => {
    const object = aNamespace({
      spec: { finalizers: ['example.com/x', 'kubernetes'] },
      ...condition('NamespaceContentRemaining', 'False'),
    });

    const { effect } = possible(await namespaceFinalize.inspect(INPUT, worldOf([object, API])));

    expect(effect).toMatchObject({ request: { body: { spec: { finalizers: ['example.com/x'] } } } });
  });

  it.each([
    ['it is gone', [API], 'changed', /does not exist/],
    ['it is another one', [aNamespace({ metadata: { uid: 'namespace-2' } }), API], 'changed', /another object/],
    [
      'it is not being deleted',
      [anObject('Namespace', 'old', { spec: { finalizers: ['kubernetes'] } }), API],
      'changed',
      /not being deleted/,
    ],
    [
      'it is being deleted for 15 minutes only',
      [aNamespace({ metadata: { deletionTimestamp: ago(900) } }), API],
      'unsafe',
      /only 15 m ago/,
    ],
    ...[
      'NamespaceDeletionDiscoveryFailure',
      'NamespaceDeletionGroupVersionParsingFailure',
      'NamespaceDeletionContentFailure',
      'NamespaceContentRemaining',
      'NamespaceFinalizersRemaining',
    ].map((type) => [`${type} holds it`, [aNamespace(condition(type)), API], 'unsafe', new RegExp(type)] as const),
    [
      'a condition is unknown',
      [aNamespace(condition('NamespaceContentRemaining', 'Unknown')), API],
      'unsafe',
      /ContentRemaining/,
    ],
    [
      'a finalizer in its metadata holds it',
      [
        aNamespace({ metadata: { deletionTimestamp: ago(901), finalizers: ['controller.cattle.io/namespace-auth'] } }),
        API,
      ],
      'unsafe',
      /Other finalizers/,
    ],
    ['its finalizer is gone', [aNamespace({ spec: { finalizers: [] } }), API], 'changed', /any more/],
    [
      'an API is not available',
      [
        aNamespace(),
        API,
        anObject('APIService', 'v1beta1.metrics.k8s.io', {
          status: { conditions: [{ type: 'Available', status: 'False' }] },
        }),
      ],
      'unsafe',
      /APIService v1beta1.metrics.k8s.io/,
    ],
    ['an API says nothing', [aNamespace(), anObject('APIService', 'v1.x.io', {})], 'unsafe', /APIService v1.x.io/],
  ] as const)('refuses when %s', async (_, objects, why, reason) => {
    const inspection = await namespaceFinalize.inspect(INPUT, worldOf(objects));

    expect(inspection).toEqual({ kind: 'refused', why, reason: expect.stringMatching(reason) as string });
  });

  it.each(['default', 'kube-system', 'kube-public', 'kube-node-lease'])('never finalizes %s', async (name) => {
    const input = proposed('R-NS-FINALIZE', { kind: 'Namespace', name, uid: 'namespace-1', namespace: '' });
    const object = aNamespace({ metadata: { name, deletionTimestamp: ago(901) } });

    const inspection = await namespaceFinalize.inspect(input, worldOf([object, API]));

    expect(inspection).toMatchObject({ kind: 'refused', why: 'unsafe' });
  });

  it.each([
    ['something is left', PODS, 'unsafe', /still holds pods/],
    ['a kind could not be listed', { ...EMPTY, unseen: ['secrets: forbidden'] }, 'unproven', /secrets: forbidden/],
    ['nothing was listed', { ...EMPTY, empty: 0 }, 'unproven', /no kind/],
  ] as const)('refuses when %s', async (_, contents, why, reason) => {
    const inspection = await namespaceFinalize.inspect(INPUT, worldOf([aNamespace(), API], { contents: [contents] }));

    expect(inspection).toEqual({ kind: 'refused', why, reason: expect.stringMatching(reason) as string });
  });

  it('lists twice before the act, and refuses what turned up', async () => {
    const world = worldOf([aNamespace(), API], { purpose: 'act', contents: [EMPTY, PODS] });

    const inspection = await namespaceFinalize.inspect(INPUT, world);

    expect(inspection).toMatchObject({ kind: 'refused', why: 'unsafe' });
    expect([world.paused, world.listed]).toEqual([[5000], ['old', 'old']]);
  });

  it('is unproven when APIServices cannot be read', async () => {
    const world = worldOf([aNamespace(), API], { unreadable: [{ resource: 'apiservices', why: 'forbidden' }] });

    const inspection = await namespaceFinalize.inspect(INPUT, world);

    expect(inspection).toMatchObject({ kind: 'refused', why: 'unproven' });
  });
});

describe('namespaceFinalize.seen and namespaceFinalize.verify', () => {
  const acted = {
    input: INPUT,
    target: { kind: 'Namespace', group: '', namespace: '', name: 'old', uid: 'namespace-1' },
    before: {},
  };

  it.each([
    ['it stands', [aNamespace()], 'not-made', { kind: 'waiting', says: 'namespace old is still there' }],
    [
      'its finalizer is gone',
      [aNamespace({ spec: { finalizers: [] } })],
      'made',
      { kind: 'waiting', says: 'namespace old is still there' },
    ],
    ['it is gone', [], 'made', { kind: 'helped', says: 'namespace old is gone' }],
    [
      'a new one bears its name',
      [aNamespace({ metadata: { uid: 'namespace-2' } })],
      'made',
      { kind: 'helped', says: 'namespace old is gone' },
    ],
  ] as const)('looks whether %s', async (_, objects, seen, verification) => {
    const world = worldOf(objects);

    const outcome = [await namespaceFinalize.seen(acted, world), await namespaceFinalize.verify(acted, world)];

    expect(outcome).toEqual([seen, verification]);
  });
});
