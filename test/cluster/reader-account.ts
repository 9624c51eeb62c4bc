import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accountKubeconfig } from './account-kubeconfig.ts';
import type { TestCluster } from './cluster.ts';
import { removeRoles, rolesOf } from './installed-roles.ts';
import { waitUntil } from './wait-until.ts';

/** The account with which the bot asks, as an administrator installs it. */
export interface ReaderAccount {
  /** Path of its kubeconfig. */
  readonly kubeconfig: string;
  remove(): Promise<void>;
}

/** What an administrator may add; see the head of reader.yaml and of secret-names.yaml. */
const FILES = ['reader.yaml', 'secret-names.yaml'];
/** Custom objects that keep the namespaces of scenarios from ending. */
const GROUPS = ['gadgets.carder.test', 'dyer.test', 'del-loom.example.com', 'del-weft.example.com'];
const CUSTOM = [{ apiGroups: GROUPS, resources: ['*'], verbs: ['list'] }];

/** Installs it beside others, under names of its own. */
export async function installReader(cluster: TestCluster): Promise<ReaderAccount> {
  const namespace = `reader-${randomInt(36 ** 4, 36 ** 5).toString(36)}`;
  const folder = await mkdtemp(join(tmpdir(), 'kubewhy-reader-'));
  await cluster.kubectl(['create', 'namespace', namespace]);
  const items = rolesOf({ namespace, files: FILES, more: { 'kubewhy-reader': CUSTOM } });
  await cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  const can = ['auth', 'can-i', 'list', 'pods', '-A', `--as=system:serviceaccount:${namespace}:kubewhy`];
  // kubectl ends with 1 for "no".
  await waitUntil('the roles are known', async () => (await cluster.kubectl(can).catch(() => '')).trim() === 'yes');
  return {
    kubeconfig: await accountKubeconfig(cluster, { namespace, name: 'kubewhy' }, folder),
    async remove() {
      await removeRoles(cluster, namespace);
      await cluster.deleteNamespace(namespace);
      await rm(folder, { recursive: true });
    },
  };
}
