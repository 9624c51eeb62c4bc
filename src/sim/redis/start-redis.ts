import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { KubewhyError } from '../../core/errors/kubewhy-error.ts';
import type { RedisSource } from './find-redis.ts';
import { pingRedis } from './ping-redis.ts';

/** A server of our own on loopback, gone when it is stopped or when this process ends in whatever way. */
export interface PrivateRedis {
  /** With the password: `redis://:PASSWORD@127.0.0.1:PORT`. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly password: string;
  /** The process that owns the server and removes its folder. */
  readonly watcherPid: number;
  /** Where it keeps its data until it stops. */
  readonly folder: string;
  stop(): Promise<void>;
}

/** How to start one. */
export interface StartRedisOptions {
  readonly source: RedisSource;
  /** The environment of the server. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

interface Launch extends StartRedisOptions {
  readonly folder: string;
  readonly port: number;
  readonly password: string;
}

const HOST = '127.0.0.1';
const IMAGE = 'docker.io/library/redis:7-alpine';
const ATTEMPTS = 3;
const PROGRAM_TIMEOUT_MS = 20_000;
/** The image may have to be pulled. */
const CONTAINER_TIMEOUT_MS = 300_000;
const POLL_MS = 20;
const STOP_TIMEOUT_MS = 10_000;

/**
 * Both watchers end the server and remove the folder when their standard input ends, which comes with the end of this
 * process, however that ends; and they end when the server does. They say nothing themselves: nobody may be left to read.
 */
const PROGRAM_WATCHER = `exec 3<&0
"$KUBEWHY_SERVER" "$KUBEWHY_FOLDER/redis.conf" </dev/null 3<&- &
server=$!
exec >/dev/null 2>&1
{ cat <&3; kill -9 "$server"; } &
wait "$server"
rm -rf "$KUBEWHY_FOLDER"`;

const CONTAINER_WATCHER = `exec 3<&0
"$KUBEWHY_ENGINE" run --rm -i --name "$KUBEWHY_NAME" -p "127.0.0.1:$KUBEWHY_PORT:6379" "$KUBEWHY_IMAGE" \\
  redis-server - <"$KUBEWHY_FOLDER/redis.conf" 3<&- &
server=$!
exec >/dev/null 2>&1
{ cat <&3; "$KUBEWHY_ENGINE" rm -f "$KUBEWHY_NAME"; kill -9 "$server"; } &
wait "$server"
rm -rf "$KUBEWHY_FOLDER"`;

/** Starts a server with a random port and password that writes everything down and forgets nothing. Throws STORE_UNAVAILABLE. */
export async function startPrivateRedis(options: StartRedisOptions): Promise<PrivateRedis> {
  let lastWords = '';
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const folder = await mkdtemp(join(tmpdir(), 'kubewhy-try-'));
    const launch = { ...options, folder, port: await freePort(), password: randomBytes(24).toString('hex') };
    const outcome = await launchRedis(launch);
    if (typeof outcome !== 'string') {
      return outcome;
    }
    lastWords = outcome;
  }
  throw new KubewhyError('STORE_UNAVAILABLE', { message: `A private Redis server could not be started: ${lastWords}` });
}

/** The server once it answers, or its last words. Somebody else may take the port between looking and starting. */
async function launchRedis(launch: Launch): Promise<PrivateRedis | string> {
  const { folder, port, password, source } = launch;
  await writeFile(join(folder, 'redis.conf'), settingsText(launch), { mode: 0o600 });
  const watcher = spawnWatcher(launch);
  const lastWords = listenTo(watcher);
  const deadline = performance.now() + (source.kind === 'program' ? PROGRAM_TIMEOUT_MS : CONTAINER_TIMEOUT_MS);
  while (watcher.exitCode === null && watcher.signalCode === null && performance.now() < deadline) {
    if (await pingRedis({ host: HOST, port, password })) {
      return privateRedis(launch, watcher);
    }
    await sleep(POLL_MS);
  }
  await stopWatcher(watcher, folder);
  return lastWords();
}

/** The last line that a process wrote, for people. */
function listenTo({ stdout, stderr }: ChildProcess): () => string {
  let words = '';
  for (const stream of [stdout, stderr]) {
    stream?.setEncoding('utf8');
    stream?.on('data', (text: string) => {
      words = `${words}${text}`.slice(-2000);
    });
  }
  return () => {
    const last = words.trim().split('\n').at(-1) ?? '';
    return last === '' ? 'it said nothing' : last;
  };
}

function privateRedis({ folder, port, password }: Launch, watcher: ChildProcess): PrivateRedis {
  let stopped: Promise<void> | undefined;
  return {
    url: `redis://:${password}@${HOST}:${port}`,
    host: HOST,
    port,
    password,
    watcherPid: watcher.pid ?? 0,
    folder,
    stop: () => (stopped ??= stopWatcher(watcher, folder)),
  };
}

/** In a session of its own, so that Ctrl-C does not end the server before the bot is done with it. */
function spawnWatcher({ source, environment, folder, port }: Launch): ChildProcess {
  const variables =
    source.kind === 'program'
      ? { KUBEWHY_SERVER: source.path }
      : {
          KUBEWHY_ENGINE: source.engine,
          KUBEWHY_NAME: basename(folder),
          KUBEWHY_IMAGE: IMAGE,
          KUBEWHY_PORT: `${port}`,
        };
  const script = source.kind === 'program' ? PROGRAM_WATCHER : CONTAINER_WATCHER;
  const child = spawn('/bin/sh', ['-c', script], {
    detached: true,
    env: { ...environment, ...variables, KUBEWHY_FOLDER: folder },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => undefined);
  child.on('error', () => undefined);
  return child;
}

function settingsText({ source, folder, port, password }: Launch): string {
  const place =
    source.kind === 'program' ? [`bind ${HOST}`, `port ${port}`, `dir ${folder}`] : ['bind 0.0.0.0', 'port 6379'];
  const lines = [
    ...place,
    `requirepass ${password}`,
    'daemonize no',
    'appendonly yes',
    'appendfsync always',
    'save ""',
    'maxmemory-policy noeviction',
  ];
  return `${lines.join('\n')}\n`;
}

async function stopWatcher(watcher: ChildProcess, folder: string): Promise<void> {
  const exited =
    watcher.exitCode === null && watcher.signalCode === null && watcher.pid !== undefined
      ? once(watcher, 'exit')
      : Promise.resolve();
  watcher.stdin?.end();
  const giveUp = new AbortController();
  const timeout = sleep(STOP_TIMEOUT_MS, 'late', { signal: giveUp.signal, ref: false }).catch(() => undefined);
  if ((await Promise.race([exited, timeout])) === 'late' && watcher.pid !== undefined) {
    process.kill(-watcher.pid, 'SIGKILL');
  }
  giveUp.abort();
  await rm(folder, { recursive: true, force: true });
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, HOST);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
