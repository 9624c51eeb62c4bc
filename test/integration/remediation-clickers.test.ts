import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CHANNELS, USERS } from '../../src/sim/slack/world/default-world.ts';
import type { SlackUser } from '../../src/sim/slack/world/world-types.ts';
import { emptyCluster, illObjects, illPod, replacement } from '../chaos/ill-pods.ts';
import type { BotWorld } from './bot-world.ts';
import { eventsOf, inRedis, openWindow, proposeIn, SOON_MS, writesIn } from './remediation-talk.ts';
import { APPROVERS, openRemediationWorld } from './remediation-world.ts';

const MOST = 8;
const CLICKERS = Array.from(
  { length: MOST },
  (_, index): SlackUser => ({ ...USERS.bob, id: `U0CLICK0${index}`, name: `clicker-${index}` }),
);
/** How many click, how many of them must approve, and whether every other one denies. */
const RACES = [
  [2, 1, 'approve'],
  [3, 2, 'approve'],
  [4, 1, 'differ'],
  [5, 2, 'approve'],
  [6, 1, 'differ'],
  [7, 2, 'approve'],
  [8, 1, 'approve'],
] as const;

const DECIDING = ['vote', 'approved', 'denied', 'executing', 'intent', 'succeeded'];

let world: BotWorld;

beforeAll(async () => {
  const rule = { approvers: CLICKERS.map(({ id }) => id), actions: ['*'], tiers: ['T1'] };
  world = await openRemediationWorld({
    slack: {
      rateLimits: 'off',
      world: {
        users: CLICKERS,
        channels: [{ ...CHANNELS.ops, members: [...CHANNELS.ops.members, ...rule.approvers] }],
      },
      allowed: { mentions: [USERS.alice.id, ...rule.approvers] },
    },
    recordings: [emptyCluster()],
    controllers: 'still',
    remediation: {
      rules: [
        { ...rule, name: 'two', namespaces: ['two-*'], quorum: { T1: 2 } },
        { ...rule, name: 'one', namespaces: ['one-*'] },
      ],
      identities: CLICKERS.map(({ id, name }) => ({ slack: id, user: name, groups: [APPROVERS] })),
    },
  });
  const { cluster } = world;
  RACES.map(([clickers, required]) => illPod(namespaceOf(clickers, required)))
    .flatMap((pod) => illObjects(pod, 'none'))
    .forEach((object) => cluster.put(object));
  cluster.onWrite(({ resource, namespace, name }) => {
    if (resource === 'pods') {
      cluster.put(replacement(namespace, name, `new-${namespace}`));
    }
  });
  // Two gateways and two executors hear of everything at once.
  await world.start();
  await world.start();
});

// Nobody presses as often as this: the bot is given more than a minute of Slack has.
afterEach(async () => {
  await inRedis(world, (redis) => redis.del('kubewhy:{outbox}:used:chat.update'));
});

afterAll(async () => {
  const problems = world.slack.problems();
  await world.close();
  expect(problems).toEqual([]);
});

function namespaceOf(clickers: number, required: number): string {
  return `${required === 1 ? 'one' : 'two'}-${clickers}`;
}

describe('clickers at the same moment', () => {
  it.each(RACES)('%i of whom %i must approve, and all %s, make one transition', async (clickers, required, how) => {
    const namespace = namespaceOf(clickers, required);
    const change = await proposeIn(world, namespace, { query: `why pod/web-0 -n ${namespace}` });
    const windows = await Promise.all(
      CLICKERS.slice(0, clickers).map(({ id }, index) =>
        openWindow(world, change, { user: id, action: how === 'differ' && index % 2 === 1 ? 'deny' : 'approve' }),
      ),
    );

    await Promise.all(windows.map((viewId) => world.slack.drivers.submit({ viewId, values: {} })));
    await expect
      .poll(() => eventsOf(world, change), { timeout: SOON_MS })
      .toEqual(expect.arrayContaining([expect.stringMatching(/^(denied|succeeded)$/)]));

    const events = await eventsOf(world, change);
    const isDenied = how === 'differ' && events.includes('denied');
    const votes = Array.from({ length: required }, () => 'vote');
    const decided = isDenied ? ['denied'] : [...votes, 'approved', 'executing', 'intent', 'succeeded'];
    expect(events.filter((event) => DECIDING.includes(event))).toEqual(decided);
    expect(writesIn(world, namespace)).toHaveLength(isDenied ? 0 : 1);
  });
});
