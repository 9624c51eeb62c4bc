import { expect, it } from 'vitest';
import { ACTIONS, type ActionCode } from '../../../src/core/playbook/vocabulary.ts';
import { type ApprovalQuestion, mayApprove, ruleFor } from '../../../src/core/policy/decide-remediation.ts';
import type { GroupFact } from '../../../src/core/policy/incident-policy.ts';
import type { RemediationPolicy } from '../../../src/core/policy/remediation-policy.ts';
import { DEFAULT_LIMITS } from '../../../src/core/remediation/limits.ts';
import { TIERS, type Tier } from '../../../src/core/remediation/tier.ts';

/** T1 and T2 of two actions by rule `pods`, T3 of one by `data`, T3 of everything by `ownerless`, which names no owner. */
const policy: RemediationPolicy = {
  rules: [
    {
      name: 'pods',
      approvers: ['UANN', 'UREQ', 'UPRO', 'UGUEST', 'UBOT', 'UGONE', 'UFAR', 'UNOID', 'UMIXED', 'SSRE'],
      actions: ['R-POD-DELETE', 'R-EVICT'],
      tiers: ['T1', 'T2'],
      clusters: ['prod'],
      namespaces: ['shop'],
      quorum: { T1: 1, T2: 2, T3: 2 },
      owners: [],
    },
    {
      name: 'ownerless',
      approvers: ['UANN'],
      actions: ['*'],
      tiers: ['T3'],
      namespaces: ['*'],
      quorum: { T1: 1, T2: 1, T3: 2 },
      owners: [],
    },
    {
      name: 'data',
      approvers: ['UANN', 'UREQ', 'UPRO', 'UGUEST', 'UBOT', 'UGONE', 'UFAR', 'UNOID', 'UMIXED', 'SSRE'],
      actions: ['R-NS-FINALIZE'],
      tiers: ['T3'],
      namespaces: ['shop'],
      quorum: { T1: 1, T2: 1, T3: 1 },
      owners: ['UANN'],
    },
  ],
  identities: ['UANN', 'UREQ', 'UPRO', 'UGUEST', 'UBOT', 'UGONE', 'UFAR', 'USRE', 'UOLD', 'UOUT', 'ULOST'].map(
    (slack) => ({
      slack,
      user: `${slack}@example.com`,
      groups: [],
    }),
  ),
  protectedNamespaces: ['rook-ceph'],
  freezes: [],
  limits: DEFAULT_LIMITS,
  operators: [],
  sharedChannels: 'refuse',
  upgrades: 'refuse',
};

type Verdict = 'allowed' | 'policy' | 'person' | 'place' | 'not-named' | 'four-eyes' | 'identity' | 'unknown';

interface Identity {
  readonly user: string;
  readonly flags?: Partial<ApprovalQuestion['person']>;
  readonly groups?: readonly GroupFact[];
  /** By hand: what becomes of this person where the rule and the channel allow it. */
  readonly verdict: Verdict;
}

const SRE: GroupFact = { kind: 'members', group: 'SSRE', members: ['USRE', 'UGUEST'] };
const IDENTITIES: Readonly<Record<string, Identity>> = {
  'a person who is named': { user: 'UANN', verdict: 'allowed' },
  'a member of a group that is named': { user: 'USRE', verdict: 'allowed' },
  'somebody who is not named': { user: 'UOUT', verdict: 'not-named' },
  'somebody who left the group': { user: 'UOLD', verdict: 'not-named' },
  'somebody whose group cannot be looked up': {
    user: 'ULOST',
    groups: [{ kind: 'unknown', group: 'SSRE', reason: 'missing_scope' }],
    verdict: 'unknown',
  },
  'the requester, named': { user: 'UREQ', verdict: 'four-eyes' },
  'the proposer, named': { user: 'UPRO', verdict: 'four-eyes' },
  'a guest, named': { user: 'UGUEST', flags: { guest: true }, verdict: 'person' },
  'a bot, named': { user: 'UBOT', flags: { bot: true }, verdict: 'person' },
  'a deactivated account, named': { user: 'UGONE', flags: { deactivated: true }, verdict: 'person' },
  'a foreign account, named': { user: 'UFAR', flags: { foreign: true, team: 'T2' }, verdict: 'person' },
  'somebody of another workspace who is not marked as foreign': {
    user: 'UANN',
    flags: { team: 'T2' },
    verdict: 'person',
  },
  'a named person without a Kubernetes identity': { user: 'UNOID', verdict: 'identity' },
};

const CHANNELS: Readonly<Record<string, Partial<ApprovalQuestion['place']>>> = {
  'a channel': {},
  'a direct conversation': { kind: 'direct' },
  'a shared channel': { shared: true },
  'a channel without the bot': { member: false },
};
const OPEN_CHANNELS = ['a channel', 'a direct conversation'];

/** By hand: the rule that lets a tier of an action be approved in `shop` of `prod`. */
const RULES: Readonly<Record<string, string>> = {
  'R-POD-DELETE T1': 'pods',
  'R-POD-DELETE T2': 'pods',
  'R-EVICT T1': 'pods',
  'R-EVICT T2': 'pods',
  'R-NS-FINALIZE T3': 'data',
};

function oracle(identity: Identity, channel: string, rule: string | undefined): Verdict {
  if (identity.verdict === 'person') {
    return 'person';
  }
  if (!OPEN_CHANNELS.includes(channel)) {
    return 'place';
  }
  return rule === undefined ? 'policy' : identity.verdict;
}

function verdictOf(identity: Identity, channel: string, action: ActionCode, tier: Tier): string {
  const change = { action, tier, cluster: 'prod', namespace: 'shop' };
  const fitting = ruleFor(policy, change);
  const decision = mayApprove(policy, {
    change,
    approval: fitting.kind === 'fits' ? fitting.approval : { rule: 'pods', required: 9, owners: [] },
    person: {
      user: identity.user,
      team: 'T1',
      deactivated: false,
      guest: false,
      bot: false,
      foreign: false,
      ...identity.flags,
    },
    place: {
      channel: 'COPS',
      kind: 'channel',
      shared: false,
      archived: false,
      member: true,
      ...CHANNELS[channel],
    },
    team: 'T1',
    requester: { team: 'T1', user: 'UREQ' },
    proposer: { team: 'T1', user: 'UPRO' },
    groups: identity.groups ?? [SRE],
  });
  return decision.kind === 'refused' ? decision.why : decision.kind;
}

const ROWS = Object.entries(IDENTITIES).flatMap(([who, identity]) =>
  Object.keys(CHANNELS).flatMap((channel) =>
    ACTIONS.flatMap((action) => TIERS.map((tier) => ({ who, identity, channel, action, tier }))),
  ),
);

it('decides every row of identities, actions, channels and tiers as the table by hand does', () => {
  const wrong = ROWS.flatMap(({ who, identity, channel, action, tier }) => {
    const expected = oracle(identity, channel, RULES[`${action} ${tier}`]);
    const found = verdictOf(identity, channel, action, tier);
    return found === expected ? [] : [{ who, channel, action, tier, found, expected }];
  });

  expect([wrong, ROWS.length]).toEqual([[], 13 * 4 * ACTIONS.length * 3]);
});

it('allows as many rows as the table by hand', () => {
  const allowed = ROWS.filter(
    ({ identity, channel, action, tier }) => verdictOf(identity, channel, action, tier) === 'allowed',
  );

  // Two people, two channels, five pairs of action and tier.
  expect(allowed).toHaveLength(2 * 2 * 5);
});

it.each([
  ['R-POD-DELETE', 'T1', 'pods', 1, [], false],
  ['R-EVICT', 'T2', 'pods', 2, [], false],
  ['R-NS-FINALIZE', 'T3', 'data', 2, ['UANN'], true],
] as const)('asks for %s (%s) what the rule %s says, and never less than the tier', (...row) => {
  const [action, tier, rule, required, owners, reasonRequired] = row;

  const found = ruleFor(policy, { action, tier, cluster: 'prod', namespace: 'shop' });

  expect(found).toMatchObject({ kind: 'fits', approval: { rule, required, owners, reasonRequired } });
});

it.each([
  ['another cluster', { cluster: 'stage' }, 'No rule under `remediation.rules` allows R-POD-DELETE (T1)'],
  ['another namespace', { namespace: 'shop-2' }, 'in the namespace "shop-2"'],
  ['what is in no namespace', { namespace: '' }, 'outside of namespaces'],
  ['a protected namespace', { namespace: 'rook-ceph' }, 'is protected'],
  ['a namespace that is always protected', { namespace: 'kube-system' }, 'is protected'],
  ['what is no namespace', { namespace: '../shop' }, 'is no name of a namespace'],
  ['T3 without an owner', { tier: 'T3', action: 'R-VA-DELETE' }, 'the rule "ownerless" names none'],
  ['advice', { action: 'R-ADVICE', tier: 'T3' }, 'no rule under `remediation` allows it'],
] as const)('finds no rule for %s, and says why', (_what, change, words) => {
  const usual = { action: 'R-POD-DELETE', tier: 'T1', cluster: 'prod', namespace: 'shop' } as const;

  const found = ruleFor(policy, { ...usual, ...change });

  expect(found).toEqual({ kind: 'refused', why: 'policy', reason: expect.stringContaining(words) });
});
