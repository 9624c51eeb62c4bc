import type { ReadingRuleSettings } from '../../config/settings.ts';

/** The namespaces of a cluster that the rules name; undefined when there is no rule, or one of them has a pattern. */
export function askedNamespaces(rules: readonly ReadingRuleSettings[], cluster: string): readonly string[] | undefined {
  const named = rules
    .filter(({ clusters }) => clusters === undefined || clusters.includes(cluster))
    .flatMap(({ namespaces }) => namespaces);
  return named.length === 0 || named.some((name) => name.includes('*')) ? undefined : [...new Set(named)].toSorted();
}
