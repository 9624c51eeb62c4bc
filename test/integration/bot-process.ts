import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { BotWorld } from './bot-world.ts';

const SOURCES = join(import.meta.dirname, '../../src/main.ts');
/** The built program, as people run it. */
export const BUILT = join(import.meta.dirname, '../../bin/kubewhy');
// Several start at once on machines that are busy.
const START_WITHIN_MS = 60_000;

/** A bot in a process of its own, which can be killed and frozen. */
export interface BotProcess {
  readonly pid: number;
  /** Everything it has logged. */
  log(): string;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  freeze(): void;
  thaw(): void;
  /** SIGTERM; resolves with its exit code. */
  end(): Promise<number | null>;
}

/** Starts `kubewhy serve` in a world and waits until it says that it runs. */
export async function startBotProcess(
  world: BotWorld,
  role: 'all' | 'gateway' | 'diagnoser' | 'executor',
  program = SOURCES,
): Promise<BotProcess> {
  const child = spawn(process.execPath, [program, 'serve', '--role', role], {
    env: { ...world.environment, PATH: process.env['PATH'] ?? '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  }
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const guard = (): void => void child.kill('SIGKILL');
  process.once('exit', guard);
  void exited.then(() => process.off('exit', guard));
  await untilRunning(child, () => said);
  return {
    pid: child.pid ?? 0,
    log: () => said,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    async end() {
      child.kill('SIGTERM');
      const [code] = await exited;
      return code;
    },
  };
}

async function untilRunning(child: ChildProcess, log: () => string): Promise<void> {
  const deadline = Date.now() + START_WITHIN_MS;
  while (!log().includes('the bot is running')) {
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`the bot did not start:\n${log()}`);
    }
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}
