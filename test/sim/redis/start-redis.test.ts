import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findServer } from '../../../src/sim/redis/find-redis.ts';
import { pingRedis } from '../../../src/sim/redis/ping-redis.ts';
import { provideRedis } from '../../../src/sim/redis/provide-redis.ts';
import { programRunner } from '../../../src/sim/redis/run-program.ts';
import { type PrivateRedis, startPrivateRedis } from '../../../src/sim/redis/start-redis.ts';
import { folderWith, scriptedRun } from './programs.ts';

const environment = { ...process.env };
const source = await findServer({ path: environment['PATH'] ?? '', run: programRunner(environment) });

const PARENT = `
import { startPrivateRedis } from ${JSON.stringify(join(import.meta.dirname, '../../../src/sim/redis/start-redis.ts'))};
const redis = await startPrivateRedis({ source: ${JSON.stringify(source)}, environment: process.env });
console.log(JSON.stringify({ ...redis, stop: undefined }));
setInterval(() => {}, 1000);
`;

async function started(): Promise<PrivateRedis> {
  if (source === undefined) {
    throw new Error('there is no server');
  }
  const redis = await startPrivateRedis({ source, environment });
  onTestFinished(() => redis.stop());
  return redis;
}

async function isGone({ folder, host, port, password }: Omit<PrivateRedis, 'stop'>): Promise<boolean> {
  return !existsSync(folder) && !(await pingRedis({ host, port, password }));
}

async function eventually(probe: () => Promise<boolean>): Promise<boolean> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (await probe()) {
      return true;
    }
    await sleep(50);
  }
  return false;
}

describe.skipIf(source === undefined)('a private server', () => {
  it('writes everything down, forgets nothing, and asks for its password', async () => {
    const redis = await started();
    const client = new Redis(redis.url);
    onTestFinished(() => client.disconnect());

    const names = ['appendonly', 'appendfsync', 'maxmemory-policy', 'bind', 'save'];
    const settings = await Promise.all(names.map((name) => client.config('GET', name)));
    const stranger = await pingRedis({ ...redis, password: 'wrong' });

    expect({ settings, stranger }).toEqual({
      settings: [
        ['appendonly', 'yes'],
        ['appendfsync', 'always'],
        ['maxmemory-policy', 'noeviction'],
        ['bind', '127.0.0.1'],
        ['save', ''],
      ],
      stranger: false,
    });
  });

  it('leaves nothing behind when it is stopped, also twice', async () => {
    const redis = await started();

    await Promise.all([redis.stop(), redis.stop()]);

    expect(await isGone(redis)).toBe(true);
  });

  it('leaves nothing behind when its parent is killed', async () => {
    const parent = spawn(process.execPath, ['--input-type=module-typescript', '-e', PARENT], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const redis = JSON.parse(line.toString()) as Omit<PrivateRedis, 'stop'>;
    const lived = await pingRedis(redis);

    parent.kill('SIGKILL');

    expect({ lived, gone: await eventually(() => isGone(redis)) }).toEqual({ lived: true, gone: true });
  });

  it('says what a program said that is no server', async () => {
    const path = join(folderWith('redis-server'), 'redis-server');

    const start = startPrivateRedis({ source: { kind: 'program', path }, environment });

    await expect(start).rejects.toThrow('A private Redis server could not be started: it said nothing');
  });
});

describe('without any server', () => {
  it('there is one sentence', async () => {
    const provided = await provideRedis({
      environment: { PATH: folderWith('sh') },
      run: scriptedRun({}),
      isRoot: false,
      say: () => undefined,
    });

    expect(provided).toEqual({
      kind: 'missing',
      advice:
        'Kubewhy keeps its queue in Redis: install Redis 6.2 or newer, or Valkey, or start Docker, and run this again.',
    });
  });
});
