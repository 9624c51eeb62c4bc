import { describe, expect, it } from 'vitest';
import { KubewhyError } from '../../../src/core/errors/kubewhy-error.ts';
import { bound, ExecutorWorld, POLICY } from './executor-world.ts';
import { testActions } from './test-actions.ts';

const DOWN = new KubewhyError('STORE_UNAVAILABLE', { message: 'Redis does not answer.' });

/** The store, of which one method does what it is asked the first time and loses the answer. */
function losing(world: ExecutorWorld, method: 'advance' | 'intend'): ExecutorWorld['store'] {
  const { store } = world;
  let lost = false;
  return new Proxy(store, {
    get: (_target, name) => {
      const member = bound(store, name);
      if (name !== method || typeof member !== 'function') {
        return member;
      }
      return async (...given: readonly unknown[]) => {
        const result: unknown = await Reflect.apply(member, store, given);
        if (!lost) {
          lost = true;
          throw DOWN;
        }
        return result;
      };
    },
  });
}

describe('an executor that does not know', () => {
  it.each(['advance', 'intend'] as const)('whether its %s arrived goes on when it did', async (method) => {
    const world = new ExecutorWorld();
    await world.approved();

    const result = await world.run('m-1', world.deps({ store: losing(world, method) }));

    expect(result).toBe('ended');
    expect((await world.record()).state).toBe('succeeded');
    expect(world.api.effects).toHaveLength(1);
    expect(world.api.events).toHaveLength(1);
  });

  it('whether it announced a change that has no condition sends it once', async () => {
    const world = new ExecutorWorld();
    world.offers = 'R-CORDON';
    await world.approved({
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
    });

    await world.run('m-1', world.deps({ store: losing(world, 'intend') }));

    expect((await world.record()).state).toBe('succeeded');
    expect(world.api.effects).toHaveLength(1);
  });

  it('that its request arrives late sees that it did', async () => {
    const world = new ExecutorWorld();
    await world.approved();
    world.api.faults.push('request-lost');
    let arrived = false;
    const pause = async (ms: number): Promise<void> => {
      world.clock.advance(ms);
      if (!arrived) {
        arrived = true;
        world.api.replace('web-0', true);
      }
    };

    await world.run('m-1', world.deps({ pause }));

    expect((await world.record()).state).toBe('succeeded');
  });

  it('whether an action may be sent twice sends it once', async () => {
    const world = new ExecutorWorld();
    await world.approved();
    world.api.faults.push('request-lost');
    const action = testActions.get('R-POD-DELETE');
    const once = action && { ...action, conditional: false };

    await world.run('m-1', world.deps({ actionOf: () => once }));

    expect((await world.record()).state).toBe('unknown_outcome');
    expect(world.api.sends.filter(({ dryRun }) => !dryRun)).toHaveLength(1);
  });

  it('what it should change does nothing', async () => {
    const world = new ExecutorWorld();
    await world.approved({ fingerprint: 'as it was long ago' });

    await world.run();

    expect(await world.record()).toMatchObject({
      state: 'superseded',
      ending: { reason: expect.stringContaining('What the decision rested on has changed') },
    });
    expect(world.api.sends).toEqual([]);
  });

  it('of another executor that went on writes down what it sent all the same', async () => {
    const world = new ExecutorWorld();
    await world.approved();
    const { api } = world;
    const send: typeof api.send = async (request, options) => {
      if (!options.dryRun) {
        world.clock.advance(31_000);
        await world.store.claim('m-1', { worker: 'w2', leaseMs: 30_000, limits: POLICY.limits });
      }
      return api.send(request, options);
    };
    const writer = { send, mayUser: api.mayUser.bind(api), event: api.event.bind(api) };

    const result = await world.run('m-1', world.deps({ writer }));

    expect(result).toBe('lost');
    expect(world.store.audit.drafts).toContainEqual(
      expect.objectContaining({
        event: 'result',
        actor: 'executor:w1',
        detail: { reply: 'done', response: 'HTTP 200', sends: 1, late: true },
      }),
    );
  });
});
