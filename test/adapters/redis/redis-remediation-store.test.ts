import { setTimeout as pause } from 'node:timers/promises';
import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { RedisAuditLog } from '../../../src/adapters/redis/redis-audit-log.ts';
import { RedisConnection } from '../../../src/adapters/redis/redis-connection.ts';
import { RedisRemediationStore } from '../../../src/adapters/redis/redis-remediation-store.ts';
import { sha256 } from '../../../src/adapters/system/hmac-signer.ts';
import { EMPTY_CHAIN, verifyEntries } from '../../../src/core/remediation/audit-chain.ts';
import type { RemediationPlan } from '../../../src/core/remediation/remediation.ts';
import { playRemediations } from '../../contract/play-remediations.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';
import { NO_LIMITS, sampleDraft, sampleSigned, sampleVote } from '../../fakes/remediation-samples.ts';
import { ClockedRedis } from '../../redis/clocked-redis.ts';
import { startRedis, type TestRedis } from '../../redis/start-redis.ts';

const CONNECTIONS = 4;
const RACES = 1000;
const RACES_AT_ONCE = 25;
/** Of up to 50 steps each. */
const SEQUENCES = 100;
const STEPS = 50;
const MESSAGE = { channel: 'C1', ts: '1700000000.000200' };
const CLAIM = { worker: 'e1', leaseMs: 30_000, limits: NO_LIMITS };
const LATER = '2099-01-01T00:00:00.000Z';

describe('remediations in Redis', { timeout: 60_000 }, () => {
  let server: TestRedis;
  let connections: readonly RedisConnection[] = [];
  let redis: RedisConnection;
  let logger: RecordingLogger;
  let prefix = '';
  let prefixes = 0;

  beforeAll(async () => {
    server = await startRedis({ appendfsync: 'always' });
    logger = new RecordingLogger();
    connections = Array.from({ length: CONNECTIONS }, () => new RedisConnection({ url: server.url, logger }));
    await Promise.all(connections.map((connection) => connection.ready()));
    [redis = new RedisConnection({ url: server.url, logger })] = connections;
  });

  beforeEach(() => {
    prefixes += 1;
    prefix = `r${prefixes}`;
    logger.lines.length = 0;
  });

  afterAll(async () => {
    for (const connection of connections) {
      connection.close();
    }
    await server.stop();
  });

  function openStore(options: { readonly keepMs?: number } = {}, connection = redis): RedisRemediationStore {
    return new RedisRemediationStore({ redis: connection, logger, prefix, ...options });
  }

  function openAudit(connection = redis): RedisAuditLog {
    return new RedisAuditLog({ redis: connection, logger, prefix, digest: sha256 });
  }

  function key(name: string): string {
    return `${prefix}:{remedy}:${name}`;
  }

  async function awaiting(id: string, changes: Partial<RemediationPlan> = {}): Promise<string> {
    const signed = sampleSigned(id, { expiresAt: LATER, ...changes });
    expect(await openStore().propose(signed, NO_LIMITS)).toEqual({ kind: 'proposed' });
    expect(await openStore().opened(id, MESSAGE)).toBe(true);
    return signed.digest;
  }

  async function approved(id: string, changes: Partial<RemediationPlan> = {}): Promise<void> {
    await openStore().approve(id, await awaiting(id, changes), sampleVote('U8'));
  }

  test('it does what the model says, whatever happens in whatever order', async () => {
    const clocked = new ClockedRedis({ url: server.url, logger });
    await clocked.ready();
    let played = 0;

    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { minLength: STEPS, maxLength: STEPS }), async (numbers) => {
        played += 1;
        prefix = `model-${played}`;
        const clock = new FakeClock();
        const pass = async (ms: number): Promise<void> => {
          clock.advance(ms);
          await clocked.setTime(key(''), clock.ms);
        };
        await pass(0);
        await playRemediations({ store: openStore({}, clocked), pass }, numbers);
      }),
      { seed: 45, numRuns: SEQUENCES },
    );

    clocked.close();
    expect(played).toBe(SEQUENCES);
  });

  async function race(index: number): Promise<string> {
    const id = `m-${index}`;
    const voters = 2 + (index % 7);
    const required = 1 + (index % 2);
    const seen = await awaiting(id, { approval: { rule: 'shop', required, owners: [], reasonRequired: false } });
    const results = await Promise.all(
      Array.from({ length: voters }, async (_, voter) => {
        const store = openStore({}, connections[voter % CONNECTIONS]);
        return (await store.approve(id, seen, sampleVote(`U1${voter}`))).kind;
      }),
    );
    const record = await openStore().read(id);
    const transitions = record?.history.filter(({ state }) => state === 'approved').length;
    return `${results.toSorted().join(' ')}: ${transitions} of ${required} with ${record?.votes.length}`;
  }

  test('of 2 to 8 approvers at once as many as are needed count, and it is approved once', async () => {
    const told: string[] = [];

    for (let start = 0; start < RACES; start += RACES_AT_ONCE) {
      told.push(...(await Promise.all(Array.from({ length: RACES_AT_ONCE }, (_, index) => race(start + index)))));
    }

    expect(told).toHaveLength(RACES);
    expect(new Set(told)).toEqual(
      new Set(
        Array.from({ length: 14 }, (_, index) => {
          const [voters, required] = [2 + (index % 7), 1 + (index % 2)];
          const late = Array.from({ length: voters - required }, () => 'already');
          const counted = required === 2 ? ['counted'] : [];
          return `${[...late, ...counted, 'decided'].join(' ')}: 1 of ${required} with ${required}`;
        }),
      ),
    );
  });

  test('of an approval, a denial and a cancellation at once one counts, and of many executors one has it', async () => {
    const outcomes: string[] = [];

    for (let index = 0; index < 50; index += 1) {
      const id = `m-${index}`;
      const seen = await awaiting(id);
      const by = { team: 'T1', user: 'U9', reason: '' };
      const [first, second, third] = connections.map((connection) => openStore({}, connection));
      const decided = await Promise.all([
        first?.approve(id, seen, sampleVote('U8')),
        second?.deny(id, by),
        third?.cancel(id, by),
      ]);
      const claims = await Promise.all(
        Array.from({ length: 8 }, async (_, worker) =>
          openStore({}, connections[worker % CONNECTIONS]).claim(id, { ...CLAIM, worker: `e${worker}` }),
        ),
      );
      const history = (await openStore().read(id))?.history.map(({ state }) => state).slice(2);
      const counted = decided.filter((one) => one?.kind === 'decided').length;
      outcomes.push([counted, claimedBy(claims), history?.[0]].join());
    }

    // A cancellation may also come after the approval.
    const ways = ['1,1,approved', '2,0,approved', '1,0,denied', '1,0,cancelled'];
    expect(outcomes.filter((one) => !ways.includes(one))).toEqual([]);
    expect(outcomes).toHaveLength(50);
  });

  test('by the clock of the server no vote counts at or after the end, and none is refused before it', async () => {
    const store = openStore();
    const judged: string[] = [];

    for (let index = 0; index < 25; index += 1) {
      const id = `m-${index}`;
      const end = (await store.now()).getTime() + 15;
      const approval = { rule: 'shop', required: 1000, owners: [], reasonRequired: false };
      const signed = sampleSigned(id, { approval, expiresAt: new Date(end).toISOString() });
      // A busy machine may be too late for any of this.
      await store.propose(signed, NO_LIMITS);
      await store.opened(id, MESSAGE);
      const kinds: string[] = [];
      do {
        kinds.push((await store.approve(id, signed.digest, sampleVote(`V${kinds.length}`))).kind);
      } while (kinds.at(-1) === 'counted');
      const record = await store.read(id);
      const late = record?.votes.filter(({ at }) => Date.parse(at) >= end).length;
      const early = Date.parse(record?.history.at(-1)?.at ?? '') < end;
      judged.push(record === undefined ? 'too late' : `${record.state} ${late} ${early} ${kinds.at(-1)}`);
    }

    expect(judged.filter((one) => one !== 'too late' && one !== 'expired 0 false expired')).toEqual([]);
    expect(judged).toContain('expired 0 false expired');
  });

  test('who listens hears of each change', async () => {
    const heard: string[] = [];
    const stop = openStore().onChange((id) => heard.push(id));

    await vi.waitUntil(async () => {
      await openStore().propose(sampleSigned(`m-${Date.now()}`, { expiresAt: LATER }), NO_LIMITS);
      return heard.length > 0;
    });
    stop();

    expect(heard[0]).toMatch(/^m-\d+$/);
  });

  test('what has ended is forgotten after its time, open ones are not', async () => {
    const store = openStore({ keepMs: 50 });
    await awaiting('m-1');
    await awaiting('m-2');
    await store.deny('m-1', { team: 'T1', user: 'U9', reason: '' });
    await pause(100);

    expect(await store.read('m-1')).toBeUndefined();
    expect(await store.list({ open: false, limit: 10 })).toEqual([]);
    expect((await store.list({ open: true, limit: 10 })).map(({ signed }) => signed.plan.id)).toEqual(['m-2']);
    expect((await store.work('prod')).untold).toEqual(['m-2']);
  });

  test('everything is there again after Redis was killed in the middle, and the chain goes on', async () => {
    const store = openStore();
    await approved('m-1');
    const claimed = await store.claim('m-1', CLAIM);
    await openAudit().chain();
    const fence = claimed.kind === 'claimed' ? claimed.fence : expect.fail('it is not claimed');
    await store.intend('m-1', fence, 'r1', sampleDraft());
    await store.stop({ scope: 'dev', by: 'U9', reason: 'no' });
    const before = [await store.read('m-1'), await store.stopped(), await store.work('prod')];

    await server.kill();
    const failure = await store.read('m-1').catch((error: unknown) => error);
    await server.start();
    await vi.waitUntil(() => connections.every((connection) => connection.isReady()), { timeout: 10_000 });

    expect(failure).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect([await store.read('m-1'), await store.stopped(), await store.work('prod')]).toEqual(before);
    expect(await store.renew('m-1', fence, 1000)).toBe(true);
    await openAudit().chain();
    const entries = await openAudit().stored(1, 100);
    expect(entries).toHaveLength(7);
    expect(verifyEntries(entries, EMPTY_CHAIN, sha256).kind).toBe('whole');
  });

  const FORGED: readonly (readonly [what: string, forge: (id: string) => readonly (string | number)[]])[] = [
    ['its hash is a text', (id) => ['SET', key(`record:${id}`), 'x']],
    ['it is gone', (id) => ['DEL', key(`record:${id}`)]],
    [
      'it has only a state',
      (id) => ['HDEL', key(`record:${id}`), 'signed', 'cluster', 'due', 'rev', 'history', 'lock'],
    ],
    ['its state is none', (id) => ['HSET', key(`record:${id}`), 'state', 'done']],
    [
      'its numbers are none',
      (id) => ['HSET', key(`record:${id}`), 'rev', 'x', 'due', '{}', 'votes', '-', 'fence', 'y'],
    ],
    ['its plan is no JSON', (id) => ['HSET', key(`record:${id}`), 'signed', '{']],
    ['its plan is another thing', (id) => ['HSET', key(`record:${id}`), 'signed', '{"plan":[]}']],
    ['its votes are not there', (id) => ['HSET', key(`record:${id}`), 'votes', '3']],
    ['its votes are another thing', (id) => ['HSET', key(`record:${id}`), 'votes', '1', 'vote:1', 'x {}']],
    ['its history is another thing', (id) => ['HSET', key(`record:${id}`), 'history', 'a b c']],
    ['its message is another thing', (id) => ['HSET', key(`record:${id}`), 'message', '[]', 'ending', 'x']],
  ];

  test.each(FORGED)('a forged row harms no other one and is not executed: %s', async (_what, forge) => {
    const store = openStore();
    const [bad, good] = ['m-bad', 'm-good'];
    await approved(bad);
    await approved(good);
    await redis.call(...(forge(bad) as [string, ...string[]]));

    const claimed = await store.claim(bad, CLAIM);
    await store.read(bad);
    await store.told(bad, 99);
    await store.expire();
    const listed = await store.list({ open: true, limit: 10 });
    const { runnable } = await store.work('prod');
    const recovered = await store.claim(bad, CLAIM);
    await store.stop({ scope: 'dev', by: 'U9', reason: '' });
    await store.stop({ scope: 'prod', by: 'U9', reason: '' });

    expect(['claimed', 'busy']).not.toContain(claimed.kind);
    expect(['claimed', 'busy']).not.toContain(recovered.kind);
    expect(listed.map(({ signed }) => signed.plan.id)).toContain(good);
    expect(runnable).toContain(good);
    expect((await store.read(good))?.state).toBe('blocked');
    expect((await store.read(bad))?.state ?? 'none').not.toBe('executing');
  });

  test('who claims what cannot be read ends it, and the audit says so', async () => {
    const store = openStore();
    await approved('m-1');
    await redis.call('HSET', key('record:m-1'), 'signed', '{');

    const claimed = await store.claim('m-1', CLAIM);

    expect(claimed).toEqual({ kind: 'unknown' });
    expect(await redis.call('HGET', key('record:m-1'), 'state')).toBe('blocked');
    expect((await openAudit().chain()).at(-1)).toMatchObject({
      event: 'ended',
      remediation: 'm-1',
      to: 'blocked',
      actor: 'executor:e1',
      detail: { reason: 'unreadable' },
      security: 5,
    });
    expect(logger.lines.map(({ message }) => message)).toContain('stored value is not understood');
  });

  test('a switch that cannot be read is one, and a breaker that cannot be read is none', async () => {
    const store = openStore();
    await redis.call('HSET', key('stops'), 'prod', 'x');
    await redis.call('HSET', key('breakers'), 'prod', 'x', 'dev\nR-EVICT', 'y');

    expect(await store.stopped()).toEqual([{ scope: 'prod', by: '', reason: '', at: '1970-01-01T00:00:00.000Z' }]);
    expect((await store.propose(sampleSigned('m-1', { expiresAt: LATER }), NO_LIMITS)).kind).toBe('blocked');
    expect(await store.breakers()).toEqual([]);
    expect(await store.resume('prod', 'U9')).toBe(true);
    expect((await store.propose(sampleSigned('m-1', { expiresAt: LATER }), NO_LIMITS)).kind).toBe('proposed');
  });
});

function claimedBy(claims: readonly { readonly kind: string }[]): number {
  return claims.filter(({ kind }) => kind === 'claimed').length;
}
