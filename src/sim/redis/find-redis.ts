import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { RunProgram } from './run-program.ts';

/** A way to start a server. */
export type RedisSource =
  | { readonly kind: 'program'; readonly path: string }
  | { readonly kind: 'container'; readonly engine: string };

/** What is looked through for a server. */
export interface RedisSearch {
  /** The search path of programs, as in the variable PATH. */
  readonly path: string;
  readonly run: RunProgram;
}

const SERVERS = ['redis-server', 'valkey-server'] as const;
const ENGINES = ['docker', 'podman'] as const;
/** Queues need what came with this version. */
const OLDEST = [6, 2] as const;
const VERSION_TIMEOUT_MS = 10_000;
const ENGINE_TIMEOUT_MS = 15_000;

/** The first Redis or Valkey server on the path that is new enough. */
export async function findServer({ path, run }: RedisSearch): Promise<RedisSource | undefined> {
  for (const name of SERVERS) {
    const program = await findProgram(name, path);
    if (program !== undefined && (await isNewEnough(program, run))) {
      return { kind: 'program', path: program };
    }
  }
  return undefined;
}

/** The first container engine on the path that answers. */
export async function findEngine({ path, run }: RedisSearch): Promise<RedisSource | undefined> {
  for (const name of ENGINES) {
    const engine = await findProgram(name, path);
    if (engine !== undefined && (await run(engine, ['info'], ENGINE_TIMEOUT_MS)).code === 0) {
      return { kind: 'container', engine };
    }
  }
  return undefined;
}

/** Where a program lies, looked up as a shell does. */
export async function findProgram(name: string, path: string): Promise<string | undefined> {
  for (const folder of path.split(delimiter).filter((entry) => entry !== '')) {
    const candidate = join(folder, name);
    if (await isExecutable(candidate)) {
      return candidate;
    }
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function isNewEnough(program: string, run: RunProgram): Promise<boolean> {
  const { code, output } = await run(program, ['--version'], VERSION_TIMEOUT_MS);
  const [, major, minor] = /\bv=(\d+)\.(\d+)/.exec(output) ?? [];
  if (code !== 0 || major === undefined || minor === undefined) {
    return false;
  }
  const [oldestMajor, oldestMinor] = OLDEST;
  return Number(major) > oldestMajor || (Number(major) === oldestMajor && Number(minor) >= oldestMinor);
}
