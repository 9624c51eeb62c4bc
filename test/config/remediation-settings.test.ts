import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { remediationWarnings } from '../../src/config/remediation-cross-checks.ts';
import { ACTION_CODES, ALWAYS_PROTECTED, TIER_NAMES } from '../../src/config/remediation-settings.ts';
import type { SettingsProblem } from '../../src/config/settings.ts';
import { ACTIONS } from '../../src/core/playbook/vocabulary.ts';
import { ruleFor } from '../../src/core/policy/decide-remediation.ts';
import type { RemediationPolicy } from '../../src/core/policy/remediation-policy.ts';
import { DEFAULT_LIMITS, DEFAULT_TIMES } from '../../src/core/remediation/limits.ts';
import { TIERS } from '../../src/core/remediation/tier.ts';

const RULE = {
  name: 'shop',
  approvers: ['S0SRE'],
  actions: ['R-POD-DELETE'],
  tiers: ['T1', 'T2'],
  namespaces: ['shop', 'team-*'],
};
const CLUSTERS = [{ name: 'prod', executor: { kubeconfig: 'w.yaml', context: 'w' } }, { name: 'stage' }];

/** Settings with that under `remediation`. */
function content(remediation: object): object {
  return { clusters: CLUSTERS, remediation };
}

function problemsOf(remediation: object): readonly SettingsProblem[] {
  const result = parseSettings(content(remediation));
  return result.kind === 'invalid' ? result.problems : [];
}

function placesOf(remediation: object): readonly string[] {
  return problemsOf(remediation).map(({ path }) => path.slice(1).join('.'));
}

describe('the words of the settings', () => {
  it('are those of the code', () => {
    expect([...ACTION_CODES, 'R-ADVICE']).toEqual(ACTIONS);
    expect(TIER_NAMES).toEqual(TIERS);
  });

  it('have the defaults of the code', () => {
    const result = parseSettings(undefined);
    const { limits, times } = result.kind === 'valid' ? result.settings.remediation : {};

    expect(limits).toEqual(DEFAULT_LIMITS);
    expect(times).toEqual({
      proposalMinutes: DEFAULT_TIMES.proposalMs / 60_000,
      approvalMinutes: DEFAULT_TIMES.approvalMs / 60_000,
      leaseSeconds: DEFAULT_TIMES.leaseMs / 1000,
      verifyMinutes: DEFAULT_TIMES.verifyMs / 60_000,
    });
  });

  it('make a policy as they are', () => {
    const result = parseSettings(content({ rules: [RULE] }));
    const policy: RemediationPolicy | undefined = result.kind === 'valid' ? result.settings.remediation : undefined;

    const change = { action: 'R-POD-DELETE', tier: 'T2', cluster: 'stage', namespace: 'team-a' } as const;
    expect(policy && ruleFor(policy, change)).toMatchObject({ kind: 'fits', approval: { rule: 'shop', required: 1 } });
  });
});

it('reads everything', () => {
  const remediation = {
    rules: [
      { ...RULE, clusters: ['prod'], quorum: { T1: 1, T2: 2, T3: 3 }, tiers: ['T3'], owners: ['U0ANN'] },
      { ...RULE, name: 'nodes', actions: ['*'], namespaces: ['*'], quorum: { T1: 1, T2: 1, T3: 2 }, owners: [] },
    ],
    identities: [
      { slack: 'U0ANN', user: 'ann@example.com', groups: ['sre'], clusters: ['prod'] },
      { slack: 'U0ANN', user: 'oidc:ann', groups: [], clusters: ['stage'] },
    ],
    protectedNamespaces: ['vault'],
    freezes: [
      {
        name: 'release',
        clusters: ['prod'],
        namespaces: ['shop'],
        windows: [
          { from: '16:00', to: '08:00' },
          { starts: '2026-12-20T00:00:00Z', ends: '2027-01-02T00:00:00Z' },
        ],
      },
    ],
    limits: {
      perClusterHour: 1,
      perNamespaceHour: 1,
      perTargetMinutes: 60,
      perTargetDay: 2,
      inFlightPerNamespace: 2,
      inFlightPerCluster: 3,
    },
    times: { proposalMinutes: 10, approvalMinutes: 5, leaseSeconds: 60, verifyMinutes: 10 },
    operators: ['S0OPS'],
    sharedChannels: 'allow',
    auditChannel: 'C0AUDIT',
    runbooks: [
      { cluster: 'prod', place: 'toolbox', namespace: 'rook-ceph', deployment: 'tools', container: 'ceph' },
      { cluster: 'stage', place: 'local', config: '/etc/ceph/ceph.conf', keyring: 'k', identity: 'kubewhy' },
    ],
    stopFile: '/etc/switch/changes',
  };

  const result = parseSettings(content(remediation));

  expect(result).toMatchObject({ kind: 'valid', settings: { clusters: CLUSTERS, remediation } });
});

it('compares the parts with each other', () => {
  const remediation = {
    rules: [
      { ...RULE, actions: ['R-POD-DELTE', 'R-ADVICE'], clusters: ['prodd'] },
      { ...RULE, tiers: ['T1', 'T3'] },
      { ...RULE, name: 'system', namespaces: ['kube-system', 'rook-ceph', 'kube-*'] },
    ],
    identities: [
      { slack: 'U0ANN', user: 'a', clusters: ['nowhere'] },
      { slack: 'U0BOB', user: 'b' },
      { slack: 'U0BOB', user: 'c', clusters: ['prod'] },
    ],
    freezes: [
      { name: 'f', windows: [{ starts: '2026-12-20T00:00:00Z', ends: '2026-12-19T00:00:00Z' }] },
      { name: 'f', clusters: ['prd'], windows: [{ from: '01:00', to: '02:00' }] },
    ],
    runbooks: [
      { cluster: 'prod', place: 'toolbox' },
      { cluster: 'prod', place: 'local' },
      { cluster: 'eu', place: 'job', namespace: 'ceph', cronJob: 'rbd' },
    ],
  };

  expect(placesOf(remediation)).toEqual([
    'rules.1.name',
    'freezes.1.name',
    'rules.0.clusters.0',
    'identities.0.clusters.0',
    'freezes.1.clusters.0',
    'runbooks.2.cluster',
    'rules.0.actions.0',
    'rules.0.actions.1',
    'rules.1.owners',
    'rules.2.namespaces.0',
    'rules.2.namespaces.1',
    'identities.2.slack',
    'freezes.0.windows.0.ends',
    'runbooks.1.cluster',
  ]);
});

it('knows the actions where one is not known', () => {
  const [problem] = problemsOf({ rules: [{ ...RULE, actions: ['R-POD-DELTE'] }] });

  expect(problem).toEqual({
    path: ['remediation', 'rules', 0, 'actions', 0],
    reason: 'there is no such action',
    unknown: { word: 'R-POD-DELTE', known: ['*', ...ACTION_CODES] },
  });
});

it.each([
  ['too few people', { approvers: ['U0ANN'], tiers: ['T3'], owners: ['U0ANN'] }, 'T3 needs 2 different approvers'],
  [
    'a person twice',
    { approvers: ['U0ANN', 'U0ANN'], quorum: { T2: 2 } },
    'T2 needs 2 different approvers, and there are 1',
  ],
  [
    'no owner among the approvers',
    { approvers: ['U0ANN', 'U0BOB'], tiers: ['T3'], owners: ['U0EVE'] },
    'no owner is among the approvers',
  ],
])('refuses what nobody could ever approve: %s', (_what, change, reason) => {
  expect(problemsOf({ rules: [{ ...RULE, ...change }] })).toEqual([
    { path: ['remediation', 'rules', 0, expect.any(String)], reason: expect.stringContaining(reason) },
  ]);
});

it('does not guess who is in a group', () => {
  const rule = { ...RULE, approvers: ['S0SRE', 'U0ANN'], tiers: ['T3'], quorum: { T3: 5 }, owners: ['U0EVE'] };

  expect(placesOf({ rules: [rule] })).toEqual([]);
});

it.each([
  ['everybody as an approver', { rules: [{ ...RULE, approvers: ['*'] }] }],
  ['nobody as an approver', { rules: [{ ...RULE, approvers: [] }] }],
  ['a name instead of an ID', { rules: [{ ...RULE, approvers: ['@ann'] }] }],
  ['T3 by one person', { rules: [{ ...RULE, quorum: { T3: 1 } }] }],
  ['a quorum of nobody', { rules: [{ ...RULE, quorum: { T1: 0 } }] }],
  ['a tier that does not exist', { rules: [{ ...RULE, tiers: ['T0'] }] }],
  ['a name that breaks a message', { rules: [{ ...RULE, name: '<!channel>' }] }],
  ['a group as an identity', { identities: [{ slack: 'S0SRE', user: 'a' }] }],
  ['an account of the system', { identities: [{ slack: 'U0ANN', user: 'system:admin' }] }],
  ['a group that may do everything', { identities: [{ slack: 'U0ANN', user: 'a', groups: ['system:masters'] }] }],
  ['an empty user', { identities: [{ slack: 'U0ANN', user: '' }] }],
  ['a user with a line feed', { identities: [{ slack: 'U0ANN', user: 'a\nb' }] }],
  ['a longer approval', { times: { approvalMinutes: 16 } }],
  ['no limit', { limits: { perClusterHour: 0 } }],
  ['a runbook in a shell', { runbooks: [{ cluster: 'prod', place: 'shell' }] }],
  ['an identity with an option', { runbooks: [{ cluster: 'prod', place: 'local', identity: '--admin' }] }],
  ['an unknown key', { rule: [] }],
])('refuses %s', (_what, remediation) => {
  expect(problemsOf(remediation)).toHaveLength(1);
});

describe('remediationWarnings', () => {
  function warningsOf(remediation: object): readonly SettingsProblem[] {
    const result = parseSettings(content(remediation));
    return result.kind === 'valid' ? remediationWarnings(result.settings) : result.problems;
  }

  it('are none where nothing may be changed', () => {
    expect(warningsOf({})).toEqual([]);
  });

  it('name approvers whom no cluster knows, clusters without an account that may write, and missing operators', () => {
    const remediation = {
      rules: [{ ...RULE, approvers: ['S0SRE', 'U0ANN', 'U0BOB'] }],
      identities: [{ slack: 'U0BOB', user: 'bob' }],
    };

    expect(warningsOf(remediation).map(({ path }) => path.join('.'))).toEqual([
      'remediation.rules.0.approvers.1',
      'clusters.1',
      'remediation.operators',
    ]);
  });
});

it('never leaves the namespaces of the system without protection', () => {
  const result = parseSettings(content({ rules: [{ ...RULE, namespaces: ['*'] }], protectedNamespaces: [] }));
  const policy: RemediationPolicy | undefined = result.kind === 'valid' ? result.settings.remediation : undefined;

  const kinds = ALWAYS_PROTECTED.map(
    (namespace) => policy && ruleFor(policy, { action: 'R-POD-DELETE', tier: 'T1', cluster: 'prod', namespace }).kind,
  );

  expect(kinds).toEqual(['refused', 'refused', 'refused']);
});
