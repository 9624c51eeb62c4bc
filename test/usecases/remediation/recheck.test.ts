import { describe, expect, it } from 'vitest';
import { bound, ExecutorWorld, POLICY } from './executor-world.ts';
import { testActions } from './test-actions.ts';

/** What can speak against a change between its approval and the act. */
const AGAINST: readonly (readonly [string, (world: ExecutorWorld) => unknown, string, string])[] = [
  ['a pod of the same name', ({ api }) => api.replace('web-0', false), 'superseded', 'another one of the same name'],
  ['a pod that healed', ({ api }) => api.heal('web-0'), 'superseded', 'healed by itself'],
  ['a pod that is gone', ({ api }) => api.remove('web-0'), 'superseded', 'is gone'],
  ['other playbooks', (world) => (world.digest = 'ffffffffffff'), 'superseded', 'playbooks were changed'],
  ['another offer', (world) => (world.offers = 'R-CORDON'), 'superseded', 'another change'],
  ['a cluster that is silent', ({ api }) => (api.readable = false), 'blocked', 'could not be read'],
  ['a kill switch', (world) => (world.killSwitch = async () => 'KUBEWHY_STOP'), 'blocked', 'KUBEWHY_STOP'],
  [
    'a kill switch that cannot be read',
    (world) => (world.killSwitch = () => Promise.reject(new Error('no'))),
    'blocked',
    'switched off',
  ],
  [
    'a freeze',
    (world) => {
      const windows = [{ starts: '2026-01-31T00:00:00Z', ends: '2026-02-01T00:00:00Z' }];
      world.policy = { ...POLICY, freezes: [{ name: 'release', windows }] };
    },
    'blocked',
    'The freeze "release" is on',
  ],
  [
    'a storm',
    ({ api }) => (api.nodes = ['n1', 'n2', 'n3'].map((name) => ({ name, ready: false }))),
    'blocked',
    '3 of 3 nodes are not Ready',
  ],
  [
    'an API server that fails',
    (world) => (world.requests = [{ at: world.clock.ms, answered: 80, failed: 20 }]),
    'blocked',
    'left 20 of 100 requests',
  ],
  [
    'an approver that is deactivated',
    ({ people }) => people.changes.set('UBOB', { deactivated: true, name: 'Bob' }),
    'blocked',
    'The approver Bob may not approve this any more',
  ],
  ['a guest', ({ people }) => people.changes.set('UBOB', { guest: true }), 'blocked', 'may not approve this any more'],
  ['a person of elsewhere', ({ people }) => people.changes.set('UBOB', { team: 'T9' }), 'blocked', 'may not approve'],
  [
    'a shared channel',
    ({ people }) => (people.place = { shared: true }),
    'blocked',
    'shared with another organisation',
  ],
  ['Slack that is silent', ({ people }) => (people.down = true), 'blocked', 'Slack did not say'],
  [
    'a rule without the approver',
    (world) => (world.policy = { ...POLICY, rules: POLICY.rules.map((rule) => ({ ...rule, approvers: ['UEVE'] })) }),
    'blocked',
    'names neither that person',
  ],
  ['no rule', (world) => (world.policy = { ...POLICY, rules: [] }), 'blocked', 'no rule'],
  [
    'a namespace that is protected',
    (world) => (world.policy = { ...POLICY, protectedNamespaces: ['shop'] }),
    'blocked',
    'is protected',
  ],
  ['no identity', (world) => (world.policy = { ...POLICY, identities: [] }), 'blocked', 'who that person is'],
  [
    'no right in the cluster',
    ({ api }) => api.powerless.add('UBOB@example.com'),
    'blocked',
    'delete pods in shop is missing',
  ],
  ['a cluster that reviews nothing', ({ api }) => (api.reviews = 'unreadable'), 'blocked', 'did not say what'],
  ['time', ({ clock }) => clock.advance(15 * 60_000), 'expired', 'Its time was over'],
  [
    'a dry run that is refused',
    ({ api }) => api.dryRuns.push({ kind: 'refused', status: 403, reason: 'Forbidden', message: 'a webhook says no' }),
    'failed',
    'a webhook says no',
  ],
  [
    'a dry run that conflicts',
    ({ api }) => api.dryRuns.push({ kind: 'refused', status: 409, reason: 'Conflict', message: 'other uid' }),
    'superseded',
    'not as it was',
  ],
  [
    'a dry run without an answer',
    ({ api }) => api.dryRuns.push({ kind: 'unknown', message: 'timeout' }),
    'blocked',
    'did not answer the dry run',
  ],
];

describe('between approval and act', () => {
  it.each(AGAINST)('%s stops it', async (_what, happens, state, reason) => {
    const world = new ExecutorWorld();
    await world.approved();
    happens(world);

    await world.run();

    const record = await world.record();
    expect({ state: record.state, reason: record.ending?.reason }).toEqual({
      state,
      reason: expect.stringContaining(reason),
    });
    expect(world.api.effects).toEqual([]);
    expect(world.events).not.toContain('intent');
  });

  it('a group that lost the approver stops it', async () => {
    const world = new ExecutorWorld();
    await world.approved({}, ['UEVE']);
    world.people.groups.set('SOPS', []);

    await world.run();

    expect(await world.record()).toMatchObject({ state: 'blocked', ending: { by: 'UEVE' } });
    expect(world.api.effects).toEqual([]);
  });

  it('Slack that was asked too often is waited for once, and everything is checked again', async () => {
    const world = new ExecutorWorld();
    await world.approved({}, ['UEVE']);
    world.people.limited.push(30_000);
    const began = world.clock.ms;

    await world.run();

    expect((await world.record()).state).toBe('succeeded');
    expect(world.api.effects).toMatchObject([{ at: began + 30_000 }]);
    expect(world.logger.lines).toContainEqual({
      level: 'info',
      message: 'Slack limits how often it is asked, so the approvers are looked up a little later',
      fields: { remediation: 'm-1', retryAfterMs: 30_000 },
    });
  });

  it.each([
    ['for too long', [31_000], 0],
    ['twice', [20_000, 20_000], 0],
    ['for longer than the approval holds', [30_000], 15 * 60_000 - 29_000],
  ])('Slack that refuses to answer %s stops it', async (_what, limited, later) => {
    const world = new ExecutorWorld();
    await world.approved({}, ['UEVE']);
    world.people.limited.push(...limited);
    world.clock.advance(later);

    await world.run();

    expect(await world.record()).toMatchObject({
      state: 'blocked',
      ending: { reason: expect.stringContaining('SOPS (ratelimited)'), by: 'UEVE' },
    });
    expect(world.api.effects).toEqual([]);
  });

  it.each([
    [
      'a person whom the rule does not name any more',
      ({ people }: ExecutorWorld) => people.groups.set('SOPS', []),
      'An approver may not approve this any more: the rule "shop" names neither that person nor a group that the person is in. Nothing was changed. First name that person under `approvers` of the rule or take them into the group SOPS, or let somebody else approve; then propose it again.',
    ],
    [
      'a person without an identity',
      (world: ExecutorWorld) => (world.policy = { ...POLICY, identities: [] }),
      'An approver may not approve this any more: `remediation.identities` does not say any more who that person is to the cluster. Nothing was changed. First add the entry again, or let somebody else approve; then propose it again.',
    ],
    [
      'a person without the right',
      ({ api }: ExecutorWorld) => api.powerless.add('UEVE@example.com'),
      'The cluster does not let the approver UEVE@example.com do this: the right to delete pods in shop is missing. Nothing was changed. First give that right back (RBAC of the cluster), or let somebody else approve; then propose it again.',
    ],
  ])('%s is told what to get back first', async (_what, happens, reason) => {
    const world = new ExecutorWorld();
    await world.approved({}, ['UEVE']);
    happens(world);

    await world.run();

    expect((await world.record()).ending).toEqual({ reason, by: 'UEVE' });
  });

  it('T3 without an owner among the approvers stops it', async () => {
    const world = new ExecutorWorld();
    const action = testActions.get('R-POD-DELETE');
    const dangerous = action && {
      ...action,
      inspect: async (...given: Parameters<typeof action.inspect>) => {
        const found = await action.inspect(...given);
        return found.kind === 'possible' ? { ...found, tier: 'T3' as const } : found;
      },
    };
    world.policy = { ...POLICY, rules: POLICY.rules.map((rule) => ({ ...rule, approvers: ['UBOB', 'UEVE', 'UDAN'] })) };
    const identities = [...POLICY.identities, { slack: 'UDAN', user: 'dan', groups: [] }];
    world.policy = { ...world.policy, identities };
    const approval = { rule: 'shop', required: 2, owners: ['UBOB'], reasonRequired: true };
    await world.approved({ tier: 'T3', approval }, ['UEVE', 'UDAN']);

    await world.run('m-1', world.deps({ actionOf: () => dangerous }));

    expect(await world.record()).toMatchObject({
      state: 'blocked',
      ending: { reason: expect.stringContaining('owner') },
    });
  });

  it('a switch that is pressed after the intent stops it', async () => {
    const world = new ExecutorWorld();
    await world.approved();
    let calls = 0;
    world.killSwitch = async () => {
      calls += 1;
      return calls > 2 ? 'now' : undefined;
    };

    await world.run();

    expect(world.events).toContain('intent');
    expect((await world.record()).state).toBe('blocked');
    expect(world.api.effects).toEqual([]);
  });

  it('a stop that is pressed before the intent stops it', async () => {
    const world = new ExecutorWorld();
    await world.approved();
    const { store } = world;
    const stopping = new Proxy(store, {
      get: (_target, name) =>
        name === 'intend'
          ? async (...given: Parameters<typeof store.intend>) => {
              await store.stop({ scope: 'prod', by: 'slack:T1/UBOB', reason: 'enough' });
              return store.intend(...given);
            }
          : bound(store, name),
    });

    await world.run('m-1', world.deps({ store: stopping }));

    expect(await world.record()).toMatchObject({
      state: 'blocked',
      ending: { reason: expect.stringContaining('stopped') },
    });
    expect(world.api.effects).toEqual([]);
  });

  it('a defect of the action ends it', async () => {
    const world = new ExecutorWorld();
    await world.approved();
    const action = testActions.get('R-POD-DELETE');
    const broken = action && { ...action, inspect: () => Promise.reject(new TypeError('undefined is no function')) };

    await world.run('m-1', world.deps({ actionOf: () => broken }));

    expect((await world.record()).state).toBe('failed');
    expect(world.logger.lines).toMatchObject([{ level: 'error' }, { level: 'info' }]);
  });

  it('an action that this version does not have ends it', async () => {
    const world = new ExecutorWorld();
    await world.approved();

    await world.run('m-1', world.deps({ actionOf: () => undefined }));

    expect((await world.record()).state).toBe('blocked');
  });

  it('a change that somebody set back after its end meanwhile is not made', async () => {
    const world = new ExecutorWorld();
    await world.approved();
    let claimed = false;
    const store = new Proxy(world.store, {
      get: (target, name) =>
        name === 'read' && claimed
          ? async (id: string) => {
              const record = await world.record(id);
              const at = world.clock.now().toISOString();
              return { ...record, history: [...record.history, { state: 'blocked', at }] };
            }
          : name === 'claim'
            ? (...parameters: Parameters<typeof target.claim>) => {
                claimed = true;
                return target.claim(...parameters);
              }
            : bound(target, name),
    });

    await world.run('m-1', world.deps({ store }));

    expect(world.api.effects).toEqual([]);
    expect((await world.record()).state).toBe('blocked');
    expect(world.store.audit.drafts).toContainEqual(
      expect.objectContaining({
        event: 'refused',
        security: 5,
        detail: { forged: expect.stringContaining('it had ended before as blocked') },
      }),
    );
  });

  it('an executor that is too slow checks again, and gives up at last', async () => {
    const world = new ExecutorWorld();
    await world.approved();
    const { api } = world;
    const send: typeof api.send = async (request, options) => {
      world.clock.advance(11_000);
      return api.send(request, options);
    };
    const writer = { send, mayUser: api.mayUser.bind(api), event: api.event.bind(api) };

    await world.run('m-1', world.deps({ writer }));

    expect(await world.record()).toMatchObject({
      state: 'blocked',
      ending: { reason: expect.stringContaining('slowly') },
    });
    expect(api.sends).toHaveLength(3);
    expect(api.effects).toEqual([]);
  });
});
