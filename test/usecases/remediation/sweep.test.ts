import { describe, expect, it } from 'vitest';
import { KubewhyError } from '../../../src/core/errors/kubewhy-error.ts';
import type { RemediationRecord } from '../../../src/core/remediation/remediation.ts';
import { sweepRemediations } from '../../../src/usecases/remediation/sweep.ts';
import { tellRemediation } from '../../../src/usecases/remediation/tell.ts';
import { bound, ExecutorWorld, POLICY, signPlan } from './executor-world.ts';

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

  it.each([
    [
      'the plan of another change',
      (record: RemediationRecord) => ({ ...record.signed, ...signPlan({ ...record.signed.plan, id: 'm-2' }) }),
    ],
    [
      'a plan that was altered',
      ({ signed }: RemediationRecord) => ({
        ...signed,
        plan: { ...signed.plan, words: { ...signed.plan.words, title: 'press this' } },
      }),
    ],
  ])('shows nothing of %s, and leaves nothing to press', async (_what, altered) => {
    const world = await proposed();
    await tellRemediation('m-1', world.deps());
    await post(world);
    await tellRemediation('m-1', world.deps());
    const { store } = world;
    const read = async (id: string) => {
      const record = await world.record(id);
      return { ...record, signed: altered(record), revision: record.revision + 1, intent: '{}' };
    };
    const forged = new Proxy(store, {
      get: (target, name) => (name === 'read' ? read : bound(target, name)),
    });

    await tellRemediation('m-1', world.deps({ store: forged }));

    expect(world.outbox.deliveries).toEqual([
      {
        kind: 'card',
        key: 'm-1',
        team: 'T1',
        channel: 'C1',
        priority: 'urgent',
        version: (await world.record()).revision + 1,
        content: {
          kind: 'notice',
          text: 'Stopped: what is stored about the change m-1 cannot be trusted, since it is not what was proposed. Nothing more is done about it. It may have been made before: look at what it was about by hand. Tell an administrator of Kubewhy to look at who can write to Redis. If the trouble is still there, ask again.',
        },
      },
    ]);
  });

  it('shows nothing of a forged row that was never posted', async () => {
    const world = new ExecutorWorld();
    const signed = signPlan(world.plan());
    await world.store.propose({ ...signed, signature: 'forged' }, POLICY.limits);

    await tellRemediation('m-1', world.deps());

    expect(world.outbox.deliveries).toEqual([]);
    expect((await world.store.work('prod')).untold).toEqual([]);
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

  it('ends what belongs to a cluster that is not in the settings any more, and shows that', async () => {
    const world = new ExecutorWorld();
    await world.approved();
    await world.store.claim('m-1', { worker: 'dead', leaseMs: 30_000, limits: POLICY.limits });
    const deps = { ...world.sweepDeps(), clusters: () => ['stage'] };
    world.clock.advance(3_600_000);
    await sweepRemediations(deps);
    const early = (await world.record()).state;
    world.clock.advance(30_000);

    await sweepRemediations(deps);

    expect([early, (await world.record()).state]).toEqual(['executing', 'unknown_outcome']);
    expect(world.outbox.deliveries).toMatchObject([{ content: { card: { record: { state: 'unknown_outcome' } } } }]);
  });

  it('chains the audit also when the queue does not answer, and says that then', async () => {
    const world = new ExecutorWorld();
    await world.approved();
    const queue = {
      enqueue: () => Promise.reject(new KubewhyError('QUEUE_UNAVAILABLE', { message: 'It is away.' })),
      close: async () => undefined,
    };

    const failure = await sweepRemediations({ ...world.sweepDeps(), queue }).catch((error: unknown) => error);

    expect(failure).toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
    expect(world.store.audit.pending).toEqual([]);
  });

  it('is not kept from anything by an audit that cannot be chained', async () => {
    const world = await proposed();
    world.store.audit.down = true;
    const told: string[] = [];

    await sweepRemediations({ ...world.sweepDeps(), anchor: async () => void told.push('anchor') });

    expect(told).toEqual(['anchor']);
    expect(world.outbox.deliveries).toHaveLength(1);
    expect(world.logger.lines).toMatchObject([{ level: 'warn', message: expect.stringContaining('the audit') }]);
  });

  it('chains the audit and writes it to the log', async () => {
    const world = await proposed();

    await sweepRemediations(world.sweepDeps());

    expect(world.logger.lines).toMatchObject([
      { message: 'audit', fields: { audit: { seq: 1, event: 'proposed', remediation: 'm-1' } } },
    ]);
  });
});
