import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunningBot } from '../../src/app/bot/start-bot.ts';
import { USERS } from '../../src/sim/slack/world/default-world.ts';
import type { BotWorld } from './bot-world.ts';
import {
  auditOf,
  brokenIn,
  CAROL,
  type Change,
  eventsOf,
  objectOf,
  PEOPLE,
  planOf,
  proposeIn,
  rulesFor,
  SOON_MS,
  told,
  writesIn,
} from './remediation-talk.ts';
import { APPROVERS, approve, openRemediationWorld } from './remediation-world.ts';

const { alice, bob } = USERS;
const NAMESPACES = ['anew', 'anew-late', 'healed', 'group', 'leaver', 'rights', 'stopped', 'resumed', 'channel'];
const ALL = [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }];
const GROUP = 'S0ONCALL1';

let world: BotWorld;
let executor: RunningBot;
/** Who is on call; changes while the bot runs. */
const onCall: string[] = [];

beforeAll(async () => {
  world = await openRemediationWorld({
    slack: {
      // Who is in a group may be asked 20 times a minute.
      rateLimits: { scale: 20 },
      world: { ...PEOPLE, usergroups: [{ id: GROUP, handle: 'on-call', name: 'On call', users: onCall }] },
      allowed: { mentions: [alice.id, bob.id, CAROL.id, GROUP] },
    },
    recordings: await brokenIn(NAMESPACES),
    controllers: { stopMs: 50, startMs: 50 },
    remediation: rulesFor([GROUP]),
  });
  await world.start({ role: 'gateway' });
  await world.start({ role: 'diagnoser' });
  executor = await world.start({ role: 'executor' });
});

beforeEach(() => {
  onCall.splice(0, onCall.length, bob.id, CAROL.id);
  world.cluster.setIdentities([{ group: APPROVERS, rules: ALL }]);
});

afterAll(async () => {
  const problems = world.slack.problems();
  await world.close();
  expect(problems).toEqual([]);
});

/** Approves while no executor runs, lets something happen, and starts one. */
async function approveAndThen(change: Change, happens: () => Promise<void> | void): Promise<void> {
  await executor.stop();
  await approve(world, change.card());
  await change.says('Approved');
  expect(writesIn(world, change.namespace)).toEqual([]);
  await happens();
  executor = await world.start({ role: 'executor' });
}

/** The pod of a change is deleted, and another one has its name. */
async function recreate(change: Change): Promise<void> {
  const { target } = await planOf(world, change);
  const { namespace, name } = target;
  const pod = await objectOf(world, `/api/v1/namespaces/${namespace}/pods/${name}`);
  world.cluster.remove({ kind: 'Pod', namespace, name });
  world.cluster.put({ ...pod, metadata: { ...pod.metadata, uid: randomUUID() } });
}

async function expectStopped(change: Change, state: 'superseded' | 'blocked', words: string): Promise<void> {
  await change.says(words);
  await expect.poll(() => eventsOf(world, change), { timeout: SOON_MS }).toContain(state);
  expect(writesIn(world, change.namespace)).toEqual([]);
  const entry = (await auditOf(world)).find(({ remediation, to }) => remediation === change.id && to === state);
  expect(entry?.detail['reason']).toContain(words);
  expect(await eventsOf(world, change)).not.toContain('intent');
}

describe('a pod of the same name', () => {
  it('that is another one since it was proposed is left alone', async () => {
    const change = await proposeIn(world, 'anew');

    await recreate(change);
    await approve(world, change.card());

    await expectStopped(change, 'superseded', 'another one of the same name');
  });

  it('that is another one since it was approved is left alone', async () => {
    const change = await proposeIn(world, 'anew-late');

    await approveAndThen(change, () => recreate(change));

    await expectStopped(change, 'superseded', 'another one of the same name');
  });

  it('that works by now is left alone', async () => {
    const change = await proposeIn(world, 'healed');
    const { namespace, name } = (await planOf(world, change)).target;

    await approveAndThen(change, async () => {
      const pod = await objectOf(world, `/api/v1/namespaces/${namespace}/pods/${name}`);
      const at = new Date(Date.now() - 60_000).toISOString();
      const status = {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: at }],
        containerStatuses: [
          { name: 'blog-api', ready: true, started: true, restartCount: 0, state: { running: { startedAt: at } } },
        ],
      };
      world.cluster.put({ ...pod, status });
    });

    await expectStopped(change, 'superseded', 'othing was changed');
  });
});

describe('an approver', () => {
  it('who leaves the group between the click and the act does not count', async () => {
    const change = await proposeIn(world, 'group');

    await approveAndThen(change, () => void onCall.splice(0, 1));

    await expectStopped(change, 'blocked', 'names neither that person nor a group');
  });

  it('who is deactivated between the click and the act does not count', async () => {
    const change = await proposeIn(world, 'leaver');

    await approveAndThen(change, () => world.slack.world.putUser({ ...bob, deleted: true }));
    await expectStopped(change, 'blocked', 'the account is deactivated');

    world.slack.world.putUser(bob);
  });

  it('whom the cluster does not let do it any more does not count', async () => {
    const change = await proposeIn(world, 'rights');

    await approveAndThen(change, () =>
      world.cluster.setIdentities([
        { group: APPROVERS, rules: [{ verbs: ['get'], apiGroups: ['*'], resources: ['*'] }] },
      ]),
    );

    await expectStopped(
      change,
      'blocked',
      `The cluster does not let the approver ${bob.name} do this: the right to delete pods`,
    );
  });
});

describe('a channel', () => {
  it('that is shared with another organisation by now decides nothing', async () => {
    const change = await proposeIn(world, 'channel');
    const ops = world.slack.world.channel(world.slack.channels.ops.id) ?? world.slack.channels.ops;

    await approveAndThen(change, () => world.slack.world.putChannel({ ...ops, isExtShared: true }));
    await expectStopped(change, 'blocked', 'shared with another organisation');

    world.slack.world.putChannel(ops);
  });
});

describe('/k8s stop', () => {
  it('ends what is approved, keeps others from being proposed, and is told to who asked for it', async () => {
    const change = await proposeIn(world, 'stopped');

    await approveAndThen(change, async () => {
      await world.slack.drivers.command({ user: bob.id, text: 'stop prod the database is being moved' });
      await told(world, bob.id, 'Changes are switched off');
    });

    await expectStopped(change, 'blocked', 'the database is being moved');
    expect((await auditOf(world)).filter(({ event }) => event === 'stopped')).toMatchObject([
      { actor: `slack:${world.slack.team.id}/${bob.id}`, cluster: 'prod' },
    ]);
  });

  it('holds until somebody resumes, who must be an operator', async () => {
    await world.slack.drivers.command({ user: alice.id, text: 'resume prod' });
    await told(world, alice.id, 'You may not do that');
    await world.slack.drivers.command({ user: bob.id, text: 'resume prod' });
    await told(world, bob.id, 'Changes are switched on again');

    const change = await proposeIn(world, 'resumed');
    await approve(world, change.card());

    await expect.poll(() => writesIn(world, 'resumed'), { timeout: SOON_MS }).toMatchObject([{ verb: 'delete' }]);
    expect((await auditOf(world)).filter(({ detail }) => detail['deed'] === 'resume')).toMatchObject([
      { event: 'refused', actor: `slack:${world.slack.team.id}/${alice.id}`, detail: { why: 'not-named' } },
    ]);
    expect((await auditOf(world)).map(({ event }) => event)).toContain('resumed');
  });
});
