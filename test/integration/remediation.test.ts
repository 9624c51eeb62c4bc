import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BotWorld } from './bot-world.ts';
import { approve, changeSaying, openRemediationWorld, press, proposeFix } from './remediation-world.ts';

describe('a change', () => {
  let world: BotWorld;

  beforeEach(async () => {
    world = await openRemediationWorld();
    await world.start();
  });

  afterEach(async () => {
    expect(world.slack.problems()).toEqual([]);
    await world.close();
  });

  it('is proposed by a button, approved by somebody else, made once, and verified', async () => {
    const proposal = await proposeFix(world);

    await approve(world, proposal);

    await changeSaying(world, 'Fixed');
    expect(world.cluster.writes().filter(({ resource }) => resource !== 'events')).toMatchObject([
      { verb: 'delete', resource: 'pods', namespace: 'shop', user: 'system:serviceaccount:kubewhy:kubewhy-executor' },
    ]);
  });

  it('changes nothing when it is denied', async () => {
    const proposal = await proposeFix(world);

    await press(world, proposal, 'proposal.deny');
    const view = await world.slack.waitFor(() => world.slack.views().find(({ open }) => open));
    await world.slack.drivers.submit({ viewId: view.id, values: {} });

    await changeSaying(world, 'Denied');
    expect(world.cluster.writes()).toEqual([]);
  });
});
