import { afterEach, describe, expect, it } from 'vitest';
import type { RunningBot } from '../../src/app/bot/start-bot.ts';
import type { MessageRecord } from '../../src/sim/slack/store/records.ts';
import { deletePosted, keyOf, openAlertWorld, parents, payloadOf, post, replies, seen } from './alerts-talk.ts';
import { untilSent } from './bot-talk.ts';
import type { BotWorld } from './bot-world.ts';

const TEST_MS = 120_000;
const FIRING = { alertname: 'KubeDeploymentReplicasMismatch', namespace: 'shop', deployment: 'blog-api' };
const POD = { alertname: 'KubePodCrashLooping', namespace: 'shop', pod: 'blog-api-599bdd9787-9cpn7' };
const CAUSE = 'blog-api-appsettings';

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

function parentSaying(word: string, channel?: string): Promise<MessageRecord> {
  return seen(world, () => parents(world, channel).find(({ text }) => text.includes(word)));
}

function whole(parent: MessageRecord): Promise<readonly MessageRecord[]> {
  return seen(world, () => {
    const found = replies(world, parent);
    return found.some(({ text }) => text.includes(CAUSE)) ? found : undefined;
  });
}

/** The keys of what stands there, without the place that is part of some. */
function roles(messages: readonly MessageRecord[]): readonly string[] {
  return messages.map((message) => keyOf(message).replace(/-\d+\.\d+$/, '')).toSorted();
}

describe('a parent message that a person deletes', () => {
  it(
    'is recreated once, with what was in its thread',
    async () => {
      world = await openAlertWorld();
      const bot = await world.start();
      await take(bot, [FIRING]);
      const first = await parentSaying(CAUSE);
      const before = await whole(first);
      await untilSent(world);

      await deletePosted(world, first);
      await take(bot, [POD]);
      const second = await parentSaying('2 firing');
      const after = await whole(second);
      await take(bot, [FIRING, POD], { status: 'resolved' });
      await parentSaying('Resolved:');
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
      const first = await parentSaying(CAUSE);
      await whole(first);
      await untilSent(world);

      for (const reply of replies(world, first)) {
        await deletePosted(world, reply);
      }
      await deletePosted(world, first);
      await take(bot, [FIRING], { status: 'resolved' });
      const second = await parentSaying('Resolved:');
      const told = await whole(second);
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
      const parent = await parentSaying(CAUSE, ops.id);
      await whole(parent);
      await take(bot, [FIRING], { status: 'resolved' });
      await parentSaying('Resolved:', ops.id);
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
      await whole(await parentSaying(CAUSE));
      await untilSent(world);

      world.slack.world.putChannel({ ...shopAlerts, isArchived: true });
      await take(bot, [POD]);
      const moved = await parentSaying('2 firing', ops.id);
      await whole(moved);
      await take(bot, [FIRING, POD], { status: 'resolved' });
      await parentSaying('Resolved:', ops.id);
      await untilSent(world);

      expect(parents(world, ops.id)).toHaveLength(1);
      expect(parents(world)).toHaveLength(1);
    },
    TEST_MS,
  );
});
