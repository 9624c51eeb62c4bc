import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Durations in milliseconds. */
export type Samples = readonly number[];

/** Times an action `count` times, one after the other, after one run that does not count. */
export async function time(count: number, action: () => Promise<unknown>): Promise<Samples> {
  await action();
  const samples: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const start = performance.now();
    await action();
    samples.push(performance.now() - start);
  }
  return samples;
}

/** The value below which `share` of the samples lie (nearest rank). */
export function percentile(samples: Samples, share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** Runs a program to its end; its exit code does not matter, only that it ends. */
export async function runProgram(program: string, args: readonly string[]): Promise<void> {
  await run(program, args, { maxBuffer: 64 * 1024 * 1024 }).catch((error: unknown) => {
    if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'number') {
      return;
    }
    throw error;
  });
}

/** Wall time in milliseconds and peak memory in MiB of one process of this Node version. */
export async function processCost(
  args: readonly string[],
): Promise<{ readonly ms: number; readonly mebibytes: number }> {
  const start = performance.now();
  const child = spawn(process.execPath, ['--import', join(import.meta.dirname, 'report-rss.mjs'), ...args], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  let kibibytes = '';
  child.stdio[3]?.on('data', (chunk: Buffer) => {
    kibibytes += chunk.toString();
  });
  await new Promise((resolve) => child.once('close', resolve));
  return { ms: performance.now() - start, mebibytes: Number(kibibytes) / 1024 };
}
