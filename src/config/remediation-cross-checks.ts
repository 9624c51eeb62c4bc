import {
  ACTION_CODES,
  ALWAYS_PROTECTED,
  type IdentitySettings,
  type RemediationRuleSettings,
  type RemediationSettings,
  TIER_NAMES,
} from './remediation-settings.ts';
import type { Settings, SettingsPath, SettingsProblem } from './settings.ts';

const ROOT = 'remediation';
const ACTION_WORDS: readonly string[] = ['*', ...ACTION_CODES];

/** What is wrong between `remediation` and the other settings, and among its parts. */
export function remediationProblems({ remediation, clusters }: Settings): readonly SettingsProblem[] {
  const known = clusters.map(({ name }) => name);
  return [
    ...repeated(remediation.rules, 'rules', 'another rule has the same name'),
    ...repeated(remediation.freezes, 'freezes', 'another freeze has the same name'),
    ...clusterProblems(remediation, known),
    ...remediation.rules.flatMap((rule, index) => ruleProblems(rule, [ROOT, 'rules', index], remediation)),
    ...identityProblems(remediation.identities),
    ...freezeProblems(remediation),
    ...remediation.runbooks.flatMap(({ cluster }, index) =>
      remediation.runbooks.findIndex((one) => one.cluster === cluster) < index
        ? [{ path: [ROOT, 'runbooks', index, 'cluster'], reason: 'another runbook is for the same cluster' }]
        : [],
    ),
  ];
}

/** What works, but not as somebody may expect; for people who look after the settings. */
export function remediationWarnings({ remediation, clusters }: Settings): readonly SettingsProblem[] {
  if (remediation.rules.length === 0) {
    return [];
  }
  return [
    ...remediation.rules.flatMap((rule, index) =>
      rule.approvers.flatMap((approver, at) =>
        isPerson(approver) && !remediation.identities.some(({ slack }) => slack === approver)
          ? [
              {
                path: [ROOT, 'rules', index, 'approvers', at],
                reason: 'this person has no entry under `remediation.identities`, so every approval is refused',
              },
            ]
          : [],
      ),
    ),
    ...clusters.flatMap(({ executor }, index) =>
      executor === undefined
        ? [
            {
              path: ['clusters', index],
              reason: 'changes are made with the account that reads, which needs rights that reading does not need',
            },
          ]
        : [],
    ),
    ...(remediation.operators.length === 0
      ? [{ path: [ROOT, 'operators'], reason: 'nobody can stop changes from Slack' }]
      : []),
  ];
}

function repeated(
  parts: readonly { readonly name: string }[],
  key: 'rules' | 'freezes',
  reason: string,
): readonly SettingsProblem[] {
  const names = parts.map(({ name }) => name);
  return names.flatMap((name, index) =>
    names.indexOf(name) < index ? [{ path: [ROOT, key, index, 'name'], reason }] : [],
  );
}

function clusterProblems(remediation: RemediationSettings, known: readonly string[]): readonly SettingsProblem[] {
  const unknown = (name: string, path: SettingsPath): readonly SettingsProblem[] =>
    known.includes(name)
      ? []
      : [{ path, reason: 'there is no such cluster under `clusters`', unknown: { word: name, known } }];
  const lists = (['rules', 'identities', 'freezes'] as const).flatMap((key) =>
    remediation[key].map(({ clusters = [] }, index) => ({ key, index, clusters })),
  );
  return [
    ...lists.flatMap(({ key, index, clusters }) =>
      clusters.flatMap((name, at) => unknown(name, [ROOT, key, index, 'clusters', at])),
    ),
    ...remediation.runbooks.flatMap(({ cluster }, index) => unknown(cluster, [ROOT, 'runbooks', index, 'cluster'])),
  ];
}

function ruleProblems(
  rule: RemediationRuleSettings,
  path: SettingsPath,
  { protectedNamespaces }: RemediationSettings,
): readonly SettingsProblem[] {
  const untouched: readonly string[] = [...ALWAYS_PROTECTED, ...protectedNamespaces];
  const ownerless = rule.tiers.includes('T3') && rule.owners.length === 0;
  return [
    ...rule.actions.flatMap((word, at) =>
      ACTION_WORDS.includes(word)
        ? []
        : [
            {
              path: [...path, 'actions', at],
              reason: 'there is no such action',
              unknown: { word, known: ACTION_WORDS },
            },
          ],
    ),
    ...(ownerless
      ? [{ path: [...path, 'owners'], reason: 'T3 needs an owner among the approvers, and none is listed' }]
      : []),
    ...(ownerless ? [] : quorumProblems(rule, path)),
    ...rule.namespaces.flatMap((namespace, at) =>
      untouched.includes(namespace) && !namespace.includes('*')
        ? [{ path: [...path, 'namespaces', at], reason: 'this namespace is protected, so nothing is changed there' }]
        : [],
    ),
  ];
}

/** What can be told without asking who is in a group. */
function quorumProblems(rule: RemediationRuleSettings, path: SettingsPath): readonly SettingsProblem[] {
  if (!rule.approvers.every(isPerson)) {
    return [];
  }
  const people = new Set(rule.approvers);
  const short = TIER_NAMES.filter((tier) => rule.tiers.includes(tier) && people.size < rule.quorum[tier]);
  const foreign = rule.tiers.includes('T3') && rule.owners.every((owner) => isPerson(owner) && !people.has(owner));
  return [
    ...short.map((tier) => ({
      path: [...path, 'approvers'],
      reason: `${tier} needs ${rule.quorum[tier]} different approvers, and there are ${people.size}`,
    })),
    ...(foreign
      ? [{ path: [...path, 'owners'], reason: 'no owner is among the approvers, so T3 can never be approved' }]
      : []),
  ];
}

function identityProblems(identities: readonly IdentitySettings[]): readonly SettingsProblem[] {
  return identities.flatMap((identity, index) => {
    const others = identities.slice(0, index).filter((other) => overlap(other, identity));
    const problem = (key: 'slack' | 'user', reason: string): readonly SettingsProblem[] =>
      others.some((other) => other[key] === identity[key]) ? [{ path: [ROOT, 'identities', index, key], reason }] : [];
    return [
      ...problem('slack', 'this person is listed already for the same cluster'),
      ...problem('user', 'another account of Slack is this user already, so that one person would count as two'),
    ];
  });
}

function overlap({ clusters: first }: IdentitySettings, { clusters: second }: IdentitySettings): boolean {
  return first === undefined || second === undefined || first.some((name) => second.includes(name));
}

function freezeProblems({ freezes }: RemediationSettings): readonly SettingsProblem[] {
  return freezes.flatMap(({ windows }, index) =>
    windows.flatMap((window, at) =>
      'starts' in window && Date.parse(window.starts) >= Date.parse(window.ends)
        ? [{ path: [ROOT, 'freezes', index, 'windows', at, 'ends'], reason: 'it ends before it starts' }]
        : [],
    ),
  );
}

function isPerson(id: string): boolean {
  return !id.startsWith('S');
}
