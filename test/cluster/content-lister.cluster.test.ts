import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cluster, openCluster } from '../../src/adapters/kubernetes/kubernetes-cluster.ts';
import type { NamespaceContent } from '../../src/ports/content-lister.ts';
import { accountKubeconfig } from './account-kubeconfig.ts';
import { describeWithCluster } from './injected-cluster.ts';

describeWithCluster('what a namespace of a real cluster holds', (cluster) => {
  const namespace = `writer-content-${randomInt(36 ** 4, 36 ** 5).toString(36)}`;
  const group = `${namespace}.example.com`;
  const opened: Cluster[] = [];
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kubewhy-content-'));
    await cluster.kubectl(['create', 'namespace', namespace]);
    await cluster.kubectl(['-n', namespace, 'wait', '--for=create', 'serviceaccount/default', '--timeout=30s']);
    await cluster.kubectl(['-n', namespace, 'wait', '--for=create', 'configmap/kube-root-ca.crt', '--timeout=30s']);
    await cluster.apply(JSON.stringify(widgetKind(group)));
    await cluster.kubectl(['wait', '--for=condition=Established', `crd/widgets.${group}`, '--timeout=30s']);
    const metadata = { name: 'held', namespace, finalizers: ['example.com/keep'] };
    await cluster.apply(JSON.stringify({ apiVersion: `${group}/v1`, kind: 'Widget', metadata }));
  });

  afterAll(async () => {
    opened.forEach((one) => one.close());
    const free = ['--type=merge', '-p', '{"metadata":{"finalizers":null}}'];
    await cluster.kubectl(['-n', namespace, 'patch', `widgets.${group}`, 'held', ...free]);
    await cluster.kubectl(['delete', 'apiservice', `v1.dead.${group}`, '--ignore-not-found']);
    await cluster.kubectl(['delete', 'crd', `widgets.${group}`]);
    await cluster.deleteNamespace(namespace);
    await rm(folder, { recursive: true });
  });

  function look(kubeconfig = cluster.kubeconfig, of = namespace): Promise<NamespaceContent> {
    const one = openCluster({ kubeconfig });
    opened.push(one);
    return one.content().contentOf(of);
  }

  /** Other tests come and go with groups of their own. */
  const about = (unseen: readonly string[]): readonly string[] => unseen.filter((words) => words.includes(namespace));

  test('is told with its finalizers, custom resources included', async () => {
    const { found, empty, unseen } = await look();

    const brief = found.map(({ resource, objects }) => [resource, objects.map(({ name }) => name)]);
    expect(brief).toEqual([
      ['configmaps', ['kube-root-ca.crt']],
      ['serviceaccounts', ['default']],
      ['widgets', ['held']],
    ]);
    expect(found.at(-1)).toMatchObject({ group, version: 'v1', objects: [{ finalizers: ['example.com/keep'] }] });
    expect([empty > 20, about(unseen)]).toEqual([true, []]);
  });

  test('is nothing where there is no such namespace', async () => {
    const { found, empty, unseen } = await look(cluster.kubeconfig, `${namespace}-none`);

    expect([found, empty > 20, about(unseen)]).toEqual([[], true, []]);
  });

  test('is not seen behind an APIService without backend', async () => {
    const spec = {
      group: `dead.${group}`,
      version: 'v1',
      groupPriorityMinimum: 100,
      versionPriority: 10,
      insecureSkipTLSVerify: true,
      service: { name: 'none', namespace },
    };
    const metadata = { name: `v1.dead.${group}` };
    await cluster.apply(
      JSON.stringify({ apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', metadata, spec }),
    );

    await expect
      .poll(async () => (await look()).unseen.filter((words) => words.includes(`v1.dead.${group}`)), {
        timeout: 20_000,
      })
      .toEqual([expect.stringContaining('it is not available: ServiceNotFound')]);
  });

  test('is not seen without rights, which are named', async () => {
    await cluster.kubectl(['-n', namespace, 'create', 'serviceaccount', 'powerless']);

    const { found, empty, unseen } = await look(
      await accountKubeconfig(cluster, { namespace, name: 'powerless' }, folder),
    );

    expect([found, empty]).toEqual([[], 0]);
    expect(unseen).toEqual(
      expect.arrayContaining([
        expect.stringContaining('`list apiservices.apiregistration.k8s.io`'),
        expect.stringContaining('`list pods`'),
        expect.stringContaining(`\`list widgets.${group}\``),
      ]),
    );
  });
});

function widgetKind(group: string): object {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'widgets', singular: 'widget', kind: 'Widget' },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  };
}
