import { readFile } from 'node:fs/promises';
import type { TestCluster } from '../cluster/cluster.ts';
import { type Access, accessOf } from '../cluster/cluster-access.ts';
import { createNodes, deleteNodes, ExtraNode, keepNodes } from '../cluster/nodes.ts';
import { openIncidentLab } from '../incidents/incident-lab.ts';

/** What the lanes must know of a real cluster. */
export interface RealPlace {
  /** How the names of everything in it begin; the label of its namespaces. */
  readonly home: string;
  /** The RBAC group of the approvers. */
  readonly approvers: string;
  /** A node that exists as an object only. */
  readonly node: string;
  readonly tokens: { readonly reader: string; readonly executor: string };
  readonly admin: Access;
}

/** Accounts and roles as an administrator installs them, and a node for pods that nothing runs. */
export interface RealLab {
  readonly place: RealPlace;
  /** Removes everything. */
  close(): Promise<void>;
}

/** Prepares a cluster for the lanes. */
export async function openRealLab(cluster: TestCluster): Promise<RealLab> {
  const lab = await openIncidentLab(cluster);
  const { home, approvers } = lab;
  const node = ExtraNode.parse({ name: `node-${home}`, unschedulable: true });
  await createNodes(cluster, [node]);
  const keeper = keepNodes(cluster, [node]);
  const tokens = { reader: await tokenIn(lab.reader), executor: await tokenIn(lab.executor) };
  return {
    place: { home, approvers, node: node.name, tokens, admin: await accessOf(cluster) },
    async close() {
      await cluster.kubectl([
        'delete',
        'namespace',
        '-l',
        `kubewhy-chaos=${home}`,
        '--ignore-not-found',
        '--wait=false',
      ]);
      keeper.stop();
      await deleteNodes(cluster, [node]);
      await lab.close();
    },
  };
}

async function tokenIn(kubeconfig: string): Promise<string> {
  const { users } = JSON.parse(await readFile(kubeconfig, 'utf8')) as {
    readonly users: readonly { readonly user: { readonly token: string } }[];
  };
  return users[0]?.user.token ?? '';
}
