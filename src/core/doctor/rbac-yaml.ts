import type { Right } from './right.ts';

/** A rule of a ClusterRole. */
export interface RbacRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** The fewest rules that grant exactly these rights, sorted. */
export function rbacRules(rights: readonly Right[]): readonly RbacRule[] {
  const verbs = new Map<string, Set<string>>();
  for (const { group, resource, verb } of rights) {
    const key = `${group}/${resource}`;
    verbs.set(key, (verbs.get(key) ?? new Set()).add(verb));
  }
  const rules = new Map<string, { group: string; verbs: readonly string[]; resources: string[] }>();
  for (const [key, granted] of [...verbs].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const slash = key.indexOf('/');
    const [group, resource] = [key.slice(0, slash), key.slice(slash + 1)];
    const sorted = [...granted].toSorted();
    const ruleKey = `${group} ${sorted.join()}`;
    const rule = rules.get(ruleKey) ?? { group, verbs: sorted, resources: [] };
    rule.resources.push(resource);
    rules.set(ruleKey, rule);
  }
  return [...rules.values()].map((rule) => ({
    apiGroups: [rule.group],
    resources: rule.resources,
    verbs: rule.verbs,
  }));
}

/** A ClusterRole with these rights, and its binding when it is known to whom, as lines of YAML. */
export function clusterRoleYaml(name: string, rights: readonly Right[], user: string | undefined): readonly string[] {
  const rules = rbacRules(rights).flatMap(({ apiGroups, resources, verbs }) => [
    `  - apiGroups: ${flowList(apiGroups)}`,
    `    resources: ${flowList(resources)}`,
    `    verbs: ${flowList(verbs)}`,
  ]);
  return [
    'apiVersion: rbac.authorization.k8s.io/v1',
    'kind: ClusterRole',
    'metadata:',
    `  name: ${name}`,
    'rules:',
    ...rules,
    ...(user === undefined ? [] : bindingLines(name, user)),
  ];
}

function bindingLines(name: string, user: string): readonly string[] {
  return [
    '---',
    'apiVersion: rbac.authorization.k8s.io/v1',
    'kind: ClusterRoleBinding',
    'metadata:',
    `  name: ${name}`,
    'roleRef:',
    '  apiGroup: rbac.authorization.k8s.io',
    '  kind: ClusterRole',
    `  name: ${name}`,
    'subjects:',
    ...subjectLines(user),
  ];
}

function subjectLines(user: string): readonly string[] {
  const [, namespace, account] = /^system:serviceaccount:([a-z0-9-]+):([a-z0-9.-]+)$/.exec(user) ?? [];
  return namespace === undefined || account === undefined
    ? ['  - apiGroup: rbac.authorization.k8s.io', '    kind: User', `    name: ${JSON.stringify(user)}`]
    : ['  - kind: ServiceAccount', `    name: ${account}`, `    namespace: ${namespace}`];
}

function flowList(words: readonly string[]): string {
  return `[${words.map((word) => JSON.stringify(word)).join(', ')}]`;
}
