import type { AuditDraft, AuditEntry } from '../../core/remediation/audit.ts';
import { type ChainHead, type DigestText, EMPTY_CHAIN, nextEntry } from '../../core/remediation/audit-chain.ts';
import { auditDraftSchema, auditEntrySchema } from '../../core/remediation/remediation-schema.ts';
import type { AuditLog, UnwrittenEntries } from '../../ports/audit-log.ts';
import type { Logger } from '../../ports/logger.ts';
import { CHAIN, HEAD_OF_CHAIN, KEEP_DRAFT, PENDING, UNWRITTEN, WRITTEN } from './audit-scripts.ts';
import type { RedisConnection, RedisReply } from './redis-connection.ts';
import { listOf, numberOf, textOf, textsOf } from './redis-reply.ts';
import { remediationBase } from './remediation-arguments.ts';
import { parseStored } from './stored-value.ts';

/** What the audit needs. */
export interface RedisAuditLogOptions {
  readonly redis: RedisConnection;
  readonly logger: Logger;
  readonly digest: DigestText;
  /** First part of every key. Default `kubewhy`. */
  readonly prefix?: string;
}

/** Where the chain ends, and what is not in it yet. */
export interface AuditHead extends ChainHead {
  readonly pending: number;
  /** How many entries there ever were; absent: they were not counted yet. */
  readonly issued?: number;
  /** The greatest number that an entry ever had, as the stream remembers it. */
  readonly last?: number;
}

/** Entries that are chained as one step. */
const MOST_AT_ONCE = 100;
/** More steps are left for the next time. */
const MOST_PARTS = 20;
/** How often others may be faster before it is left to them. */
const MOST_ATTEMPTS = 20;

/** The audit in Redis: a list of what is to be chained, and a stream of what is. */
export class RedisAuditLog implements AuditLog {
  private readonly redis: RedisConnection;
  private readonly logger: Logger;
  private readonly digest: DigestText;
  private readonly base: string;

  constructor({ redis, logger, digest, prefix }: RedisAuditLogOptions) {
    this.redis = redis;
    this.logger = logger;
    this.digest = digest;
    this.base = remediationBase(prefix);
  }

  async append(draft: AuditDraft): Promise<void> {
    await this.redis.run(KEEP_DRAFT, [this.base], [JSON.stringify(draft)]);
  }

  async chain(each?: (part: readonly AuditEntry[]) => void): Promise<readonly AuditEntry[]> {
    const chained: AuditEntry[] = [];
    let [beaten, parts] = [0, 0];
    while (beaten < MOST_ATTEMPTS && parts < MOST_PARTS) {
      const part = await this.chainPart();
      if (part === 'beaten') {
        beaten += 1;
        continue;
      }
      parts += 1;
      chained.push(...part);
      each?.(part);
      if (part.length < MOST_AT_ONCE) {
        break;
      }
    }
    return chained;
  }

  async unwritten(limit: number): Promise<UnwrittenEntries> {
    const [cursor, stored] = listOf(await this.redis.run(UNWRITTEN, [this.base], [limit]));
    const rows = listOf(stored);
    const from = numberOf(cursor) + 1;
    const last = rows.length === 0 ? from - 1 : Number.parseInt(textOf(listOf(rows.at(-1))[0]) ?? '', 10);
    return { from, to: last, entries: rows.flatMap((row) => this.entry(row) ?? []) };
  }

  async written({ from, to }: { readonly from: number; readonly to: number }): Promise<void> {
    await this.redis.run(WRITTEN, [this.base], [from, to]);
  }

  async entries(fromSeq: number, limit: number): Promise<readonly AuditEntry[]> {
    return (await this.stored(fromSeq, limit)).flatMap((entry) => entry ?? []);
  }

  async newest(limit: number): Promise<readonly AuditEntry[]> {
    const rows = listOf(await this.redis.call('XREVRANGE', `${this.base}audit:chain`, '+', '-', 'COUNT', limit));
    return rows.flatMap((row) => this.entry(row) ?? []);
  }

  /** As `entries`, with `undefined` for what cannot be read: for whoever verifies the chain. */
  async stored(fromSeq: number, limit: number): Promise<readonly (AuditEntry | undefined)[]> {
    const from = `${fromSeq}-0`;
    const rows = listOf(await this.redis.call('XRANGE', `${this.base}audit:chain`, from, '+', 'COUNT', limit));
    return rows.map((row) => this.entry(row));
  }

  /** Where the chain ends. Throws STORE_UNAVAILABLE. */
  async head(): Promise<AuditHead> {
    const [seq, hash, pending, issued, last] = listOf(await this.redis.run(HEAD_OF_CHAIN, [this.base]));
    const counted = numberOf(issued) < 0 ? {} : { issued: numberOf(issued) };
    return { ...headOf(seq, hash), pending: numberOf(pending), last: numberOf(last), ...counted };
  }

  private async chainPart(): Promise<readonly AuditEntry[] | 'beaten'> {
    const [now, seq, hash, pending] = listOf(await this.redis.run(PENDING, [this.base], [MOST_AT_ONCE]));
    const rows = textsOf(pending);
    let head = headOf(seq, hash);
    const entries = rows.map((row) => {
      const entry = this.follow(head, row, numberOf(now));
      head = entry;
      return entry;
    });
    if (entries.length === 0) {
      return [];
    }
    const pairs = rows.flatMap((row, index) => [row, JSON.stringify(entries[index])]);
    const args = [numberOf(seq), textOf(hash) ?? '', head.hash, rows.length, ...pairs];
    return (await this.redis.run(CHAIN, [this.base], args)) === 1 ? entries : 'beaten';
  }

  /** What cannot be read was not written by Kubewhy; it is chained as that, or it would keep everything else from being chained. */
  private follow(head: ChainHead, row: string, now: number): AuditEntry {
    const space = row.indexOf(' ');
    const ms = row.slice(0, Math.max(0, space));
    const log = { logger: this.logger, what: 'audit entry', id: String(head.seq + 1) };
    const draft = parseStored(row.slice(space + 1), auditDraftSchema, log);
    if (draft === undefined || !/^\d{1,15}$/.test(ms)) {
      return nextEntry(head, unreadable(this.digest(row)), new Date(now).toISOString(), this.digest);
    }
    return nextEntry(head, draft, new Date(Number(ms)).toISOString(), this.digest);
  }

  private entry(row: RedisReply): AuditEntry | undefined {
    const [id, fields] = listOf(row);
    const log = { logger: this.logger, what: 'audit entry', id: textOf(id) ?? '' };
    return parseStored(textOf(listOf(fields)[1]), auditEntrySchema, log);
  }
}

/** Without a hash it is that of a chain without entries. */
function headOf(seq: RedisReply | undefined, hash: RedisReply | undefined): ChainHead {
  return { seq: numberOf(seq), hash: textOf(hash) || EMPTY_CHAIN.hash };
}

function unreadable(digest: string): AuditDraft {
  const detail = { problem: 'somebody else wrote an entry that cannot be read', digest };
  return { event: 'refused', cluster: '', remediation: '', actor: 'store', detail, security: 5 };
}
