import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RedisAuditLog } from '../../src/adapters/redis/redis-audit-log.ts';
import { RedisConnection } from '../../src/adapters/redis/redis-connection.ts';
import { sha256 } from '../../src/adapters/system/hmac-signer.ts';
import { type StoredChain, verifyAudit } from '../../src/app/audit.ts';
import type { Output } from '../../src/cli/output.ts';
import { runCommandLine } from '../../src/cli/run.ts';
import { parseConfig } from '../../src/config/config.ts';
import type { AuditEntry } from '../../src/core/remediation/audit.ts';
import { EMPTY_CHAIN, nextEntry } from '../../src/core/remediation/audit-chain.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { sampleDraft } from '../fakes/remediation-samples.ts';
import { startRedis, type TestRedis } from '../redis/start-redis.ts';

const LENGTH = 1203;
const chain: AuditEntry[] = [];
for (let seq = 1; seq <= LENGTH; seq += 1) {
  chain.push(nextEntry(chain.at(-1) ?? EMPTY_CHAIN, sampleDraft(), '2026-01-31T12:00:00.000Z', sha256));
}

/** A chain of these entries that says that it ends with the entry `seq`. */
function stored(
  entries: readonly (AuditEntry | undefined)[],
  seq = LENGTH,
  counts: { readonly issued?: number; readonly last?: number } = {},
): StoredChain {
  return {
    head: async () => ({ seq, hash: chain[seq - 1]?.hash ?? EMPTY_CHAIN.hash, pending: 2, ...counts }),
    stored: async (from, limit) => entries.filter((entry, index) => (entry?.seq ?? index + 1) >= from).slice(0, limit),
  };
}

const head = { seq: LENGTH, hash: chain.at(-1)?.hash ?? '' };

describe('verifyAudit', () => {
  it('finds a chain of several parts whole', async () => {
    expect(await verifyAudit(stored(chain))).toEqual({ head, pending: 2 });
    expect(await verifyAudit(stored([], 0))).toEqual({ head: EMPTY_CHAIN, pending: 2 });
    expect(await verifyAudit(stored(chain), head)).toEqual({ head, pending: 2 });
  });

  it.each([
    ['changed', stored(chain.with(700, { ...(chain[700] as AuditEntry), actor: 'x' })), 'Entry 701 was changed'],
    ['unreadable', stored([...chain.slice(0, 700), undefined, ...chain.slice(701)]), 'Entry 701 cannot be read.'],
    ['missing', stored(chain.toSpliced(500, 1)), 'Entry 501 is missing.'],
    ['cut off', stored(chain.slice(0, 1000)), 'Entries 1001 to 1203 are missing.'],
    ['too many', stored(chain, 1200), 'Entry 1201 follows although the chain was closed with entry 1200.'],
  ])('names an entry that is %s', async (_what, broken, expected) => {
    expect((await verifyAudit(broken)).fault?.says).toContain(expected);
  });

  it('names entries that were taken out at the end together with the head that knew them', async () => {
    const cut = stored(chain.slice(0, 1200), 1200, { issued: LENGTH + 2, last: LENGTH });

    expect(await verifyAudit(cut)).toMatchObject({ fault: { says: 'Entries 1201 to 1203 are missing.' }, missing: 3 });
  });

  it.each([
    ['as many as there are', LENGTH + 2, undefined],
    ['more than there are', LENGTH + 5, 3],
    ['fewer than there are', LENGTH + 1, -1],
  ])('compares with the count of what was written: %s', async (_what, issued, missing) => {
    const report = await verifyAudit(stored(chain, LENGTH, { issued, last: LENGTH }));

    expect(report).toEqual({ head, pending: 2, ...(missing === undefined ? {} : { missing }) });
  });

  it('is not misled by a chain that grows meanwhile', async () => {
    let calls = 0;
    const growing: StoredChain = {
      ...stored(chain),
      head: async () => {
        calls += 1;
        return { seq: 1200 + calls, hash: chain[1199 + calls]?.hash ?? '', pending: 0 };
      },
    };

    expect(await verifyAudit(growing)).toEqual({ head: { seq: 1201, hash: chain[1200]?.hash }, pending: 0 });
  });

  it('finds a chain that was made anew by what somebody noted', async () => {
    const noted = { seq: 5, hash: '0'.repeat(64) };

    expect((await verifyAudit(stored(chain), noted)).fault?.says).toBe(
      'Entry 5 was exchanged: what was noted names another hash for it.',
    );
    expect((await verifyAudit(stored(chain), { seq: 5000, hash: '' })).fault?.says).toBe('Entry 5000 is missing.');
  });
});

describe('kubewhy audit', () => {
  let server: TestRedis;
  let redis: RedisConnection;

  beforeAll(async () => {
    server = await startRedis();
    const logger = new RecordingLogger();
    redis = new RedisConnection({ url: server.url, logger });
    await redis.ready();
    const audit = new RedisAuditLog({ redis, logger, digest: sha256 });
    for (let index = 1; index <= 3; index += 1) {
      await audit.append(sampleDraft({ remediation: `m-${index}` }));
    }
    await audit.chain();
    await audit.append(sampleDraft());
    process.env['REDIS_URL'] = server.url;
  });

  afterAll(async () => {
    delete process.env['REDIS_URL'];
    redis.close();
    await server.stop();
  });

  async function run(line: string): Promise<{ code: number; out: string; notes: string }> {
    const [out, notes]: [string[], string[]] = [[], []];
    const output: Output = {
      width: 80,
      noteWidth: Number.POSITIVE_INFINITY,
      terminal: false,
      print: (text) => void out.push(text),
      note: (text) => void notes.push(text),
      waiting: (_text, task) => task(),
    };
    const surroundings = { output, readConfig: () => parseConfig({}), loadPlaybooks: () => Promise.resolve([]) };
    const code = await runCommandLine(line.split(' '), surroundings);
    return { code, out: out.join('\n'), notes: notes.join('\n') };
  }

  it('verifies and exports, and names what somebody took out', async () => {
    const before = await run('audit verify');
    const lines = (await run('audit export')).out.split('\n');
    const last = JSON.parse(lines.at(-1) ?? '') as AuditEntry;
    const anchored = await run(`audit verify --anchor 3:${last.hash}`);
    await redis.call('XDEL', 'kubewhy:{remedy}:audit:chain', '2-0');
    const after = await run('audit verify');

    expect(before).toEqual({
      code: 0,
      out: `the audit is whole; its last entry is 3:${last.hash}\nnot chained yet: 1`,
      notes: '',
    });
    expect(lines.map((line) => (JSON.parse(line) as AuditEntry).remediation)).toEqual(['m-1', 'm-2', 'm-3']);
    expect(anchored.code).toBe(0);
    expect(after).toMatchObject({ code: 1, out: expect.stringContaining('NOT whole: Entry 2 is missing.') });
  });

  it('says how many entries were taken out before they were chained, and how many nobody counted', async () => {
    const prefix = 'kubewhy:{remedy}:audit:';
    await redis.call('DEL', ...['chain', 'head', 'pending', 'issued', 'logged'].map((name) => `${prefix}${name}`));
    const audit = new RedisAuditLog({ redis, logger: new RecordingLogger(), digest: sha256 });
    for (let index = 1; index <= 4; index += 1) {
      await audit.append(sampleDraft({ remediation: `m-${index}` }));
    }
    await redis.call('LPOP', `${prefix}pending`);
    await audit.chain();
    const hash = (await audit.newest(1))[0]?.hash;

    const removed = await run('audit verify');
    await redis.call('SET', `${prefix}issued`, 1);
    const uncounted = await run('audit verify');

    expect(removed).toMatchObject({
      code: 1,
      out: `the audit is NOT whole; its last entry is 3:${hash}\nmissing: 1 entry, taken out before the chain had it, or from its end`,
    });
    expect(uncounted).toMatchObject({
      code: 0,
      out: expect.stringContaining('2 entries more than were counted, written by an older version or by somebody else'),
    });
  });

  it('says what an anchor is', async () => {
    expect(await run('audit verify --anchor 3')).toMatchObject({
      code: 3,
      notes: expect.stringContaining('"3" is no entry of the audit'),
    });
  });
});
