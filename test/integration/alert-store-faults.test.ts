import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunningBot } from '../../src/app/bot/start-bot.ts';
import type { MessageRecord } from '../../src/sim/slack/store/records.ts';
import { keyOf, openAlertWorld, parents, payloadOf, post, replies, SOON_MS, seen } from './alerts-talk.ts';
import { untilSent } from './bot-talk.ts';
import type { BotWorld } from './bot-world.ts';
import { keepFull } from './full-redis.ts';

const TEST_MS = 120_000;
const FIRING = { alertname: 'KubeDeploymentReplicasMismatch', namespace: 'shop', deployment: 'blog-api' };
const CAUSE = 'blog-api-appsettings';

let world: BotWorld;

afterEach(async () => {
  const problems = world.slack.problems();
  await world.close();
  expect(problems).toEqual([]);
});

/** Sends a payload again until it is taken, as Alertmanager does; answers what was said each time. */
async function untilTaken(bot: RunningBot, payload: object): Promise<readonly number[]> {
  const end = Date.now() + SOON_MS;
  const said: number[] = [];
  while (said.at(-1) !== 200) {
    if (Date.now() > end) {
      throw new Error(`the payload was never taken: ${said.join(', ')}`);
    }
    await pause(said.length === 0 ? 0 : 300);
    said.push((await post(bot, payload)).status);
  }
  return said;
}

async function thread(): Promise<readonly MessageRecord[]> {
  const parent = await seen(world, () => parents(world).find(({ text }) => text.includes(CAUSE)));
  await seen(world, () => replies(world, parent).some(({ text }) => text.includes(CAUSE)));
  await untilSent(world);
  return [...parents(world), ...replies(world, parent)];
}

function expectOnce(messages: readonly MessageRecord[]): void {
  const keys = messages.map(keyOf);
  expect(new Set(keys).size, keys.join(', ')).toBe(keys.length);
}

describe('alerts while Redis', () => {
  it.each(['kill', 'freeze'] as const)(
    'is gone (%s) are answered with 503, and with a thread when they are sent again',
    async (fault) => {
      world = await openAlertWorld();
      const bot = await world.start();

      await (fault === 'kill' ? world.redis.kill() : world.redis.freeze());
      const refused = await post(bot, payloadOf([FIRING]));
      const says = await refused.text();
      await (fault === 'kill' ? world.redis.start() : world.redis.thaw());
      const said = await untilTaken(bot, payloadOf([FIRING]));
      const told = await thread();

      expect(refused.status).toBe(503);
      expect(refused.headers.get('retry-after')).not.toBeNull();
      expect(says).toContain('could not be stored');
      expect(said.slice(0, -1).every((status) => status === 503)).toBe(true);
      expect(parents(world)).toHaveLength(1);
      expectOnce(told);
    },
    TEST_MS,
  );

  it(
    'is full are answered with 503, and with a thread when they are sent again',
    async () => {
      world = await openAlertWorld({ redis: { maxmemory: '6mb' } });
      const bot = await world.start();
      const client = new Redis(world.redis.url);
      const full = keepFull(client);
      await full.reached;

      const refused = await post(bot, payloadOf([FIRING]));
      await client.del(...(await full.stop()));
      await client.quit();
      const said = await untilTaken(bot, payloadOf([FIRING]));
      const told = await thread();

      expect(refused.status).toBe(503);
      expect(said.slice(0, -1).every((status) => status === 503)).toBe(true);
      expect(parents(world)).toHaveLength(1);
      expectOnce(told);
    },
    TEST_MS,
  );

  it(
    'becomes full after they were taken have their thread when there is room again',
    async () => {
      world = await openAlertWorld({ redis: { maxmemory: '6mb' } });
      const bot = await world.start();
      const client = new Redis(world.redis.url);
      world.cluster.faults.add({ path: '*/deployments/*', times: 1, effect: { kind: 'delay', ms: 1500 } });

      const taken = await post(bot, payloadOf([FIRING]));
      const full = keepFull(client);
      await full.reached;
      await pause(5000);
      const before = parents(world).length;
      await client.del(...(await full.stop()));
      await client.quit();
      const told = await thread();

      expect(taken.status).toBe(200);
      expect(before).toBe(0);
      expect(parents(world)).toHaveLength(1);
      expectOnce(told);
    },
    TEST_MS,
  );

  it.each([300, 2200])(
    'is killed %i ms after they were taken have one thread when it is back',
    async (milliseconds) => {
      world = await openAlertWorld();
      const bot = await world.start();
      world.cluster.faults.add({ path: '*/deployments/*', times: 2, effect: { kind: 'delay', ms: 500 } });

      const taken = await post(bot, payloadOf([FIRING]));
      await pause(milliseconds);
      await world.redis.kill();
      await pause(2000);
      await world.redis.start();
      const told = await thread();

      expect(taken.status).toBe(200);
      expect(parents(world)).toHaveLength(1);
      expectOnce(told);
    },
    TEST_MS,
  );
});
