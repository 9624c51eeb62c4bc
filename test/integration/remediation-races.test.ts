import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHANNELS, USERS } from '../../src/sim/slack/world/default-world.ts';
import type { BotWorld } from './bot-world.ts';
import {
  auditOf,
  brokenIn,
  CAROL,
  type Change,
  eventsOf,
  openWindow,
  PEOPLE,
  proposeIn,
  rulesFor,
  SOON_MS,
  told,
  toldTo,
  writesIn,
} from './remediation-talk.ts';
import { openRemediationWorld, press } from './remediation-world.ts';

const { alice, bob } = USERS;
const NAMESPACES = ['both', 'double', 'denied', 'cancel', 'again', 'voted'];

let world: BotWorld;

beforeAll(async () => {
  world = await openRemediationWorld({
    slack: { world: PEOPLE, allowed: { mentions: [alice.id, bob.id, CAROL.id] } },
    recordings: await brokenIn(NAMESPACES),
    controllers: { stopMs: 50, startMs: 50 },
    remediation: rulesFor([alice.id, bob.id, CAROL.id]),
  });
  // Two gateways and two executors hear of everything at once.
  await world.start();
  await world.start();
});

afterAll(async () => {
  const problems = world.slack.problems();
  await world.close();
  expect(problems).toEqual([]);
});

async function submit(viewId: string): Promise<unknown> {
  return world.slack.drivers.submit({ viewId, values: {} });
}

async function count(change: Change, event: string): Promise<number> {
  return (await eventsOf(world, change)).filter((one) => one === event).length;
}

/** Made once, by one decision. */
async function expectOnce(change: Change): Promise<void> {
  await expect.poll(() => writesIn(world, change.namespace), { timeout: SOON_MS }).toMatchObject([{ verb: 'delete' }]);
  await change.says('Watching');
  expect([await count(change, 'approved'), await count(change, 'executing'), await count(change, 'intent')]).toEqual([
    1, 1, 1,
  ]);
}

describe('two people at once', () => {
  it('make one approval, and the second is told who was first', async () => {
    const change = await proposeIn(world, 'both');
    const views = [
      await openWindow(world, change, { user: bob.id, action: 'approve' }),
      await openWindow(world, change, { user: CAROL.id, action: 'approve' }),
    ];

    await Promise.all(views.map(submit));

    await expectOnce(change);
    const votes = (await auditOf(world)).filter(
      ({ remediation, event }) => remediation === change.id && event === 'vote',
    );
    expect(votes).toHaveLength(1);
    const [first, second] = votes[0]?.actor.includes(bob.id) === true ? [bob, CAROL] : [CAROL, bob];
    await told(world, second.id, `Already approved by @${first.name}`);
    expect(toldTo(world, first.id).join()).not.toContain('Already');
  });

  it('who deny and approve make one decision', async () => {
    const change = await proposeIn(world, 'denied');
    const views = [
      await openWindow(world, change, { user: bob.id, action: 'approve' }),
      await openWindow(world, change, { user: CAROL.id, action: 'deny' }),
    ];

    await Promise.all(views.map(submit));

    await expect.poll(() => eventsOf(world, change), { timeout: SOON_MS }).toEqual(expect.arrayContaining(['refused']));
    const isDenied = (await count(change, 'denied')) === 1;
    await (isDenied ? change.says('Denied') : expectOnce(change));
    expect((await count(change, 'denied')) + (await count(change, 'approved'))).toBe(1);
    expect(writesIn(world, 'denied')).toHaveLength(isDenied ? 0 : 1);
    await told(world, isDenied ? bob.id : CAROL.id, isDenied ? 'Already denied' : 'Already approved');
  });
});

describe('one person', () => {
  it('who clicks twice has one window, and who sends it twice one vote', async () => {
    const change = await proposeIn(world, 'double');
    const place = { channel: change.card().channel, ts: change.card().ts };

    await world.slack.drivers.action({
      place,
      actionId: 'proposal.approve',
      user: bob.id,
      times: 3,
      concurrently: true,
    });
    const view = await world.slack.waitFor(
      () => world.slack.views().find((one) => one.open && JSON.stringify(one.view).includes('double/')),
      SOON_MS,
    );
    await world.slack.drivers.submit({ viewId: view.id, values: {}, times: 3, concurrently: true });

    await expectOnce(change);
    const windows = world.slack.views().filter((one) => JSON.stringify(one.view).includes('double/'));
    expect(windows).toHaveLength(1);
    expect(await count(change, 'vote')).toBe(1);
  });

  it('who cancels in the moment in which it begins either stops it or is told that it is too late', async () => {
    const change = await proposeIn(world, 'cancel');
    const view = await openWindow(world, change, { user: bob.id, action: 'approve' });
    const { channel, ts } = change.card();

    await Promise.all([
      submit(view),
      world.slack
        .waitFor(() => !JSON.stringify(change.card().blocks).includes('proposal.approve'), SOON_MS)
        .then(() =>
          world.slack.drivers.action({
            place: { channel, ts },
            user: alice.id,
            actionId: 'proposal.cancel',
            unlisted: { type: 'button', value: change.id },
          }),
        ),
    ]);

    await expect
      .poll(async () => (await count(change, 'cancelled')) + (await count(change, 'refused')), { timeout: SOON_MS })
      .toBe(1);
    const isCancelled = (await count(change, 'cancelled')) === 1;
    await (isCancelled ? change.says('ancelled') : told(world, alice.id, 'too late'));
    expect(writesIn(world, 'cancel').length).toBe(isCancelled ? 0 : 1);
  });

  it('cannot propose the same change twice while it is open', async () => {
    const change = await proposeIn(world, 'again');

    await world.slack.drivers.command({ user: bob.id, channel: CHANNELS.ops.id, text: 'why deploy/blog-api -n again' });
    const second = await world.slack.waitFor(
      () =>
        world.slack
          .sent()
          .findLast(({ ts, blocks }) => ts > change.card().ts && JSON.stringify(blocks).includes('remediation.review')),
      SOON_MS,
    );
    await press(world, second, 'remediation.review', bob.id);

    await world.slack.waitFor(
      () => world.slack.sent().some(({ text }) => text.includes(`proposed already (${change.id})`)),
      SOON_MS,
    );
    expect(await count(change, 'proposed')).toBe(1);
    await change.says('proposal.approve');
  });
});
