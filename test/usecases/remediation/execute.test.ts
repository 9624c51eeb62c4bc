import { describe, expect, it } from 'vitest';
import { KubewhyError } from '../../../src/core/errors/kubewhy-error.ts';
import type { RemediationPlan } from '../../../src/core/remediation/remediation.ts';
import { voteText } from '../../../src/core/remediation/signed-text.ts';
import type { Fault } from './api-server-world.ts';
import { bound, ExecutorWorld, POLICY, signer, signPlan } from './executor-world.ts';
import { testActions } from './test-actions.ts';

const CORDON: Partial<RemediationPlan> = {
  conditional: false,
  tier: 'T2',
  fingerprint: 'n1',
  rights: [],
  target: { kind: 'Node', group: '', namespace: '', name: 'n1', uid: 'uid-n1' },
  input: {
    action: 'R-CORDON',
    subject: { kind: 'Pod', namespace: 'shop', name: 'web-0', uid: 'uid-1' },
    parameters: {},
  },
};

describe('an approved change', () => {
  it('is made once, on that object, and seen to help', async () => {
    const world = new ExecutorWorld();
    await world.approved();

    const result = await world.run();

    expect(result).toBe('ended');
    expect(world.api.effects).toEqual([
      { remediation: 'm-1', verb: 'delete', uid: 'uid-1', at: Date.parse('2026-01-31T12:00:00.000Z') },
    ]);
    expect(await world.record()).toMatchObject({ state: 'succeeded', ending: { reason: 'web-0 is Ready again' } });
    expect(world.events.join(' ')).toBe(
      'proposed posted vote approved claimed checked step dry-run intent result step result verified',
    );
    expect(world.logger.lines.filter(({ level }) => level === 'error' || level === 'warn')).toEqual([]);
  });

  it('is told in the thread and on the object', async () => {
    const world = new ExecutorWorld();
    await world.approved();

    await world.run();

    expect(world.outbox.deliveries).toMatchObject([
      { key: 'm-1', version: (await world.record()).revision, content: { card: { record: { state: 'succeeded' } } } },
    ]);
    expect(world.api.events).toEqual([
      {
        remediation: 'm-1',
        involved: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web-0', uid: 'uid-1' },
        type: 'Normal',
        reason: 'RemediationSucceeded',
        message: 'delete pod shop/web-0: web-0 is Ready again Approved by UBOB. (m-1)',
      },
    ]);
  });

  it('is made by nobody a second time', async () => {
    const world = new ExecutorWorld();
    await world.approved();
    await world.run();

    const again = await world.run();

    expect(again).toBe('nothing');
    expect(world.api.effects).toHaveLength(1);
  });

  it('of another cluster is left alone', async () => {
    const world = new ExecutorWorld();
    await world.approved();

    const result = await world.run('m-1', world.deps({ cluster: 'stage' }));

    expect(result).toBe('nothing');
    expect((await world.record()).state).toBe('approved');
  });

  it('that did not help says so, and asks once more in the thread', async () => {
    const world = new ExecutorWorld();
    world.api.heals = false;
    await world.approved();

    await world.run();

    expect(await world.record()).toMatchObject({ state: 'verify_failed', ending: { reason: 'web-0 is not Ready' } });
    expect(world.asked).toMatchObject([{ run: 1, cluster: 'prod' }]);
    const question = await world.questions.read(world.asked[0]?.questionId ?? '');
    expect(question?.question).toMatchObject({
      subject: { kind: 'Pod', namespace: 'shop', name: 'web-0' },
      readable: ['shop'],
      replyTo: { channel: 'C1', thread: '1700000000.000100' },
    });
  });

  it('that looks well to its action but not to a fresh diagnosis did not help', async () => {
    const world = new ExecutorWorld();
    world.api.heals = false;
    await world.approved();
    const action = testActions.get('R-POD-DELETE');
    const easy = action && { ...action, verify: async () => ({ kind: 'helped', says: 'web-0 is new' }) as const };

    await world.run('m-1', world.deps({ actionOf: () => easy }));

    expect((await world.record()).ending?.reason).toBe('web-0 is new, but a fresh diagnosis still finds "pod-stuck"');
  });
});

describe('a reply', () => {
  it.each<[readonly Fault[], string, number]>([
    [['reply-lost'], 'succeeded', 1],
    [['request-lost'], 'succeeded', 1],
    [['http-500', 'reply-lost'], 'succeeded', 1],
    [['http-500', 'http-500', 'http-500'], 'failed', 0],
    [[{ status: 403 }], 'failed', 0],
    [[{ status: 409 }], 'failed', 0],
    [[{ status: 422 }], 'failed', 0],
    [[{ status: 429 }], 'failed', 0],
    [['reply-lost', { status: 409 }], 'succeeded', 1],
  ])('%j ends as %s with %i effects', async (faults, state, effects) => {
    const world = new ExecutorWorld();
    world.api.faults.push(...faults);
    await world.approved();

    await world.run();

    expect((await world.record()).state).toBe(state);
    expect(world.api.effects).toHaveLength(effects);
  });

  it.each<[readonly Fault[], string, number]>([
    [[], 'succeeded', 1],
    [['reply-lost'], 'unknown_outcome', 1],
    [['request-lost'], 'unknown_outcome', 0],
    [[{ status: 403 }], 'failed', 0],
  ])('%j to a change without a condition ends as %s with %i effects', async (faults, state, effects) => {
    const world = new ExecutorWorld();
    world.offers = 'R-CORDON';
    world.api.faults.push(...faults);
    await world.approved(CORDON);

    await world.run();

    expect((await world.record()).state).toBe(state);
    expect(world.api.effects).toHaveLength(effects);
    expect(world.api.sends.filter(({ dryRun }) => !dryRun)).toHaveLength(1);
  });

  it('that never came while nothing can be read is an unknown outcome in the end', async () => {
    const world = new ExecutorWorld();
    await world.approved();
    const { api } = world;
    const send: typeof api.send = async (request, options) => {
      const result = await api.send(request, options);
      api.readable = options.dryRun;
      return options.dryRun ? result : { kind: 'unknown', message: 'reset' };
    };
    const writer = { send, mayUser: api.mayUser.bind(api), event: api.event.bind(api) };

    await world.run('m-1', world.deps({ writer }));

    expect((await world.record()).state).toBe('unknown_outcome');
    expect(api.events).toMatchObject([{ reason: 'RemediationOutcomeUnknown', type: 'Warning' }]);
  });
});

describe('a forged row', () => {
  it('with a vote that no gateway signed is refused, and the audit says so', async () => {
    const world = new ExecutorWorld();
    const id = await world.shown();
    const { digest } = (await world.record(id)).signed;
    await world.store.approve(id, digest, { team: 'T1', user: 'UBOB', reason: '', signature: 'forged' });

    await world.run();

    expect((await world.record()).state).toBe('blocked');
    expect(world.api.sends).toEqual([]);
    expect(world.api.events).toEqual([]);
    expect(world.store.audit.drafts).toContainEqual(
      expect.objectContaining({ event: 'refused', security: 5, remediation: 'm-1' }),
    );
  });

  it('with a plan that no executor signed is refused', async () => {
    const world = new ExecutorWorld();
    const signed = { ...signPlan(world.plan()), signature: 'forged' };
    await world.store.propose(signed, POLICY.limits);
    await world.store.opened('m-1', { channel: 'C1', ts: '1.2' });
    const vote = { team: 'T1', user: 'UBOB', reason: '' };
    const signature = signer.sign(voteText('m-1', signed.digest, vote));
    await world.store.approve('m-1', signed.digest, { ...vote, signature });

    await world.run();

    expect((await world.record()).state).toBe('blocked');
    expect(world.api.sends).toEqual([]);
  });
});

describe('an executor that finds Redis gone', () => {
  it('after its change writes down what it did when Redis is back', async () => {
    const world = new ExecutorWorld();
    world.offers = 'R-CORDON';
    await world.approved(CORDON);
    const { api, store } = world;
    const send: typeof api.send = async (request, options) => {
      const result = await api.send(request, options);
      store.down = !options.dryRun;
      store.audit.down = !options.dryRun;
      return result;
    };
    let pauses = 0;
    const pause = async (ms: number): Promise<void> => {
      world.clock.advance(ms);
      pauses += 1;
      store.down = store.down && pauses < 5;
      store.audit.down = store.audit.down && pauses < 5;
    };
    const writer = { send, mayUser: api.mayUser.bind(api), event: api.event.bind(api) };

    await world.run('m-1', world.deps({ writer, pause }));

    expect((await world.record()).state).toBe('succeeded');
  });

  it('before its change sends nothing', async () => {
    const world = new ExecutorWorld();
    await world.approved();
    const { store } = world;
    const down = new KubewhyError('STORE_UNAVAILABLE', { message: 'Redis does not answer.' });
    const failing = new Proxy(store, {
      get: (_target, name) => (name === 'stopped' ? () => Promise.reject(down) : bound(store, name)),
    });

    await expect(world.run('m-1', world.deps({ store: failing }))).rejects.toThrow(down);

    expect(world.api.effects).toEqual([]);
    expect((await world.record()).state).toBe('executing');
  });
});
