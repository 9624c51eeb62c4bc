import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../redis/start-redis.ts';

/** An Alertmanager of this process, on loopback, without a cluster of its own. */
export interface TestAlertmanager {
  readonly url: string;
  /** What it has written to its log so far. */
  log(): string;
  /** It keeps its connections and does not answer any more (SIGSTOP). */
  freeze(): void;
  thaw(): void;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** Notifies nobody: for tests of the API. */
export const SILENT_CONFIG = 'route: { receiver: none }\nreceivers: [{ name: none }]\n';

const PROGRAM = 'prometheus-alertmanager';
const START_WITHIN_MS = 20_000;

/** Whether the program is there; Debian has it in a package of the same name. */
export function hasAlertmanager(): boolean {
  return spawnSync(PROGRAM, ['--version']).status === 0;
}

/** Starts one with a configuration file of this text and waits until it is ready. Fails when it is not installed. */
export async function startAlertmanager(config: string = SILENT_CONFIG): Promise<TestAlertmanager> {
  if (!hasAlertmanager()) {
    throw new Error(`${PROGRAM} is not installed; these tests need it (Debian: apt-get install ${PROGRAM}).`);
  }
  const dir = mkdtempSync(join(tmpdir(), 'kubewhy-alertmanager-'));
  const file = join(dir, 'alertmanager.yml');
  writeFileSync(file, config);
  const port = await freePort();
  const server = spawn(
    PROGRAM,
    [
      `--config.file=${file}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
      `--storage.path=${join(dir, 'data')}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  server.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  guard(server, dir);
  const url = `http://127.0.0.1:${port}`;
  await untilReady(server, url, () => said);
  return {
    url,
    log: () => said,
    freeze: () => {
      server.kill('SIGSTOP');
    },
    thaw: () => {
      server.kill('SIGCONT');
    },
    stop: async () => {
      if (isRunning(server)) {
        // A frozen process obeys nothing else.
        server.kill('SIGKILL');
        await once(server, 'exit');
      }
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function isRunning(server: ChildProcess): boolean {
  return server.exitCode === null && server.signalCode === null;
}

async function untilReady(server: ChildProcess, url: string, said: () => string): Promise<void> {
  const deadline = Date.now() + START_WITHIN_MS;
  while (!(await isReady(url))) {
    if (!isRunning(server) || Date.now() > deadline) {
      server.kill('SIGKILL');
      throw new Error(`${PROGRAM} did not start at ${url}:\n${said()}`);
    }
    await pause(20);
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

/** A test run that is broken off, however hard, must not leave it behind: a shell waits for the end of its input. */
function guard(server: ChildProcess, dir: string): void {
  const script = `read -r _; kill -9 ${server.pid}; rm -rf '${dir}'`;
  const shell = spawn('sh', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  shell.unref();
  // A pipe is a socket here, which would keep this process alive.
  (shell.stdin as Socket).unref();
  server.once('exit', () => shell.kill('SIGKILL'));
}
