import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Possible } from '../../src/actions/action.ts';
import { ACTION_REGISTRY } from '../../src/actions/registry.ts';
import { resourceOf, SUBJECT_KINDS } from '../../src/core/subject/kinds.ts';
import {
  aDeployment,
  ago,
  aNode,
  anObject,
  anOldReplicaSet,
  aPod,
  aReplicaSet,
  NOT_READY,
  READY,
  worldOf,
} from './action-world.ts';

const NAMES = ['web', 'web-abc', 'web-abc-1', 'node-1', 'shop', 'other', 'app'];
const UIDS = ['pod-1', 'deployment-1', 'replicaset-1', 'node-1', 'namespace-1', 'configmap-1', 'stranger'];
const KEYS = [
  'pod',
  'namespace',
  'uid',
  'node',
  'name',
  'finalizer',
  'resource',
  'apiVersion',
  'controllerName',
  'controllerNamespace',
];
const VALUES = [...NAMES, ...UIDS, 'acme.example/x', 'configmaps', 'v1', 'pods', ''];

const pods = fc.constantFrom(
  aPod(),
  aPod(READY),
  aPod({ metadata: { deletionTimestamp: ago(300) } }),
  aPod({ metadata: { deletionTimestamp: ago(300), finalizers: ['acme.example/x'] } }),
);
const nodes = fc.constantFrom(aNode(), aNode(NOT_READY), aNode({ spec: { unschedulable: true } }));
const namespaces = fc.constantFrom(
  anObject('Namespace', 'shop', { metadata: { deletionTimestamp: ago(1000) }, spec: { finalizers: ['kubernetes'] } }),
  anObject('Namespace', 'shop', { metadata: { deletionTimestamp: ago(1000), finalizers: ['acme.example/x'] } }),
);
const CONFIG_MAP = anObject('ConfigMap', 'app', {
  metadata: { deletionTimestamp: ago(300), finalizers: ['acme.example/x'] },
});
const API = anObject('APIService', 'v1.', { status: { conditions: [{ type: 'Available', status: 'True' }] } });

const inputs = fc.record({
  subject: fc.record({
    kind: fc.constantFrom(...SUBJECT_KINDS),
    namespace: fc.constantFrom('shop', 'shop', 'shop', '', 'other'),
    name: fc.constantFrom(...NAMES),
    uid: fc.constantFrom(...UIDS),
  }),
  parameters: fc.dictionary(fc.constantFrom(...KEYS), fc.constantFrom(...VALUES), { maxKeys: 5 }),
});

/** Subjects that exist, so that many inspections come to an end. */
const real = fc.record({
  subject: fc.constantFrom(
    { kind: 'Pod', namespace: 'shop', name: 'web-abc-1', uid: 'pod-1' } as const,
    { kind: 'Deployment', namespace: 'shop', name: 'web', uid: 'deployment-1' } as const,
    { kind: 'Node', namespace: '', name: 'node-1', uid: 'node-1' } as const,
    { kind: 'Namespace', namespace: '', name: 'shop', uid: 'namespace-1' } as const,
  ),
  parameters: fc.constantFrom<Readonly<Record<string, string>>>(
    {},
    { pod: 'web-abc-1' },
    { pod: 'web-abc-1', namespace: 'shop' },
    { finalizer: 'acme.example/x' },
    { finalizer: 'acme.example/x', apiVersion: 'v1', resource: 'configmaps', name: 'app' },
    { node: 'node-1' },
  ),
});

/** What in a request names the object: its path as the target would have it, and its uid in every body. */
function strayParts({ target, effect }: Possible): readonly string[] {
  if (effect.kind !== 'kubernetes') {
    return ['it is no request to Kubernetes'];
  }
  const { path, body, dryRunBody = body } = effect.request;
  const uid = JSON.stringify(target.uid);
  return [
    ...strayPath(path, target),
    ...[body, dryRunBody].filter((one) => !JSON.stringify(one).includes(uid)).map(() => 'a body without the uid'),
  ];
}

function strayPath(path: readonly string[], { kind, group, namespace, name }: Possible['target']): readonly string[] {
  const version = group === '' ? ['api', 'v1'] : ['apis', group, 'v1'];
  const place = namespace === '' ? [] : ['namespaces', namespace];
  const plural = resourceOf(kind).resource;
  const wanted = [...version, ...place, plural, name].join(' ');
  return [wanted, `${wanted} eviction`, `${wanted} finalize`].includes(path.join(' '))
    ? []
    : [`path ${path.join('/')}`];
}

describe('every action', () => {
  it('asks for a change of its target alone, on the condition of its uid, and for rights on nothing else', async () => {
    const reached = new Set<string>();

    await fc.assert(
      fc.asyncProperty(
        fc.oneof({ arbitrary: real, weight: 3 }, { arbitrary: inputs, weight: 1 }),
        pods,
        nodes,
        namespaces,
        async ({ subject, parameters }, pod, node, namespace) => {
          const objects = [pod, node, namespace, aReplicaSet(), anOldReplicaSet(), aDeployment(), CONFIG_MAP, API];
          for (const action of ACTION_REGISTRY.values()) {
            const world = worldOf(objects);
            const inspection = await action.inspect({ action: action.code, subject, parameters }, world);
            if (inspection.kind === 'possible') {
              reached.add(action.code);
              const uids = objects.map((object) => (object['metadata'] as { uid: string }).uid);
              expect(strayParts(inspection)).toEqual([]);
              expect(uids).toContain(inspection.target.uid);
              expect(inspection.rights).toHaveLength(1);
              expect(inspection.rights[0]).toMatchObject({
                name: inspection.target.name,
                namespace: inspection.target.namespace,
              });
              expect(inspection.words.title.length).toBeLessThanOrEqual(150);
              expect(inspection.words.danger === undefined).toBe(inspection.tier !== 'T3');
              expect(inspection.fingerprint).not.toContain('resourceVersion');
            } else {
              expect(inspection.reason).toMatch(/^[A-Z].*\.$/s);
            }
          }
        },
      ),
      { numRuns: 300, seed: 7 },
    );

    expect([...reached].toSorted()).toEqual([
      'R-CORDON',
      'R-EVICT',
      'R-NS-FINALIZE',
      'R-OBJ-FINALIZER-REMOVE',
      'R-POD-DELETE',
      'R-POD-FORCE-DELETE',
      'R-ROLLBACK',
      'R-ROLLOUT-RESTART',
      'R-UNCORDON',
    ]);
  });
});
