import { pinoLogger } from '../adapters/pino/pino-logger.ts';
import { RedisAuditLog } from '../adapters/redis/redis-audit-log.ts';
import { RedisConnection } from '../adapters/redis/redis-connection.ts';
import { sha256 } from '../adapters/system/hmac-signer.ts';
import type { ServiceConfig } from '../config/service-config.ts';
import { KubewhyError } from '../core/errors/kubewhy-error.ts';
import type { AuditEntry } from '../core/remediation/audit.ts';
import {
  type ChainFault,
  type ChainHead,
  EMPTY_CHAIN,
  verifyAnchor,
  verifyEntries,
  verifyHead,
} from '../core/remediation/audit-chain.ts';
import { findSettingsFile, loadSettings } from './load-settings.ts';

/** What was found in an audit. */
export interface AuditReport {
  /** Where it ends, as far as it is whole. */
  readonly head: ChainHead;
  /** Entries that are not chained yet, and so not protected. */
  readonly pending: number;
  readonly fault?: ChainFault;
  /** So many entries were written that are neither in the chain nor wait for it; less than 0: so many more are there. */
  readonly missing?: number;
}

/** The audit, to be read. */
export interface AuditReader {
  /** Follows the whole chain; an anchor is an entry that somebody noted elsewhere. Throws STORE_UNAVAILABLE. */
  verify(anchor?: ChainHead): Promise<AuditReport>;
  /** All entries in order, a part at a time; `undefined` stands for one that cannot be read. Throws STORE_UNAVAILABLE. */
  entries(): AsyncIterable<readonly (AuditEntry | undefined)[]>;
  close(): void;
}

/** What a chain is read from. */
export type StoredChain = Pick<RedisAuditLog, 'stored' | 'head'>;

const PART = 500;

/** Connects to the store. Throws CONFIG_INVALID, SETTINGS_INVALID, STORE_UNAVAILABLE. */
export async function openAudit(service: ServiceConfig): Promise<AuditReader> {
  const url = service.redisUrl?.reveal();
  if (url === undefined) {
    throw new KubewhyError('CONFIG_INVALID', {
      message: 'REDIS_URL is not set; the audit is kept in Redis.',
      hint: 'Set it as for `kubewhy serve`.',
    });
  }
  const settings = await loadSettings(findSettingsFile(service.settingsFile));
  const logger = pinoLogger('error');
  const redis = new RedisConnection({ url, logger });
  const audit = new RedisAuditLog({ redis, logger, prefix: settings.redis.prefix, digest: sha256 });
  try {
    await redis.ready();
  } catch (error) {
    redis.close();
    throw error;
  }
  return {
    verify: (anchor) => verifyAudit(audit, anchor),
    entries: () => entriesOf(audit),
    close: () => redis.close(),
  };
}

/** Follows a chain to the end that it had at the beginning: it may grow meanwhile. */
export async function verifyAudit(chain: StoredChain, anchor?: ChainHead): Promise<AuditReport> {
  const { pending, issued, last, ...known } = await chain.head();
  const missing = issued === undefined ? 0 : issued - known.seq - pending;
  const followed = await follow(chain, known);
  const fault =
    followed.fault ??
    verifyHead(followed.head, known) ??
    (await surplus(chain, known)) ??
    cutOff(known, last) ??
    (await unlike(chain, anchor));
  return {
    head: followed.head,
    pending,
    ...(fault === undefined ? {} : { fault }),
    ...(missing === 0 ? {} : { missing }),
  };
}

async function follow(chain: StoredChain, known: ChainHead): Promise<Pick<AuditReport, 'head' | 'fault'>> {
  let head = EMPTY_CHAIN;
  while (head.seq < known.seq) {
    const part = await chain.stored(head.seq + 1, Math.min(PART, known.seq - head.seq));
    const verdict = verifyEntries(part, head, sha256);
    if (verdict.kind === 'broken') {
      // What comes before the fault is whole.
      const before = verifyEntries(part.slice(0, verdict.fault.seq - head.seq - 1), head, sha256);
      return { head: before.kind === 'whole' ? before.head : head, fault: verdict.fault };
    }
    if (part.length === 0) {
      break;
    }
    head = verdict.head;
  }
  return { head };
}

/** Entries behind the end, unless the chain has grown. */
async function surplus(chain: StoredChain, known: ChainHead): Promise<ChainFault | undefined> {
  const behind = await chain.stored(known.seq + 1, 1);
  const grown = (await chain.head()).seq > known.seq;
  return behind.length === 0 || grown ? undefined : verifyHead({ seq: known.seq + 1, hash: '' }, known);
}

/** The stream remembers numbers of entries that were taken out at its end, together with the head that knew them. */
function cutOff(known: ChainHead, last = known.seq): ChainFault | undefined {
  return last > known.seq ? verifyHead(known, { seq: last, hash: '' }) : undefined;
}

async function unlike(chain: StoredChain, anchor: ChainHead | undefined): Promise<ChainFault | undefined> {
  if (anchor === undefined) {
    return undefined;
  }
  const [entry] = await chain.stored(anchor.seq, 1);
  return verifyAnchor(entry, anchor);
}

async function* entriesOf(chain: StoredChain): AsyncGenerator<readonly (AuditEntry | undefined)[]> {
  let next = 1;
  for (;;) {
    const part = await chain.stored(next, PART);
    if (part.length === 0) {
      return;
    }
    yield part;
    next = Math.max(next + part.length, ...part.map((entry) => (entry?.seq ?? 0) + 1));
  }
}
