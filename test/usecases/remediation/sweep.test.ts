import { describe, expect, it } from 'vitest';
import { sweepRemediations } from '../../../src/usecases/remediation/sweep.ts';
import { tellRemediation } from '../../../src/usecases/remediation/tell.ts';
import { ExecutorWorld, POLICY, signPlan } from './executor-world.ts';

/** The outbox sends what it holds. */
async function post({ outbox }: ExecutorWorld): Promise<void> {
  const claim = await outbox.claim();
  await (claim.kind === 'claimed' &&
    outbox.settle(claim.claim, { kind: 'sent', posted: { channel: 'C1', ts: '1700000000.000200' } }));
}

async function proposed(): Promise<ExecutorWorld> {
  const world = new ExecutorWorld();
  await world.store.propose(signPlan(world.plan()), POLICY.limits);
  return world;
}

describe('telling', () => {
  it('shows a proposal, and opens it for decisions once it is posted', async () => {
    const world = await proposed();
    await tellRemediation('m-1', world.deps());
    const before = (await world.record()).state;
    await post(world);

    await tellRemediation('m-1', world.deps());

    const record = await world.record();
    expect([before, record.state]).toEqual(['proposed', 'awaiting_approval']);
    expect(record.message).toEqual({ channel: 'C1', ts: '1700000000.000200' });
    expect(world.outbox.deliveries).toMatchObject([
      { key: 'm-1', version: record.revision, content: { card: { record: { state: 'awaiting_approval' } } } },
    ]);
    expect((await world.store.work('prod')).untold).toEqual([]);
  });

  it('calls owners first, each once', async () => {
    const world = new ExecutorWorld();
    const approval = { rule: 'shop', required: 2, owners: ['SOWN', 'UBOB'], reasonRequired: true };
    await world.store.propose(signPlan(world.plan({ approval })), POLICY.limits);

    await tellRemediation('m-1', world.deps());

    expect(world.outbox.deliveries).toMatchObject([{ content: { card: { approvers: ['SOWN', 'UBOB', 'SOPS'] } } }]);
  });

  it('of what is not there does nothing', async () => {
    const world = new ExecutorWorld();

    await tellRemediation('m-9', world.deps());

    expect(world.outbox.deliveries).toEqual([]);
  });
});

describe('the sweep', () => {
  it('opens what is posted and shows what was not shown', async () => {
    const world = await proposed();
    await sweepRemediations(world.sweepDeps());
    await post(world);

    await sweepRemediations(world.sweepDeps());

    expect((await world.record()).state).toBe('awaiting_approval');
    expect((await world.store.work('prod')).untold).toEqual([]);
  });

  it('queues what is approved, under another name each time that a lease lasts', async () => {
    const world = new ExecutorWorld();
    await world.approved();
    await sweepRemediations(world.sweepDeps());
    await sweepRemediations(world.sweepDeps());
    world.clock.advance(30_000);

    await sweepRemediations(world.sweepDeps());

    const keys = world.queued.map(({ key }) => key);
    expect(new Set(keys).size).toBe(2);
    expect(world.queued[0]?.job).toMatchObject({ kind: 'execute', remediation: 'm-1', cluster: 'prod', once: false });
  });

  it('queues what an executor left behind only when its lease is over', async () => {
    const world = new ExecutorWorld();
    await world.approved();
    await world.store.claim('m-1', { worker: 'dead', leaseMs: 30_000, limits: POLICY.limits });
    await sweepRemediations(world.sweepDeps());
    const early = world.queued.length;
    world.clock.advance(30_000);

    await sweepRemediations(world.sweepDeps());

    expect([early, world.queued.length]).toEqual([0, 1]);
  });

  it('ends what is too old, and shows that', async () => {
    const world = new ExecutorWorld();
    await world.shown();
    world.clock.advance(30 * 60_000);

    await sweepRemediations(world.sweepDeps());

    expect((await world.record()).state).toBe('expired');
    expect(world.outbox.deliveries).toMatchObject([{ content: { card: { record: { state: 'expired' } } } }]);
  });

  it('chains the audit and writes it to the log', async () => {
    const world = await proposed();

    await sweepRemediations(world.sweepDeps());

    expect(world.logger.lines).toMatchObject([
      { message: 'audit', fields: { audit: { seq: 1, event: 'proposed', remediation: 'm-1' } } },
    ]);
  });
});
