import type { KubeLabelSelector } from '../facts/kube-types.ts';
import { selectorQuery } from '../facts/nodes.ts';

/** A label selector for everything that any of several selectors matches, and perhaps more; undefined: there is none but all. */
export function unionSelector(selectors: readonly KubeLabelSelector[]): string | undefined {
  const [first, ...others] = selectors;
  if (first === undefined) {
    return undefined;
  }
  if (others.length === 0) {
    return selectorQuery(first) || undefined;
  }
  const keys = Object.keys(first.matchLabels ?? {}).filter((key) =>
    others.every(({ matchLabels }) => matchLabels?.[key] !== undefined),
  );
  const requirements = keys.map((key) => {
    const values = [...new Set(selectors.map(({ matchLabels }) => matchLabels?.[key] ?? ''))].toSorted();
    return { key, operator: 'In', values };
  });
  return requirements.length === 0 ? undefined : selectorQuery({ matchExpressions: requirements });
}
