import { describe, expect, it } from 'vitest';
import { EXECUTOR_USER } from '../../src/sim/cluster/users.ts';
import { grantedBy, rbacDocuments, rbacFiles, rightsOf } from './rbac-files.ts';

/** What the actions send, and what they read beyond the reader's rights. A right that is not here is not granted. */
const EXECUTOR = [
  'create events',
  'create pods/eviction',
  'create subjectaccessreviews.authorization.k8s.io',
  'delete pods',
  'list apiservices.apiregistration.k8s.io',
  'list poddisruptionbudgets.policy',
  'patch daemonsets.apps',
  'patch deployments.apps',
  'patch nodes',
  'patch statefulsets.apps',
  'update namespaces/finalize',
];

/** What only a file of its own may grant. */
const OPTIONAL: Readonly<Record<string, readonly string[]>> = {
  'executor-finalizers.yaml': ['patch persistentvolumeclaims', 'patch pods'],
  'executor-toolbox.yaml': ['create pods/exec', 'get pods', 'get pods/exec', 'list pods'],
  'executor-jobs.yaml': [
    'create jobs.batch',
    'delete jobs.batch',
    'get cronjobs.batch',
    'get jobs.batch',
    'get pods/log',
    'list pods',
  ],
};
const READING = /^(?:get|list|watch) /;
const SECRETS = new Set(['secret-names.yaml', 'executor-namespace-content.yaml']);
const ONE_NAMESPACE = new Set(['executor-toolbox.yaml', 'executor-jobs.yaml']);

describe('deploy/rbac/executor.yaml', () => {
  it('grants exactly what the actions send', () => {
    expect(grantedBy('executor.yaml')).toEqual(EXECUTOR);
  });

  it('binds the roles, and that of the reader, to the executor alone', () => {
    const bindings = rbacDocuments('executor.yaml').filter(({ kind }) => kind.endsWith('Binding'));

    const executor = { kind: 'ServiceAccount', name: 'kubewhy-executor', namespace: 'kubewhy' };
    expect(bindings.map(({ kind, roleRef, subjects }) => [kind, roleRef?.kind, roleRef?.name, subjects])).toEqual([
      ['ClusterRoleBinding', 'ClusterRole', 'kubewhy-executor', [executor]],
      ['ClusterRoleBinding', 'ClusterRole', 'kubewhy-executor-cluster', [executor]],
      ['ClusterRoleBinding', 'ClusterRole', 'kubewhy-reader', [executor]],
    ]);
  });

  it('is what the executor of the simulated cluster may do, besides the finalizers of the example', () => {
    const writes = EXECUTOR_USER.rules.flatMap(rightsOf).filter((right) => !READING.test(right));

    const wanted = [...EXECUTOR, ...(OPTIONAL['executor-finalizers.yaml'] ?? [])].filter((one) => !READING.test(one));
    expect(new Set(writes)).toEqual(new Set(wanted));
  });
});

describe('the optional files of the executor', () => {
  it.each(Object.entries(OPTIONAL))('%s grants nothing else', (file, rights) => {
    expect(grantedBy(file)).toEqual(rights);
  });

  it('prove that a namespace is empty by listing alone', () => {
    const rights = grantedBy('executor-namespace-content.yaml');

    expect(rights.filter((right) => !right.startsWith('list '))).toEqual([]);
  });

  it.each([...ONE_NAMESPACE])('%s holds in one namespace', (file) => {
    const documents = rbacDocuments(file);

    expect(documents.map(({ kind }) => kind)).toEqual(['Role', 'RoleBinding']);
    expect(new Set(documents.map(({ metadata }) => metadata.namespace)).size).toBe(1);
  });

  it.each(rbacFiles().filter((file) => file.startsWith('executor')))('%s gives nothing to anybody else', (file) => {
    const subjects = rbacDocuments(file).flatMap((document) => document.subjects ?? []);

    expect(new Set(subjects.map(({ kind, name }) => `${kind} ${name}`))).toEqual(
      new Set(['ServiceAccount kubewhy-executor']),
    );
  });
});

describe('every file of deploy/rbac', () => {
  it('is known to a test', () => {
    const known = ['executor.yaml', 'reader.yaml', 'watcher.yaml', ...SECRETS, ...Object.keys(OPTIONAL)];

    expect(rbacFiles()).toEqual(known.toSorted((a, b) => a.localeCompare(b)));
  });

  it.each(rbacFiles())('%s grants nothing wholesale, and nothing that leads to more', (file) => {
    const rules = rbacDocuments(file).flatMap((document) => document.rules ?? []);

    const words = rules.flatMap(({ apiGroups = [], resources = [], verbs }) => [...apiGroups, ...resources, ...verbs]);
    const dangerous =
      /\*|^(?:escalate|bind|impersonate|approve|sign|deletecollection)$|^nodes\/|^serviceaccounts\/token$|^pods\/(?:attach|portforward|proxy|ephemeralcontainers)$|\/status$|^(?:cluster)?role/;
    const allowed = file === 'executor-namespace-content.yaml' ? /^role(?:bindings|s)$/ : /^$/;
    expect(words.filter((word) => dangerous.test(word) && !allowed.test(word))).toEqual([]);
    expect(rules.filter(({ nonResourceURLs }) => nonResourceURLs !== undefined)).toEqual([]);
  });

  it.each(rbacFiles().filter((file) => !SECRETS.has(file)))('%s opens no Secret', (file) => {
    expect(grantedBy(file).filter((right) => / secrets\b/.test(right))).toEqual([]);
  });

  it.each(rbacFiles().filter((file) => !file.startsWith('executor')))('%s changes nothing', (file) => {
    expect(grantedBy(file).filter((right) => !READING.test(right))).toEqual([]);
  });
});
