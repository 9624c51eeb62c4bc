import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { RedisAuditLog } from '../../../src/adapters/redis/redis-audit-log.ts';
import { RedisConnection } from '../../../src/adapters/redis/redis-connection.ts';
import { RedisRemediationStore } from '../../../src/adapters/redis/redis-remediation-store.ts';
import { sha256 } from '../../../src/adapters/system/hmac-signer.ts';
import { EMPTY_CHAIN, verifyEntries, verifyHead } from '../../../src/core/remediation/audit-chain.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';
import { NO_LIMITS, sampleDraft, sampleSigned } from '../../fakes/remediation-samples.ts';
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

  describe('its lines', () => {
    /** What is left to be written, as numbers. */
    async function left(limit = 1000): Promise<readonly number[]> {
      return (await openAudit().unwritten(limit)).entries.map(({ seq }) => seq);
    }

    test('are left to be written until somebody notes that they are, in order', async () => {
      await fill(5);
      const audit = openAudit();

      const [first, part] = [await left(), await audit.unwritten(2)];
      await audit.written({ from: 4, to: 5 });
      const ahead = await left();
      await audit.written({ from: 1, to: 4 });
      const behind = await left();
      await audit.written({ from: 2, to: 3 });

      expect([first, ahead, behind, await left()]).toEqual([[1, 2, 3, 4, 5], [1, 2, 3, 4, 5], [5], [5]]);
      expect([part.from, part.to]).toEqual([1, 2]);
    });

    test('of a part that was chained before a later one failed are given out at once', async () => {
      for (let index = 0; index < 150; index += 1) {
        await openAudit().append(sampleDraft());
      }
      const given: number[] = [];
      let steps = 0;
      const failing: Pick<RedisConnection, 'run' | 'call'> = {
        call: (...command) => redis.call(...command),
        run: async (...step) => {
          steps += 1;
          return steps === 3 ? expect.fail('the connection broke') : redis.run(...step);
        },
      };
      const audit = new RedisAuditLog({ redis: failing as RedisConnection, logger, prefix, digest: sha256 });

      const failure = await audit.chain((part) => given.push(...part.map(({ seq }) => seq))).catch((error) => error);

      expect([failure instanceof Error, given.length, (await left()).length]).toEqual([true, 100, 100]);
    });

    test.each([
      ['beyond the end', () => redis.call('SET', key('logged'), '1000000')],
      ['to no number', () => redis.call('SET', key('logged'), 'x')],
      ['to another kind', () => redis.call('RENAME', key('chain:copy'), key('logged'))],
    ])('are written again from where it is certain when somebody sets the note %s', async (_what, tamper) => {
      await fill(3);
      const audit = openAudit();
      await audit.written({ from: 1, to: 3 });
      await redis.call('COPY', key('chain'), key('chain:copy'));

      await tamper();
      await audit.append(sampleDraft());
      const [entry] = await audit.chain();
      const { from, to } = await audit.unwritten(10);
      await audit.written({ from, to });

      expect(entry?.seq).toBe(4);
      expect(await audit.unwritten(10)).toEqual({ from: 5, to: 4, entries: [] });
    });

    test('that cannot be read are passed over, and the log names them', async () => {
      await fill(3);
      await rewrite(2, () => '{"seq":2');

      expect(await openAudit().unwritten(10)).toMatchObject({ from: 1, to: 3, entries: [{ seq: 1 }, { seq: 3 }] });
      expect(logger.lines.at(-1)).toMatchObject({ level: 'warn', fields: { what: 'audit entry', id: '2-0' } });
    });
  });

  describe('goes on, and shows the break,', () => {
    test.each([
      [
        'when its last entries were taken out and its head was set back',
        async () => {
          const [, first] = await openAudit().newest(2);
          await redis.call('XDEL', key('chain'), '3-0');
          await redis.call('HSET', key('head'), 'seq', 2, 'hash', first?.hash ?? '');
        },
        4,
        'Entry 3 is missing.',
      ],
      [
        'when all entries and the head were taken out',
        async () => {
          await redis.call('XTRIM', key('chain'), 'MAXLEN', 0);
          await redis.call('DEL', key('head'));
        },
        4,
        'Entries 1 to 3 are missing.',
      ],
      [
        'when somebody put in an entry with a greater number',
        () => redis.call('XADD', key('chain'), '50-7', 'entry', '{}'),
        51,
        'Entry 4 cannot be read.',
      ],
      [
        'when somebody put in the greatest number that a stream can have',
        () => redis.call('XADD', key('chain'), '18446744073709551615-1', 'entry', '{}'),
        4,
        'Entries 1 to 3 are missing.',
      ],
      ['when its stream was made a text', () => redis.call('SET', key('chain'), 'x'), 4, 'Entries 1 to 3 are missing.'],
      [
        'when what waits was made a text',
        async () => {
          await redis.call('SET', key('pending'), 'x');
          await openAudit().chain();
        },
        4,
        'whole',
      ],
      ['when its head was made a text', () => redis.call('SET', key('head'), 'x'), 4, 'Entry 3 was exchanged'],
      [
        'when its head was given a number that is none',
        () => redis.call('HSET', key('head'), 'seq', '9e99'),
        4,
        'whole',
      ],
    ])('%s', async (_what, tamper, seq, expected) => {
      await fill(3);
      await tamper();

      await openAudit().append(sampleDraft());
      const chained = await openAudit().chain();
      await openAudit().append(sampleDraft());
      await openAudit().chain();

      expect(chained.map((entry) => entry.seq)).toEqual([seq]);
      expect((await openAudit().newest(1))[0]?.seq).toBe(seq + 1);
      expect(await verdict()).toContain(expected);
    });
  });

  describe('counts what is written', () => {
    async function counts(): Promise<readonly (number | undefined)[]> {
      const { seq, pending, issued, last } = await openAudit().head();
      return [seq, pending, issued, last];
    }

    test('apart from the chain, so that what was taken out before is missed', async () => {
      await fill(2);
      await openAudit().append(sampleDraft());
      await openAudit().append(sampleDraft());
      const before = await counts();

      await redis.call('LPOP', key('pending'));

      expect([before, await counts()]).toEqual([
        [2, 2, 4, 2],
        [2, 1, 4, 2],
      ]);
    });

    test('from what there is on, in a store of before', async () => {
      await fill(2);
      await openAudit().append(sampleDraft());
      await redis.call('DEL', key('issued'));
      const before = await counts();

      await openAudit().append(sampleDraft());

      expect([before, await counts()]).toEqual([
        [2, 1, undefined, 2],
        [2, 2, 4, 2],
      ]);
    });

    test('and is kept from nothing by a count that is none', async () => {
      await redis.call('SET', key('issued'), 'x');

      await openAudit().append(sampleDraft());

      expect((await openAudit().chain()).length).toBe(1);
    });

    test('also of what transitions leave', async () => {
      const store = new RedisRemediationStore({ redis, logger, prefix });
      const expiresAt = new Date((await store.now()).getTime() + 60_000).toISOString();
      await store.propose(sampleSigned('m-1', { expiresAt }), NO_LIMITS);
      await store.opened('m-1', { channel: 'C1', ts: '1.2' });
      await store.stop({ scope: '*', by: 'slack:T1/U9', reason: '' });

      expect(await counts()).toEqual([0, 4, 4, 0]);
    });
  });
});
