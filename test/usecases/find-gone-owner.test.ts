import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/facts/json.ts';
import { findGoneOwner } from '../../src/usecases/find-gone-owner.ts';
import { limitReads } from '../../src/usecases/reads.ts';
import { FakeCluster } from '../fakes/fake-cluster.ts';

function object(kind: string, name: string, owner?: string): JsonObject {
  const ownerReferences = owner === undefined ? [] : [{ kind: 'Deployment', name: owner, controller: true }];
  return { kind, metadata: { name, namespace: 'shop', ownerReferences } };
}

const OBJECTS = [
  object('ReplicaSet', 'web-5d9c7b4f6d', 'web'),
  object('ReplicaSet', 'bare-5d9c7b4f6d'),
  object('DaemonSet', 'agent'),
  object('StatefulSet', 'db'),
];

describe('findGoneOwner', () => {
  it.each([
    ['web-5d9c7b4f6d-x2k8d', { kind: 'Deployment', namespace: 'shop', name: 'web' }],
    ['agent-x2k8d', { kind: 'DaemonSet', namespace: 'shop', name: 'agent' }],
    ['db-0', { kind: 'StatefulSet', namespace: 'shop', name: 'db' }],
    ['bare-5d9c7b4f6d-x2k8d', undefined],
    ['other-x2k8d', undefined],
    ['single', undefined],
  ])('of %s', async (name, owner) => {
    const reads = limitReads(new FakeCluster({ objects: OBJECTS }), 10);

    expect(await findGoneOwner({ kind: 'Pod', namespace: 'shop', name }, reads)).toEqual(owner);
  });
});
