import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import type { Delivery } from '../../src/sim/slack/delivery/delivery-types.ts';
import { acceptedIds, isAnswered, messagesOf, QUESTION, REFUSED, toldAlone, untilSent } from './bot-talk.ts';
import { type BotWorld, openBotWorld } from './bot-world.ts';

const TEST_MS = 60_000;
const ACK_MS = 3000;
/** Longer than the bot waits before it queues again what seems to be lost. */
const LOST_MS = 13_000;

const worlds: BotWorld[] = [];

afterAll(async () => {
  const problems = worlds.flatMap(({ slack }) => slack.problems());
  await Promise.all(worlds.map((world) => world.close()));
  expect(problems).toEqual([]);
});

describe.concurrent('Redis under load', () => {
  it.each(['kill', 'freeze'] as const)(
    'that is gone for a while (%s) loses no accepted question, doubles none and answers none that was refused',
    async (fault) => {
      const channels = Array.from({ length: 8 }, (_, index) => `C0LOAD000${index}`);
      const members = ['U0ALICE01', 'U0KUBEWHY'];
      const made = channels.map((id) => ({
        id,
        name: id.toLowerCase(),
        kind: 'public' as const,
        members,
        isArchived: false,
        isExtShared: false,
      }));
      const world = await openBotWorld({
        slack: { rateLimits: 'off', world: { channels: made } },
        settings: { reading: [{ channels, namespaces: ['*'] }] },
      });
      worlds.push(world);
      await world.start();
      const asked: Promise<Delivery>[] = [];
      const load = setInterval(
        () =>
          asked.push(
            world.slack.drivers.command({ text: QUESTION, channel: channels[asked.length % channels.length] ?? '' }),
          ),
        120,
      );

      await pause(1200);
      await (fault === 'kill' ? world.redis.kill() : world.redis.freeze());
      await pause(2500);
      await (fault === 'kill' ? world.redis.start() : world.redis.thaw());
      await pause(2500);
      clearInterval(load);
      const answers = await Promise.all(asked);
      const told = await world.slack.waitFor(() => {
        const words = toldAlone(world);
        return words.length >= answers.length ? words : undefined;
      }, 10_000);
      const accepted = acceptedIds(world);
      await world.slack.waitFor(() => accepted.every((id) => isAnswered(world, id)), 40_000);
      // What is open without a job is queued again by then.
      await pause(LOST_MS);
      await untilSent(world);

      const refused = told.filter((text) => text.includes(REFUSED));
      expect(accepted.length).toBeGreaterThan(10);
      expect(refused.length).toBeGreaterThan(0);
      expect(told).toHaveLength(accepted.length + refused.length);
      expect(answers.filter(({ milliseconds }) => milliseconds >= ACK_MS)).toEqual([]);
      expect(accepted.map((id) => messagesOf(world, id).length)).toEqual(accepted.map(() => 1));
      expect(world.slack.sent()).toHaveLength(accepted.length);
    },
    TEST_MS,
  );
});
