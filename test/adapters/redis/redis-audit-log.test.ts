import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { RedisAuditLog } from '../../../src/adapters/redis/redis-audit-log.ts';
import { RedisConnection } from '../../../src/adapters/redis/redis-connection.ts';
import { sha256 } from '../../../src/adapters/system/hmac-signer.ts';
import { EMPTY_CHAIN, verifyEntries, verifyHead } from '../../../src/core/remediation/audit-chain.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';
import { sampleDraft } from '../../fakes/remediation-samples.ts';
import { startRedis, type TestRedis } from '../../redis/start-redis.ts';

const MANY = 350;

describe('the audit in Redis', () => {
  let server: TestRedis;
  let connections: readonly RedisConnection[] = [];
  let redis: RedisConnection;
  let logger: RecordingLogger;
  let prefix = '';
  let prefixes = 0;

  beforeAll(async () => {
    server = await startRedis();
    logger = new RecordingLogger();
    connections = Array.from({ length: 4 }, () => new RedisConnection({ url: server.url, logger }));
    await Promise.all(connections.map((connection) => connection.ready()));
    [redis = new RedisConnection({ url: server.url, logger })] = connections;
  });

  beforeEach(() => {
    prefixes += 1;
    prefix = `a${prefixes}`;
  });

  afterAll(async () => {
    for (const connection of connections) {
      connection.close();
    }
    await server.stop();
  });

  function openAudit(connection = redis): RedisAuditLog {
    return new RedisAuditLog({ redis: connection, logger, prefix, digest: sha256 });
  }

  function key(name: string): string {
    return `${prefix}:{remedy}:audit:${name}`;
  }

  async function fill(count: number): Promise<void> {
    for (let index = 1; index <= count; index += 1) {
      await openAudit().append(sampleDraft({ remediation: `m-${index}` }));
    }
    await openAudit().chain();
  }

  /** What a verifier says of what is stored. */
  async function verdict(): Promise<string> {
    const audit = openAudit();
    const result = verifyEntries(await audit.stored(1, 1000), EMPTY_CHAIN, sha256);
    const fault = result.kind === 'broken' ? result.fault : verifyHead(result.head, await audit.head());
    return fault?.says ?? 'whole';
  }

  async function rewrite(seq: number, change: (text: string) => string): Promise<void> {
    const [row] = (await redis.call('XRANGE', key('chain'), `${seq}-0`, `${seq}-0`)) as [[string, [string, string]]];
    await putBack(seq, change(row[1][1]));
  }

  /** A stream takes no entry in its middle, so what follows is written anew as well. */
  async function putBack(seq: number, text: string): Promise<void> {
    const rows = (await redis.call('XRANGE', key('chain'), '-', '+')) as [string, [string, string]][];
    await redis.call('DEL', key('chain'));
    for (const [id, [, old]] of rows) {
      await redis.call('XADD', key('chain'), id, 'entry', id === `${seq}-0` ? text : old);
    }
  }

  test('many that append and chain at once make one chain with everything in it', async () => {
    const audits = connections.map((connection) => openAudit(connection));

    const chained = await Promise.all(
      audits.map(async (audit, writer) => {
        const mine: number[] = [];
        for (let index = 0; index < MANY / 5; index += 1) {
          await audit.append(sampleDraft({ remediation: `m-${writer}-${index}` }));
          mine.push(...(await audit.chain()).map(({ seq }) => seq));
        }
        return mine;
      }),
    );
    await openAudit().chain();
    const entries = await openAudit().entries(1, 1000);

    expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: entries.length }, (_, index) => index + 1));
    expect(new Set(entries.map(({ remediation }) => remediation)).size).toBe((MANY / 5) * 4);
    expect(new Set(chained.flat()).size).toBe(chained.flat().length);
    expect([await verdict(), (await openAudit().head()).pending]).toEqual(['whole', 0]);
  });

  test('more than fit into one step are chained all', async () => {
    for (let index = 0; index < MANY; index += 1) {
      await openAudit().append(sampleDraft({ remediation: `m-${index}` }));
    }

    const chained = await openAudit().chain();

    expect(chained.map(({ remediation }) => remediation)).toEqual(Array.from({ length: MANY }, (_, n) => `m-${n}`));
    expect((await openAudit().newest(2)).map(({ seq }) => seq)).toEqual([MANY, MANY - 1]);
    expect((await openAudit().entries(100, 3)).map(({ seq }) => seq)).toEqual([100, 101, 102]);
  });

  test.each([
    ['flipped', () => rewrite(4, (text) => text.replace('"status":200', '"status":201')), 'Entry 4 was changed'],
    ['dropped', () => redis.call('XDEL', key('chain'), '4-0'), 'Entry 4 is missing.'],
    ['cut off', () => redis.call('XDEL', key('chain'), '7-0', '8-0'), 'Entries 7 to 8 are missing.'],
    ['truncated', () => redis.call('XTRIM', key('chain'), 'MAXLEN', 5), 'Entries 1 to 3 are missing.'],
    ['made unreadable', () => rewrite(4, () => '{"seq":4'), 'Entry 4 cannot be read.'],
    ['given another field', () => rewrite(4, (text) => text.replace('{', '{"note":"x",')), 'Entry 4 was changed'],
    ['swapped', () => swap(4, 5), 'Entry 4 is not in its place.'],
    ['all gone', () => redis.call('DEL', key('chain')), 'Entries 1 to 8 are missing.'],
    ['head set back', () => redis.call('HSET', key('head'), 'seq', 5), 'Entry 6 follows although'],
  ])('an entry that was %s is named', async (_what, tamper, expected) => {
    await fill(8);
    expect(await verdict()).toBe('whole');

    await tamper();

    expect(await verdict()).toContain(expected);
  });

  async function swap(first: number, second: number): Promise<void> {
    const rows = (await redis.call('XRANGE', key('chain'), '-', '+')) as [string, [string, string]][];
    const text = (seq: number): string => rows.find(([id]) => id === `${seq}-0`)?.[1][1] ?? '';
    await putBack(first, text(second));
    await putBack(second, text(first));
  }

  test('a head that somebody removed keeps nothing from being chained, and the break is named', async () => {
    await fill(3);
    await redis.call('DEL', key('head'));

    await openAudit().append(sampleDraft());
    const chained = await openAudit().chain();

    expect(chained.map(({ seq }) => seq)).toEqual([4]);
    expect(await verdict()).toBe('Entry 3 was exchanged: entry 4 names another hash for it.');
  });

  test('what somebody else put into the list is chained as that, and what follows it too', async () => {
    await redis.call('RPUSH', key('pending'), 'x', '1769860800000 {"event":"approved"}', '{} {}');
    await openAudit().append(sampleDraft());

    const chained = await openAudit().chain();

    expect(chained.map(({ event, security }) => `${event} ${security}`)).toEqual([
      'refused 5',
      'refused 5',
      'refused 5',
      'result 2',
    ]);
    expect(chained[0]?.detail).toEqual({
      problem: 'somebody else wrote an entry that cannot be read',
      digest: sha256('x'),
    });
    expect(await verdict()).toBe('whole');
  });
});
