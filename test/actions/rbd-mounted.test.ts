import { describe, expect, it } from 'vitest';
import type { Acted } from '../../src/actions/action.ts';
import { rbdLockRemove } from '../../src/actions/rbd-lock-remove.ts';
import type { JsonObject } from '../../src/core/facts/json.ts';
import { FakeRunbook } from '../fakes/fake-runbook.ts';
import { CLAIM, LOCK, NOW, POD, proposed, type RbdWorld, rbdWorld, VOLUME, WORKERS } from './rbd-world.ts';

async function actedOn(world: RbdWorld): Promise<Acted> {
  const inspection = await rbdLockRemove.inspect(proposed(), world.context);
  if (inspection.kind !== 'possible') {
    throw new Error(inspection.reason);
  }
  return { input: proposed(), target: inspection.target, before: inspection.before };
}

describe('whether it was made', () => {
  it.each([
    ['the lock is there', 'not-made', [LOCK]],
    ['no lock is there', 'made', []],
    ['another one is there', 'changed', [{ ...LOCK, locker: 'client.9' }]],
  ] as const)('%s: %s', async (_what, seen, locks) => {
    const world = rbdWorld();
    const acted = await actedOn(world);

    world.ceph.image.locks = locks;

    expect(await rbdLockRemove.seen(acted, world.context)).toBe(seen);
  });

  it('cannot be told when Ceph does not answer, and is moot without the image', async () => {
    const world = rbdWorld();
    const acted = await actedOn(world);

    world.ceph.instead.set('rbd lock ls', { kind: 'unknown', message: 'silence' });
    const unanswered = await rbdLockRemove.seen(acted, world.context);
    world.ceph.instead.set('rbd lock ls', { kind: 'ended', exitCode: 2, stdout: '', stderr: '' });

    expect(unanswered).toBe('cannot-tell');
    expect(await rbdLockRemove.seen(acted, world.context)).toBe('changed');
  });
});

describe('whether it helped', () => {
  const running: JsonObject = {
    ...POD,
    status: { phase: 'Running', containerStatuses: [{ name: 'db', state: { running: { startedAt: NOW } } }] },
  };
  const own = { ...LOCK, id: 'kubelet_lock_magic_worker-2', locker: 'client.5000' };
  const foreign = { ...LOCK, id: 'kubelet_lock_magic_worker-3', locker: 'client.5001' };

  async function verified(locks: readonly (typeof LOCK)[], pods: readonly JsonObject[]) {
    const acted = await actedOn(rbdWorld());
    const world = rbdWorld({ objects: [...pods, CLAIM, VOLUME, ...WORKERS], ceph: new FakeRunbook({ locks }) });
    return rbdLockRemove.verify(acted, world.context);
  }

  it.each([
    ['the pod runs', 'helped', /db-0 runs with the volume/, [], [running]],
    ['the pod runs and its node took the lock', 'helped', /db-0 runs/, [own], [running]],
    [
      'a later pod runs',
      'helped',
      /db-1 runs/,
      [],
      [{ ...running, metadata: { name: 'db-1', namespace: 'shop', uid: 'u2' } }],
    ],
    ['the pod still waits', 'waiting', /the lock is gone; the kubelet tries/, [], [POD]],
    ['the pod still waits and its node took the lock', 'waiting', /the lock is gone/, [own], [POD]],
    ['the lock is still there', 'failed', /the lock is still there/, [LOCK], [POD]],
    ['another node took the lock', 'failed', /another client \(client\.5001\)/, [foreign], [POD]],
  ] as const)('%s: %s', async (...[, kind, says, locks, pods]) => {
    expect(await verified(locks, pods)).toEqual({ kind, says: expect.stringMatching(says) });
  });

  it('waits while Ceph or the pods cannot be read', async () => {
    const acted = await actedOn(rbdWorld());
    const silent = new FakeRunbook();
    silent.instead.set('rbd lock ls', { kind: 'unknown', message: 'silence' });

    const unheard = await rbdLockRemove.verify(acted, rbdWorld({ ceph: silent }).context);
    const unread = await rbdLockRemove.verify(acted, rbdWorld({ ceph: new FakeRunbook(), unreadable: 'pods' }).context);

    expect([unheard.kind, unread.kind]).toEqual(['waiting', 'waiting']);
  });
});
