import { describe, expect, it } from 'vitest';
import { rbdLockRemove } from '../../src/actions/rbd-lock-remove.ts';
import { FakeRunbook } from '../fakes/fake-runbook.ts';
import {
  AUTO,
  CLAIM,
  expectRefusal,
  inspect,
  LOCK,
  POD,
  proposed,
  type RbdWorld,
  rbdWorld,
  VOLUME,
  WORKERS,
  worker1,
} from './rbd-world.ts';

describe('R-RBD-LOCK-RM', () => {
  it('removes the lock of a node that does not exist any more', async () => {
    const inspection = await inspect();

    expect(inspection).toMatchObject({
      kind: 'possible',
      tier: 'T3',
      target: {
        kind: 'rbd image',
        group: '',
        namespace: 'shop',
        name: 'rbd/vol-1',
        uid: `1013bce7569b/${LOCK.id}/${LOCK.locker}`,
      },
      effect: {
        kind: 'runbook',
        step: { tool: 'rbd', args: ['lock', 'rm', 'rbd/vol-1', LOCK.id, LOCK.locker] },
      },
      rights: [
        {
          verb: 'delete',
          group: '',
          resource: 'persistentvolumeclaims',
          subresource: '',
          namespace: 'shop',
          name: 'data',
        },
      ],
    });
  });

  it('says what it does, what it touches and that the blocklist does not fence an old kubelet', async () => {
    const inspection = await inspect();

    expect(inspection.kind === 'possible' ? inspection.words : undefined).toEqual({
      title: 'remove the stale RBD lock on rbd/vol-1',
      steps: [
        `rbd lock ls rbd/vol-1: stop unless it shows exactly the lock ${LOCK.id} of client.4125 at ${LOCK.address}`,
        'rbd status rbd/vol-1: stop if any client watches the image; wait 60 s; both again: stop if anything changed',
        'stop unless the holder is gone (now: node worker-1 does not exist any more) and no other pod uses the claim',
        `rbd lock rm rbd/vol-1 ${LOCK.id} client.4125`,
        'rbd lock ls rbd/vol-1: the lock is gone; then the pod mounts the volume',
      ],
      commands: ['rbd lock ls rbd/vol-1', 'rbd status rbd/vol-1', `rbd lock rm rbd/vol-1 ${LOCK.id} client.4125`],
      touches: `lock ${LOCK.id} (client.4125 at ${LOCK.address}) of RBD image rbd/vol-1, the volume of claim shop/data that pod db-0 waits for`,
      risk: `a mapping on worker-1 that nobody sees could still write. Ceph first blocklists ${LOCK.address}, but that was the command that took the lock: it does not fence the mapping`,
      undo: `the lock cannot be put back; the blocklist entry ends by itself after an hour, or: ceph osd blocklist rm ${LOCK.address}`,
      danger: 'If the old holder still writes to rbd/vol-1, two writers destroy its file system.',
    });
  });

  it('keeps the id of an automatic lock one argument and says that its client is fenced', async () => {
    const world = { ceph: new FakeRunbook({ locks: [AUTO] }), objects: [POD, CLAIM, VOLUME, worker1(), ...WORKERS] };

    const inspection = await inspect(world, proposed(AUTO));

    expect(inspection).toMatchObject({
      effect: { step: { args: ['lock', 'rm', 'rbd/vol-1', 'auto 139700522204000', 'client.4141'] } },
      words: {
        commands: expect.arrayContaining(["rbd lock rm rbd/vol-1 'auto 139700522204000' client.4141"]),
        risk: `Ceph first blocklists ${AUTO.address}, so that the old client cannot write any more`,
      },
    });
  });

  it('looks once when it is proposed and twice, 60 s apart, when it acts', async () => {
    const before = rbdWorld();
    const act = rbdWorld({ purpose: 'act' });

    const proposal = await rbdLockRemove.inspect(proposed(), before.context);
    const atTheAct = await rbdLockRemove.inspect(proposed(), act.context);

    expect(before.pauses).toEqual([]);
    expect(act.pauses).toEqual([60_000]);
    expect(atTheAct).toEqual(proposal);
    expect(asked(act, 'status')).toBe(2 * asked(before, 'status'));
  });

  it('never changes anything itself', async () => {
    const world = rbdWorld({ purpose: 'act' });

    await rbdLockRemove.inspect(proposed(), world.context);

    expect(world.ceph.steps.filter(({ args }) => args.includes('rm'))).toEqual([]);
    expect(world.ceph.image.locks).toEqual([LOCK]);
  });
});

function asked({ ceph }: RbdWorld, word: string): number {
  return ceph.steps.filter(({ args }) => args.includes(word)).length;
}

describe('parameters', () => {
  const { parameters } = proposed();

  it.each([
    ['no image', { pool: 'rbd', lockId: LOCK.id, locker: LOCK.locker }],
    ['an option for a pool', { ...parameters, pool: '--pool' }],
    ['a path for an image', { ...parameters, image: '../vol-1' }],
    ['a lock of unknown form', { ...parameters, lockId: 'backup' }],
    ['an option for a lock', { ...parameters, lockId: '--force' }],
    ['no client', { ...parameters, locker: 'client.1; reboot' }],
    ['one that it does not have', { ...parameters, force: 'true' }],
  ])('are refused: %s', async (_what, told) => {
    const world = rbdWorld();

    const inspection = await rbdLockRemove.inspect({ ...proposed(), parameters: told }, world.context);

    expectRefusal(inspection, 'invalid', /Nothing is changed/);
    expect(world.ceph.steps).toEqual([]);
  });

  it('are for pods only', async () => {
    const input = { ...proposed(), subject: { kind: 'Node' as const, namespace: '', name: 'worker-1', uid: 'u' } };

    expectRefusal(await inspect({}, input), 'invalid', /cannot be done for a Node/);
  });
});
