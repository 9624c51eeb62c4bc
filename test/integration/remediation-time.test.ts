import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RunningBot } from '../../src/app/bot/start-bot.ts';
import { USERS } from '../../src/sim/slack/world/default-world.ts';
import type { BotWorld } from './bot-world.ts';
import {
  brokenIn,
  CAROL,
  type Change,
  eventsOf,
  inRedis,
  keyNamed,
  PEOPLE,
  proposeIn,
  rowOf,
  rulesFor,
  SOON_MS,
  told,
  toldTo,
  writesIn,
} from './remediation-talk.ts';
import { approve, openRemediationWorld, press } from './remediation-world.ts';

const { alice, bob } = USERS;
const TEN_MINUTES_MS = 600_000;

let world: BotWorld;
let executor: RunningBot;

beforeAll(async () => {
  world = await openRemediationWorld({
    slack: { world: PEOPLE, allowed: { mentions: [alice.id, bob.id, CAROL.id] } },
    recordings: await brokenIn(['late', 'overdue', 'ahead', 'behind', 'buttons']),
    controllers: { stopMs: 50, startMs: 50 },
    remediation: rulesFor([bob.id, CAROL.id]),
  });
  await world.start({ role: 'gateway' });
  await world.start({ role: 'diagnoser' });
  executor = await world.start({ role: 'executor' });
});

afterEach(() => {
  vi.useRealTimers();
});

afterAll(async () => {
  const problems = world.slack.problems();
  await world.close();
  expect(problems).toEqual([]);
});

/** Lets a change expire at a time of the store, and waits until that was a millisecond ago. */
async function expireIn({ id }: Change, ms: number): Promise<void> {
  await inRedis(world, async (redis) => {
    const now = async (): Promise<number> => {
      const [seconds = 0, micros = 0] = await redis.time();
      return seconds * 1000 + Math.floor(micros / 1000);
    };
    const due = (await now()) + ms;
    await redis.hset(rowOf({ id }), 'due', due);
    await redis.zadd(keyNamed('expiring'), due, id);
    while ((await now()) <= due) {
      // A millisecond is too short for a timer.
    }
  });
}

describe('an approval', () => {
  it('that comes a millisecond too late counts for nothing', async () => {
    const change = await proposeIn(world, 'late');
    await press(world, change.card(), 'proposal.approve');
    const view = await world.slack.waitFor(
      () => world.slack.views().find((one) => one.open && JSON.stringify(one.view).includes('approval-reason')),
      SOON_MS,
    );

    await expireIn(change, 20);
    await world.slack.drivers.submit({ viewId: view.id, values: {} });

    await told(world, bob.id, 'expired before it was approved');
    await change.says('Expired');
    expect(JSON.stringify(change.card().blocks)).not.toContain('proposal.approve');
    expect(toldTo(world, alice.id).join()).not.toContain('expired');
    expect(await eventsOf(world, change)).not.toContain('vote');
    expect(writesIn(world, 'late')).toEqual([]);
  });

  it('runs out when no executor begins in time', async () => {
    const change = await proposeIn(world, 'overdue');
    await executor.stop();
    await approve(world, change.card());
    await change.says('Approved');

    await expireIn(change, 20);
    executor = await world.start({ role: 'executor' });

    await change.says('Expired');
    expect(await eventsOf(world, change)).toEqual(['proposed', 'awaiting_approval', 'vote', 'approved', 'expired']);
    expect(writesIn(world, 'overdue')).toEqual([]);
  });
});

describe('a machine whose clock is wrong by ten minutes', () => {
  it.each([
    ['ahead', TEN_MINUTES_MS],
    ['behind', -TEN_MINUTES_MS],
  ])('makes an approved change once, since the store has the time: %s', async (namespace, ms) => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms, shouldAdvanceTime: true });
    const change = await proposeIn(world, namespace);

    await approve(world, change.card());

    await expect.poll(() => writesIn(world, namespace), { timeout: SOON_MS }).toMatchObject([{ verb: 'delete' }]);
    expect((await eventsOf(world, change)).filter((event) => event === 'intent')).toHaveLength(1);
  });
});
