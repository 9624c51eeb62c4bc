import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { accountKubeconfig } from '../cluster/account-kubeconfig.ts';
import type { TestCluster } from '../cluster/cluster.ts';
import { admissionOf, removeRoles, rolesOf } from '../cluster/installed-roles.ts';
import { waitUntil } from '../cluster/wait-until.ts';
import type { RoleRule } from '../deploy/rbac-files.ts';

/** What the accounts of Kubewhy may do beyond reader.yaml and executor.yaml. */
export interface LabOptions {
  /** Further files of deploy/rbac. */
  readonly files?: readonly string[];
  /** Further rules of their roles, by the role's name. */
  readonly more?: Readonly<Record<string, readonly RoleRule[]>>;
}

/** Kubewhy's accounts in a real cluster, the approvers' rights, and namespaces that are broken on purpose. */
export interface IncidentLab {
  readonly cluster: TestCluster;
  /** The namespace of Kubewhy's accounts. */
  readonly home: string;
  /** The RBAC group of the approvers. */
  readonly approvers: string;
  readonly reader: string;
  readonly executor: string;
  /** Makes a namespace that goes with the lab. */
  namespace(): Promise<string>;
  /** Takes the approvers' rights away, or gives them back. */
  approversMay(may: boolean): Promise<void>;
  close(): Promise<void>;
}

/** Installs the roles and the admission policy as an administrator does, under names of this run. */
export async function openIncidentLab(
  cluster: TestCluster,
  { files = [], more = {} }: LabOptions = {},
): Promise<IncidentLab> {
  const home = `inc-${randomInt(36 ** 4, 36 ** 5).toString(36)}`;
  const folder = await mkdtemp(join(tmpdir(), 'kubewhy-incident-'));
  const namespaces = [home];
  await createNamespace(cluster, home);
  const approvers = `approvers-${home}`;
  const roles = rolesOf({ namespace: home, files: ['reader.yaml', 'executor.yaml', ...files], more });
  await cluster.apply(list([...roles, approverRole(home), approverBinding(home)]));
  await cluster.apply(await admissionOf(home));
  const executor = `system:serviceaccount:${home}:kubewhy-executor`;
  await waitUntil('the roles are known', () =>
    answers(cluster, ['auth', 'can-i', 'create', 'events', '-n', home, `--as=${executor}`], 'yes'),
  );
  return {
    cluster,
    home,
    approvers,
    reader: await accountKubeconfig(cluster, { namespace: home, name: 'kubewhy' }, folder),
    executor: await accountKubeconfig(cluster, { namespace: home, name: 'kubewhy-executor' }, folder),
    async namespace() {
      const name = `${home}-${namespaces.length}`;
      namespaces.push(name);
      await createNamespace(cluster, name);
      return name;
    },
    async approversMay(may) {
      const binding = JSON.stringify(approverBinding(home));
      await cluster.kubectl([may ? 'apply' : 'delete', '-f', '-'], binding);
      const asked = ['auth', 'can-i', 'delete', 'pods', '-A', '--as=ann', `--as-group=${approvers}`];
      // kubectl ends with 1 for "no".
      await waitUntil('the rights are known', () => answers(cluster, asked, may ? 'yes' : ''));
    },
    async close() {
      await removeRoles(cluster, home);
      await Promise.all(namespaces.map((name) => removeNamespace(cluster, name)));
      await rm(folder, { recursive: true });
    },
  };
}

/** What kubectl prints; empty where it fails, as for an object that is gone. */
export async function told(cluster: TestCluster, args: readonly string[]): Promise<string> {
  try {
    return (await cluster.kubectl(args)).trim();
  } catch {
    return '';
  }
}

/** Waits until an object has this value; `''` also means that it is gone. */
export async function untilIs(cluster: TestCluster, object: readonly string[], path: string, value: string) {
  const args = ['get', ...object, '-o', `jsonpath={${path}}`];
  await waitUntil(`${object.join(' ')} has ${path} ${value}`, () => answers(cluster, args, value));
}

/** Waits until so many seconds have passed since the deletion of an object was due. */
export async function overdue(cluster: TestCluster, object: readonly string[], seconds: number): Promise<void> {
  const due = await told(cluster, ['get', ...object, '-o', 'jsonpath={.metadata.deletionTimestamp}']);
  const left = Date.parse(due) + seconds * 1000 - Date.now();
  if (Number.isNaN(left)) {
    throw new Error(`${object.join(' ')} is not being deleted`);
  }
  await pause(Math.max(0, left));
}

async function answers(cluster: TestCluster, args: readonly string[], value: string): Promise<boolean> {
  return (await told(cluster, args)) === value;
}

async function createNamespace(cluster: TestCluster, name: string): Promise<void> {
  await cluster.kubectl(['create', 'namespace', name]);
  await cluster.kubectl(['-n', name, 'wait', '--for=create', 'serviceaccount/default', '--timeout=60s']);
}

/** Whatever still holds something in it is freed. */
async function removeNamespace(cluster: TestCluster, name: string): Promise<void> {
  const free = ['--type=merge', '-p', '{"metadata":{"finalizers":null}}'];
  const held = await told(cluster, ['-n', name, 'get', 'pods,configmaps,persistentvolumeclaims', '-o', 'name']);
  await told(cluster, ['-n', name, 'delete', 'deployments,statefulsets', '--all', '--wait=false']);
  for (const object of held.split('\n').filter((one) => one !== '')) {
    await told(cluster, ['-n', name, 'patch', object, ...free]);
  }
  await told(cluster, ['-n', name, 'delete', 'pods', '--all', '--force', '--grace-period=0', '--wait=false']);
  await cluster.deleteNamespace(name);
}

const API_GROUP = 'rbac.authorization.k8s.io';

/** What people must be allowed to do themselves for what they approve. */
function approverRole(home: string): object {
  return {
    apiVersion: `${API_GROUP}/v1`,
    kind: 'ClusterRole',
    metadata: approverMetadata(home),
    rules: [
      { apiGroups: [''], resources: ['pods'], verbs: ['delete', 'patch'] },
      { apiGroups: [''], resources: ['pods/eviction'], verbs: ['create'] },
      { apiGroups: [''], resources: ['nodes', 'configmaps'], verbs: ['patch'] },
      { apiGroups: [''], resources: ['namespaces/finalize'], verbs: ['update'] },
      { apiGroups: ['apps'], resources: ['deployments'], verbs: ['patch'] },
    ],
  };
}

function approverBinding(home: string): object {
  const { name } = approverMetadata(home);
  return {
    apiVersion: `${API_GROUP}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: approverMetadata(home),
    roleRef: { apiGroup: API_GROUP, kind: 'ClusterRole', name },
    subjects: [{ apiGroup: API_GROUP, kind: 'Group', name: `approvers-${home}` }],
  };
}

function approverMetadata(home: string) {
  return { name: `approver-${home}`, labels: { 'kubewhy-test': home } };
}

function list(items: readonly object[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}
