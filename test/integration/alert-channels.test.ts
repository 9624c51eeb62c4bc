import { afterEach, describe, expect, it } from 'vitest';
import type { RunningBot } from '../../src/app/bot/start-bot.ts';
import {
  CAUSE,
  deletePosted,
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
  const problems = world.slack.problems();
  await world.close();
  expect(problems).toEqual([]);
});

/** Posts a payload that must be taken. */
async function take(bot: RunningBot, ...payload: Parameters<typeof payloadOf>): Promise<void> {
  const response = await post(bot, payloadOf(...payload));
  expect(response.status).toBe(200);
}

describe('a parent message that a person deletes', () => {
  it(
    'is recreated once, with what was in its thread',
    async () => {
      world = await openAlertWorld();
      const bot = await world.start();
      await take(bot, [FIRING]);
      const first = await parentSaying(world, CAUSE);
      const before = await whole(world, first);
      await untilSent(world);

      await deletePosted(world, first);
      await take(bot, [POD]);
      const second = await parentSaying(world, '2 firing');
      const after = await whole(world, second);
      await take(bot, [FIRING, POD], { status: 'resolved' });
      await parentSaying(world, 'Resolved:');
      await seen(world, () => replies(world, second).find(({ text }) => text.includes('All 2 alerts are resolved')));
      await untilSent(world);

      expect(second.ts).not.toBe(first.ts);
      expect(parents(world)).toHaveLength(1);
      expect(roles(after)).toEqual(expect.arrayContaining(roles(before).filter((key) => !key.startsWith('q-'))));
      const keys = roles(replies(world, second));
      expect(new Set(keys).size).toBe(keys.length);
    },
    TEST_MS,
  );

  it(
    'together with its thread while the incident ends is recreated over',
    async () => {
      world = await openAlertWorld();
      const bot = await world.start();
      await take(bot, [FIRING]);
      const first = await parentSaying(world, CAUSE);
      await whole(world, first);
      await untilSent(world);

      for (const reply of replies(world, first)) {
        await deletePosted(world, reply);
      }
      await deletePosted(world, first);
      await take(bot, [FIRING], { status: 'resolved' });
      const second = await parentSaying(world, 'Resolved:');
      const told = await whole(world, second);
      await untilSent(world);

      expect(parents(world)).toHaveLength(1);
      expect(told.length).toBeGreaterThan(0);
      expect(replies(world, second).filter(({ text }) => text.includes('The alert is resolved'))).toHaveLength(1);
    },
    TEST_MS,
  );
});

describe('an archived channel', () => {
  it(
    'sends its incidents to the fallback channel, with all replies there',
    async () => {
      world = await openAlertWorld({}, { fallbackChannel: 'C0OPS0001' });
      world.slack.allow({ mentions: [world.slack.channels.shopAlerts.id] });
      const { shopAlerts, ops } = world.slack.channels;
      world.slack.world.putChannel({ ...shopAlerts, isArchived: true });
      const bot = await world.start();

      await take(bot, [FIRING]);
      const parent = await parentSaying(world, CAUSE, ops.id);
      await whole(world, parent);
      await take(bot, [FIRING], { status: 'resolved' });
      await parentSaying(world, 'Resolved:', ops.id);
      await seen(world, () => replies(world, parent).find(({ text }) => text.includes('The alert is resolved')));
      await untilSent(world);

      expect(parents(world, ops.id)).toHaveLength(1);
      expect(world.slack.messages(shopAlerts.id)).toEqual([]);
      expect(JSON.stringify(parent.blocks)).toContain(shopAlerts.id);
    },
    TEST_MS,
  );

  it(
    'that is archived while an incident is open there lets it go on in the fallback channel, once',
    async () => {
      world = await openAlertWorld({}, { fallbackChannel: 'C0OPS0001' });
      world.slack.allow({ mentions: [world.slack.channels.shopAlerts.id] });
      const { shopAlerts, ops } = world.slack.channels;
      const bot = await world.start();
      await take(bot, [FIRING]);
      await whole(world, await parentSaying(world, CAUSE));
      await untilSent(world);

      world.slack.world.putChannel({ ...shopAlerts, isArchived: true });
      await take(bot, [POD]);
      const moved = await parentSaying(world, '2 firing', ops.id);
      await whole(world, moved);
      await take(bot, [FIRING, POD], { status: 'resolved' });
      await parentSaying(world, 'Resolved:', ops.id);
      await untilSent(world);

      expect(parents(world, ops.id)).toHaveLength(1);
      expect(parents(world)).toHaveLength(1);
    },
    TEST_MS,
  );
});
