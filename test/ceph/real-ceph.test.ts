import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { runRead } from '../../src/actions/run-read.ts';
import { localRunner } from '../../src/adapters/runbook/local-runner.ts';
import { parseCephAddress } from '../../src/core/ceph/address.ts';
import { isClientFenced, parseBlocklist } from '../../src/core/ceph/blocklist.ts';
import { removeLockCommand } from '../../src/core/ceph/command.ts';
import { parseLocks, type RbdLock } from '../../src/core/ceph/rbd-locks.ts';
import { parseWatchers } from '../../src/core/ceph/rbd-watchers.ts';
import type { RunbookOutput } from '../../src/ports/runbook-runner.ts';
import { startCeph, type TestCeph } from './start-ceph.ts';
import { describeWithCeph } from './with-ceph.ts';

const IMAGE = { pool: 'rbd', image: 'image' };

async function onlyLock(ceph: TestCeph, image: string): Promise<RbdLock> {
  const [lock, ...more] = await ceph.locks(image);
  if (lock === undefined || more.length > 0) {
    throw new Error(`${image} has ${more.length + (lock === undefined ? 0 : 1)} locks`);
  }
  return lock;
}

async function remove(
  { runner }: Pick<TestCeph, 'runner'>,
  image: string,
  lock: Pick<RbdLock, 'id' | 'locker'>,
): Promise<RunbookOutput> {
  const command = removeLockCommand({ pool: 'rbd', image }, lock);
  if (command === undefined) {
    throw new Error('the lock has a name that is not passed on');
  }
  return runner.run(command);
}

/** What runs on this machine, as far as it can be read. */
function commandLines(): readonly string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        return '';
      }
    });
}

const NO_SUCH_LOCK = {
  kind: 'ended',
  exitCode: 2,
  stdout: '',
  stderr: expect.stringContaining('releasing lock failed: (2) No such file or directory'),
};
const REMOVED = { kind: 'ended', exitCode: 0, stdout: '', stderr: '' };

describeWithCeph('a real Ceph, asked with the restricted identity', (ceph) => {
  it('answers every read', async () => {
    await ceph().createImage('image');

    const answers = await Promise.all(
      (['rbd-lock-ls', 'rbd-status', 'rbd-info', 'ceph-blocklist', 'ceph-health'] as const).map((read) =>
        runRead((step) => ceph().runner.run(step), read, IMAGE),
      ),
    );

    expect(answers.map(({ kind }) => kind)).toEqual(['said', 'said', 'said', 'said', 'said']);
  });

  it('says that an image or a pool does not exist', async () => {
    const image = await runRead((step) => ceph().runner.run(step), 'rbd-lock-ls', { pool: 'rbd', image: 'none' });
    const pool = await runRead((step) => ceph().runner.run(step), 'rbd-status', { pool: 'none', image: 'none' });

    expect([image, pool]).toEqual([
      { kind: 'missing', message: 'rbd: error opening image none: (2) No such file or directory' },
      { kind: 'missing', message: "rbd: error opening pool 'none': (2) No such file or directory" },
    ]);
  });

  it('removes the lock of an old kubelet, and only that one', async () => {
    await ceph().createImage('legacy');
    await ceph().rbd('lock', 'add', 'rbd/legacy', 'kubelet_lock_magic_worker-1');
    const lock = await onlyLock(ceph(), 'legacy');

    const wrongClient = await remove(ceph(), 'legacy', { ...lock, locker: 'client.1' });
    const wrongLock = await remove(ceph(), 'legacy', { ...lock, id: 'kubelet_lock_magic_worker-2' });
    const still = await ceph().locks('legacy');
    const removed = await remove(ceph(), 'legacy', lock);
    const again = await remove(ceph(), 'legacy', lock);

    expect([wrongClient, wrongLock, removed, again]).toEqual([NO_SUCH_LOCK, NO_SUCH_LOCK, REMOVED, NO_SUCH_LOCK]);
    expect(still).toEqual([lock]);
    expect(await ceph().locks('legacy')).toEqual([]);
  });

  it('fences a client even when it refuses the removal, unless the client is another one', async () => {
    await ceph().createImage('refused');
    await ceph().rbd('lock', 'add', 'rbd/refused', 'kubelet_lock_magic_worker-1');
    const lock = await onlyLock(ceph(), 'refused');

    await remove(ceph(), 'refused', { ...lock, locker: 'client.1' });
    const afterWrongClient = await ceph().ceph('osd', 'blocklist', 'ls');
    await remove(ceph(), 'refused', { ...lock, id: 'kubelet_lock_magic_worker-2' });
    const afterWrongLock = await ceph().ceph('osd', 'blocklist', 'ls');

    expect(afterWrongClient).not.toContain(lock.address);
    expect(afterWrongLock).toContain(lock.address);
  });

  it('keeps the lock of a killed client, forgets its watch, and fences it when the lock is removed', async () => {
    await ceph().createImage('modern');
    const client = await ceph().write('modern');
    const lock = await onlyLock(ceph(), 'modern');
    const [watcher] = await ceph().watchers('modern');

    await client.kill();
    const afterwards = await ceph().watchers('modern');
    await ceph().untilUnwatched('modern');
    const left = await ceph().locks('modern');
    const removed = await remove(ceph(), 'modern', lock);

    const blocklist = await runRead((step) => ceph().runner.run(step), 'ceph-blocklist');
    const entries = parseBlocklist(blocklist.kind === 'said' ? blocklist.text : '') ?? [];
    const address = parseCephAddress(lock.address);
    expect(watcher).toEqual({ address: lock.address, ip: '127.0.0.1', client: lock.locker });
    expect(afterwards).toEqual([watcher]);
    expect(left).toEqual([lock]);
    expect(removed).toEqual(REMOVED);
    expect(address !== undefined && isClientFenced(address, entries, new Date(Date.now() + 1_800_000))).toBe(true);
  });

  it('shows who only watches, in text as in JSON', async () => {
    await ceph().createImage('watched');
    const client = await ceph().watch('watched');

    const text = await ceph().rbd('status', 'rbd/watched');
    const watchers = await ceph().watchers('watched');
    await client.leave();
    await ceph().untilUnwatched('watched');

    expect(parseWatchers(text)).toEqual(watchers);
    expect(watchers).toHaveLength(1);
  });

  it('shows shared locks as they are', async () => {
    await ceph().createImage('shared');
    await ceph().rbd('lock', 'add', '--shared', 'tag', 'rbd/shared', 'one');
    await ceph().rbd('lock', 'add', '--shared', 'tag', 'rbd/shared', 'two');

    const text = await ceph().rbd('lock', 'ls', 'rbd/shared');

    expect(parseLocks(text)).toEqual(await ceph().locks('shared'));
    expect(parseLocks(text)).toHaveLength(2);
  });

  it('runs nothing that is not on the list', async () => {
    const output = await ceph().runner.run({ tool: 'rbd', args: ['rm', 'rbd/image'] });

    expect(output).toMatchObject({
      kind: 'ended',
      exitCode: 126,
      stderr: expect.stringContaining('not among the commands'),
    });
    expect(await ceph().rbd('ls', 'rbd')).toContain('image');
  });

  it('refuses an identity that may only read, and one that may not fence', async () => {
    await ceph().createImage('guarded');
    await ceph().rbd('lock', 'add', 'rbd/guarded', 'kubelet_lock_magic_worker-1');
    const lock = await onlyLock(ceph(), 'guarded');
    const folder = mkdtempSync(join(tmpdir(), 'kubewhy-keys-'));
    const runnerFor = async (id: string, mon: string, osd: string) => {
      const keyring = join(folder, id);
      writeFileSync(keyring, await ceph().ceph('auth', 'get-or-create', `client.${id}`, 'mon', mon, 'osd', osd));
      return { runner: localRunner({ ...ceph().settings, id, keyring }) };
    };

    const reader = await remove(
      await runnerFor('reader', 'allow r', 'profile rbd-read-only pool=rbd'),
      'guarded',
      lock,
    );
    const writer = await remove(await runnerFor('writer', 'allow r', 'profile rbd pool=rbd'), 'guarded', lock);
    rmSync(folder, { recursive: true });

    expect(reader).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('Operation not permitted') });
    expect(writer).toMatchObject({ exitCode: 13, stderr: expect.stringContaining('unable to blocklist client') });
    expect(await ceph().locks('guarded')).toEqual([lock]);
  });

  it('runs beside another one', async () => {
    const other = await startCeph();

    await other.createImage('elsewhere');
    const listed = await ceph().rbd('ls', 'rbd');
    await other.stop();

    expect(listed).not.toContain('elsewhere');
    expect(existsSync(other.conf)).toBe(false);
  });

  it('is cleaned up after a start that failed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kubewhy-ceph-'));
    const broken = mkdtempSync(join(tmpdir(), 'kubewhy-path-'));
    writeFileSync(join(broken, 'ceph-osd'), '#!/bin/sh\necho no disk >&2\nexit 1\n', { mode: 0o755 });

    const failed = promisify(execFile)(join(import.meta.dirname, 'ceph-up'), [folder], {
      env: { PATH: `${broken}:${process.env['PATH'] ?? ''}` },
    });

    await expect(failed).rejects.toMatchObject({ stderr: expect.stringMatching(/did not start[\s\S]*no disk/) });
    rmSync(broken, { recursive: true });
    expect(existsSync(folder)).toBe(false);
    expect(commandLines().filter((line) => line.includes(folder))).toEqual([]);
  });
});
