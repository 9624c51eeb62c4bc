import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Recording } from '../../src/core/recording/recording.ts';
import { USERS } from '../../src/sim/slack/world/default-world.ts';
import type { BotWorld } from './bot-world.ts';
import {
  type Asking,
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
  writesIn,
} from './remediation-talk.ts';
import { approve, openRemediationWorld, press } from './remediation-world.ts';

const { alice, bob } = USERS;
const FINALIZER = 'backup.weaver.test/keep';
const HOSTILE = '`<!channel>*ok*';

let world: BotWorld;

beforeAll(async () => {
  world = await openRemediationWorld({
    slack: { world: PEOPLE, allowed: { mentions: [alice.id, bob.id, CAROL.id, DAVE.id] } },
    recordings: [heldClaim('typed'), heldClaim('owners'), heldClaim('denied')],
    controllers: { stopMs: 50, startMs: 50 },
    remediation: rulesFor([bob.id, CAROL.id, alice.id]),
  });
  await world.start();
});

afterAll(async () => {
  const problems = world.slack.problems();
  await world.close();
  expect(problems).toEqual([]);
});

/** A claim that a finalizer keeps whose controller is gone. */
function heldClaim(namespace: string): Recording {
  return {
    subject: `pvc/data -n ${namespace}`,
    clock: '2026-11-22T03:10:00Z',
    closedWorld: true,
    logs: [],
    unreadable: [],
    objects: [
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: {
          name: 'data',
          namespace,
          uid: `uid-${namespace}`,
          resourceVersion: '7',
          creationTimestamp: '2026-11-22T01:00:00Z',
          deletionTimestamp: '2026-11-22T02:00:00Z',
          deletionGracePeriodSeconds: 0,
          finalizers: [FINALIZER],
        },
        spec: { accessModes: ['ReadWriteOnce'], storageClassName: '' },
        status: { phase: 'Pending' },
      },
    ],
  };
}

const ASKER: Asking = { user: DAVE.id };

function propose(namespace: string): Promise<Change> {
  return proposeIn(world, namespace, { ...ASKER, query: `why pvc/data -n ${namespace}` });
}

describe('a change of tier T3', () => {
  it('needs its name, typed character by character, and a reason', async () => {
    const change = await propose('typed');

    const answers: unknown[] = [];
    // A letter of another script, capitals, blanks within, and what would be a mention.
    for (const confirm of ['', 'Data', 'd\u0430ta', 'da ta', HOSTILE]) {
      answers.push(await attempt(change, { user: bob.id, confirm, reason: 'nothing backs it up' }));
    }
    answers.push(await attempt(change, { user: bob.id, confirm: 'data', reason: ' . ' }));

    const name = expect.objectContaining({ errors: { 'approval-confirm': 'Type exactly "data" to confirm.' } });
    const reason = expect.objectContaining({ errors: { 'approval-reason': expect.stringContaining('Say why') } });
    expect(answers).toEqual([name, name, name, name, name, reason]);
    expect((await refusalsOf(world, change)).map(({ detail }) => detail['why'])).toEqual(Array(6).fill('input'));
    expect(await eventsOf(world, change)).not.toContain('vote');
    expect(writesIn(world, 'typed')).toEqual([]);
  });

  it('needs two people, one of them an owner', async () => {
    const change = await propose('owners');
    const typed = { confirm: 'data', reason: 'nothing backs it up' };

    await attempt(change, { user: CAROL.id, ...typed });
    await told(world, CAROL.id, 'Your approval counts: 1 of 2.');
    await press(world, change.card(), 'proposal.approve', CAROL.id);
    await told(world, CAROL.id, 'You have approved this change already');
    await attempt(change, { user: alice.id, ...typed });
    await told(world, alice.id, 'An owner must approve as well');
    expect(writesIn(world, 'owners')).toEqual([]);
    await attempt(change, { user: bob.id, ...typed });

    await expect
      .poll(() => writesIn(world, 'owners'), { timeout: SOON_MS })
      .toMatchObject([{ verb: 'patch', resource: 'persistentvolumeclaims', name: 'data' }]);
    expect((await eventsOf(world, change)).filter((event) => event === 'vote' || event === 'approved')).toEqual([
      'vote',
      'vote',
      'vote',
      'approved',
    ]);
  });

  it('is over with one denial', async () => {
    const change = await propose('denied');
    await attempt(change, { user: CAROL.id, confirm: 'data', reason: 'nothing backs it up' });

    await press(world, change.card(), 'proposal.deny', alice.id);
    const view = await world.slack.waitFor(
      () => world.slack.views().find((one) => one.open && JSON.stringify(one.view).includes('denial-reason')),
      SOON_MS,
    );
    const reason = { 'denial-reason': { reason: { type: 'plain_text_input', value: `no, ${HOSTILE}` } } };
    await world.slack.drivers.submit({ viewId: view.id, values: reason });

    await change.says('Denied');
    expect(writesIn(world, 'denied')).toEqual([]);
    expect(await eventsOf(world, change)).toContain('denied');
  });
});

async function attempt(change: Change, approving: Parameters<typeof approve>[2]): Promise<unknown> {
  const { json } = await approve(world, change.card(), approving);
  for (const view of world.slack
    .views()
    .filter((one) => one.open && JSON.stringify(one.view).includes('approval-reason'))) {
    await world.slack.drivers.closeView({ viewId: view.id });
  }
  return json;
}
