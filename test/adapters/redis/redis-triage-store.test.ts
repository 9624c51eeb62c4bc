import { setTimeout as pause } from 'node:timers/promises';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RedisAlertIntake } from '../../../src/adapters/redis/redis-alert-intake.ts';
import { RedisConnection } from '../../../src/adapters/redis/redis-connection.ts';
import { RedisIncidentDesk } from '../../../src/adapters/redis/redis-incident-desk.ts';
import { RedisTriageStore } from '../../../src/adapters/redis/redis-triage-store.ts';
import type { StoredAlert } from '../../../src/core/triage/stored-alert.ts';
import type { TriageLease } from '../../../src/ports/triage-store.ts';
import { pending, placed, shortly } from '../../contract/started-triage.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';
import { sampleOutcome } from '../../fakes/samples.ts';
import {
  sampleChange,
  sampleDigest,
  sampleIncident,
  samplePast,
  sampleSilence,
  sampleStoredAlert,
} from '../../fakes/triage-samples.ts';
import { type RedisTestOptions, startRedis, type TestRedis } from '../../redis/start-redis.ts';

const CONNECTIONS = 4;
const FINGERPRINTS = ['a', 'b', 'c'] as const;

/** The three stores over one connection. */
function openStores(redis: RedisConnection, logger: RecordingLogger, prefix = 'kubewhy') {
  return {
    alerts: new RedisAlertIntake({ redis, prefix, debounceMs: 0 }),
    triage: new RedisTriageStore({ redis, logger, prefix }),
    desk: new RedisIncidentDesk({ redis, logger, prefix }),
  };
}

async function leaseOf(triage: RedisTriageStore): Promise<TriageLease> {
  const lease = await triage.take('prod', 'me');
  if (lease === undefined) {
    throw new Error('somebody else has the lease');
  }
  return lease;
}

describe('triage in Redis', { timeout: 60_000 }, () => {
  let server: TestRedis;
  let connections: readonly RedisConnection[] = [];
  let redis: RedisConnection;
  let logger: RecordingLogger;
  let prefixes = 0;

  beforeAll(async () => {
    server = await startRedis();
    logger = new RecordingLogger();
    connections = Array.from({ length: CONNECTIONS }, () => new RedisConnection({ url: server.url, logger }));
    await Promise.all(connections.map((connection) => connection.ready()));
    [redis = new RedisConnection({ url: server.url, logger })] = connections;
  });

  afterAll(async () => {
    for (const connection of connections) {
      connection.close();
    }
    await server.stop();
  });

  function nextPrefix(): string {
    prefixes += 1;
    return `t${prefixes}`;
  }

  /** What is told of an alert, and how the same is told when it is one of many copies. */
  interface Told {
    readonly fingerprint: (typeof FINGERPRINTS)[number];
    readonly episode: number;
    readonly status: 'firing' | 'resolved';
  }

  const told = fc.record<Told>({
    fingerprint: fc.constantFrom(...FINGERPRINTS),
    episode: fc.integer({ min: 0, max: 3 }),
    status: fc.constantFrom('firing', 'resolved'),
  });
  /** For each connection its payloads in their order; the same is told often, as there are few different ones. */
  const payloads = fc.array(fc.array(fc.array(told, { maxLength: 6 }), { maxLength: 5 }), {
    minLength: CONNECTIONS,
    maxLength: CONNECTIONS,
  });

  function storedAlert({ fingerprint, episode, status }: Told): StoredAlert {
    const minute = `2026-01-31T11:0${episode}`;
    return sampleStoredAlert(fingerprint, { status, startsAt: `${minute}:00.000Z`, endsAt: `${minute}:30.000Z` });
  }

  /** An episode that fires has the earliest start that was told of it, as far as it is known not to be another one's. */
  function withoutStart({ mapped, ...stored }: StoredAlert): object {
    const { startsAt: _, ...alert } = mapped.alert;
    return { ...stored, mapped: { ...mapped, alert } };
  }

  /** The newest episode of each alert; it is over when anybody said so. */
  function endState(all: readonly Told[]): ReadonlyMap<string, StoredAlert> {
    return new Map(
      [...Map.groupBy(all, ({ fingerprint }) => fingerprint)].map(([fingerprint, some]) => {
        const episode = Math.max(...some.map((one) => one.episode));
        const over = some.some((one) => one.episode === episode && one.status === 'resolved');
        return [
          fingerprint,
          storedAlert({ ...some[0], fingerprint: fingerprint, episode, status: over ? 'resolved' : 'firing' }),
        ];
      }),
    );
  }

  async function tell(lists: readonly (readonly (readonly Told[])[])[], prefix: string): Promise<void> {
    await Promise.all(
      lists.map(async (list, index) => {
        const { alerts } = openStores(connections[index] ?? redis, logger, prefix);
        for (const payload of list) {
          await alerts.accept(payload.map(storedAlert));
        }
      }),
    );
  }

  test('whatever comes in whatever order over several connections, the end is that of the newest episodes', async () => {
    await fc.assert(
      fc.asyncProperty(payloads, async (lists) => {
        const prefix = nextPrefix();
        await tell(lists, prefix);

        const found = await pending(openStores(redis, logger, prefix));

        const firing = [...endState(lists.flat(2)).values()].filter(({ mapped }) => mapped.alert.status === 'firing');
        expect(
          found
            .map(({ alert }) => alert)
            .toSorted(byFingerprint)
            .map(withoutStart),
        ).toEqual(firing.toSorted(byFingerprint).map(withoutStart));
      }),
      { seed: 42, numRuns: 60 },
    );
  });

  test('the same holds for what triage has placed when it works meanwhile and is late', async () => {
    await fc.assert(
      fc.asyncProperty(payloads, async (lists) => {
        const prefix = nextPrefix();
        const { triage } = openStores(redis, logger, prefix);
        const lease = await leaseOf(triage);
        const places = new Map<string, StoredAlert>();
        async function runPass(): Promise<boolean> {
          const alerts = await pending({ triage });
          await triage.work('prod');
          expect(await triage.save(lease, sampleChange({ placed: alerts.map((one) => placed(one, 'i-1')) }))).toBe(
            'saved',
          );
          for (const { alert } of alerts) {
            places.set(alert.mapped.alert.fingerprint, alert);
          }
          return alerts.length > 0;
        }
        const feed = { over: false };
        const passes = (async () => {
          while (!feed.over) {
            await runPass();
          }
        })();
        await tell(lists, prefix);
        feed.over = true;
        await passes;
        while (await runPass()) {
          // Until nothing is left to be placed.
        }

        const end = endState(lists.flat(2));
        const unplaced = [...end].filter(([name]) => !places.has(name)).map(([, alert]) => alert.mapped.alert.status);
        expect(unplaced.filter((status) => status === 'firing')).toEqual([]);
        expect([...places.values()].map(withoutStart)).toEqual(
          [...places.keys()].flatMap((name) => end.get(name) ?? []).map(withoutStart),
        );
      }),
      { seed: 43, numRuns: 60 },
    );
  });

  test('of many holders on several connections one has the lease, and each one has a higher fence', async () => {
    const prefix = nextPrefix();
    const stores = connections.map((connection) => openStores(connection, logger, prefix).triage);
    const fences: number[] = [];

    for (let round = 0; round < 10; round += 1) {
      const taken = await Promise.all(
        stores.flatMap((triage, store) =>
          [1, 2, 3, 4, 5].map(async (index) => {
            const lease = await triage.take('prod', `holder-${store}-${index}`);
            return { lease, triage };
          }),
        ),
      );
      for (const { lease, triage } of taken) {
        if (lease !== undefined) {
          fences.push(lease.fence);
          await triage.release(lease);
        }
      }
    }

    expect(fences).toHaveLength(10);
    expect(fences).toEqual([...new Set(fences)].toSorted((a, b) => a - b));
  });

  test('a lease that is over saves nothing, however late its change comes', async () => {
    const prefix = nextPrefix();
    const { triage } = openStores(redis, logger, prefix);
    const lease = await leaseOf(triage);
    await redis.call('DEL', `${prefix}:{triage}:cluster:prod:lease`, `${prefix}:{triage}:cluster:prod:fence`);
    // A server that starts without its data takes longer than this.
    await pause(5);
    const next = await leaseOf(triage);

    const saved = await triage.save(lease, sampleChange({ incidents: [sampleIncident('i-1')] }));

    expect(saved).toBe('lost');
    expect(next.fence).toBeGreaterThan(lease.fence);
    expect(await triage.open('prod')).toEqual([]);
  });

  test('everything goes away by itself, except what is open and the indexes of it', async () => {
    const prefix = nextPrefix();
    const { alerts, triage, desk } = openStores(redis, logger, prefix);
    const lease = await leaseOf(triage);
    await alerts.accept([sampleStoredAlert('a', { notes: ['one'] }), sampleStoredAlert('b', { status: 'resolved' })]);
    const change = sampleChange({
      incidents: [
        sampleIncident('i-open', { nextLookAt: '2999-01-01T00:00:00Z' }),
        sampleIncident('i-over', { state: 'resolved' }),
      ],
      keys: [
        { key: 'k-open', incident: 'i-open' },
        { key: 'k-over', incident: 'i-over' },
      ],
      loads: [{ channel: 'C1', openedAt: [], digest: sampleDigest('d-1') }],
      ended: [{ signature: 's', past: samplePast('i-over') }],
    });
    await triage.save(lease, change);
    await triage.putAnswer('i-over', 'cause', { outcome: sampleOutcome() });
    await desk.acknowledge('i-over', 'U1');

    const names = ((await redis.call('KEYS', `${prefix}:*`)) as readonly string[]).toSorted();
    const forever: string[] = [];
    for (const name of names) {
      if (Number(await redis.call('PTTL', name)) < 0) {
        forever.push(name.replace(`${prefix}:{triage}:`, ''));
      }
    }

    expect(forever).toEqual([
      'cluster:prod:alerts',
      'cluster:prod:ended',
      'cluster:prod:fence',
      'cluster:prod:keys',
      'cluster:prod:looks',
      'cluster:prod:open',
      'cluster:prod:pending',
      'cluster:prod:revision',
      'cluster:prod:untold',
      'incident:i-open',
      'keys:i-open',
    ]);
  });

  test('the body of an alert is kept only for as long as it is pending', async () => {
    const prefix = nextPrefix();
    const { alerts, triage } = openStores(redis, logger, prefix);
    const lease = await leaseOf(triage);
    await alerts.accept([sampleStoredAlert('a')]);
    const fields = (): Promise<unknown> => redis.call('HEXISTS', `${prefix}:{triage}:alert:prod:a`, 'body');
    const before = await fields();

    await triage.save(lease, sampleChange({ placed: (await pending({ triage })).map((one) => placed(one, 'i-1')) }));

    expect([before, await fields()]).toEqual([1, 0]);
  });

  test('what another version or somebody else stored is not there, and the log says so', async () => {
    const prefix = nextPrefix();
    const lines = new RecordingLogger();
    const { alerts, triage, desk } = openStores(redis, lines, prefix);
    const lease = await leaseOf(triage);
    const incidents = [sampleIncident('i-1'), sampleIncident('i-2')];
    const ended = [{ signature: 's', past: samplePast('i-0') }];
    const loads = [{ channel: 'C1', openedAt: [], digest: sampleDigest('d-1') }];
    await triage.save(lease, sampleChange({ incidents, ended, loads }));
    await desk.saveSilence('i-2', sampleSilence('s-1'));
    await alerts.accept([sampleStoredAlert('a'), sampleStoredAlert('b')]);
    const base = `${prefix}:{triage}:`;
    await redis.call('HSET', `${base}incident:i-1`, 'body', '{"id":"i-1","__proto__":{"state":"open"}}');
    await redis.call('HSET', `${base}incident:i-2`, 'silence:s-1', '[]');
    await redis.call('HSET', `${base}digest:d-1`, 'body', 'no JSON');
    await redis.call('HSET', `${base}alert:prod:a`, 'body', '{}');
    await triage.putAnswer('i-2', 'cause', { outcome: sampleOutcome() });
    const [answer] = (await redis.call('KEYS', `${base}answer:*`)) as readonly string[];
    await redis.call('SET', answer ?? '', 'xx');

    const values = [
      await triage.records(['i-1', 'i-2']),
      await triage.digests(['d-1']),
      await triage.answer('i-2', 'cause'),
      await shortly({ triage }),
      await shortly({ triage }),
    ];

    expect(values).toEqual([
      new Map([['i-2', { incident: incidents[1], people: { silences: [] }, revision: 2 }]]),
      [],
      undefined,
      ['b firing new'],
      ['b firing new'],
    ]);
    expect(lines.lines).toEqual(
      ['incident i-1', 'silence i-2', 'digest d-1', 'answer i-2', 'alert a'].map((what) => ({
        level: 'warn',
        message: 'stored value is not understood',
        fields: { what: what.split(' ')[0], id: what.split(' ')[1] },
      })),
    );
  });

  test('records that cannot be read do not keep out those that can be', async () => {
    const prefix = nextPrefix();
    const { triage } = openStores(redis, new RecordingLogger(), prefix);
    const lease = await leaseOf(triage);
    const nextLookAt = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
    const unreadable = Array.from({ length: 220 }, (_, index) => `i-${index}`);
    const save = (ids: readonly string[], second: number) =>
      triage.save(
        lease,
        sampleChange({
          incidents: ids.map((id) => sampleIncident(id, { nextLookAt: nextLookAt(second) })),
          loads: [{ channel: 'C1', openedAt: [], digest: sampleDigest('d-1') }],
        }),
      );
    await save(unreadable, 1);
    for (const record of [...unreadable.map((id) => `incident:${id}`), 'digest:d-1']) {
      await redis.call('HSET', `${prefix}:{triage}:${record}`, 'body', '{"of":"another version"}');
    }
    await triage.save(lease, sampleChange({ incidents: [sampleIncident('i-new', { nextLookAt: nextLookAt(2) })] }));

    for (let looks = 0; looks < 6; looks += 1) {
      const { due, untold } = await triage.work('prod');
      await triage.records([...due, ...untold.filter((id) => id.startsWith('i-')), 'i-none']);
      await triage.digests(untold.filter((id) => id.startsWith('d-')));
    }
    const left = await triage.work('prod');
    await save(unreadable.slice(0, 1), 3);
    const next = await triage.work('prod');

    expect([left.due, left.untold]).toEqual([['i-new'], ['i-new']]);
    expect([next.due, next.untold.toSorted()]).toEqual([
      ['i-new', 'i-0'],
      ['d-1', 'i-0', 'i-new'],
    ]);
  });

  test('fields of a newer version are dropped', async () => {
    const prefix = nextPrefix();
    const { triage } = openStores(redis, logger, prefix);
    const newer = { ...sampleIncident('i-1'), mood: 'curious' };
    await triage.save(await leaseOf(triage), sampleChange({ incidents: [newer] }));

    expect((await triage.records(['i-1'])).get('i-1')?.incident).toEqual(sampleIncident('i-1'));
  });
});

describe('triage when Redis fails', { timeout: 60_000 }, () => {
  async function withServer(
    options: RedisTestOptions,
    act: (own: TestRedis, redis: RedisConnection) => Promise<void>,
  ): Promise<void> {
    const own = await startRedis(options);
    const redis = new RedisConnection({ url: own.url, logger: new RecordingLogger() });
    try {
      await redis.ready();
      await act(own, redis);
    } finally {
      redis.close();
      await own.stop();
    }
  }

  const FULL = { code: 'STORE_UNAVAILABLE', message: expect.stringContaining('it has reached its memory limit') };
  const failure = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

  test('a full server takes nothing and nothing is half done; what makes room still works', async () => {
    await withServer({ maxmemory: '100mb' }, async (_own, redis) => {
      const { alerts, triage, desk } = openStores(redis, new RecordingLogger());
      const brief = new RedisAlertIntake({ redis, debounceMs: 0, keepEndedMs: 1 });
      const lease = await leaseOf(triage);
      await brief.accept([sampleStoredAlert('gone', { status: 'resolved' })]);
      await pause(20);
      await alerts.accept([sampleStoredAlert('a')]);
      const [one] = await pending({ triage });
      const { incidents, keys } = { incidents: [sampleIncident('i-1')], keys: [{ key: 'k', incident: 'i-1' }] };
      await triage.save(lease, sampleChange({ incidents, keys }));
      const before = await contentOf(redis);
      await redis.call('CONFIG', 'SET', 'maxmemory', '512kb');

      const failures = await Promise.all(
        [
          alerts.accept([sampleStoredAlert('b')]),
          triage.save(lease, sampleChange({ incidents })),
          triage.save(lease, sampleChange({ placed: one === undefined ? [] : [placed(one, 'i-1')] })),
          triage.putAnswer('i-1', 'cause', { outcome: { kind: 'expired' } }),
          triage.take('other', 'me'),
          desk.acknowledge('i-1', 'U1'),
          desk.snooze('i-1', 'U1', 1000),
          desk.saveSilence('i-1', sampleSilence('s-1')),
        ].map(failure),
      );
      const after = await contentOf(redis);
      const { untold } = await triage.work('prod');
      const renewed = await triage.renew(lease);
      await triage.told(lease, 'i-1', 1);
      await redis.call('CONFIG', 'SET', 'maxmemory', '100mb');

      expect(failures).toEqual(failures.map(() => expect.objectContaining(FULL)));
      expect(after).toEqual(before);
      expect([untold, renewed, (await triage.work('prod')).untold]).toEqual([['i-1'], true, []]);
      expect(await alerts.accept([sampleStoredAlert('b')])).toEqual({ changed: 1, repeated: 0 });
      expect(await shortly({ triage })).toEqual(['a firing new', 'b firing new']);
    });
  });

  test('what was taken is there after a crash, what was refused is taken when it is sent again', async () => {
    await withServer({ appendfsync: 'always' }, async (own, redis) => {
      const { alerts, triage, desk } = openStores(redis, new RecordingLogger());
      const lease = await leaseOf(triage);
      const batch = [sampleStoredAlert('a'), sampleStoredAlert('b')];
      await alerts.accept(batch);
      await triage.save(lease, sampleChange({ incidents: [sampleIncident('i-1')] }));
      await desk.acknowledge('i-1', 'U1');
      await own.kill();
      const ends = [sampleStoredAlert('b', { status: 'resolved' }), sampleStoredAlert('c')];

      const refused = await failure(alerts.accept(ends));
      await own.start();
      await expect.poll(() => redis.call('PING').catch(() => 'not yet'), { timeout: 10_000 }).toBe('PONG');
      const kept = await shortly({ triage });
      const again = await alerts.accept([...batch, ...ends]);

      expect(refused).toMatchObject({ code: 'STORE_UNAVAILABLE' });
      expect(kept).toEqual(['a firing new', 'b firing new']);
      expect(again).toEqual({ changed: 2, repeated: 2 });
      expect(await shortly({ triage })).toEqual(['a firing new', 'c firing new']);
      expect(await desk.read('i-1')).toMatchObject({ people: { acknowledged: { user: 'U1' } }, revision: 2 });
    });
  });

  test('a server that hangs and then takes a payload, and is sent it again, has it once', async () => {
    await withServer({}, async (own, redis) => {
      const impatient = new RedisConnection({ url: own.url, logger: new RecordingLogger(), commandTimeoutMs: 300 });
      await impatient.ready();
      const { triage } = openStores(redis, new RecordingLogger());
      const { alerts } = openStores(impatient, new RecordingLogger());
      await alerts.accept([sampleStoredAlert('a')]);
      own.freeze();

      const refused = await failure(alerts.accept([sampleStoredAlert('b')]));
      own.thaw();
      await expect.poll(() => impatient.call('PING').catch(() => 'not yet'), { timeout: 10_000 }).toBe('PONG');
      await alerts.accept([sampleStoredAlert('b')]);
      impatient.close();

      expect(refused).toMatchObject({ code: 'STORE_UNAVAILABLE' });
      expect(await shortly({ triage })).toEqual(['a firing new', 'b firing new']);
    });
  });
});

const READ = {
  string: ['GET'],
  hash: ['HGETALL'],
  set: ['SMEMBERS'],
  list: ['LRANGE', 0, -1],
  zset: ['ZRANGE', 0, -1, 'WITHSCORES'],
} as const;

/** Everything that a server holds; the order of fields changes by itself. */
async function contentOf(redis: RedisConnection): Promise<ReadonlyMap<string, readonly string[]>> {
  const content = new Map<string, readonly string[]>();
  for (const name of (await redis.call('KEYS', '*')) as readonly string[]) {
    const [command, ...range] = READ[(await redis.call('TYPE', name)) as keyof typeof READ];
    const values = await redis.call(command, name, ...range);
    content.set(name, [values].flat().map(String).toSorted());
  }
  return content;
}

function byFingerprint(a: StoredAlert, b: StoredAlert): number {
  return a.mapped.alert.fingerprint < b.mapped.alert.fingerprint ? -1 : 1;
}
