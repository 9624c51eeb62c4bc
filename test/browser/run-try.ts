import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = join(import.meta.dirname, '../..');
/** It may have to be built first. */
const START_MS = 120_000;
const POLL_MS = 50;

/** `npm run try` as a person starts it. */
export interface RunningTry {
  readonly url: string;
  /** Everything it printed so far. */
  readonly printed: () => string;
  readonly child: ChildProcess;
  /** Where it and its children put temporary files. */
  readonly folder: string;
  /** Sends a signal, waits for the end, and returns the exit code. */
  end(signal: NodeJS.Signals): Promise<number | null>;
  /** What is left of it: processes with its environment, and files. */
  leftovers(): readonly string[];
}

/** Starts the command with its own folder for temporary files, and without a kubeconfig unless named. */
export async function runTry(args: readonly string[], kubeconfig = ''): Promise<RunningTry> {
  const folder = mkdtempSync(join(tmpdir(), 'kubewhy-browser-'));
  const child = spawn('node', [join(ROOT, 'bin', 'kubewhy'), 'try', '--no-open', ...args], {
    cwd: ROOT,
    env: { ...process.env, TMPDIR: folder, HOME: folder, KUBECONFIG: kubeconfig },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
    });
  }
  const url = await until(() => /http:\/\/127\.0\.0\.1:\d+/.exec(printed)?.[0], child);
  if (url === undefined) {
    child.kill('SIGKILL');
    throw new Error(`\`kubewhy try\` did not start:\n${printed}`);
  }
  return {
    url,
    child,
    folder,
    printed: () => printed,
    end: async (signal) => {
      const closed = once(child, 'close');
      child.kill(signal);
      await closed;
      return child.exitCode;
    },
    leftovers: () => [...processesIn(folder), ...filesIn(folder)],
  };
}

/** Removes what a failed test left. */
export function removeFolder({ child, folder }: RunningTry): void {
  child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}

/** Waits until nothing is left; returns what is left after ten seconds. */
export async function untilNothingIsLeft(run: RunningTry): Promise<readonly string[]> {
  for (let waited = 0; waited < 10_000 && run.leftovers().length > 0; waited += POLL_MS) {
    await sleep(POLL_MS);
  }
  return run.leftovers();
}

async function until<T>(probe: () => T | undefined, child: ChildProcess): Promise<T | undefined> {
  for (let waited = 0; waited < START_MS && child.exitCode === null; waited += POLL_MS) {
    const value = probe();
    if (value !== undefined) {
      return value;
    }
    await sleep(POLL_MS);
  }
  return undefined;
}

/** Children inherit the environment, in which the folder is named. */
function processesIn(folder: string): readonly string[] {
  if (!existsSync('/proc')) {
    return [];
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => readQuietly(`/proc/${pid}/environ`).includes(`TMPDIR=${folder}\0`))
    .map((pid) => readQuietly(`/proc/${pid}/cmdline`).replaceAll('\0', ' '))
    .filter((line) => line !== '');
}

function filesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith('kubewhy')) : [];
}

function readQuietly(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
