import type { CompiledNeed, CompiledPlaybook } from '../playbook/compiled.ts';
import { NODE_EVENTS, NODE_LEASES, resourceOf, SUBJECT_KINDS } from '../subject/kinds.ts';
import { type NeededRight, type Right, type RightScope, rightTo, rightWords } from './right.ts';

/**
 * What questions read before any playbook: the subject and its owners, what finds a name and suggests another, events,
 * nodes with their leases, the pods and parts of workloads.
 */
const BASE: readonly NeededRight[] = [
  ...SUBJECT_KINDS.flatMap((kind) => {
    const resource = resourceOf(kind);
    const scope = resource.namespaced ? 'asked' : 'everywhere';
    return [base(rightTo('get', resource), scope), base(rightTo('list', resource), scope)];
  }),
  base(rightTo('list', resourceOf('Event'))),
  base(rightTo('get', resourceOf('Lease')), { namespace: NODE_LEASES }),
  base(rightTo('list', resourceOf('Event')), { namespace: NODE_EVENTS }),
  base(rightTo('get', resourceOf('Namespace')), 'everywhere'),
  base(rightTo('list', resourceOf('Namespace')), 'everywhere'),
];

/** What telling the changes before an incident reads beyond that; Secrets only where they may be read anyway. */
const CHANGES: readonly NeededRight[] = [
  ...['ControllerRevision', 'HorizontalPodAutoscaler', 'ResourceQuota', 'LimitRange', 'ConfigMap'].map((kind) =>
    change(rightTo('list', resourceOf(kind)), 'asked'),
  ),
  change(rightTo('get', resourceOf('ConfigMap')), 'asked'),
  ...['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'].map((kind) =>
    change(rightTo('list', resourceOf(kind)), 'everywhere'),
  ),
];

function change(right: Right, scope: RightScope): NeededRight {
  return { right, scope, playbooks: [], purpose: 'changes' };
}

function base(right: Right, scope: RightScope = 'asked'): NeededRight {
  return { right, scope, playbooks: [] };
}

/**
 * Every right that questions, the playbooks and telling changes need, each once for every scope, sorted. Where only some
 * namespaces may be asked about, nodes may not, so that their playbooks need nothing.
 */
export function neededRights(
  playbooks: readonly CompiledPlaybook[],
  asked?: readonly string[],
): readonly NeededRight[] {
  const needed = new Map<string, NeededRight>();
  const add = (one: NeededRight): void => {
    const key = keyOf(one);
    const known = needed.get(key);
    // What every question needs is not the matter of single playbooks.
    const names = known?.playbooks.length === 0 ? [] : [...(known?.playbooks ?? []), ...one.playbooks];
    needed.set(key, { ...one, playbooks: [...new Set(names)].toSorted() });
  };
  for (const one of BASE) {
    add(one);
  }
  const used = playbooks.filter(({ subjects }) => asked === undefined || subjects.some((kind) => kind !== 'Node'));
  for (const playbook of used) {
    for (const need of playbook.needs.filter(isKnownBefore)) {
      add({ right: rightOf(need), scope: scopeOf(need), playbooks: [playbook.name] });
    }
  }
  for (const one of CHANGES) {
    const key = keyOf(one);
    needed.set(key, needed.get(key) ?? one);
  }
  return [...needed].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

type KnownNeed = Exclude<CompiledNeed, { readonly kind: 'metadata' | 'runbook' }>;

/** A resource that only the facts name needs a right that nobody can tell beforehand; runbook steps need none of Kubernetes. */
function isKnownBefore(need: CompiledNeed): need is KnownNeed {
  return need.kind !== 'metadata' && need.kind !== 'runbook';
}

function rightOf(need: KnownNeed): Right {
  return need.kind === 'log' ? { verb: 'get', group: '', resource: 'pods/log' } : rightTo(need.kind, need.resource);
}

/** A namespace that is computed can be any. */
function scopeOf(need: KnownNeed): RightScope {
  if (need.kind !== 'log' && (!need.resource.namespaced || (need.kind === 'list' && need.allNamespaces))) {
    return 'everywhere';
  }
  const source = need.namespace?.source;
  if (source === undefined) {
    return 'asked';
  }
  return source.includes('${') ? 'everywhere' : { namespace: source };
}

function keyOf({ right, scope }: NeededRight): string {
  return `${rightWords(right)} ${scopeKey(scope)}`;
}

function scopeKey(scope: RightScope): string {
  return typeof scope === 'string' ? scope : `in ${scope.namespace}`;
}

/** Whether a right opens the values of Secrets: RBAC cannot grant their names alone. */
export function opensSecrets({ group, resource }: Right): boolean {
  return group === '' && resource === 'secrets';
}
