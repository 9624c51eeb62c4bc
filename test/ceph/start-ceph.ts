import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type LocalRunnerSettings, localRunner } from '../../src/adapters/runbook/local-runner.ts';
import { parseLocks, type RbdLock } from '../../src/core/ceph/rbd-locks.ts';
import { parseWatchers, type RbdWatcher } from '../../src/core/ceph/rbd-watchers.ts';
import type { RunbookRunner } from '../../src/ports/runbook-runner.ts';

const execute = promisify(execFile);
const HERE = import.meta.dirname;
const UP_WITHIN_MS = 120_000;

/** A client that has an image open. */
export interface CephClient {
  /** It says goodbye: its watch is gone at once. */
  leave(): Promise<void>;
  /** As a power cut of its machine: its lock stays, and its watch until the OSD forgets it. */
  kill(): Promise<void>;
}

/** A Ceph of this process, on loopback. */
export interface TestCeph {
  readonly conf: string;
  /** Settings of the restricted identity that runbook steps get. */
  readonly settings: LocalRunnerSettings;
  /** Runs steps with the restricted identity. */
  readonly runner: RunbookRunner;
  /** Runs any command as administrator; rejects when it fails. */
  rbd(...args: readonly string[]): Promise<string>;
  ceph(...args: readonly string[]): Promise<string>;
  createImage(name: string, ...options: readonly string[]): Promise<void>;
  locks(image: string): Promise<readonly RbdLock[]>;
  watchers(image: string): Promise<readonly RbdWatcher[]>;
  /** A client that only has the image open (`rbd watch`). */
  watch(image: string): Promise<CephClient>;
  /** A client that writes, for which it takes the exclusive lock. */
  write(image: string): Promise<CephClient>;
  /** Waits until nobody has the image open; a killed client is forgotten after `watchTimeoutSeconds`. */
  untilUnwatched(image: string): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** Why there can be no Ceph on this machine; undefined when there can. */
export function cephMissing(): string | undefined {
  const missing = ['ceph-mon', 'ceph-osd', 'ceph', 'rbd'].filter(
    (program) => spawnSync(program, ['--version']).status !== 0,
  );
  return missing.length === 0
    ? undefined
    : `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not installed (Debian: apt-get install ceph-mon ceph-osd ceph-common)`;
}

/** Starts a private Ceph with a pool `rbd` and waits until images can be made; seconds. */
export async function startCeph({
  watchTimeoutSeconds = 30,
}: {
  readonly watchTimeoutSeconds?: number;
} = {}): Promise<TestCeph> {
  const missing = cephMissing();
  if (missing !== undefined) {
    throw new Error(`Ceph cannot be started: ${missing}.`);
  }
  const dir = mkdtempSync(join(tmpdir(), 'kubewhy-ceph-'));
  guard(dir);
  await execute(join(HERE, 'ceph-up'), [dir, String(watchTimeoutSeconds)], { timeout: UP_WITHIN_MS });
  const conf = join(dir, 'ceph.conf');
  const settings = { conf, id: 'kubewhy', keyring: join(dir, 'client.kubewhy.keyring') };
  const run = async (program: string, args: readonly string[]): Promise<string> =>
    (await execute(program, ['--conf', conf, ...args], { timeout: 30_000 })).stdout;
  const rbd = (...args: readonly string[]): Promise<string> => run('rbd', args);
  const locks = async (image: string): Promise<readonly RbdLock[]> =>
    understood(parseLocks(await rbd('lock', 'ls', `rbd/${image}`, '--format', 'json')));
  const watchers = async (image: string): Promise<readonly RbdWatcher[]> =>
    understood(parseWatchers(await rbd('status', `rbd/${image}`, '--format', 'json')));
  return {
    conf,
    settings,
    runner: localRunner(settings),
    rbd,
    ceph: (...args) => run('ceph', args),
    createImage: async (name, ...options) => {
      await rbd('create', '--size', '8', ...options, `rbd/${name}`);
    },
    locks,
    watchers,
    watch: async (image) => {
      const before = (await watchers(image)).length;
      const client = spawn('rbd', ['--conf', conf, 'watch', `rbd/${image}`], { stdio: ['pipe', 'ignore', 'ignore'] });
      await until(async () => (await watchers(image)).length > before);
      return handle(client, () => client.stdin.end('\n'));
    },
    write: async (image) => {
      const bench = ['bench', '--io-type', 'write', '--io-size', '4K', '--io-threads', '1', '--io-total', '4G'];
      const client = spawn('rbd', ['--conf', conf, ...bench, `rbd/${image}`], { stdio: 'ignore' });
      await until(async () => (await locks(image)).some(({ form }) => form === 'auto'));
      return handle(client, () => client.kill('SIGINT'));
    },
    untilUnwatched: (image) => until(async () => (await watchers(image)).length === 0),
    stop: async () => {
      await execute(join(HERE, 'ceph-down'), [dir]);
    },
  };
}

function understood<T>(value: T | undefined): T {
  if (value === undefined) {
    throw new Error('rbd said something that is not understood');
  }
  return value;
}

function handle(client: ChildProcess, ask: () => void): CephClient {
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  client.once('exit', () => resolve());
  return {
    leave: () => {
      ask();
      return ended;
    },
    kill: () => {
      client.kill('SIGKILL');
      return ended;
    },
  };
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await holds())) {
    if (Date.now() > deadline) {
      throw new Error('Ceph did not come into the expected state within 60 s');
    }
    await pause(100);
  }
}

/** A test run that is broken off, however hard, must not leave daemons behind: a shell waits for the end of its input. */
function guard(dir: string): void {
  const script = `read -r _; '${join(HERE, 'ceph-down')}' '${dir}'`;
  const shell = spawn('sh', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  shell.unref();
  // A pipe is a socket here, which would keep this process alive.
  (shell.stdin as Socket).unref();
}
