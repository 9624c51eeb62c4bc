import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
const MOST_AT_A_TIME = 8;

/** Runs kubectl with the arguments and the standard input, and returns what it printed; throws `KubectlError`. */
export type Kubectl = (args: readonly string[], stdin?: string) => Promise<string>;

export class KubectlError extends Error {
  override readonly name = 'KubectlError';
  readonly stderr: string;

  constructor(args: readonly string[], stderr: string, cause: unknown) {
    super(`kubectl ${args.join(' ')}: ${stderr.trim()}`, { cause });
    this.stderr = stderr;
  }
}

/** The folder that keeps the binaries of the locally built cluster. */
export function localClusterFolder(environment: NodeJS.ProcessEnv): string {
  return join(environment['KUBEWHY_CACHE'] ?? join(homedir(), '.cache', 'kubewhy'), 'cluster', 'v1.34.4');
}

/** The path of a program on the search path or in the usual folders that it may lack, or undefined. */
export function findProgram(name: string, environment: NodeJS.ProcessEnv): string | undefined {
  const folders = [...(environment['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin', '/usr/local/go/bin'];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** The locally built kubectl if there is one, else that of the search path. */
export function findKubectl(environment: NodeJS.ProcessEnv): string | undefined {
  const built = join(localClusterFolder(environment), 'bin', 'kubectl');
  return existsSync(built) ? built : findProgram('kubectl', environment);
}

/** At most eight run at a time, so that many waiting scenarios leave the processors to the cluster. */
export function kubectlFor(program: string, kubeconfig: string): Kubectl {
  const turn = turns(MOST_AT_A_TIME);
  return (args, stdin) =>
    turn(async () => {
      const result = run(program, [`--kubeconfig=${kubeconfig}`, ...args], { maxBuffer: MAX_OUTPUT_BYTES });
      result.child.stdin?.end(stdin ?? '');
      try {
        return (await result).stdout;
      } catch (error) {
        throw new KubectlError(args, stderrOf(error), error);
      }
    });
}

function turns(most: number): <Result>(work: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = [];
  let free = most;
  return async (work) => {
    if (free === 0) {
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      free -= 1;
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) {
        free += 1;
      } else {
        next();
      }
    }
  };
}

function stderrOf(error: unknown): string {
  if (error instanceof Error && 'stderr' in error && typeof error.stderr === 'string' && error.stderr !== '') {
    return error.stderr;
  }
  return String(error);
}
