import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { RedisConnection } from '../../src/adapters/redis/redis-connection.ts';
import { RedisOutbox } from '../../src/adapters/redis/redis-outbox.ts';
import { systemClock } from '../../src/adapters/system/system-clock.ts';
import type { CardDelivery } from '../../src/core/chat/delivery.ts';
import type { Chat } from '../../src/ports/chat.ts';
import type { OutboxRows } from '../../src/ports/outbox.ts';
import { createDeliverer, type Deliverer } from '../../src/usecases/deliver.ts';
import { FakeChat } from '../fakes/fake-chat.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { sampleCard } from '../fakes/samples.ts';
import { startRedis, type TestRedis } from '../redis/start-redis.ts';

const metrics = { count: () => undefined, observe: () => undefined };
const LEASE_MS = 150;

let server: TestRedis;
let redis: RedisConnection;
let prefixes = 0;

beforeAll(async () => {
  server = await startRedis({ appendfsync: 'always' });
  redis = new RedisConnection({ url: server.url, logger: new RecordingLogger(), commandTimeoutMs: 1000 });
  await redis.ready();
});

afterAll(async () => {
  redis.close();
  await server.stop();
});

function openOutbox(leaseMs = LEASE_MS): RedisOutbox {
  prefixes += 1;
  const times = { leaseMs, postGapMs: 0, editGapMs: 0, budgets: { 'chat.update': 0 } };
  return new RedisOutbox({ redis, logger: new RecordingLogger(), prefix: `d${prefixes}`, ...times });
}

function start(rows: OutboxRows, chat: Chat): Deliverer {
  const deps = { rows, chat, clock: systemClock(), logger: new RecordingLogger(), metrics };
  const deliverer = createDeliverer(deps, { pollMs: 20, renewMs: 40 });
  deliverer.start();
  return deliverer;
}

async function untilEmpty(outbox: RedisOutbox): Promise<void> {
  await vi.waitUntil(async () => (await outbox.backlog().catch(() => undefined))?.waiting === 0, { timeout: 20_000 });
}

/** Every key once, each with the newest version. */
function shown(chat: FakeChat): readonly string[] {
  return chat.messages.map(({ key, version }) => `${key} v${version}`).toSorted();
}

describe('a sender that dies', { timeout: 30_000 }, () => {
  /** Every call of a sender to the outside, each a place to die before and after its effect. */
  function mortal(dieAt: number, parts: { readonly rows: OutboxRows; readonly chat: Chat }) {
    let step = 0;
    const never = new Promise<never>(() => undefined);
    const isDead = (): boolean => step >= dieAt;
    async function live<T>(act: () => Promise<T>): Promise<T> {
      step += 1;
      if (isDead()) {
        return never;
      }
      const result = await act();
      step += 1;
      return isDead() ? never : result;
    }
    const { rows, chat } = parts;
    const idle = { kind: 'none', nextInMs: 5 } as const;
    const mortalRows: OutboxRows = {
      // An empty outbox is no step, or the number of steps would depend on time.
      claim: async () => {
        if (isDead()) {
          return never;
        }
        const result = await rows.claim();
        return result.kind === 'none' ? idle : live(async () => result);
      },
      renew: (claim) => (isDead() ? never : rows.renew(claim)),
      settle: (claim, settlement) => live(() => rows.settle(claim, settlement)),
      pauseMethod: (method, forMs) => rows.pauseMethod(method, forMs),
      onPut: (listener) => rows.onPut(listener),
      backlog: () => rows.backlog(),
    };
    const mortalChat: Chat = {
      send: (delivery, posted) => live(() => chat.send(delivery, posted)),
      find: (delivery) => live(() => chat.find(delivery)),
    };
    return { rows: mortalRows, chat: mortalChat, isDead };
  }

  const MOST_STEPS = 20;

  test.concurrent.each(Array.from({ length: MOST_STEPS }, (_, index) => index + 1))(
    'at step %i loses and doubles nothing',
    async (dieAt) => {
      const outbox = openOutbox();
      const chat = new FakeChat();
      // The second send is accepted, but its reply is lost, so that searching is one of the steps.
      await outbox.put(sampleCard('a'));
      chat.nextSends.push({ kind: 'uncertain', code: 'reset' });
      const doomed = mortal(dieAt, { rows: outbox, chat });
      const first = start(doomed.rows, doomed.chat);
      await vi.waitUntil(async () => doomed.isDead() || (await outbox.backlog()).waiting === 0, { timeout: 5000 });
      await outbox.put(sampleCard('a', { version: 2 }));
      await vi.waitUntil(async () => doomed.isDead() || (await outbox.backlog()).waiting === 0, { timeout: 5000 });

      const second = start(outbox, chat);
      await untilEmpty(outbox);

      expect(shown(chat)).toEqual(['a v2']);
      await second.stop();
      // The dead one waits for nothing that could end; it is left behind.
      void first;
    },
  );
});

describe('many rows', { timeout: 30_000 }, () => {
  test('two senders send 500 rows of 20 channels once each', async () => {
    const outbox = openOutbox(20_000);
    const chat = new FakeChat();
    const cards = Array.from({ length: 500 }, (_, index) => sampleCard(`k${index}`, { channel: `C${index % 20}` }));
    const senders = [start(outbox, chat), start(outbox, chat)];

    await Promise.all(cards.map((card) => outbox.put(card)));
    await untilEmpty(outbox);

    expect(chat.calls).toHaveLength(500);
    expect(shown(chat)).toEqual(cards.map(({ key }) => `${key} v1`).toSorted());
    await Promise.all(senders.map((sender) => sender.stop()));
  });

  test('versions in any order end with the newest', async () => {
    const outbox = openOutbox(20_000);
    const chat = new FakeChat();
    const versions = [3, 1, 7, 2, 9, 4, 8, 5, 6];
    const cards: CardDelivery[] = versions.flatMap((version) =>
      ['a', 'b', 'c'].map((key) => sampleCard(key, { version })),
    );
    const senders = [start(outbox, chat), start(outbox, chat)];

    for (const card of cards) {
      await outbox.put(card);
    }
    await untilEmpty(outbox);

    expect(shown(chat)).toEqual(['a v9', 'b v9', 'c v9']);
    await Promise.all(senders.map((sender) => sender.stop()));
  });

  test('Redis killed and started again under load loses and doubles nothing', async () => {
    const outbox = openOutbox(1000);
    const chat = new FakeChat();
    const senders = [start(outbox, chat), start(outbox, chat)];
    const cards = Array.from({ length: 300 }, (_, index) => sampleCard(`k${index}`, { channel: `C${index % 5}` }));

    const putting = cards.map(async (card, index) => {
      await pause(index * 4);
      // As a caller does that was told STORE_UNAVAILABLE: the row may be there all the same.
      await vi.waitUntil(async () => outbox.put(card).catch(() => undefined), { timeout: 15_000, interval: 100 });
    });
    await vi.waitUntil(() => chat.messages.length > 40, { timeout: 10_000 });
    await server.kill();
    await server.start();
    await Promise.all(putting);
    await untilEmpty(outbox);

    expect(shown(chat)).toEqual(cards.map(({ key }) => `${key} v1`).toSorted());
    await Promise.all(senders.map((sender) => sender.stop()));
  });

  test('a sender hears of a new row although it would look only much later', async () => {
    const outbox = openOutbox(20_000);
    const chat = new FakeChat();
    const deps = { rows: outbox, chat, clock: systemClock(), logger: new RecordingLogger(), metrics };
    const deliverer = createDeliverer(deps, { pollMs: 3_600_000 });
    deliverer.start();

    // The first rows may come before it listens.
    let put = 0;
    while (chat.messages.length < 2) {
      await outbox.put(sampleCard(`k${put}`));
      put += 1;
      await pause(50);
    }

    expect(shown(chat).slice(0, 2)).toEqual(['k0 v1', 'k1 v1']);
    await deliverer.stop();
  });
});
