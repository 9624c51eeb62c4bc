import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allowedEffect } from '../../../src/core/ceph/allowed-command.ts';
import { RUNBOOK_READS, readCommand, removeLockCommand } from '../../../src/core/ceph/command.ts';

const IMAGE = { pool: 'rbd', image: 'vol-1' };
const LOCK = { id: 'auto 139836014990496', locker: 'client.4151' };

describe('what Kubewhy runs outside of Kubernetes', () => {
  it.each(RUNBOOK_READS)('%s is allowed and only reads', (read) => {
    const command = readCommand(read, IMAGE);

    expect(command === undefined ? undefined : allowedEffect(command)).toBe('reads');
  });

  it('removes one lock of one owner, its id being one argument', () => {
    const command = removeLockCommand(IMAGE, LOCK);

    expect(command).toEqual({ tool: 'rbd', args: ['lock', 'rm', 'rbd/vol-1', 'auto 139836014990496', 'client.4151'] });
    expect(command === undefined ? undefined : allowedEffect(command)).toBe('changes');
  });

  it.each([
    ['rbd', ['rm', 'rbd/vol-1']],
    ['rbd', ['lock', 'ls', 'rbd/vol-1']],
    ['rbd', ['lock', 'add', 'rbd/vol-1', 'kubelet_lock_magic_a']],
    ['rbd', ['lock', 'ls', '--format', 'json', 'rbd/vol-1']],
    ['rbd', ['--id', 'admin', 'lock', 'ls', 'rbd/vol-1', '--format', 'json']],
    ['rbd', ['lock', 'rm', 'rbd/vol-1', 'auto 1', 'client.1', '--force']],
    ['rbd', ['lock', 'rm', 'rbd/vol-1', 'tag', 'client.1']],
    ['rbd', ['lock', 'rm', 'rbd/vol-1', 'auto 1', 'mds.1']],
    ['rbd', ['status', 'rbd/vol-1@snap', '--format', 'json']],
    ['rbd', ['status', '-p/x', '--format', 'json']],
    ['rbd', ['status', 'a/b/c', '--format', 'json']],
    ['rbd', ['status', '../vol', '--format', 'json']],
    ['ceph', ['osd', 'blocklist', 'add', '10.0.0.1']],
    ['ceph', ['osd', 'blocklist', 'ls', '--format', 'json']],
    ['ceph', ['auth', 'ls']],
    ['ceph', ['config-key', 'get', 'x']],
    ['ceph', []],
  ] as const)('refuses %s %j', (tool, args) => {
    expect(allowedEffect({ tool, args })).toBeUndefined();
  });

  it.each([
    ['an option', '--pool=x'],
    ['a path', '../../etc/passwd'],
    ['a parent', '..'],
    ['a second image', 'vol other'],
    ['a line', 'vol\nrm'],
    ['a snapshot', 'vol@snap'],
    ['a shell', '$(reboot)'],
    ['nothing', ''],
    ['too much', 'a'.repeat(201)],
  ])('passes no name on that could be %s', (_what, name) => {
    expect(readCommand('rbd-status', { pool: 'rbd', image: name })).toBeUndefined();
    expect(readCommand('rbd-status', { pool: name, image: 'vol' })).toBeUndefined();
    expect(removeLockCommand({ pool: 'rbd', image: name }, LOCK)).toBeUndefined();
  });

  it('whatever the names are, every command that is made is on the list', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('rbd', 'vol-1', '-x', 'auto 1', 'client.1', 'a/b'));

    fc.assert(
      fc.property(text, text, text, text, (pool, image, id, locker) => {
        const commands = [
          ...RUNBOOK_READS.map((read) => readCommand(read, { pool, image })),
          removeLockCommand({ pool, image }, { id, locker }),
        ].filter((command) => command !== undefined);

        return commands.every((command) => allowedEffect(command) !== undefined);
      }),
    );
  });
});
