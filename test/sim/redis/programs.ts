import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ProgramResult, RunProgram } from '../../../src/sim/redis/run-program.ts';

/** A folder that the test removes again. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kubewhy-programs-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A folder with programs that do nothing, for a search path. */
export function folderWith(...names: readonly string[]): string {
  const folder = temporaryFolder();
  mkdirSync(folder, { recursive: true });
  for (const name of names) {
    const path = join(folder, name);
    writeFileSync(path, '#!/bin/sh\n');
    chmodSync(path, 0o755);
  }
  return folder;
}

/** Answers by the first result whose key the command line contains; notes what was run. */
export function scriptedRun(results: Readonly<Record<string, ProgramResult>>): RunProgram & { readonly ran: string[] } {
  const ran: string[] = [];
  const run: RunProgram = async (program, args) => {
    const line = [program.split('/').at(-1), ...args].join(' ');
    ran.push(line);
    const key = Object.keys(results).find((part) => line.includes(part));
    return key === undefined ? { code: 127, output: '' } : (results[key] ?? { code: 127, output: '' });
  };
  return Object.assign(run, { ran });
}
