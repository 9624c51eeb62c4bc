import { expect, it } from 'vitest';
import { canReview } from '../../../src/core/policy/can-review.ts';
import type { RemediationPolicy } from '../../../src/core/policy/remediation-policy.ts';
import { DEFAULT_LIMITS } from '../../../src/core/remediation/limits.ts';
import type { ProposedAction } from '../../../src/core/remediation/proposed-action.ts';

const SHOP: RemediationPolicy = {
  rules: [
    {
      name: 'shop',
      approvers: ['UANN'],
      actions: ['R-POD-DELETE'],
      tiers: ['T1'],
      namespaces: ['shop', 'vault'],
      quorum: { T1: 1, T2: 1, T3: 2 },
      owners: [],
    },
  ],
  identities: [],
  protectedNamespaces: [],
  freezes: [],
  limits: DEFAULT_LIMITS,
  operators: [],
  sharedChannels: 'refuse',
  upgrades: 'refuse',
};
const NODES: RemediationPolicy = {
  ...SHOP,
  rules: SHOP.rules.map((rule) => ({ ...rule, actions: ['R-CORDON'], namespaces: ['*'] })),
};
const DELETE: ProposedAction = {
  action: 'R-POD-DELETE',
  subject: { kind: 'Pod', namespace: 'shop', name: 'web-0', uid: '1' },
  parameters: {},
};
const CORDON: ProposedAction = { ...DELETE, action: 'R-CORDON' };

it.each<[string, RemediationPolicy, ProposedAction, boolean]>([
  ['what a rule allows', SHOP, DELETE, true],
  ['the node of a pod', NODES, CORDON, true],
  ['another action', SHOP, CORDON, false],
  ['another namespace', SHOP, { ...DELETE, subject: { ...DELETE.subject, namespace: 'other' } }, false],
  [
    'a namespace by its own name',
    SHOP,
    { ...DELETE, subject: { kind: 'Namespace', namespace: '', name: 'vault', uid: '1' } },
    true,
  ],
  ['anything without a rule', { ...SHOP, rules: [] }, DELETE, false],
])('of %s', (_what, policy, remediation, expected) => {
  expect(canReview(policy, { cluster: 'prod', remediation })).toBe(expected);
});

it('is nothing without a change', () => {
  expect(canReview(SHOP, { cluster: 'prod' })).toBe(false);
});
