import { randomInt } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCluster } from '../../src/adapters/kubernetes/kubernetes-cluster.ts';
import { probeCluster } from '../../src/app/doctor/probe-cluster.ts';
import { loadAllPlaybooks } from '../../src/app/playbooks.ts';
import type { Check } from '../../src/core/doctor/check.ts';
import { clusterChecks } from '../../src/core/doctor/cluster-checks.ts';
import { neededRights } from '../../src/core/doctor/needed-rights.ts';
import { describeWithCluster } from './injected-cluster.ts';

describeWithCluster('kubewhy doctor and deploy/rbac', (cluster) => {
  const namespace = `doctor-${randomInt(36 ** 4, 36 ** 5).toString(36)}`;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kubewhy-doctor-'));
    await cluster.kubectl(['create', 'namespace', namespace]);
    for (const account of ['bare', 'local', 'reader', 'cured']) {
      await cluster.kubectl(['-n', namespace, 'create', 'serviceaccount', account]);
    }
    const resources = '--resource=pods,pods/log,events,configmaps';
    const account = `--serviceaccount=${namespace}:local`;
    await cluster.kubectl(['-n', namespace, 'create', 'role', 'local', '--verb=get,list', resources]);
    await cluster.kubectl(['-n', namespace, 'create', 'rolebinding', 'local', '--role=local', account]);
  });

  afterAll(async () => {
    await cluster.deleteNamespace(namespace);
    const mine = ['-l', `kubewhy-test=${namespace}`, '--ignore-not-found'];
    await cluster.kubectl(['delete', 'clusterrole,clusterrolebinding', ...mine]);
    await rm(folder, { recursive: true });
  });

  /** What the doctor says about the cluster as one of the accounts. */
  async function examine(account: string, asked?: readonly string[]): Promise<readonly Check[]> {
    const opened = openCluster({ kubeconfig: await kubeconfigOf(account) });
    try {
      const needed = neededRights(await loadAllPlaybooks([]), asked);
      return clusterChecks(await probeCluster(opened, { name: 'lab', needed, asked }));
    } finally {
      opened.close();
    }
  }

  async function kubeconfigOf(account: string): Promise<string> {
    const token = (await cluster.kubectl(['-n', namespace, 'create', 'token', account])).trim();
    const view = await cluster.kubectl(['config', 'view', '--raw', '--minify', '--flatten', '-o', 'json']);
    const config = JSON.parse(view) as { users: object[]; contexts: { context: { user: string } }[] };
    config.users = [{ name: account, user: { token } }];
    for (const { context } of config.contexts) {
      context.user = account;
    }
    const file = join(folder, account);
    await writeFile(file, JSON.stringify(config), { mode: 0o600 });
    return file;
  }

  /** Applies roles and bindings under names and for an account of this test. */
  async function grant(yaml: string, account: string): Promise<void> {
    const own = yaml
      .replaceAll(/^( *name: )(kubewhy-[\w-]+)$/gm, `$1$2-${namespace}`)
      .replaceAll(/^( *name: )kubewhy$/gm, `$1${account}`)
      .replaceAll(/^( *namespace: )kubewhy$/gm, `$1${namespace}`)
      .replaceAll(/^metadata:$/gm, `metadata:\n  labels: { kubewhy-test: ${namespace} }`);
    const roles = own.split(/^---$/m).filter((document) => document.includes('kind: ClusterRole'));
    await cluster.apply(roles.join('---\n'));
  }

  test('an account without rights is told what is missing, and the role that it prints cures it', async () => {
    const before = await examine('cured');
    const cure = before.find(({ id }) => id === 'cluster.rights')?.lines ?? [];
    const secrets = before.find(({ id }) => id === 'cluster.secrets')?.lines ?? [];

    await grant(`${cure.join('\n')}\n---\n${secrets.join('\n')}\n`, 'cured');

    expect(brief(before)).toEqual(['cluster.connection ok', 'cluster.rights failure', 'cluster.secrets note']);
    await expect.poll(async () => brief(await examine('cured')), { timeout: 20_000 }).toEqual(GOOD);
  });

  test('deploy/rbac/reader.yaml gives every right but that to Secrets', async () => {
    await grant(await readFile(join(import.meta.dirname, '../../deploy/rbac/reader.yaml'), 'utf8'), 'reader');

    await expect
      .poll(async () => brief(await examine('reader')), { timeout: 20_000 })
      .toEqual([...GOOD, 'cluster.secrets note']);
  });

  test('rights in one namespace count where only that one may be asked about', async () => {
    const everywhere = await examine('local');
    const there = await examine('local', [namespace]);

    const missing = (checks: readonly Check[]): string => checks.find(({ id }) => id === 'cluster.rights')?.says ?? '';
    expect(missing(everywhere)).toContain('`get pods/log`');
    expect(missing(there)).not.toMatch(/`get pods\/log`|`get pods`/);
    expect(missing(there)).toContain(`in ${namespace}`);
  });

  test('credentials that are not valid are a failure that says what to do', async () => {
    const file = await kubeconfigOf('bare');
    const config = (await readFile(file, 'utf8')).replace(/"token":"[^"]+"/, '"token":"wrong"');
    await writeFile(file, config);
    const opened = openCluster({ kubeconfig: file });

    const facts = await probeCluster(opened, { name: 'lab', needed: [], asked: undefined });
    opened.close();

    expect(facts).toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(/^Could not read the version: .* does not accept the credentials\.$/),
      hint: expect.stringContaining('Log in again'),
    });
  });
});

const GOOD = ['cluster.connection ok', 'cluster.rights ok'];

/** Without the clock, which is that of the machine. */
function brief(checks: readonly Check[]): readonly string[] {
  return checks.filter(({ id }) => id !== 'cluster.clock').map(({ id, status }) => `${id} ${status}`);
}
