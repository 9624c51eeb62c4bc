import { spawn } from 'node:child_process';

/** What a program left behind. */
export interface ProgramResult {
  /** -1: it could not be started, or ran out of time. */
  readonly code: number;
  /** Both streams, cut at 16 KiB. */
  readonly output: string;
}

/** Runs a program to its end; never throws. `timeoutMs` is how long it may take. */
export type RunProgram = (program: string, args: readonly string[], timeoutMs: number) => Promise<ProgramResult>;

const MOST_OUTPUT = 16_384;

/** Runs programs with the given environment and without input. */
export function programRunner(environment: Readonly<Record<string, string | undefined>>): RunProgram {
  return (program, args, timeoutMs) => {
    const finished = Promise.withResolvers<ProgramResult>();
    const child = spawn(program, args, {
      env: { ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text: string) => {
        output = `${output}${text}`.slice(-MOST_OUTPUT);
      });
    }
    child.on('error', (error) => finished.resolve({ code: -1, output: error.message }));
    child.on('close', (code) => finished.resolve({ code: code ?? -1, output }));
    return finished.promise;
  };
}
