import { describe, expect, it } from 'vitest';
import {
  type ApprovalQuestion,
  governedNamespace,
  identityOf,
  mayApprove,
  mayDecide,
  mightAllow,
  ruleFor,
} from '../../../src/core/policy/decide-remediation.ts';
import type { RemediationPolicy, RemediationRule } from '../../../src/core/policy/remediation-policy.ts';
import { DEFAULT_LIMITS } from '../../../src/core/remediation/limits.ts';

const RULE: RemediationRule = {
  name: 'shop',
  approvers: ['UANN', 'SSRE'],
  actions: ['R-POD-DELETE'],
  tiers: ['T1', 'T2'],
  namespaces: ['shop', 'team-*'],
  quorum: { T1: 1, T2: 1, T3: 2 },
  owners: [],
};
const POLICY: RemediationPolicy = {
  rules: [RULE],
  identities: [
    { slack: 'UANN', user: 'ann@example.com', groups: ['sre'] },
    { slack: 'UBOB', user: 'bob@example.com', groups: [], clusters: ['prod'] },
  ],
  protectedNamespaces: ['ceph*'],
  freezes: [],
  limits: DEFAULT_LIMITS,
  operators: ['UOPS'],
  sharedChannels: 'refuse',
  upgrades: 'refuse',
};
const CHANGE = { action: 'R-POD-DELETE', tier: 'T1', cluster: 'prod', namespace: 'shop' } as const;
const QUESTION: ApprovalQuestion = {
  change: CHANGE,
  approval: { rule: 'shop', required: 1, owners: [] },
  person: { user: 'UANN', team: 'T1', deactivated: false, guest: false, bot: false, foreign: false },
  place: { channel: 'COPS', kind: 'channel', shared: false, archived: false, member: true },
  team: 'T1',
  requester: { team: 'T1', user: 'UREQ' },
  proposer: { team: 'T1', user: 'UPRO' },
};
const BOB = { ...QUESTION, person: { ...QUESTION.person, user: 'UBOB' } };
const members = (...users: readonly string[]) => [{ kind: 'members', group: 'SSRE', members: users }] as const;

/** The policy with its one rule changed. */
function withRule(change: Partial<RemediationRule>): RemediationPolicy {
  return { ...POLICY, rules: [{ ...RULE, ...change }] };
}

describe('mayApprove', () => {
  it('says who the person is to the cluster', () => {
    expect(mayApprove(POLICY, QUESTION)).toEqual({
      kind: 'allowed',
      rule: 'shop',
      identity: { user: 'ann@example.com', groups: ['sre'] },
    });
  });

  it('wants the groups before it decides about somebody who is not named alone', () => {
    expect(mayApprove(POLICY, BOB)).toEqual({ kind: 'look-up', groups: ['SSRE'] });
    expect(mayApprove(POLICY, { ...BOB, groups: members('UBOB') })).toMatchObject({ kind: 'allowed' });
    expect(mayApprove(POLICY, { ...BOB, groups: members() })).toMatchObject({ why: 'not-named' });
  });

  it('takes a group that nobody looked up for one that is not known', () => {
    expect(mayApprove(POLICY, { ...BOB, groups: [] })).toEqual({
      kind: 'refused',
      why: 'unknown',
      reason: expect.stringContaining('SSRE (not looked up)'),
    });
  });

  it('counts a second workspace of the same person as the same person', () => {
    const question = { ...QUESTION, requester: { team: 'T2', user: 'UANN' } };

    expect(mayApprove(POLICY, question)).toMatchObject({ why: 'four-eyes' });
  });

  it('counts people of the same name by their IDs', () => {
    const named = { ...QUESTION.person, name: 'alex' };

    expect(mayApprove(POLICY, { ...QUESTION, person: named })).toMatchObject({ kind: 'allowed' });
  });

  it.each([
    ['the rule is gone', withRule({ name: 'other' })],
    ['the rule asks for more approvers', withRule({ quorum: { T1: 2, T2: 1, T3: 2 } })],
    ['the rule fits no more', withRule({ namespaces: ['team-*'] })],
    ['the namespace became protected', { ...POLICY, protectedNamespaces: ['shop'] }],
    ['nothing is allowed any more', { ...POLICY, rules: [] }],
    ['an earlier rule decides now', { ...POLICY, rules: [{ ...RULE, name: 'first' }, RULE] }],
  ])('refuses after the settings changed: %s', (_what, policy) => {
    expect(mayApprove(policy, QUESTION)).toMatchObject({ kind: 'refused', why: 'policy' });
  });

  it('refuses where the owners changed', () => {
    const policy = withRule({ tiers: ['T3'], owners: ['UANN', 'UEVE'] });
    const question = {
      ...QUESTION,
      change: { ...CHANGE, tier: 'T3' },
      approval: { rule: 'shop', required: 2, owners: ['UANN'] },
    } as const;

    expect(mayApprove(policy, question)).toMatchObject({ why: 'policy' });
    expect(
      mayApprove(policy, { ...question, approval: { ...question.approval, owners: ['UEVE', 'UANN'] } }),
    ).toMatchObject({ kind: 'allowed' });
  });

  it('takes a plan that asks for more than the settings do', () => {
    expect(mayApprove(POLICY, { ...QUESTION, approval: { rule: 'shop', required: 2, owners: [] } })).toMatchObject({
      kind: 'allowed',
    });
  });

  it('wants an identity of that cluster', () => {
    const bob = { ...BOB, groups: members('UBOB') };

    expect(mayApprove(POLICY, { ...bob, change: { ...CHANGE, cluster: 'stage' } })).toMatchObject({ why: 'identity' });
  });

  it('allows a shared channel only where the settings do', () => {
    const shared = { ...QUESTION, place: { ...QUESTION.place, shared: true } };

    expect(mayApprove(POLICY, shared)).toMatchObject({ why: 'place' });
    expect(mayApprove({ ...POLICY, sharedChannels: 'allow' }, shared)).toMatchObject({ kind: 'allowed' });
  });

  it('refuses an archived channel', () => {
    expect(mayApprove(POLICY, { ...QUESTION, place: { ...QUESTION.place, archived: true } })).toMatchObject({
      why: 'place',
    });
  });
});

describe('mayDecide', () => {
  const outsider = { ...QUESTION, person: { ...QUESTION.person, user: 'UOUT' }, groups: members() };
  const requester = { ...QUESTION, person: { ...QUESTION.person, user: 'UREQ' }, groups: members() };
  const operator = { ...QUESTION, person: { ...QUESTION.person, user: 'UOPS' } };

  it.each([
    ['an approver denies', 'deny', QUESTION, 'allowed'],
    ['an approver without identity denies', 'deny', { ...BOB, groups: members('UBOB') }, 'allowed'],
    ['an operator denies', 'deny', operator, 'allowed'],
    ['the requester denies', 'deny', requester, 'refused'],
    ['the requester cancels', 'cancel', requester, 'allowed'],
    ['the requester wants a dry run', 'dry-run', requester, 'allowed'],
    ['an outsider denies', 'deny', outsider, 'refused'],
    ['an outsider cancels', 'cancel', outsider, 'refused'],
    ['an outsider wants a dry run', 'dry-run', outsider, 'refused'],
    ['somebody of a group denies before it is known', 'deny', BOB, 'look-up'],
    ['a guest who asked cancels', 'cancel', { ...requester, person: { ...requester.person, guest: true } }, 'refused'],
    [
      'somebody denies in a shared channel',
      'deny',
      { ...QUESTION, place: { ...QUESTION.place, shared: true } },
      'refused',
    ],
    [
      'somebody of a group that is not known denies',
      'deny',
      { ...BOB, groups: [{ kind: 'unknown', group: 'SSRE', reason: 'no answer' }] },
      'refused',
    ],
  ] as const)('%s', (_what, deed, question, kind) => {
    expect(mayDecide(POLICY, deed, question).kind).toBe(kind);
  });

  it('lets an operator deny what no rule fits any more', () => {
    expect(mayDecide({ ...POLICY, rules: [] }, 'deny', operator)).toEqual({ kind: 'allowed' });
    expect(mayDecide({ ...POLICY, rules: [] }, 'deny', QUESTION)).toMatchObject({ why: 'not-named' });
  });
});

describe('ruleFor', () => {
  it.each([Number.NaN, -1, 0, 1.5])('takes a quorum of %s for the least one', (quorum) => {
    const policy = withRule({ quorum: { T1: quorum, T2: quorum, T3: quorum } });

    expect(ruleFor(policy, CHANGE)).toMatchObject({ approval: { required: 1 } });
  });

  it('lets only the pattern * stand for what is in no namespace', () => {
    const node = { ...CHANGE, namespace: '' };

    expect(ruleFor(withRule({ namespaces: ['**', 'team-*'] }), node).kind).toBe('refused');
    expect(ruleFor(withRule({ namespaces: ['*'] }), node).kind).toBe('fits');
  });

  it('skips a rule without owners for one with them', () => {
    const owned = { ...RULE, name: 'owned', tiers: ['T3'], owners: ['UANN'] } as const;
    const policy = { ...POLICY, rules: [{ ...RULE, tiers: ['T3'] } as const, owned] };

    expect(ruleFor(policy, { ...CHANGE, tier: 'T3' })).toMatchObject({ approval: { rule: 'owned', required: 2 } });
  });

  it('knows whether anything could come of an action', () => {
    const { tier: _tier, ...change } = CHANGE;

    expect(mightAllow(POLICY, change)).toBe(true);
    expect(mightAllow(POLICY, { ...change, action: 'R-EVICT' })).toBe(false);
    expect(mightAllow(POLICY, { ...change, namespace: 'ceph-csi' })).toBe(false);
    expect(mightAllow({ ...POLICY, rules: [] }, change)).toBe(false);
  });
});

describe('governedNamespace', () => {
  const input = {
    action: 'R-EVICT',
    subject: { kind: 'Pod', namespace: 'shop', name: 'web', uid: '1' },
    parameters: {},
  } as const;
  const target = { kind: 'Pod', group: '', namespace: 'shop', name: 'web', uid: '1' };

  it.each([
    ['of an object', target, 'shop'],
    ['of a namespace', { ...target, kind: 'Namespace', namespace: '', name: 'team-a' }, 'team-a'],
    ['of a node', { ...target, kind: 'Node', namespace: '', name: 'n1' }, ''],
    ['of a volume', { ...target, kind: 'PersistentVolume', namespace: '', name: 'pv1' }, ''],
    ['of what is only called so', { ...target, kind: 'Namespace', group: 'example.com' }, 'shop'],
    ['of an image', { ...target, kind: 'rbd image', namespace: '', name: 'rbd/i' }, 'shop'],
  ])('%s', (_what, changed, expected) => {
    expect(governedNamespace({ target: changed, input })).toBe(expected);
  });
});

it('takes the first identity that fits the cluster', () => {
  expect([
    identityOf(POLICY, 'UBOB', 'prod')?.user,
    identityOf(POLICY, 'UBOB', 'stage'),
    identityOf(POLICY, 'UX', 'prod'),
  ]).toEqual(['bob@example.com', undefined, undefined]);
});
