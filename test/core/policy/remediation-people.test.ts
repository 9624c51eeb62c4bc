import { describe, expect, it } from 'vitest';
import { mayOperate, ownersSatisfied } from '../../../src/core/policy/remediation-people.ts';
import { groupsOfRules, permissionsOf } from '../../../src/core/policy/remediation-permissions.ts';
import type { RemediationPolicy, RemediationRule } from '../../../src/core/policy/remediation-policy.ts';
import { DEFAULT_LIMITS } from '../../../src/core/remediation/limits.ts';

const person = { user: 'UANN', team: 'T1', deactivated: false, guest: false, bot: false, foreign: false };
const place = { channel: 'COPS', kind: 'channel', shared: false, archived: false, member: true } as const;
const sre = { kind: 'members', group: 'SSRE', members: ['UANN'] } as const;
const unknown = { kind: 'unknown', group: 'SSRE', reason: 'missing_scope' } as const;

describe('ownersSatisfied', () => {
  it.each([
    ['no owners are asked for', [], ['UX'], undefined, 'satisfied'],
    ['an owner voted', ['UANN'], ['UX', 'UANN'], undefined, 'satisfied'],
    ['no owner voted', ['UANN'], ['UX'], undefined, 'refused'],
    ['nobody voted', ['UANN'], [], undefined, 'refused'],
    ['a group is needed', ['SSRE'], ['UX'], undefined, 'look-up'],
    ['a member voted', ['SSRE'], ['UX', 'UANN'], [sre], 'satisfied'],
    ['no member voted', ['SSRE'], ['UX'], [sre], 'refused'],
    ['the group is not known', ['SSRE'], ['UANN'], [unknown], 'refused'],
    ['a group that was not looked up', ['SSRE'], ['UANN'], [], 'refused'],
  ] as const)('%s', (...[, owners, voters, groups, kind]) => {
    expect(ownersSatisfied(owners, voters, groups).kind).toBe(kind);
  });
});

describe('mayOperate', () => {
  const policy = { operators: ['UBOB', 'SSRE'], sharedChannels: 'refuse' } as const;
  const acting = { person, place, team: 'T1' };

  it.each([
    ['somebody who is named', { ...acting, person: { ...person, user: 'UBOB' } }, 'allowed'],
    ['somebody of a group that is not known yet', acting, 'look-up'],
    ['a member of a group', { ...acting, groups: [sre] }, 'allowed'],
    ['somebody else', { ...acting, person: { ...person, user: 'UX' }, groups: [sre] }, 'refused'],
    ['somebody of a group that cannot be told', { ...acting, groups: [unknown] }, 'refused'],
    ['a guest', { ...acting, person: { ...person, user: 'UBOB', guest: true } }, 'refused'],
    ['somebody in a shared channel', { ...acting, place: { ...place, shared: true }, groups: [sre] }, 'refused'],
  ] as const)('%s', (_what, question, kind) => {
    expect(mayOperate(policy, question).kind).toBe(kind);
  });

  it('says that nobody is named', () => {
    expect(mayOperate({ ...policy, operators: [] }, acting)).toMatchObject({
      reason: expect.stringContaining('`remediation.operators` is empty'),
    });
  });
});

describe('permissionsOf', () => {
  const rule: RemediationRule = {
    name: 'shop',
    approvers: ['UBOB', 'SSRE'],
    actions: ['*'],
    tiers: ['T1', 'T2'],
    clusters: ['prod'],
    namespaces: ['shop', 'team-*'],
    quorum: { T1: 1, T2: 1, T3: 2 },
    owners: [],
  };
  const { clusters: _clusters, ...everywhere } = rule;
  const policy: RemediationPolicy = {
    rules: [
      rule,
      { ...everywhere, name: 'nodes', actions: ['R-CORDON', 'R-UNCORDON'], tiers: ['T2', 'T3'], namespaces: ['*'] },
    ],
    identities: [{ slack: 'UANN', user: 'ann', groups: [] }],
    protectedNamespaces: [],
    freezes: [],
    limits: DEFAULT_LIMITS,
    operators: [],
    sharedChannels: 'refuse',
    upgrades: 'refuse',
  };

  it('says what somebody may approve', () => {
    expect(permissionsOf(policy, person, [sre])).toEqual([
      'T1, T2 in shop and team-* (prod)',
      'T2 in * (all clusters): R-CORDON and R-UNCORDON',
    ]);
  });

  it('names only clusters in which the person is known', () => {
    const stage = { ...policy, identities: [{ slack: 'UANN', user: 'ann', groups: [], clusters: ['stage'] }] };

    expect(permissionsOf(stage, person, [sre])).toEqual(['T2 in * (stage): R-CORDON and R-UNCORDON']);
  });

  it.each([
    ['a guest', { ...person, guest: true }, [sre]],
    ['somebody whose group is not known', person, [unknown]],
    ['somebody who is not named', { ...person, user: 'UX' }, [sre]],
  ])('says nothing about %s', (_what, who, groups) => {
    expect(permissionsOf(policy, who, groups)).toEqual([]);
  });

  it('says nothing about somebody without an identity', () => {
    expect(permissionsOf({ ...policy, identities: [] }, person, [sre])).toEqual([]);
  });

  it('lists each group once', () => {
    expect(groupsOfRules(policy)).toEqual(['SSRE']);
  });
});
