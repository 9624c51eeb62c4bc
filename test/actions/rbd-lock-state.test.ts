import { describe, expect, it } from 'vitest';
import { rbdLockRemove } from '../../src/actions/rbd-lock-remove.ts';
import { FakeRunbook } from '../fakes/fake-runbook.ts';
import { AUTO, expectRefusal, inspect, LOCK, proposed, rbdWorld } from './rbd-world.ts';

describe('what Ceph says against it', () => {
  const watcher = { address: '10.0.0.11:0/1', client: 4200, cookie: 1 };
  const cases: readonly [string, string, RegExp, Partial<FakeRunbook['image']>][] = [
    [
      'somebody has the image open',
      'unsafe',
      /^client\.4200 at 10\.0\.0\.11:0\/1 has RBD image rbd\/vol-1 open now/,
      { locks: [LOCK], watchers: [watcher] },
    ],
    ['there is no lock', 'changed', /carries no lock any more/, {}],
    ['there are two locks', 'unsafe', /carries 2 locks/, { locks: [LOCK, AUTO] }],
    [
      'another client has the lock',
      'changed',
      /locked by another client by now \(client\.9\)/,
      { locks: [{ ...LOCK, locker: 'client.9' }] },
    ],
    ['the client has another lock', 'changed', /locked by another client/, { locks: [{ ...LOCK, id: AUTO.id }] }],
    [
      'it is a mirrored copy',
      'unsafe',
      /mirrored copy that another cluster writes/,
      { locks: [LOCK], info: { id: '1', mirroring: { state: 'enabled', primary: false } } },
    ],
  ];

  it.each(cases)('%s', async (_what, why, reason, image) => {
    expectRefusal(await inspect({ ceph: new FakeRunbook(image) }), why, reason);
  });

  it('a mirrored image that is written here is no reason', async () => {
    const info = { id: '1', mirroring: { state: 'enabled', primary: true } };

    expect(await inspect({ ceph: new FakeRunbook({ locks: [LOCK], info }) })).toMatchObject({ kind: 'possible' });
  });

  it('another address of the lock, when the finding told one', async () => {
    const { parameters, ...input } = proposed();

    const told = { ...input, parameters: { ...parameters, address: '10.0.0.11:0/1' } };

    expectRefusal(await inspect({}, told), 'changed', /locked by another client/);
  });

  it.each(['rbd lock ls', 'rbd status', 'rbd info', 'ceph osd blocklist ls'])('no answer of %s', async (begin) => {
    const ceph = new FakeRunbook({ locks: [LOCK] });
    ceph.instead.set(begin, { kind: 'unknown', message: 'rbd did not end within 30 s' });

    expectRefusal(
      await inspect({ ceph }),
      'unproven',
      /could not be read \(rbd did not end within 30 s\), so it is not proven that the change is safe/,
    );
  });

  it.each(['rbd lock ls', 'rbd status', 'rbd info', 'ceph osd blocklist ls'])(
    'an answer of %s that is not understood',
    async (begin) => {
      const ceph = new FakeRunbook({ locks: [LOCK] });
      ceph.instead.set(begin, { kind: 'ended', exitCode: 0, stdout: 'what', stderr: '' });

      expectRefusal(await inspect({ ceph }), 'unproven', /is not understood/);
    },
  );

  it('an image that does not exist', async () => {
    const ceph = new FakeRunbook({ locks: [LOCK] });
    const stderr = 'rbd: error opening image vol-1: (2) No such file or directory\n';
    ceph.instead.set('rbd lock ls', { kind: 'ended', exitCode: 2, stdout: '', stderr });

    expectRefusal(await inspect({ ceph }), 'changed', /does not exist in Ceph any more/);
  });

  it('an identity that may not look', async () => {
    const ceph = new FakeRunbook({ locks: [LOCK] });
    const stderr = 'global_init: x\nrbd: error opening image vol-1: (1) Operation not permitted\n';
    ceph.instead.set('rbd lock ls', { kind: 'ended', exitCode: 1, stdout: '', stderr });

    expectRefusal(
      await inspect({ ceph }),
      'unproven',
      /rbd lock ended with 1: rbd: error opening image vol-1: \(1\) Operation not permitted/,
    );
  });

  it('that nobody can ask it', async () => {
    const { runbook: _none, ...context } = rbdWorld().context;

    const inspection = await rbdLockRemove.inspect(proposed(), context);

    expectRefusal(inspection, 'unproven', /No place for rbd and ceph commands is configured/);
  });

  it('an older Ceph is asked by its own word', async () => {
    const ceph = new FakeRunbook({ locks: [LOCK] });
    ceph.instead.set('ceph osd blocklist', {
      kind: 'ended',
      exitCode: 22,
      stdout: '',
      stderr: 'no valid command found',
    });

    expect(await inspect({ ceph })).toMatchObject({ kind: 'possible' });
    expect(ceph.steps.at(-1)).toEqual({ tool: 'ceph', args: ['osd', 'blacklist', 'ls'] });
  });
});

describe('what happens between the two looks', () => {
  const watcher = { address: '10.0.0.12:0/5', client: 4300, cookie: 5 };
  const cases: readonly [string, string, RegExp, (ceph: FakeRunbook) => void][] = [
    ['a client comes', 'unsafe', /open now/, ({ image }) => (image.watchers = [watcher])],
    ['the lock is released', 'changed', /carries no lock/, ({ image }) => (image.locks = [])],
    [
      'another client takes it',
      'changed',
      /another client/,
      ({ image }) => (image.locks = [{ ...LOCK, locker: 'client.9' }]),
    ],
    [
      'the same client comes back',
      'changed',
      /within the last minute/,
      ({ image }) => (image.locks = [{ ...LOCK, address: '10.0.0.11:0/9' }]),
    ],
    ['the image is made anew', 'changed', /within the last minute/, ({ image }) => (image.info = { id: '2' })],
  ];

  it.each(cases)('%s', async (_what, why, reason, meanwhile) => {
    expectRefusal(await inspect({ purpose: 'act', meanwhile }), why, reason);
  });
});
