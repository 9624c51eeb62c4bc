import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BullmqRemediationQueue } from '../../src/adapters/bullmq/bullmq-remediation-queue.ts';
import { USERS } from '../../src/sim/slack/world/default-world.ts';
import type { BotWorld } from './bot-world.ts';
import {
  brokenIn,
  type Change,
  eventsIn,
  eventsOf,
  inRedis,
  keyNamed,
  proposeIn,
  refusalsOf,
  rowOf,
  SOON_MS,
  shown,
  told,
  toldTo,
  writesIn,
} from './remediation-talk.ts';
import { approve, openRemediationWorld, press } from './remediation-world.ts';

const { alice, bob } = USERS;
const NAMESPACES = ['jumped', 'voted', 'target', 'clicked', 'copied', 'original', 'queued', 'votes', 'later'];
const DISTRUST = 'cannot be trusted';

let world: BotWorld;

beforeAll(async () => {
  world = await openRemediationWorld({
    recordings: await brokenIn(NAMESPACES),
    controllers: { stopMs: 50, startMs: 50 },
  });
  await world.start();
});

afterAll(async () => {
  const problems = world.slack.problems();
  await world.close();
  expect(problems).toEqual([]);
});

/** Makes a row look approved, and offers it to executors. */
async function forgeApproval({ id }: Change): Promise<void> {
  await inRedis(world, async (redis) => {
    await redis.hset(rowOf({ id }), { state: 'approved', due: Date.now() + 600_000, actBefore: Date.now() + 600_000 });
    await redis.zadd(keyNamed('runnable:prod'), Date.now(), id);
  });
}

async function field({ id }: Change, name: string): Promise<string> {
  return inRedis(world, async (redis) => (await redis.hget(rowOf({ id }), name)) ?? '');
}

async function setFields({ id }: Change, fields: Readonly<Record<string, string | number>>): Promise<void> {
  await inRedis(world, (redis) => redis.hset(rowOf({ id }), fields));
}

/** Lets the plan of a row name another object. */
async function retarget(change: Change): Promise<void> {
  const signed = JSON.parse(await field(change, 'signed'));
  signed.plan.target.name = 'i-web-6f8f7d8c5b-2xk8d';
  await setFields(change, { signed: JSON.stringify(signed) });
}

async function expectForged(change: Change, why: string): Promise<void> {
  await change.says(DISTRUST);
  expect(change.card().text).not.toContain('Fixed');
  expect(writesIn(world, change.namespace)).toEqual([]);
  // What stands in a forged row says nothing about which object it is about.
  expect(eventsIn(world, change.namespace)).toEqual([]);
  await expect
    .poll(() => refusalsOf(world, change), { timeout: SOON_MS })
    .toMatchObject([
      { actor: expect.stringMatching(/^executor:/), security: 5, detail: { forged: expect.stringContaining(why) } },
    ]);
  expect(await eventsOf(world, change)).toContain('blocked');
}

/** What stands in an altered plan is not shown either. */
function expectNothingToPress(change: Change): void {
  const seen = shown(change.card());
  expect(seen).toContain(change.id);
  expect(seen).not.toContain('proposal.');
  expect(seen).not.toContain('web');
}

describe('a row that was written by somebody else', () => {
  it('is not executed when nobody has approved it', async () => {
    const change = await proposeIn(world, 'jumped');

    await forgeApproval(change);

    await expectForged(change, 'it has 0 of 1 approvals');
  });

  it('is not executed with a vote that no gateway signed', async () => {
    const change = await proposeIn(world, 'voted');
    const vote = { team: world.slack.team.id, user: bob.id, reason: '', signature: 'f'.repeat(64) };

    await setFields(change, { votes: 1, 'vote:1': `${Date.now()} ${JSON.stringify(vote)}`, [`voter:${bob.id}`]: '1' });
    await forgeApproval(change);

    await expectForged(change, `the approval of ${bob.id} is not signed`);
  });

  it('is not executed with the approval of another change', async () => {
    const approved = await proposeIn(world, 'original');
    await approve(world, approved.card());
    await expect.poll(() => writesIn(world, 'original'), { timeout: SOON_MS }).toHaveLength(1);
    const change = await proposeIn(world, 'votes');

    await setFields(change, { votes: 1, 'vote:1': await field(approved, 'vote:1') });
    await forgeApproval(change);

    await expectForged(change, `the approval of ${bob.id} is not signed`);
  });

  it('is not executed with the plan of another change, however well that is signed', async () => {
    const other = await proposeIn(world, 'later');
    const change = await proposeIn(world, 'copied');

    await setFields(change, { signed: await field(other, 'signed'), digest: await field(other, 'digest') });
    await forgeApproval(change);

    await expect
      .poll(() => refusalsOf(world, change), { timeout: SOON_MS })
      .toMatchObject([
        { security: 5, detail: { forged: expect.stringContaining('its plan is that of another change') } },
      ]);
    expect(writesIn(world, 'copied')).toEqual([]);
    expect(writesIn(world, 'later')).toEqual([]);
    await change.says(DISTRUST);
    expectNothingToPress(change);
  });

  it('is not executed when its target was changed', async () => {
    const change = await proposeIn(world, 'target');

    await retarget(change);
    await forgeApproval(change);

    await expectForged(change, 'its plan is not the one that was proposed');
    expectNothingToPress(change);
  });

  it('cannot be approved when its target was changed, and only who clicked is told', async () => {
    const change = await proposeIn(world, 'clicked');
    await retarget(change);

    await press(world, change.card(), 'proposal.approve');

    await told(world, bob.id, DISTRUST);
    expect(toldTo(world, alice.id).filter((one) => one.includes(DISTRUST))).toEqual([]);
    expect(writesIn(world, 'clicked')).toEqual([]);
    expect(await refusalsOf(world, change)).toMatchObject([
      {
        actor: `slack:${world.slack.team.id}/${bob.id}`,
        security: 5,
        detail: { deed: 'open-approval', why: 'forged' },
      },
    ]);
  });
});

describe('a job that somebody else has queued', () => {
  it('executes nothing that is not approved', async () => {
    const change = await proposeIn(world, 'queued');
    const queue = new BullmqRemediationQueue({ url: world.redis.url, logger: world.logger });

    const job = { kind: 'execute', cluster: 'prod', remediation: change.id, once: false } as const;
    await queue.enqueue({ ...job, expiresAt: new Date(Date.now() + 60_000).toISOString() }, `exec-${change.id}`);
    await expect
      .poll(() => world.logger.lines.filter(({ message }) => message === 'a change is not executed'), {
        timeout: SOON_MS,
      })
      .not.toEqual([]);
    await queue.close();

    expect(writesIn(world, 'queued')).toEqual([]);
    expect(await eventsOf(world, change)).toEqual(['proposed', 'awaiting_approval']);
    await change.says('proposal.approve');
  });
});
