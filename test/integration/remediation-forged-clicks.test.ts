import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MessageRecord } from '../../src/sim/slack/store/records.ts';
import { CHANNELS, OTHER_TEAM, USERS } from '../../src/sim/slack/world/default-world.ts';
import { placeOf, toldAlone } from './bot-talk.ts';
import type { BotWorld } from './bot-world.ts';
import {
  answerIn,
  auditOf,
  brokenIn,
  CAROL,
  type Change,
  DAVE,
  eventsOf,
  PEOPLE,
  proposeIn,
  refusalsOf,
  rulesFor,
  SOON_MS,
  told,
  toldTo,
  writesIn,
} from './remediation-talk.ts';
import { approve, openRemediationWorld, press } from './remediation-world.ts';

const { alice, bob, guest, deactivated, otherBot, foreign } = USERS;
const NAMESPACES = ['replayed', 'elsewhere', 'strangers', 'eyes', 'proposer', 'unnamed', 'old'];
const UNKNOWN = 'm-aaaaaaaaaaaaaaaa';

let world: BotWorld;

beforeAll(async () => {
  world = await openRemediationWorld({
    mode: 'http',
    slack: { world: PEOPLE, allowed: { mentions: [alice.id, bob.id, CAROL.id] } },
    recordings: await brokenIn(NAMESPACES),
    controllers: { stopMs: 50, startMs: 50 },
    remediation: rulesFor([alice.id, bob.id, CAROL.id]),
  });
  await world.start();
});

afterAll(async () => {
  const problems = world.slack.problems();
  await world.close();
  expect(problems).toEqual([]);
});

function views(): number {
  return world.slack.views().length;
}

function viewsOf(user: string) {
  return world.slack.views().filter((view) => view.user === user);
}

/** A button that the message does not have: only whoever has the signing secret can send it. */
async function forge(
  { channel, ts }: Pick<MessageRecord, 'channel' | 'ts'>,
  user: string,
  { id: value, action = 'proposal.approve' }: { readonly id: string; readonly action?: string },
): Promise<void> {
  const unlisted = { type: 'button', value };
  await world.slack.drivers.action({ place: { channel, ts }, user, actionId: action, unlisted });
}

async function whys(change: Change): Promise<readonly (readonly unknown[])[]> {
  return (await refusalsOf(world, change)).map(({ actor, detail }) => [
    actor.split('/')[1],
    detail['deed'],
    detail['why'],
  ]);
}

async function whysOf(change: Change, user: string): Promise<readonly unknown[]> {
  return (await whys(change)).filter(([who]) => who === user);
}

describe('a click that is sent again', () => {
  it('counts once, whether Slack repeats it or somebody else does', async () => {
    const change = await proposeIn(world, 'replayed');
    const { drivers } = world.slack;

    const opened = await drivers.action({
      place: placeOf(change.card()),
      actionId: 'proposal.approve',
      user: bob.id,
      signature: 'replayed',
    });
    const view = await world.slack.waitFor(
      () => world.slack.views().find((one) => JSON.stringify(one.view).includes('approval-reason')),
      SOON_MS,
    );
    const sent = await drivers.submit({ viewId: view.id, values: {}, signature: 'replayed', times: 2 });
    await expect.poll(() => writesIn(world, 'replayed'), { timeout: SOON_MS }).toMatchObject([{ verb: 'delete' }]);

    expect(opened.answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(new Set(sent.answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(views()).toBe(1);
    const events = await eventsOf(world, change);
    expect(events.filter((event) => event === 'vote')).toHaveLength(1);
    expect(events.filter((event) => event === 'intent')).toHaveLength(1);
  });

  it('does nothing when its signature is old, wrong or missing', async () => {
    const change = await proposeIn(world, 'old');
    const before = views();
    const heard = toldTo(world, bob.id);

    const answers = await Promise.all(
      (['old', 'future', 'bad', 'missing'] as const).map((signature) =>
        world.slack.drivers.action({
          place: placeOf(change.card()),
          actionId: 'proposal.approve',
          user: bob.id,
          signature,
        }),
      ),
    );

    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
    expect(views()).toBe(before);
    expect(await eventsOf(world, change)).toEqual(['proposed', 'awaiting_approval']);
    expect(toldTo(world, bob.id)).toEqual(heard);
  });
});

describe('a button with the id of another change', () => {
  it('does nothing in a channel where that change is not shown, and says so to the clicker alone', async () => {
    const change = await proposeIn(world, 'elsewhere');
    const answer = await answerIn(world, 'replayed', {
      channel: CHANNELS.shopAlerts.id,
      query: 'why deploy/blog-api -n elsewhere',
    });
    const before = views();

    for (const action of [
      'proposal.approve',
      'proposal.dryrun',
      'proposal.details',
      'proposal.cancel',
      'proposal.again',
    ]) {
      await forge(answer, bob.id, { id: change.id, action });
    }
    await expect
      .poll(() => toldTo(world, bob.id).filter((one) => one.includes('not known here')), { timeout: SOON_MS })
      .toHaveLength(5);

    expect(views()).toBe(before);
    expect(await eventsOf(world, change)).toEqual(['proposed', 'awaiting_approval', ...Array(5).fill('refused')]);
    expect(await whys(change)).toEqual(
      ['open-approval', 'dry-run', 'details', 'cancel', 'propose-again'].map((deed) => [bob.id, deed, 'not-here']),
    );
    expect(writesIn(world, 'elsewhere')).toEqual([]);
  });

  it('does nothing when there is no such change', async () => {
    const answer = await answerIn(world, 'elsewhere');

    await forge(answer, CAROL.id, { id: UNKNOWN });

    await told(world, CAROL.id, 'not known here');
    expect((await auditOf(world)).filter(({ detail }) => detail['asked'] === UNKNOWN)).toMatchObject([
      { event: 'refused', remediation: '', security: 3, detail: { deed: 'open-approval', why: 'not-here' } },
    ]);
  });
});

describe('somebody who may not', () => {
  it.each([
    ['a guest', guest.id],
    ['a deactivated account', deactivated.id],
    ['a bot', otherBot.id],
    ['an account of another workspace', foreign.id],
    ['somebody whom no rule names', DAVE.id],
  ])('is refused, and nobody else hears of it: %s', async (_name, user) => {
    const change = await strangersChange();
    const others = toldAlone(world).length;

    await press(world, change.card(), 'proposal.approve', user);
    await press(world, change.card(), 'proposal.deny', user);
    const denial = await world.slack.waitFor(
      () => viewsOf(user).find((view) => view.open && JSON.stringify(view.view).includes('denial-reason')),
      SOON_MS,
    );
    await world.slack.drivers.submit({ viewId: denial.id, values: {} });
    await expect
      .poll(() => whysOf(change, user), { timeout: SOON_MS })
      .toEqual([
        [user, 'open-approval', user === DAVE.id ? 'not-named' : 'person'],
        [user, 'deny', user === DAVE.id ? 'not-named' : 'person'],
      ]);

    expect(viewsOf(user).filter((view) => JSON.stringify(view.view).includes('approval-reason'))).toEqual([]);
    expect(
      world.slack
        .ephemerals()
        .slice(others)
        .filter((one) => one.user !== user),
    ).toEqual([]);
    await change.says('proposal.approve');
    expect(writesIn(world, 'strangers')).toEqual([]);
  });

  it('is refused when the payload says another workspace', async () => {
    const change = await strangersChange();
    const known = await eventsOf(world, change);

    await world.slack.drivers.action({
      place: placeOf(change.card()),
      actionId: 'proposal.approve',
      user: bob.id,
      team: OTHER_TEAM.id,
    });

    expect(await eventsOf(world, change)).toEqual(known);
    expect(writesIn(world, 'strangers')).toEqual([]);
  });
});

let strangers: Change | undefined;

/** One change for all who may not approve it. */
async function strangersChange(): Promise<Change> {
  strangers ??= await proposeIn(world, 'strangers');
  return strangers;
}

describe('four eyes', () => {
  it('keep who asked from approving', async () => {
    const change = await proposeIn(world, 'eyes');

    await press(world, change.card(), 'proposal.approve', alice.id);

    await told(world, alice.id, 'You asked the question that led to this change');
    expect(await whys(change)).toEqual([[alice.id, 'open-approval', 'four-eyes']]);
    expect(toldTo(world, bob.id).filter((one) => one.includes('led to this change'))).toEqual([]);
    await change.says('proposal.approve');
  });

  it('keep who proposed from approving, and let a third person', async () => {
    const change = await proposeIn(world, 'proposer', { proposer: bob.id });

    await press(world, change.card(), 'proposal.approve', bob.id);
    await told(world, bob.id, 'You proposed this change');
    await approve(world, change.card(), { user: CAROL.id });

    await expect.poll(() => writesIn(world, 'proposer'), { timeout: SOON_MS }).toHaveLength(1);
    expect(await whys(change)).toEqual([[bob.id, 'open-approval', 'four-eyes']]);
    expect(await eventsOf(world, change)).toContain('intent');
  });
});
