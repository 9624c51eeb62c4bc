import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import type { LaneMessage, LaneOptions, LaneTask } from './cell.ts';

/** A process that plays one task after the other. */
export interface Lane {
  /** Resolves when its bots run; rejects when they do not. */
  ready(): Promise<void>;
  isAlive(): boolean;
  /** Never rejects; a lane that does not answer within `ms` is ended. */
  perform(task: LaneTask, ms: number): Promise<LaneMessage>;
  /** Resolves when it and everything that it started has ended. */
  close(): Promise<void>;
}

const START_WITHIN_MS = 240_000;
const CLOSE_WITHIN_MS = 10_000;

/** Starts one. */
export function startLane(options: LaneOptions, program: string): Lane {
  mkdirSync(options.folder, { recursive: true });
  const log = openSync(`${options.folder}/lane.log`, 'a');
  // Not as an argument, which everybody on the machine can read.
  const file = `${options.folder}/options.json`;
  writeFileSync(file, JSON.stringify(options), { mode: 0o600 });
  const child = fork(program, [file], { stdio: ['ignore', log, log, 'ipc'] });
  closeSync(log);
  const first = said(child, START_WITHIN_MS);
  return {
    async ready() {
      const answer = await first;
      if (answer.kind !== 'ready') {
        throw new Error(
          `lane ${options.number} did not start: ${answer.kind === 'failed' ? answer.says : answer.kind}`,
        );
      }
    },
    isAlive: () => child.connected,
    async perform(task, ms) {
      if (!child.connected) {
        return { kind: 'failed', says: `lane ${options.number} has ended before` };
      }
      const answer = said(child, ms);
      child.send(task);
      return answer;
    },
    close: () => closed(child),
  };
}

function said(child: ChildProcess, ms: number): Promise<LaneMessage> {
  const { promise, resolve } = Promise.withResolvers<LaneMessage>();
  const message = (text: LaneMessage): void => finish(text);
  const exit = (code: number | null): void =>
    finish({ kind: 'failed', says: `the lane ended with ${code}; see lane.log` });
  const timer = setTimeout(() => {
    finish({ kind: 'failed', says: `the lane said nothing for ${ms / 1000} s` });
    child.kill('SIGTERM');
  }, ms);
  function finish(text: LaneMessage): void {
    clearTimeout(timer);
    child.off('message', message);
    child.off('exit', exit);
    resolve(text);
  }
  child.once('message', message);
  child.once('exit', exit);
  return promise;
}

/** It ends what it started when it is told to end. */
async function closed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), CLOSE_WITHIN_MS);
  await exited;
  clearTimeout(timer);
}
