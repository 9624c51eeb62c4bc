import { describe, expect, it } from 'vitest';
import { Lease, LeaseLost } from '../../../src/usecases/remediation/lease.ts';
import { ExecutorWorld, POLICY } from './executor-world.ts';

async function claimed(): Promise<{ world: ExecutorWorld; lease: Lease }> {
  const world = new ExecutorWorld();
  await world.approved();
  const askedAt = world.clock.ms;
  const claim = await world.store.claim('m-1', { worker: 'w1', leaseMs: 30_000, limits: POLICY.limits });
  const fence = claim.kind === 'claimed' ? claim.fence : 0;
  return { world, lease: new Lease({ id: 'm-1', fence, askedAt }, world.deps()) };
}

describe('a lease', () => {
  it('holds until its time is over, without asking anybody', async () => {
    const { world, lease } = await claimed();
    world.store.down = true;
    world.clock.advance(29_999);
    const before = lease.holds();
    world.clock.advance(1);

    expect([before, lease.holds()]).toEqual([true, false]);
  });

  it('lasts through a long wait', async () => {
    const { world, lease } = await claimed();

    await lease.pause(300_000);

    expect(lease.holds()).toBe(true);
    expect(world.clock.ms).toBe(Date.parse('2026-01-31T12:05:00.000Z'));
  });

  it('that another executor has is lost for good', async () => {
    const { world, lease } = await claimed();
    world.clock.advance(30_000);
    await world.store.claim('m-1', { worker: 'w2', leaseMs: 30_000, limits: POLICY.limits });

    await expect(lease.check()).rejects.toThrow(LeaseLost);
    await expect(lease.renew()).rejects.toThrow(LeaseLost);

    expect(lease.holds()).toBe(false);
  });
});
