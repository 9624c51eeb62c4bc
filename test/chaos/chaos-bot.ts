import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';

/** What a bot process is told by the test. */
export type BotOrder =
  /** Its clock is wrong by so much from now on. */
  | { readonly kind: 'clock'; readonly offsetMs: number }
  /** Its event loop stands still for so long. */
  | { readonly kind: 'block'; readonly ms: number };

export const BOT_ROLES = ['gateway', 'diagnoser', 'executor'] as const;
export type BotRole = (typeof BOT_ROLES)[number];

/** How many of each a world has. */
export const CREW: Readonly<Record<BotRole, number>> = { gateway: 1, diagnoser: 1, executor: 2 };

/** A process of the bot. */
export interface ChaosBot {
  readonly name: string;
  readonly role: BotRole;
  /** False once it was killed. */
  isAlive(): boolean;
  /** Whether it was stopped or blocked, and is not yet told to go on. */
  isFrozen(): boolean;
  kill(): Promise<void>;
  freeze(): void;
  thaw(): void;
  block(ms: number): void;
  shiftClock(offsetMs: number): void;
  log(): string;
}

/** What a process is started with. */
export interface ChaosBotOptions {
  readonly program: string;
  readonly name: string;
  readonly role: BotRole;
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** It ended although it ran and nobody killed it. */
  readonly ended: (bot: ChaosBot, code: number | null) => void;
}

const START_WITHIN_MS = 120_000;

/** Starts one and waits until it runs. */
export async function startChaosBot(options: ChaosBotOptions): Promise<ChaosBot> {
  const { program, name, role, environment, logFile, ended } = options;
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, ['--max-semi-space-size=4', program], {
    env: { ...environment, KUBEWHY_ROLE: role, PATH: process.env['PATH'] ?? '' },
    stdio: ['ignore', log, log, 'ipc'],
  });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const guard = (): void => void child.kill('SIGKILL');
  process.once('exit', guard);
  let killed = false;
  let frozen = false;
  let running = false;
  const bot: ChaosBot = {
    name,
    role,
    isAlive: () => !killed && child.exitCode === null && child.signalCode === null,
    isFrozen: () => frozen,
    async kill() {
      killed = true;
      child.kill('SIGKILL');
      await exited;
    },
    freeze() {
      frozen = true;
      child.kill('SIGSTOP');
    },
    thaw() {
      frozen = false;
      child.kill('SIGCONT');
    },
    block(ms) {
      frozen = true;
      tell(child, { kind: 'block', ms });
      setTimeout(() => {
        frozen = false;
      }, ms).unref();
    },
    shiftClock: (offsetMs) => tell(child, { kind: 'clock', offsetMs }),
    log: () => readFileSync(logFile, 'utf8'),
  };
  child.once('exit', (code) => {
    process.off('exit', guard);
    if (running && !killed) {
      ended(bot, code);
    }
  });
  await untilRunning(child, bot);
  running = true;
  return bot;
}

function tell(child: ChildProcess, order: BotOrder): void {
  if (child.connected) {
    child.send(order, () => undefined);
  }
}

async function untilRunning(child: ChildProcess, bot: ChaosBot): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<'late'>();
  const timer = setTimeout(() => resolve('late'), START_WITHIN_MS);
  const said = await Promise.race([once(child, 'message'), once(child, 'exit').then(() => 'ended' as const), late]);
  clearTimeout(timer);
  if (said === 'late' || said === 'ended') {
    await bot.kill();
    throw new Error(`${bot.name} did not start (${said}):\n${bot.log().slice(-2000)}`);
  }
}
