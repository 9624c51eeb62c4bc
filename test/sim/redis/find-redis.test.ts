import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findEngine, findProgram, findServer } from '../../../src/sim/redis/find-redis.ts';
import { folderWith, scriptedRun } from './programs.ts';

const NEW = { code: 0, output: 'Redis server v=7.0.15 sha=0 bits=64' };

describe('the search for a server', () => {
  it('takes Redis before Valkey', async () => {
    const path = folderWith('valkey-server', 'redis-server');

    const source = await findServer({ path, run: scriptedRun({ '--version': NEW }) });

    expect(source).toEqual({ kind: 'program', path: join(path, 'redis-server') });
  });

  it.each(['Redis server v=6.0.16', 'Redis server v=5.0.3', 'something else'])(
    'passes over one that says %j',
    async (output) => {
      const path = folderWith('redis-server', 'valkey-server');
      const run = scriptedRun({ 'redis-server --version': { code: 0, output }, 'valkey-server --version': NEW });

      const source = await findServer({ path, run });

      expect(source).toEqual({ kind: 'program', path: join(path, 'valkey-server') });
    },
  );

  it('finds nothing on an empty path', async () => {
    expect(await findServer({ path: '', run: scriptedRun({}) })).toBeUndefined();
  });

  it('takes a container engine only when it answers', async () => {
    const path = folderWith('docker', 'podman');

    const source = await findEngine({ path, run: scriptedRun({ 'podman info': { code: 0, output: '' } }) });

    expect(source).toEqual({ kind: 'container', engine: join(path, 'podman') });
  });

  it('looks through the folders in their order', async () => {
    const [first, second] = [folderWith('b'), folderWith('a', 'b')];

    const found = await Promise.all(['a', 'b', 'c'].map((name) => findProgram(name, `${first}${delimiter}${second}`)));

    expect(found).toEqual([join(second, 'a'), join(first, 'b'), undefined]);
  });
});
