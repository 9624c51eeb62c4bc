import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, it } from 'vitest';
import type { Delivery } from '../../src/sim/slack/delivery/delivery-types.ts';
import {
  acceptedId,
  askAndWait,
  command,
  isAnswered,
  messagesOf,
  placeOf,
  QUESTION,
  REFUSED,
  toldAlone,
} from './bot-talk.ts';
import { type BotWorld, type BotWorldOptions, openBotWorld } from './bot-world.ts';
import { fill, keepFull } from './full-redis.ts';

const TEST_MS = 60_000;
/** As long as Slack waits. */
const ACK_MS = 3000;

let world: BotWorld;

afterEach(async () => {
  const problems = world.slack.problems();
  await world.close();
  expect(problems).toEqual([]);
});

async function open(options: BotWorldOptions = {}): Promise<void> {
  world = await openBotWorld(options);
}

/** Asks until it is accepted again. */
async function untilAccepted(milliseconds = 20_000): Promise<string> {
  const end = Date.now() + milliseconds;
  for (;;) {
    const id = acceptedId(await command(world));
    if (id !== undefined) {
      return id;
    }
    if (Date.now() > end) {
      throw new Error('no question was accepted any more');
    }
    await pause(100);
  }
}

describe('Redis that is killed', () => {
  it.each([2, 5])(
    'for %i s refuses every question at once, and takes them again when it is back',
    async (seconds) => {
      await open();
      await world.start();
      await askAndWait(world);

      await world.redis.kill();
      const end = Date.now() + seconds * 1000;
      const refused: Delivery[] = [];
      while (Date.now() < end) {
        refused.push(await command(world));
        await pause(200);
      }
      await world.redis.start();
      const id = await untilAccepted();
      await world.slack.waitFor(() => isAnswered(world, id), 15_000);

      expect(refused.length).toBeGreaterThan(3);
      expect(refused.filter(({ body }) => !body.includes(REFUSED) || !body.includes('nothing was started'))).toEqual(
        [],
      );
      expect(refused.filter(({ milliseconds }) => milliseconds >= ACK_MS)).toEqual([]);
      expect(world.slack.sent()).toHaveLength(2);
    },
    TEST_MS,
  );

  it(
    'while a question runs still has its answer, once',
    async () => {
      await open();
      await world.start();
      world.cluster.faults.add({ path: '*/deployments/*', times: 1, effect: { kind: 'delay', ms: 1000 } });
      const id = await untilAccepted();

      await pause(300);
      await world.redis.kill();
      await pause(1500);
      await world.redis.start();
      await world.slack.waitFor(() => isAnswered(world, id), 40_000);

      expect(messagesOf(world, id)).toHaveLength(1);
    },
    TEST_MS,
  );

  it.each(['kill', 'freeze'] as const)(
    'or hangs (%s) while a diagnoser is idle does not keep it from its next question',
    async (fault) => {
      await open();
      await world.start({ role: 'gateway' });
      await world.start({ role: 'diagnoser' });
      await askAndWait(world);

      await (fault === 'kill' ? world.redis.kill() : world.redis.freeze());
      await pause(4000);
      await (fault === 'kill' ? world.redis.start() : world.redis.thaw());
      const id = await untilAccepted();
      await world.slack.waitFor(() => isAnswered(world, id), 10_000);

      expect(messagesOf(world, id)).toHaveLength(1);
    },
    TEST_MS,
  );
});

describe('Redis that hangs', () => {
  it(
    'is told to everybody who asks, and is over when it answers again',
    async () => {
      await open();
      await world.start();
      await askAndWait(world);

      world.redis.freeze();
      const asked = await Promise.all(
        ['C0OPS0001', 'C0SHOPAL1'].map((channel) => world.slack.drivers.command({ text: QUESTION, channel })),
      );
      await world.slack.waitFor(() => toldAlone(world).filter((text) => text.includes(REFUSED)).length === 2, 10_000);
      world.redis.thaw();
      const id = await untilAccepted();
      await world.slack.waitFor(() => isAnswered(world, id), 15_000);

      expect(asked.map(({ outcome }) => outcome)).toEqual(['answered', 'answered']);
      expect(asked.filter(({ milliseconds }) => milliseconds >= ACK_MS)).toEqual([]);
      expect(world.slack.sent()).toHaveLength(2);
    },
    TEST_MS,
  );
});

describe('Redis that is full', () => {
  it(
    'refuses questions, and takes them when there is room again',
    async () => {
      await open({ redis: { maxmemory: '6mb' } });
      await world.start();
      const answer = await askAndWait(world);
      const client = new Redis(world.redis.url);
      const full = keepFull(client);
      await full.reached;

      const refused = await command(world);
      const elsewhere = await command(world, { channel: world.slack.channels.shopAlerts.id });
      const told = toldAlone(world).length;
      await world.slack.drivers.action({ place: placeOf(answer), actionId: 'case.recheck' });
      const clicked = await world.slack.waitFor(() => toldAlone(world)[told], 10_000);
      await client.del(...(await full.stop()));
      const id = await untilAccepted();
      await world.slack.waitFor(() => isAnswered(world, id), 15_000);
      await client.quit();

      for (const { body, milliseconds } of [refused, elsewhere]) {
        expect(body).toContain(REFUSED);
        expect(milliseconds).toBeLessThan(ACK_MS);
      }
      expect(clicked).toContain('nothing was started and nothing was changed');
      expect(world.slack.sent()).toHaveLength(2);
    },
    TEST_MS,
  );

  it(
    'while a question runs answers it when there is room again',
    async () => {
      await open({ redis: { maxmemory: '6mb' } });
      await world.start();
      const client = new Redis(world.redis.url);
      world.cluster.faults.add({ path: '*/deployments/*', times: 1, effect: { kind: 'delay', ms: 1500 } });
      const id = await untilAccepted();

      const junk: string[] = [];
      for (const end = Date.now() + 3000; Date.now() < end; ) {
        junk.push(...(await fill(client, `junk-${junk.length}-`)));
      }
      const before = isAnswered(world, id);
      await client.del(...junk);
      await world.slack.waitFor(() => isAnswered(world, id), 40_000);
      await client.quit();

      expect(before).toBe(false);
      expect(messagesOf(world, id)).toHaveLength(1);
    },
    TEST_MS,
  );
});
