import type { NeededRight, Right, RightScope, RightVerb } from './right.ts';

/** Who may approve what, as far as rights depend on it. */
export interface ChangeRule {
  /** Codes; `*` stands for every action. */
  readonly actions: readonly string[];
  /** All clusters when absent. */
  readonly clusters?: readonly string[];
  readonly namespaces: readonly string[];
}

/** Where runbook steps are run, as far as rights depend on it. */
export type RunbookPlace =
  | { readonly place: 'toolbox' | 'job'; readonly namespace: string }
  | { readonly place: 'local' };

interface ActionRights {
  readonly inNamespace?: readonly Right[];
  /** In whatever namespaces it is allowed. */
  readonly everywhere?: readonly Right[];
  /** For objects in no namespace, which only a rule for `*` lets anybody change. */
  readonly ofNone?: readonly Right[];
}

const WORKLOADS = ['daemonsets', 'deployments', 'statefulsets'];
const BUDGETS = right('list', 'poddisruptionbudgets', 'policy');
const DELETE_POD: ActionRights = { inNamespace: [right('delete', 'pods'), BUDGETS] };
const PATCH_NODE: ActionRights = { ofNone: [right('patch', 'nodes')] };

/** As `deploy/rbac/executor.yaml` grants them; which kinds R-OBJ-FINALIZER-REMOVE may touch is a choice of its own. */
const RIGHTS: Readonly<Record<string, ActionRights>> = {
  'R-POD-DELETE': DELETE_POD,
  'R-POD-FORCE-DELETE': DELETE_POD,
  'R-EVICT': { inNamespace: [right('create', 'pods/eviction'), BUDGETS] },
  'R-ROLLOUT-RESTART': { inNamespace: WORKLOADS.map((resource) => right('patch', resource, 'apps')) },
  'R-ROLLBACK': { inNamespace: [right('patch', 'deployments', 'apps')] },
  'R-CORDON': PATCH_NODE,
  'R-UNCORDON': PATCH_NODE,
  'R-NS-FINALIZE': {
    everywhere: [right('update', 'namespaces/finalize'), right('list', 'apiservices', 'apiregistration.k8s.io')],
  },
};

/** What every change needs: to ask what approvers may do, and to tell of it on the object. */
const ALWAYS: readonly Right[] = [
  right('create', 'subjectaccessreviews', 'authorization.k8s.io'),
  right('create', 'events'),
];

const TOOLBOX: readonly Right[] = [
  right('list', 'pods'),
  right('get', 'pods'),
  right('create', 'pods/exec'),
  right('get', 'pods/exec'),
];
const JOB: readonly Right[] = [
  right('get', 'cronjobs', 'batch'),
  ...(['create', 'delete', 'get'] as const).map((verb) => right(verb, 'jobs', 'batch')),
  right('list', 'pods'),
  right('get', 'pods/log'),
];

/** What an executor never needs for the whole cluster, and what makes its account worth stealing. */
export const EXCESSIVE_RIGHTS: readonly Right[] = [
  right('*', '*', '*'),
  right('get', 'secrets'),
  right('list', 'secrets'),
  right('get', 'nodes/proxy'),
  right('create', 'nodes/proxy'),
  right('create', 'pods/exec'),
  right('create', 'pods'),
  right('impersonate', 'users'),
  right('escalate', 'clusterroles', 'rbac.authorization.k8s.io'),
];

function right(verb: RightVerb, resource: string, group = ''): Right {
  return { verb, group, resource };
}

/** The rights with which an executor can do in a cluster what the rules allow, each once for every scope. */
export function changeRights(
  rules: readonly ChangeRule[],
  cluster: string,
  place: RunbookPlace | undefined,
): readonly NeededRight[] {
  const here = rules.filter(({ clusters }) => clusters === undefined || clusters.includes(cluster));
  if (here.length === 0) {
    return [];
  }
  const wanted: readonly Wanted[] = [
    ...ALWAYS.map((one) => ({ one, scope: 'everywhere' as const, actions: [] })),
    ...Object.entries(RIGHTS).flatMap(([action, rights]) => rightsOf(action, rights, here)),
    ...(allowing('R-RBD-LOCK-RM', here).length > 0 ? placeRights(place) : []),
  ];
  const needed = new Map<string, NeededRight>();
  for (const { one, scope, actions } of wanted) {
    const key = JSON.stringify([one, scope]);
    const known = needed.get(key)?.actions ?? [];
    needed.set(key, { right: one, scope, playbooks: [], actions: [...new Set([...known, ...actions])] });
  }
  return [...needed.values()];
}

interface Wanted {
  readonly one: Right;
  readonly scope: RightScope;
  readonly actions: readonly string[];
}

function rightsOf(
  action: string,
  { inNamespace = [], everywhere = [], ofNone = [] }: ActionRights,
  rules: readonly ChangeRule[],
): readonly Wanted[] {
  const scopes = namespacesFor(action, rules);
  const unplaced = [
    ...(scopes.length === 0 ? [] : everywhere),
    ...(allowing(action, rules).includes('*') ? ofNone : []),
  ];
  const actions = [action];
  return [
    ...inNamespace.flatMap((one) => scopes.map((scope) => ({ one, scope, actions }))),
    ...unplaced.map((one) => ({ one, scope: 'everywhere' as const, actions })),
  ];
}

function placeRights(place: RunbookPlace | undefined): readonly Wanted[] {
  if (place === undefined || place.place === 'local') {
    return [];
  }
  const { namespace } = place;
  return (place.place === 'toolbox' ? TOOLBOX : JOB).map((one) => ({
    one,
    scope: { namespace },
    actions: ['R-RBD-LOCK-RM'],
  }));
}

/** Where the rules allow an action: single namespaces, or everywhere as soon as one of them is a pattern. */
function namespacesFor(action: string, rules: readonly ChangeRule[]): readonly RightScope[] {
  const named = allowing(action, rules);
  return named.some((name) => name.includes('*'))
    ? ['everywhere']
    : [...new Set(named)].map((namespace) => ({ namespace }));
}

/** The namespaces of the rules that allow an action, as they are written. */
function allowing(action: string, rules: readonly ChangeRule[]): readonly string[] {
  return rules
    .filter(({ actions }) => actions.includes('*') || actions.includes(action))
    .flatMap(({ namespaces }) => namespaces);
}
