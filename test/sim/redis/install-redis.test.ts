import { describe, expect, it } from 'vitest';
import { installAdvice, installRedis } from '../../../src/sim/redis/install-redis.ts';
import { folderWith, scriptedRun } from './programs.ts';

const DONE = { code: 0, output: '' };

describe('the installation of a server', () => {
  it('is done by root, said first, and starts no service', async () => {
    const said: string[] = [];
    const run = scriptedRun({ 'apt-get install': DONE });

    const installed = await installRedis({
      path: folderWith('apt-get'),
      run,
      isRoot: true,
      say: (line) => said.push(line),
    });

    expect({ installed, said, policy: run.ran[0]?.includes('policy-rc.d') }).toEqual({
      installed: true,
      said: [
        'no Redis or Valkey server found: installing one with `apt-get install redis-server` (its service is not started) ...',
      ],
      policy: true,
    });
  });

  it('uses sudo when it asks for no password', async () => {
    const run = scriptedRun({ 'sudo -n': DONE });

    const installed = await installRedis({
      path: folderWith('apt-get', 'sudo'),
      run,
      isRoot: false,
      say: () => undefined,
    });

    expect({ installed, begin: run.ran.map((line) => line.slice(0, 15)) }).toEqual({
      installed: true,
      begin: ['sudo -n true', 'sudo -n sh -c s'],
    });
  });

  it('does not happen where a password would be asked', async () => {
    const run = scriptedRun({});

    const installed = await installRedis({
      path: folderWith('apt-get', 'sudo'),
      run,
      isRoot: false,
      say: () => undefined,
    });

    expect({ installed, ran: run.ran }).toEqual({ installed: false, ran: ['sudo -n true'] });
  });

  it('says why it failed', async () => {
    const said: string[] = [];
    const run = scriptedRun({ 'apt-get install': { code: 100, output: 'Reading\nE: no such package\n' } });

    const installed = await installRedis({
      path: folderWith('apt-get'),
      run,
      isRoot: true,
      say: (line) => said.push(line),
    });

    expect({ installed, last: said.at(-1) }).toEqual({ installed: false, last: 'that failed: E: no such package' });
  });

  it('leaves a sentence when there is no way', async () => {
    const advice = [await installAdvice(folderWith('dnf')), await installAdvice('')];

    expect(advice).toEqual([
      'Kubewhy keeps its queue in Redis: install Redis 6.2 or newer, or Valkey, for example with `sudo dnf install valkey`, or start Docker, and run this again.',
      'Kubewhy keeps its queue in Redis: install Redis 6.2 or newer, or Valkey, or start Docker, and run this again.',
    ]);
  });
});
