import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { USERS } from '../../src/sim/slack/world/default-world.ts';
import type { BotWorld } from './bot-world.ts';
import {
  answerIn,
  auditOf,
  brokenIn,
  CAROL,
  type Change,
  eventsOf,
  objectOf,
  PEOPLE,
  proposeIn,
  rulesFor,
  SOON_MS,
  told,
  writesIn,
} from './remediation-talk.ts';
import { approve, openRemediationWorld, press } from './remediation-world.ts';

const { alice, bob } = USERS;
const NAMESPACES = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth'];
/** A minute, which is the least in a file of settings, would keep everybody waiting. */
const VERIFY_MINUTES = 0.01;

let world: BotWorld;

beforeAll(async () => {
  world = await openRemediationWorld({
    slack: { world: PEOPLE, allowed: { mentions: [alice.id, bob.id, CAROL.id] } },
    recordings: await brokenIn(NAMESPACES),
    // What replaces a pod is as broken as that was.
    controllers: { stopMs: 50, startMs: 50, recovers: () => false },
    remediation: {
      ...rulesFor([bob.id, CAROL.id]),
      limits: { inFlightPerNamespace: 1, perNamespaceHour: 1, perClusterHour: 20, perTargetMinutes: 1 },
    },
  });
  const { settings } = world;
  const { remediation } = settings;
  const times = { ...remediation.times, verifyMinutes: VERIFY_MINUTES };
  await world.start({ settings: { ...settings, remediation: { ...remediation, times } } });
});

afterAll(async () => {
  const problems = world.slack.problems();
  await world.close();
  expect(problems).toEqual([]);
});

/** The two pods of the broken workload: the one that its change is about, and one that is broken alike. */
async function podsOf(namespace: string): Promise<{ readonly alike: string }> {
  const list = await objectOf(world, `/api/v1/namespaces/${namespace}/pods?labelSelector=app%3Dblog-api`);
  return { alike: /blog-api-[a-z0-9]+-9cpn7/.exec(JSON.stringify(list))?.[0] ?? '' };
}

/** Makes a change that does not help, and is diagnosed once more in its thread. */
async function failIn(namespace: string): Promise<Change> {
  const change = await proposeIn(world, namespace);
  await approve(world, change.card());
  await change.says('did not help');
  const again = () =>
    world.slack.sent().filter(({ threadTs, text }) => threadTs === change.card().threadTs && text.includes('blog-api'));
  await world.slack.waitFor(() => again().length > 1, SOON_MS);
  return change;
}

/** Asks for a change in a namespace, and waits for what the thread says against it. */
async function refusedIn(namespace: string, words: string, query?: string): Promise<void> {
  const answer = await answerIn(world, namespace, query === undefined ? {} : { query });
  await press(world, answer, 'remediation.review', alice.id);
  await world.slack
    .waitFor(() => world.slack.sent().some((one) => one.threadTs === answer.ts && one.text.includes(words)), SOON_MS)
    .catch(() => {
      const said = world.slack.sent().filter((one) => one.threadTs === answer.ts);
      throw new Error(`the thread does not say ${words} but ${said.map(({ text }) => text).join('; ')}`);
    });
}

describe('limits', () => {
  it('keep a second change of a namespace from being proposed while one is under way', async () => {
    const { alike } = await podsOf('first');
    const change = await proposeIn(world, 'first');
    const delay = { kind: 'delay', ms: 5000 } as const;
    world.cluster.faults.add({ path: '*/namespaces/first/pods/*', method: 'DELETE', effect: delay });
    await approve(world, change.card());
    await change.says('Running');

    await refusedIn('first', 'under way at once in this namespace', `why pod/${alike} -n first`);

    world.cluster.faults.clear();
    await change.says('did not help');
    expect(writesIn(world, 'first')).toHaveLength(1);
    expect(
      (await auditOf(world)).filter(({ event, remediation }) => event === 'refused' && remediation === ''),
    ).toMatchObject([{ detail: { reason: expect.stringContaining('under way at once in this namespace') } }]);
  });

  it('let one change within an hour begin in a namespace, whatever was approved', async () => {
    const { alike } = await podsOf('second');
    const first = await proposeIn(world, 'second');
    const second = await proposeIn(world, 'second', { query: `why pod/${alike} -n second` });

    await approve(world, first.card());
    await first.says('did not help');
    await world.slack.drivers.command({ user: bob.id, text: 'resume prod' });
    await approve(world, second.card());

    await second.says('Not run');
    expect((await eventsOf(world, second)).at(-1)).toBe('blocked');
    expect(writesIn(world, 'second')).toHaveLength(1);
  });

  it('switch an action off that did not help twice, until an operator resumes', async () => {
    await failIn('third');
    await failIn('fourth');

    await refusedIn('fifth', 'This action is switched off');
    expect((await auditOf(world)).findLast(({ event }) => event === 'breaker')).toMatchObject({
      cluster: 'prod',
      detail: { off: 'R-POD-DELETE' },
    });
    await world.slack.drivers.command({ user: bob.id, text: 'resume prod' });
    await told(world, bob.id, 'actions that were off because they did not help may be used again');
    await failIn('sixth');

    expect(NAMESPACES.map((namespace) => writesIn(world, namespace).length)).toEqual([1, 1, 1, 1, 0, 1]);
  });
});
