import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** How the private server differs from its default: nothing is written to disk. */
export interface RedisTestOptions {
  /** `always`: every write is on disk before it is acknowledged. */
  readonly appendfsync?: 'always' | 'everysec';
  /** Such as `2mb`; with `noeviction`. */
  readonly maxmemory?: string;
  readonly password?: string;
  /** Default: any free one. */
  readonly port?: number;
}

/** A Redis server of this process, on loopback. */
export interface TestRedis {
  readonly url: string;
  readonly port: number;
  isRunning(): boolean;
  /** As a power cut to the process: nothing is flushed. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data; does nothing while it runs. */
  start(): Promise<void>;
  /** It keeps its connections and does not answer any more (SIGSTOP). */
  freeze(): void;
  thaw(): void;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

const START_WITHIN_MS = 15_000;

/** Starts a private server and waits until it answers. Fails when `redis-server` is not installed. */
export async function startRedis(options: RedisTestOptions = {}): Promise<TestRedis> {
  if (spawnSync('redis-server', ['--version']).status !== 0) {
    throw new Error('redis-server is not installed; these tests need it (Debian: apt-get install redis-server).');
  }
  const dir = mkdtempSync(join(tmpdir(), 'kubewhy-redis-'));
  const port = options.port ?? (await freePort());
  let server = await launch(port, dir, options);
  async function end(signal: NodeJS.Signals): Promise<void> {
    if (isRunning(server)) {
      server.kill(signal);
      await once(server, 'exit');
    }
  }
  return {
    url: `redis://${options.password === undefined ? '' : `:${options.password}@`}127.0.0.1:${port}`,
    port,
    isRunning: () => isRunning(server),
    kill: () => end('SIGKILL'),
    start: async () => {
      server = isRunning(server) ? server : await launch(port, dir, options);
    },
    freeze: () => {
      server.kill('SIGSTOP');
    },
    thaw: () => {
      server.kill('SIGCONT');
    },
    stop: async () => {
      // A frozen server obeys nothing else.
      await end('SIGKILL');
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function isRunning(server: ChildProcess): boolean {
  return server.exitCode === null && server.signalCode === null;
}

async function launch(port: number, dir: string, options: RedisTestOptions): Promise<ChildProcess> {
  const { appendfsync, maxmemory, password } = options;
  const settings = [
    ['--port', String(port)],
    ['--bind', '127.0.0.1'],
    ['--dir', dir],
    ['--save', ''],
    ['--appendonly', appendfsync === undefined ? 'no' : 'yes'],
    ['--appendfsync', appendfsync ?? 'no'],
    ['--maxmemory-policy', 'noeviction'],
    ...(maxmemory === undefined ? [] : [['--maxmemory', maxmemory]]),
    ...(password === undefined ? [] : [['--requirepass', password]]),
  ];
  const server = spawn('redis-server', settings.flat(), { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  server.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const deadline = Date.now() + START_WITHIN_MS;
  while (!(await answers(port))) {
    if (!isRunning(server) || Date.now() > deadline) {
      server.kill('SIGKILL');
      throw new Error(`redis-server did not start on port ${port}:\n${said}`);
    }
    await pause(20);
  }
  guard(server, dir);
  return server;
}

/** A test run that is broken off, however hard, must not leave the server behind: a shell waits for the end of its input. */
function guard(server: ChildProcess, dir: string): void {
  const script = `read -r _; kill -9 ${server.pid}; rm -rf '${dir}'`;
  const shell = spawn('sh', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  shell.unref();
  // A pipe is a socket here, which would keep this process alive.
  (shell.stdin as Socket).unref();
  server.once('exit', () => shell.kill('SIGKILL'));
}

/** Whether the server takes commands; one that loads its data or wants a password is told apart by its words. */
async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    socket.write('PING\r\n');
    const [reply] = (await once(socket, 'data')) as [Buffer];
    return /^(\+PONG|-NOAUTH)/.test(reply.toString());
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** A port that nothing listens on at the moment. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') {
    throw new Error('no free port');
  }
  return address.port;
}
