import { listWords } from '../facts/text.ts';
import type { GroupFact } from './incident-policy.ts';
import type { PolicyPerson } from './reading-policy.ts';
import { groupsAmong, isNamed } from './remediation-people.ts';
import type { RemediationPolicy, RemediationRule } from './remediation-policy.ts';

/** Groups that a rule names, each once: what must be looked up before somebody's permissions are known. */
export function groupsOfRules({ rules }: Pick<RemediationPolicy, 'rules'>): readonly string[] {
  return groupsAmong(rules.flatMap(({ approvers }) => approvers));
}

/** What somebody may approve, a line for each rule: `T1, T2 in shop and team-* (prod)`. A group that is not known allows nothing. */
export function permissionsOf(
  policy: RemediationPolicy,
  person: PolicyPerson,
  groups: readonly GroupFact[],
): readonly string[] {
  if (person.guest || person.bot || person.foreign || person.deactivated) {
    return [];
  }
  return policy.rules
    .filter(({ approvers }) => isNamed(person.user, approvers, groups).kind === 'named')
    .flatMap((rule) => lineOf(rule, clustersOf(policy, rule, person.user)));
}

/** Clusters of a rule in which the person has an identity; undefined: all. */
function clustersOf(
  { identities }: RemediationPolicy,
  rule: RemediationRule,
  user: string,
): readonly string[] | undefined {
  const own = identities.filter(({ slack }) => slack === user);
  if (own.some(({ clusters }) => clusters === undefined)) {
    return rule.clusters;
  }
  const named = [...new Set(own.flatMap(({ clusters = [] }) => clusters))];
  return named.filter((cluster) => rule.clusters?.includes(cluster) ?? true);
}

function lineOf(rule: RemediationRule, clusters: readonly string[] | undefined): readonly string[] {
  const tiers = rule.tiers.filter((tier) => tier !== 'T3' || rule.owners.length > 0);
  if (tiers.length === 0 || clusters?.length === 0) {
    return [];
  }
  const where = clusters === undefined ? 'all clusters' : listWords(clusters, 5);
  const what = rule.actions.includes('*') ? '' : `: ${listWords(rule.actions, 5)}`;
  return [`${tiers.join(', ')} in ${listWords(rule.namespaces, 6)} (${where})${what}`];
}
