import { expect, it } from 'vitest';
import { rbdLockRemove } from '../../src/actions/rbd-lock-remove.ts';
import { parseCephAddress } from '../../src/core/ceph/address.ts';
import { isClientFenced, parseBlocklist } from '../../src/core/ceph/blocklist.ts';
import type { RbdLock } from '../../src/core/ceph/rbd-locks.ts';
import type { TestCeph } from '../ceph/start-ceph.ts';
import { describeWithCeph } from '../ceph/with-ceph.ts';
import { act, ask, context, HERE, holder, inspectForAct, offered } from './incident-d-world.ts';

const LOCK_ID = 'kubelet_lock_magic_worker-1';

/** An image with the lock that the kubelet of worker-1 left. */
async function leftLock(ceph: TestCeph, image: string): Promise<RbdLock> {
  await ceph.createImage(image);
  return lockAgain(ceph, image);
}

async function lockAgain(ceph: TestCeph, image: string): Promise<RbdLock> {
  await ceph.rbd('lock', 'add', `rbd/${image}`, LOCK_ID);
  const [lock] = await ceph.locks(image);
  if (lock === undefined) {
    throw new Error('the lock was not taken');
  }
  return lock;
}

describeWithCeph('a lock that a dead client left on an RBD image', (ceph) => {
  it('is found, removed when it is safe, and the removal is verified', async () => {
    const lock = await leftLock(ceph(), 'found');
    const recorded = { image: 'found' };

    const { primary } = await ask(ceph(), recorded);
    const input = await offered(ceph(), recorded);
    const inspection = await inspectForAct(ceph(), recorded, input);
    const output = await act(ceph(), inspection);

    const { target, before } = inspection.kind === 'possible' ? inspection : { target: undefined, before: {} };
    const acted = { input, before, target: target ?? { kind: '', group: '', namespace: '', name: '', uid: '' } };
    const seen = await rbdLockRemove.seen(acted, context(ceph(), recorded));
    const early = await rbdLockRemove.verify(acted, context(ceph(), recorded));
    const running = { ...recorded, startedAt: new Date().toISOString() };
    const late = await rbdLockRemove.verify(acted, context(ceph(), running));
    expect(primary).toMatchObject({ code: 'rbd-image-locked-intree', state: 'confirmed' });
    expect(input).toEqual({
      action: 'R-RBD-LOCK-RM',
      subject: { kind: 'Pod', namespace: 'shop', name: 'db-0', uid: 'uid-db-0' },
      parameters: { pool: 'rbd', image: 'found', lockId: LOCK_ID, locker: lock.locker, address: lock.address },
    });
    expect(output).toEqual({ kind: 'ended', exitCode: 0, stdout: '', stderr: '' });
    expect([seen, early.kind, late]).toEqual([
      'made',
      'waiting',
      { kind: 'helped', says: 'the lock is gone and db-0 runs with the volume' },
    ]);
    expect((await ask(ceph(), running)).verdict).toBe('healthy');
    expect((await ask(ceph(), recorded)).primary?.code).toBe('rbd-lock-message-without-lock');
  });

  it('is neither found nor removed while somebody has the image open', async () => {
    const lock = await leftLock(ceph(), 'open');
    const recorded = { image: 'open' };
    const input = await offered(ceph(), recorded);
    const client = await ceph().watch('open');

    const { primary } = await ask(ceph(), { ...recorded, holder: holder(HERE) });
    const refused = await inspectForAct(ceph(), recorded, input);
    await client.leave();
    await ceph().untilUnwatched('open');
    const afterwards = await inspectForAct(ceph(), recorded, input);

    expect(primary).toMatchObject({ code: 'rbd-image-still-in-use-csi', state: 'confirmed' });
    expect(primary?.cause).toContain('open on `worker-1`');
    expect(refused).toMatchObject({ kind: 'refused', why: 'unsafe', reason: expect.stringContaining('open now') });
    expect(await ceph().locks('open')).toEqual([lock]);
    expect(afterwards.kind).toBe('possible');
  });

  it('is not removed when a client comes while it is looked at', async () => {
    const lock = await leftLock(ceph(), 'meanwhile');
    const recorded = { image: 'meanwhile' };
    const input = await offered(ceph(), recorded);

    const inspection = await inspectForAct(ceph(), recorded, input, () => ceph().watch('meanwhile'));

    expect(inspection).toMatchObject({ kind: 'refused', why: 'unsafe' });
    expect(await ceph().locks('meanwhile')).toEqual([lock]);
  });

  it('is not removed while its holder is not proven gone, and is once Ceph refuses the holder', async () => {
    await leftLock(ceph(), 'cut-off');
    const recorded = { image: 'cut-off', holder: holder('10.9.9.9', 'Unknown') };
    const input = await offered(ceph(), recorded);

    const refused = await inspectForAct(ceph(), recorded, input);
    await ceph().ceph('osd', 'blocklist', 'add', '10.9.9.9');
    const fenced = await inspectForAct(ceph(), recorded, input);
    const output = await act(ceph(), fenced);

    expect(refused).toMatchObject({
      kind: 'refused',
      why: 'unsafe',
      reason: expect.stringContaining('may be cut off from Kubernetes and still write'),
    });
    expect(output).toMatchObject({ kind: 'ended', exitCode: 0 });
    expect(await ceph().locks('cut-off')).toEqual([]);
  });

  it('is not removed when another client has it by now, and Ceph itself would refuse it', async () => {
    await leftLock(ceph(), 'changed');
    const recorded = { image: 'changed' };
    const input = await offered(ceph(), recorded);
    const proposal = await rbdLockRemove.inspect(input, context(ceph(), recorded));
    await act(ceph(), proposal);
    const later = await lockAgain(ceph(), 'changed');

    const inspection = await inspectForAct(ceph(), recorded, input);
    const sent = await act(ceph(), proposal);

    expect(inspection).toMatchObject({ kind: 'refused', why: 'changed' });
    expect(sent).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('No such file or directory') });
    expect(await ceph().locks('changed')).toEqual([later]);
  });

  it('keeps the exclusive lock of a killed writer until Ceph forgets it, and fences it when it is removed', async () => {
    await ceph().createImage('exclusive');
    const recorded = { image: 'exclusive', holder: holder(HERE) };
    const client = await ceph().write('exclusive');
    await client.kill();
    const stillWatched = await ask(ceph(), recorded);
    await ceph().untilUnwatched('exclusive');

    const input = await offered(ceph(), recorded);
    const inspection = await inspectForAct(ceph(), recorded, input);
    const output = await act(ceph(), inspection);

    const blocklist = parseBlocklist(await ceph().ceph('osd', 'blocklist', 'ls')) ?? [];
    const address = parseCephAddress(input.parameters['address'] ?? '');
    expect(stillWatched.primary?.code).toBe('rbd-image-still-in-use-csi');
    expect(input.parameters['lockId']).toMatch(/^auto \d+$/);
    expect(output).toMatchObject({ kind: 'ended', exitCode: 0 });
    expect(await ceph().locks('exclusive')).toEqual([]);
    expect(address !== undefined && isClientFenced(address, blocklist, new Date())).toBe(true);
  });
});
