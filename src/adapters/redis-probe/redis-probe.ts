import { Redis } from 'ioredis';
import type { RedisFacts } from '../../core/doctor/redis-facts.ts';
import { printable, shorten } from '../../core/facts/text.ts';

type Failed = Extract<RedisFacts, { kind: 'failed' }>;

const TIMEOUT_MS = 3000;

interface Meaning {
  /** In the error's code and message. */
  readonly said: { test(text: string): boolean };
  readonly why: Failed['why'];
  /** The error's own words when absent. */
  readonly means?: string;
}

/** The first that fits holds. */
const MEANINGS: readonly Meaning[] = [
  { said: /\bNOAUTH\b/, why: 'credentials', means: 'it wants a password' },
  { said: /\bWRONGPASS\b|invalid password/i, why: 'credentials', means: 'it does not accept the user or the password' },
  { said: /without any password/i, why: 'credentials', means: 'it has no password, but REDIS_URL gives one' },
  { said: /\bNOPERM\b/, why: 'rights' },
  { said: /CERT|SSL|TLS|EPROTO/, why: 'tls' },
  { said: /Unknown RESP type|Protocol error/, why: 'unreachable', means: 'what answers there is not Redis' },
  { said: /ETIMEDOUT|timed out/i, why: 'timeout', means: 'no answer in time' },
];

/** Asks Redis about itself; writes nothing and never throws. */
export async function probeRedis(url: string, timeoutMs: number = TIMEOUT_MS): Promise<RedisFacts> {
  const address = addressOf(url);
  let last: unknown;
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    enableReadyCheck: false,
  });
  // The promise of `connect` only says that the connection was closed; the event says why.
  redis.on('error', (error) => {
    last = error;
  });
  try {
    await redis.connect();
    const info = parseInfo(await redis.info());
    return factsOf(address, info, await appendSyncOf(redis));
  } catch (error) {
    return failureOf(address, last ?? error);
  } finally {
    redis.disconnect();
  }
}

/** Host and port as they may be shown. */
function addressOf(url: string): string {
  const { hostname, port } = new URL(url);
  return `${hostname === '' ? 'localhost' : hostname}:${port === '' ? '6379' : port}`;
}

function factsOf(address: string, info: ReadonlyMap<string, string>, appendSync: string | undefined): RedisFacts {
  const valkey = info.get('server_name') === 'valkey';
  return {
    kind: 'answered',
    address,
    server: valkey ? 'valkey' : 'redis',
    version: safe((valkey ? info.get('valkey_version') : undefined) ?? info.get('redis_version') ?? ''),
    role: safe(info.get('role') ?? ''),
    cluster: info.get('cluster_enabled') === '1',
    appendOnly: info.get('aof_enabled') === '1',
    appendSync,
    evictionPolicy: safe(info.get('maxmemory_policy') ?? ''),
    usedBytes: Number(info.get('used_memory') ?? 0),
    limitBytes: Number(info.get('maxmemory') ?? 0),
    writeFailed: [info.get('aof_last_write_status'), info.get('rdb_last_bgsave_status')].includes('err'),
  };
}

/** Lines of `key:value`; hostile servers get no further than this. */
function parseInfo(text: string): ReadonlyMap<string, string> {
  const entries = text.split(/\r?\n/).flatMap((line): readonly [string, string][] => {
    const colon = line.indexOf(':');
    return colon < 1 || line.startsWith('#') ? [] : [[line.slice(0, colon), line.slice(colon + 1)]];
  });
  return new Map(entries);
}

/** Managed servers and restricted users do not tell. */
async function appendSyncOf(redis: Redis): Promise<string | undefined> {
  try {
    const reply: unknown = await redis.config('GET', 'appendfsync');
    const value: unknown = Array.isArray(reply) ? reply[1] : undefined;
    return typeof value === 'string' ? safe(value) : undefined;
  } catch {
    return undefined;
  }
}

function failureOf(address: string, error: unknown): Failed {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known = MEANINGS.find(({ said }) => said.test(`${code} ${message}`));
  return {
    kind: 'failed',
    address,
    why: known?.why ?? 'unreachable',
    reason: known?.means ?? safe(code === '' ? message : code),
  };
}

function safe(text: string): string {
  return shorten(printable(text).replaceAll(/\s+/g, ' '), 200);
}
