import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestCluster } from './cluster.ts';

/** A service account of a test. */
export interface Account {
  readonly namespace: string;
  readonly name: string;
}

/** Writes a kubeconfig for a service account into a folder; returns its path. */
export async function accountKubeconfig(cluster: TestCluster, account: Account, folder: string): Promise<string> {
  const { namespace, name } = account;
  const token = (await cluster.kubectl(['-n', namespace, 'create', 'token', name, '--duration=4h'])).trim();
  const view = await cluster.kubectl(['config', 'view', '--raw', '--minify', '--flatten', '-o', 'json']);
  const config = JSON.parse(view) as { users: object[]; contexts: { context: { user: string } }[] };
  config.users = [{ name, user: { token } }];
  for (const { context } of config.contexts) {
    context.user = name;
  }
  const file = join(folder, `${namespace}-${name}`);
  await writeFile(file, JSON.stringify(config), { mode: 0o600 });
  return file;
}
