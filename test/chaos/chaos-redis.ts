import { once } from 'node:events';
import { readdir, readFile, stat, truncate } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { BEGIN, FINISH } from '../../src/adapters/redis/question-scripts.ts';
import { ADVANCE, CLAIM } from '../../src/adapters/redis/remediation-run-scripts.ts';
import { APPROVE, PROPOSE } from '../../src/adapters/redis/remediation-scripts.ts';
import { startRedis, type TestRedis } from '../redis/start-redis.ts';
import type { Valve } from './redis-wire.ts';

/** A Redis server that dies, stands still, is full or loses power. */
export interface ChaosRedis {
  readonly server: TestRedis;
  /** Every way to the server but `client` keeps to it. */
  readonly valve: Valve;
  /** A connection of the test's own, which is there whenever the server is. */
  readonly client: Redis;
  /** Dead for so long; everything that was acknowledged is there afterwards. */
  die(ms: number): Promise<void>;
  /** The machine loses its power: of what was not acknowledged any part may be on the disk, the last command torn. */
  losePower(ms: number): Promise<void>;
  standStill(ms: number): Promise<void>;
  /** No write is taken (`noeviction`). */
  fill(ms: number): Promise<void>;
  /** All commands that changed something, also what is not there any more. */
  everWritten(): Promise<Buffer>;
  stop(): Promise<void>;
}

/** Scripts by which steps are told apart; a server that does not know them would make a step out of a mere attempt. */
const KNOWN = [BEGIN, FINISH, PROPOSE, APPROVE, CLAIM, ADVANCE];
const UNACKNOWLEDGED_MS = 30;

/** Starts a server that writes every change to disk before it acknowledges it. */
export async function startChaosRedis(): Promise<ChaosRedis> {
  const server = await startRedis({ appendfsync: 'always', port: await fixedPort() });
  const client = new Redis(server.url, { maxRetriesPerRequest: null, retryStrategy: () => 50 });
  client.on('error', () => undefined);
  const folder = join((await client.config('GET', 'dir'))[1] ?? '', 'appendonlydir');
  const load = async (): Promise<void> => {
    for (const { lua } of KNOWN) {
      await client.script('LOAD', lua);
    }
  };
  const again = async (): Promise<void> => {
    await server.start();
    await load();
  };
  await load();
  const valve: Valve = { closed: undefined };
  const inTurn = turns();
  return {
    server,
    client,
    valve,
    die: (ms) =>
      inTurn(async () => {
        await server.kill();
        await pause(ms);
        await again();
      }),
    losePower: (ms) =>
      inTurn(async () => {
        const dead = Promise.withResolvers<void>();
        valve.closed = dead.promise;
        const acknowledged = await logSize(folder);
        await pause(UNACKNOWLEDGED_MS);
        await server.kill();
        await tear(folder, acknowledged);
        valve.closed = undefined;
        dead.resolve();
        await pause(ms);
        await again();
      }),
    standStill: (ms) =>
      inTurn(async () => {
        server.freeze();
        await pause(ms);
        server.thaw();
      }),
    fill: (ms) =>
      inTurn(async () => {
        await client.config('SET', 'maxmemory', '1');
        await pause(ms);
        await client.config('SET', 'maxmemory', '0');
      }),
    everWritten: async () => readFile(await logFile(folder)),
    async stop() {
      client.disconnect();
      await server.stop();
    },
  };
}

/** One thing after the other, since a server that is being broken cannot be broken in another way. */
function turns(): (task: () => Promise<void>) => Promise<void> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const turn = last.then(task);
    last = turn.catch(() => undefined);
    return turn;
  };
}

/** One that no outgoing connection gets while the server is dead: those of Linux begin at 32768. */
async function fixedPort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const probe = createServer();
    probe.listen(port, '127.0.0.1');
    const [event] = await Promise.race([
      once(probe, 'listening').then(() => ['free']),
      once(probe, 'error').then(() => ['taken']),
    ]);
    if (event === 'free') {
      probe.close();
      await once(probe, 'close');
      return port;
    }
  }
}

async function logFile(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.incr.aof'));
  return join(folder, names.toSorted().at(-1) ?? '');
}

async function logSize(folder: string): Promise<number> {
  return (await stat(await logFile(folder))).size;
}

/** Cuts what was written since anywhere; with nothing written since, nothing can be lost. */
async function tear(folder: string, acknowledged: number): Promise<void> {
  const file = await logFile(folder);
  const { size } = await stat(file);
  if (size > acknowledged) {
    await truncate(file, acknowledged + Math.floor(Math.random() * (size - acknowledged + 1)));
  }
}
