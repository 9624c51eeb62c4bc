import { findEngine, findServer, type RedisSource } from './find-redis.ts';
import { installAdvice, installRedis } from './install-redis.ts';
import type { RunProgram } from './run-program.ts';
import { type PrivateRedis, startPrivateRedis } from './start-redis.ts';

/** What is needed to provide a server. */
export interface ProvideRedisOptions {
  /** The whole environment; its PATH is searched. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly run: RunProgram;
  readonly isRoot: boolean;
  /** Tells the person what happens, one line each. */
  readonly say: (line: string) => void;
}

/** A running server, or one sentence that says what to install. */
export type ProvidedRedis =
  | { readonly kind: 'started'; readonly redis: PrivateRedis; readonly source: RedisSource }
  | { readonly kind: 'missing'; readonly advice: string };

/**
 * Starts a private server: one that is installed, else one that the package manager installs, else a container.
 * Throws STORE_UNAVAILABLE when a server was found but does not start.
 */
export async function provideRedis(options: ProvideRedisOptions): Promise<ProvidedRedis> {
  const path = options.environment['PATH'] ?? '';
  const search = { path, run: options.run };
  const source = (await findServer(search)) ?? (await installed({ ...options, path })) ?? (await findEngine(search));
  if (source === undefined) {
    return { kind: 'missing', advice: await installAdvice(path) };
  }
  if (source.kind === 'container') {
    options.say(`starting Redis in a container with ${source.engine} ...`);
  }
  return { kind: 'started', redis: await startPrivateRedis({ source, environment: options.environment }), source };
}

async function installed(options: ProvideRedisOptions & { readonly path: string }): Promise<RedisSource | undefined> {
  return (await installRedis(options)) ? findServer(options) : undefined;
}
