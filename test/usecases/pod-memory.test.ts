import { describe, expect, it } from 'vitest';
import { type KnownPod, knownPod, PodMemory } from '../../src/usecases/pod-memory.ts';

function pods(count: number): ReadonlyMap<string, KnownPod> {
  return new Map(Array.from({ length: count }, (_, index) => [`web-${index}`, { uid: `uid-${index}` }]));
}

function startMemory() {
  let now = 1_000_000;
  const memory = new PodMemory(() => now);
  return {
    memory,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

describe('knownPod', () => {
  it('keeps of a pod what it belongs to, which one it is, and how it stands', () => {
    const metadata = {
      name: 'web-5d9c-x',
      uid: 'uid-1',
      labels: { 'pod-template-hash': '5d9c' },
      ownerReferences: [{ kind: 'ReplicaSet', name: 'web-5d9c', controller: true }],
    };
    const waiting = { name: 'web', state: { waiting: { reason: 'CrashLoopBackOff' } } };

    const known = knownPod({ kind: 'Pod', metadata, spec: {}, status: { containerStatuses: [waiting] } });
    const bare = knownPod({ kind: 'Pod', metadata: { name: 'alone' } });

    expect(known).toEqual({
      uid: 'uid-1',
      owner: { kind: 'Deployment', name: 'web' },
      stands: 'waiting CrashLoopBackOff',
    });
    expect(bare).toEqual({});
  });
});

describe('PodMemory', () => {
  it('gives the list of a namespace for five seconds', () => {
    const { memory, pass } = startMemory();
    const shop = pods(2);
    memory.remember('shop', shop);

    pass(4999);
    const young = [memory.podsOf('shop'), memory.podsOf('crm')];
    pass(1);

    expect(young).toEqual([shop, undefined]);
    expect(memory.podsOf('shop')).toBeUndefined();
  });

  it('keeps the newest list of a namespace', () => {
    const { memory, pass } = startMemory();
    memory.remember('shop', pods(2));
    pass(4000);

    memory.remember('shop', pods(3));
    pass(4000);

    expect(memory.podsOf('shop')?.size).toBe(3);
  });

  it('forgets the oldest lists when there are too many pods', () => {
    const { memory } = startMemory();
    for (const namespace of ['a', 'b', 'c', 'd', 'e']) {
      memory.remember(namespace, pods(5000));
    }

    const kept = ['a', 'b', 'c', 'd', 'e'].filter((namespace) => memory.podsOf(namespace) !== undefined);

    expect(kept).toEqual(['b', 'c', 'd', 'e']);
  });
});
