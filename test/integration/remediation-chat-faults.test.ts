import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { USERS } from '../../src/sim/slack/world/default-world.ts';
import type { BotWorld } from './bot-world.ts';
import {
  answerIn,
  auditOf,
  brokenIn,
  CAROL,
  eventsOf,
  PEOPLE,
  proposeIn,
  refusalsOf,
  rulesFor,
  SOON_MS,
  told,
  writesIn,
} from './remediation-talk.ts';
import { approve, openRemediationWorld, press } from './remediation-world.ts';

const { alice, bob } = USERS;
const GROUP = 'S0ONCALL1';
const ALWAYS = Number.POSITIVE_INFINITY;

let world: BotWorld;

beforeAll(async () => {
  world = await openRemediationWorld({
    slack: {
      rateLimits: { scale: 20 },
      world: { ...PEOPLE, usergroups: [{ id: GROUP, handle: 'on-call', name: 'On call', users: [bob.id, CAROL.id] }] },
      allowed: { mentions: [alice.id, bob.id, CAROL.id, GROUP] },
    },
    recordings: await brokenIn(['limited', 'hangs', 'silent', 'asked', 'deleted', 'thread', 'unsaid']),
    controllers: { stopMs: 50, startMs: 50 },
    remediation: rulesFor([GROUP]),
  });
  await world.start();
});

afterEach(() => {
  world.slack.faults.clear();
  world.slack.faults.release();
});

afterAll(async () => {
  const problems = world.slack.problems();
  await world.close();
  expect(problems).toEqual([]);
});

describe('the message of a change', () => {
  it('that is limited is posted later, and opens the decision only then', async () => {
    const fault = { kind: 'rate-limited', retryAfter: 2 } as const;
    const isCard = ({ args }: { readonly args: Readonly<Record<string, unknown>> }): boolean =>
      JSON.stringify(args['metadata'] ?? '').includes('"m-');
    world.slack.faults.add({ method: 'chat.postMessage', fault, times: 2, when: isCard });

    const change = await proposeIn(world, 'limited');
    await approve(world, change.card());

    await expect.poll(() => writesIn(world, 'limited'), { timeout: SOON_MS }).toHaveLength(1);
    expect(world.slack.sent().filter(({ metadata }) => metadata?.event_payload['key'] === change.id)).toHaveLength(1);
  });

  it('whose edits hang keeps nobody from making the change', async () => {
    const change = await proposeIn(world, 'hangs');
    world.slack.faults.add({ method: 'chat.update', fault: { kind: 'hang' }, times: ALWAYS });

    await approve(world, change.card());

    await expect.poll(() => writesIn(world, 'hangs'), { timeout: SOON_MS }).toHaveLength(1);
    world.slack.faults.clear();
    world.slack.faults.release();
    await change.says('watching');
  });

  it('that somebody deleted is posted again, once, with its buttons', async () => {
    const change = await proposeIn(world, 'deleted');
    const before = change.card();
    world.slack.faults.add({
      method: 'chat.update',
      fault: { kind: 'error', error: 'message_not_found' },
      times: ALWAYS,
      when: ({ args }) => args['ts'] === before.ts,
    });

    await approve(world, change.card());

    await expect.poll(() => writesIn(world, 'deleted'), { timeout: SOON_MS }).toHaveLength(1);
    const after = await world.slack.waitFor(
      () =>
        world.slack.sent().find(({ ts, metadata }) => metadata?.event_payload['key'] === change.id && ts !== before.ts),
      SOON_MS,
    );
    await press(world, after, 'proposal.details', bob.id);
    await told(world, bob.id, 'Everything about');
  });

  it('is told in the channel when its thread is gone', async () => {
    const answer = await answerIn(world, 'thread');
    world.slack.faults.add({
      method: 'chat.postMessage',
      fault: { kind: 'error', error: 'thread_not_found' },
      times: ALWAYS,
      when: ({ args }) => args['thread_ts'] !== undefined,
    });

    await press(world, answer, 'remediation.review', alice.id);

    await world.slack.waitFor(
      () =>
        world.slack
          .sent()
          .some((one) => one.threadTs === undefined && JSON.stringify(one.blocks).includes('delete pod thread/')),
      SOON_MS,
    );
    expect(writesIn(world, 'thread')).toEqual([]);
  });
});

describe('when Slack does not say who somebody is', () => {
  it('nobody approves, and the clicker alone is told', async () => {
    const change = await proposeIn(world, 'asked');
    world.slack.faults.add({
      method: 'usergroups.users.list',
      fault: { kind: 'rate-limited', retryAfter: 1 },
      times: ALWAYS,
    });

    await press(world, change.card(), 'proposal.approve', bob.id);

    await told(world, bob.id, 'Slack did not say who is in the user group');
    expect(await refusalsOf(world, change)).toMatchObject([{ detail: { why: 'unknown' } }]);
    expect(writesIn(world, 'asked')).toEqual([]);
    expect(await eventsOf(world, change)).not.toContain('vote');
  });

  it('nothing is proposed, and the thread says why', async () => {
    const answer = await answerIn(world, 'unsaid');
    world.slack.faults.add({
      method: 'usergroups.users.list',
      fault: { kind: 'rate-limited', retryAfter: 1 },
      times: ALWAYS,
    });

    await press(world, answer, 'remediation.review', alice.id);

    await world.slack.waitFor(
      () => world.slack.sent().some(({ text }) => text.includes('Slack did not say who is in the user group')),
      SOON_MS,
    );
    expect((await auditOf(world)).at(-1)).toMatchObject({ event: 'refused', cluster: 'prod' });
  });

  it('what was approved is not made', async () => {
    const change = await proposeIn(world, 'silent');
    const view = { method: 'users.info', fault: { kind: 'http-error', status: 503 }, times: ALWAYS } as const;
    // Asked for by the window, by its answer, and from then on by the executor.
    let asked = 0;
    world.slack.faults.add({
      ...view,
      when: ({ args }) => {
        asked += args['user'] === bob.id ? 1 : 0;
        return asked > 2;
      },
    });

    await approve(world, change.card());

    await change.says('Slack did not say whether the approvers may still approve this');
    expect(writesIn(world, 'silent')).toEqual([]);
    expect(await eventsOf(world, change)).toContain('blocked');
  });
});
