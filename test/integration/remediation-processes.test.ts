import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectMadeOnce, openRolesWorld, type RolesWorld, stateOf } from './remediation-roles.ts';
import { eventsOf, proposeIn, SOON_MS, writesIn } from './remediation-talk.ts';
import { approve } from './remediation-world.ts';

/** Three processes start. */
const START_MS = 120_000;

let roles: RolesWorld;

beforeAll(async () => {
  roles = await openRolesWorld(['down', 'verifying']);
}, START_MS);

afterAll(async () => {
  expect(await roles.close()).toEqual([]);
});

describe('gateway, diagnoser and executor as processes of their own', () => {
  it('make a change that was approved while no executor ran, and of two executors one', async () => {
    const { world } = roles;
    const change = await proposeIn(world, 'down');
    await roles.killExecutors();

    await approve(world, change.card());
    await change.says('Approved');
    expect(writesIn(world, 'down')).toEqual([]);
    await roles.startExecutors(2);

    await expectMadeOnce(world, change);
    expect((await eventsOf(world, change)).filter((event) => event === 'intent')).toHaveLength(1);
  });

  it('go on watching what an executor had made before it died', async () => {
    const { world } = roles;
    const change = await proposeIn(world, 'verifying');
    await approve(world, change.card());
    await expect.poll(() => stateOf(world, change), { timeout: SOON_MS }).toBe('verifying');

    await roles.killExecutors();
    await roles.startExecutors(2);

    await expectMadeOnce(world, change);
    expect((await eventsOf(world, change)).filter((event) => event === 'intent')).toHaveLength(1);
  });
});
