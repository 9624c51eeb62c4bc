import { describe, expect, it } from 'vitest';
import { dryRunRemediation } from '../../../src/usecases/remediation/dry-run.ts';
import { ExecutorWorld, POLICY, signPlan } from './executor-world.ts';

const JOB = {
  kind: 'dry-run',
  cluster: 'prod',
  remediation: 'm-1',
  user: 'UBOB',
  expiresAt: '2026-01-31T12:05:00.000Z',
} as const;

async function told(happens: (world: ExecutorWorld) => unknown = () => undefined) {
  const world = new ExecutorWorld();
  await world.shown();
  happens(world);
  await dryRunRemediation(JOB, world.deps());
  return world;
}

describe('a dry run', () => {
  it('says in the thread what would be answered, and changes nothing', async () => {
    const world = await told();

    expect(world.outbox.deliveries).toMatchObject([
      {
        thread: '1700000000.000100',
        content: {
          kind: 'notice',
          text: 'Dry run: it would be done. HTTP 200: the API server would do it. Nothing was changed.',
          code: ['DELETE /api/v1/namespaces/shop/pods/web-0'],
        },
      },
    ]);
    expect(world.api.effects).toEqual([]);
  });

  it.each<[string, (world: ExecutorWorld) => unknown, string]>([
    ['another pod', ({ api }) => api.replace('web-0', false), 'it would not be done. The pod is another one.'],
    [
      'a webhook',
      ({ api }) => api.dryRuns.push({ kind: 'refused', status: 403, reason: 'No', message: 'a webhook says no' }),
      'it would not be done. HTTP 403: a webhook says no. Nothing was changed.',
    ],
  ])('says that %s forbids it', async (_what, happens, text) => {
    const world = await told(happens);

    expect(world.outbox.deliveries).toMatchObject([{ content: { text: `Dry run: ${text}` } }]);
  });

  it('twice is said once, and by each person who asks', async () => {
    const world = await told();
    await dryRunRemediation(JOB, world.deps());

    await dryRunRemediation({ ...JOB, user: 'UEVE' }, world.deps());

    expect(world.outbox.deliveries).toHaveLength(2);
  });

  it('of a forged plan says nothing', async () => {
    const world = new ExecutorWorld();
    await world.store.propose({ ...signPlan(world.plan()), signature: 'forged' }, POLICY.limits);

    await dryRunRemediation(JOB, world.deps());

    expect(world.outbox.deliveries).toEqual([]);
    expect(world.api.sends).toEqual([]);
  });

  it('that comes too late is not made', async () => {
    const world = await told(({ clock }) => clock.advance(300_000));

    expect(world.outbox.deliveries).toEqual([]);
  });
});
