import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunningBot } from '../../src/app/bot/start-bot.ts';
import type { Fault } from '../../src/sim/slack/faults.ts';
import {
  CAUSE,
  openAlertWorld,
  parentSaying,
  parents,
  payloadOf,
  post,
  replies,
  roles,
  seen,
  whole,
} from './alerts-talk.ts';
import { untilSent } from './bot-talk.ts';
import type { BotWorld } from './bot-world.ts';

const TEST_MS = 120_000;
const FIRING = { alertname: 'KubeDeploymentReplicasMismatch', namespace: 'shop', deployment: 'blog-api' };
const POD = { alertname: 'KubePodCrashLooping', namespace: 'shop', pod: 'blog-api-599bdd9787-9cpn7' };

let world: BotWorld;

afterEach(async () => {
  world.slack.faults.clear();
  world.slack.faults.release();
  const problems = world.slack.problems();
  await world.close();
  expect(problems).toEqual([]);
});

/** Posts a payload that must be taken. */
async function take(bot: RunningBot, ...payload: Parameters<typeof payloadOf>): Promise<void> {
  const response = await post(bot, payloadOf(...payload));
  expect(response.status).toBe(200);
}

describe('Slack that is down while alerts come and change', () => {
  it.each<[string, Fault]>([
    ['is not available', { kind: 'error', error: 'service_unavailable' }],
    ['breaks every connection', { kind: 'reset-before-accept' }],
    ['takes messages and never says so', { kind: 'drop-after-accept' }],
  ])(
    'because it %s, shows one thread afterwards, complete and in its newest state',
    async (_name, fault) => {
      world = await openAlertWorld();
      const bot = await world.start();
      world.slack.faults.add({ method: '*', fault, times: Number.POSITIVE_INFINITY });

      await take(bot, [FIRING]);
      await seen(world, () => world.slack.calls('chat.postMessage').length > 0);
      await take(bot, [POD]);
      await take(bot, [FIRING], { status: 'resolved' });
      await pause(4000);
      world.slack.faults.clear();
      const parent = await parentSaying(world, '1 of 2 firing');
      await whole(world, parent);
      await untilSent(world);

      expect(parents(world)).toHaveLength(1);
      expect(parent.text).toContain(CAUSE);
      const keys = roles(replies(world, parent));
      expect(new Set(keys).size).toBe(keys.length);
    },
    TEST_MS,
  );

  it(
    'until everything is over shows one thread that is over',
    async () => {
      world = await openAlertWorld();
      const bot = await world.start();
      world.slack.faults.add({
        method: '*',
        fault: { kind: 'error', error: 'service_unavailable' },
        times: Number.POSITIVE_INFINITY,
      });

      await take(bot, [FIRING]);
      await seen(world, () => world.slack.calls('chat.postMessage').length > 1);
      await take(bot, [FIRING], { status: 'resolved' });
      await pause(3000);
      world.slack.faults.clear();
      const parent = await parentSaying(world, 'Resolved:');
      const told = await whole(world, parent);
      await untilSent(world);

      expect(parents(world)).toHaveLength(1);
      expect(parent.text).toContain(CAUSE);
      expect(told.length).toBeGreaterThan(0);
      expect(replies(world, parent).filter(({ text }) => text.includes('The alert is resolved'))).toHaveLength(1);
    },
    TEST_MS,
  );
});
