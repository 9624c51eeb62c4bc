import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectMadeOnce, openRolesWorld, type RolesWorld } from './remediation-roles.ts';
import { eventsOf, proposeIn, SOON_MS, writesIn } from './remediation-talk.ts';
import { approve } from './remediation-world.ts';

/** Three processes start. */
const START_MS = 120_000;

let roles: RolesWorld;

beforeAll(async () => {
  roles = await openRolesWorld(['checking', 'sending']);
}, START_MS);

afterAll(async () => {
  expect(await roles.close()).toEqual([]);
});

function nodeLists(): number {
  return roles.world.cluster.requests().filter(({ url }) => url.startsWith('/api/v1/nodes?')).length;
}

describe('an executor that takes over', () => {
  it('checks anew what was not sent, and looks whether what may have been sent was made', async () => {
    const { world } = roles;
    const { faults } = world.cluster;
    const sending = await proposeIn(world, 'sending');
    const checking = await proposeIn(world, 'checking');
    const deletion = { path: '*/namespaces/sending/pods/*', method: 'DELETE' };
    // The dry run gets its answer, and the change is made without one.
    faults.add({ ...deletion, times: 1, effect: { kind: 'delay', ms: 0 } });
    faults.add({ ...deletion, effect: { kind: 'hang', after: true } });
    await approve(world, sending.card());
    await expect.poll(() => writesIn(world, 'sending'), { timeout: SOON_MS, interval: 20 }).toHaveLength(1);
    const lists = nodeLists();
    faults.add({ path: '/api/v1/nodes', effect: { kind: 'hang' } });
    await approve(world, checking.card());
    await expect.poll(nodeLists, { timeout: SOON_MS, interval: 20 }).toBeGreaterThan(lists);

    await roles.killExecutors();
    faults.clear();
    await roles.startExecutors(1);

    await expectMadeOnce(world, sending);
    await expectMadeOnce(world, checking);
    const taken = ['executing', 'intent'].map((name) =>
      Promise.all(
        [sending, checking].map(
          async (change) => (await eventsOf(world, change)).filter((event) => event === name).length,
        ),
      ),
    );
    expect(await Promise.all(taken)).toEqual([
      [2, 2],
      [1, 1],
    ]);
  });
});
