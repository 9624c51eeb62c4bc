import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type LocalRunnerSettings, localRunner } from '../../../src/adapters/runbook/local-runner.ts';
import type { RunbookStep } from '../../../src/ports/runbook-runner.ts';

const STATUS: RunbookStep = { tool: 'rbd', args: ['status', 'rbd/vol-1', '--format', 'json'] };
const REMOVE: RunbookStep = { tool: 'rbd', args: ['lock', 'rm', 'rbd/vol-1', 'auto 1', 'client.1'] };

/** A program that is run instead of `rbd`. */
function program(script: string): { readonly path: string; readonly folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'kubewhy-runner-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'rbd');
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return { path, folder };
}

async function run(script: string, step = STATUS, settings: LocalRunnerSettings = {}) {
  return localRunner({ rbd: program(script).path, ...settings }).run(step);
}

describe('a program of this machine', () => {
  it('gets its arguments one by one, behind those of its identity, and no shell sees them', async () => {
    const settings = { conf: '/etc/ceph/a b.conf', id: 'kubewhy', keyring: '/k' };

    const output = await run('printf "[%s]" "$@"', REMOVE, settings);

    expect(output).toEqual({
      kind: 'ended',
      exitCode: 0,
      stdout: '[--conf][/etc/ceph/a b.conf][--id][kubewhy][--keyring][/k][lock][rm][rbd/vol-1][auto 1][client.1]',
      stderr: '',
    });
  });

  it('tells its exit code and both streams', async () => {
    expect(await run('echo out; echo err >&2; exit 2')).toEqual({
      kind: 'ended',
      exitCode: 2,
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });

  it('sees nothing of the environment but a search path', async () => {
    process.env['CEPH_ARGS'] = '--id admin';
    onTestFinished(() => {
      delete process.env['CEPH_ARGS'];
    });

    const output = await run('echo "$CEPH_ARGS|$HOME|$PATH"', STATUS, { path: '/bin' });

    expect(output).toMatchObject({ stdout: '||/bin\n' });
  });

  it('that does not end in time is ended, and nobody can tell what it did', async () => {
    expect(await run('exec sleep 60', STATUS, { timeoutMs: 100 })).toEqual({
      kind: 'unknown',
      message: expect.stringMatching(/rbd did not end within 0\.1 s$/),
    });
  });

  it('that prints without end is ended, too', async () => {
    expect(await run('exec yes')).toEqual({ kind: 'unknown', message: 'it printed more than expected' });
  });

  it('that is killed leaves its effect unknown', async () => {
    expect(await run('kill -9 $$')).toMatchObject({ kind: 'unknown' });
  });

  it('that does not exist was certainly not run', async () => {
    expect(await localRunner({ rbd: '/none/rbd' }).run(STATUS)).toEqual({
      kind: 'ended',
      exitCode: 126,
      stdout: '',
      stderr: 'the program could not be started (ENOENT)',
    });
  });

  it.each<RunbookStep>([
    { tool: 'rbd', args: ['rm', 'rbd/vol-1'] },
    { tool: 'rbd', args: ['status', '$(touch x)/y', '--format', 'json'] },
    { tool: 'rbd', args: ['status', '--id', '--format', 'json'] },
    { tool: 'ceph', args: ['osd', 'blocklist', 'add', '10.0.0.1'] },
  ])('is not run with %j', async (step) => {
    const { path, folder } = program('echo ran >> "$0.log"');

    const output = await localRunner({ rbd: path, ceph: path }).run(step);

    expect(output).toMatchObject({
      kind: 'ended',
      exitCode: 126,
      stderr: expect.stringContaining('not among the commands'),
    });
    expect(() => readFileSync(join(folder, 'rbd.log'))).toThrow('ENOENT');
  });

  it('says where it is run', () => {
    expect(localRunner().place).toBe('this machine');
    expect(localRunner({ conf: '/etc/ceph/ceph.conf' }).place).toBe('this machine with /etc/ceph/ceph.conf');
  });
});
