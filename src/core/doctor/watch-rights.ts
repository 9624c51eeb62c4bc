import { listWords } from '../facts/text.ts';
import { resourceOf } from '../subject/kinds.ts';
import type { Check } from './check.ts';
import type { MissingRight } from './cluster-facts.ts';
import { clusterRoleYaml } from './rbac-yaml.ts';
import { type NeededRight, type Right, rightTo, rightWords } from './right.ts';

/** What watching pods without any alert needs; `deploy/rbac/watcher.yaml` grants it. */
export const WATCHER_RIGHTS: readonly Right[] = [
  rightTo('list', resourceOf('Pod')),
  rightTo('watch', resourceOf('Pod')),
];

const ROLE_NAME = 'kubewhy-watcher';

/** The rights for the namespaces that the settings want to be watched. */
export function watchRights(namespaces: readonly string[]): readonly NeededRight[] {
  return namespaces.flatMap((namespace) =>
    WATCHER_RIGHTS.map((right): NeededRight => ({ right, scope: { namespace }, playbooks: [], purpose: 'watch' })),
  );
}

/** Says in which namespaces pods cannot be watched; nothing when they can be, or need not. */
export function watchChecks(missing: readonly MissingRight[], user: string | undefined): readonly Check[] {
  const watch = missing.filter(({ needed }) => needed.purpose === 'watch');
  if (watch.length === 0) {
    return [];
  }
  const namespaces = [
    ...new Set(watch.flatMap(({ needed: { scope } }) => (typeof scope === 'string' ? [] : scope.namespace))),
  ];
  const words = [...new Set(watch.map(({ needed }) => `\`${rightWords(needed.right)}\``))];
  return [
    {
      area: 'cluster',
      id: 'cluster.watch',
      status: 'warning',
      says: `Pods cannot be watched in ${listWords(namespaces)}, as \`alerts.watch\` wants it; missing: ${listWords(words)}.`,
      fix: 'Apply deploy/rbac/watcher.yaml, or let a cluster administrator apply:',
      lines: clusterRoleYaml(ROLE_NAME, WATCHER_RIGHTS, user),
    },
  ];
}
