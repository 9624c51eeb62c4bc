import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { namespaceFinalize } from '../../src/actions/namespace-finalize.ts';
import { type ApiProxy, proxied, startApiProxy } from '../cluster/api-proxy.ts';
import { accessOf } from '../cluster/cluster-access.ts';
import { withoutControllers } from '../cluster/controller-manager.ts';
import { describeWithCluster } from '../cluster/injected-cluster.ts';
import type { RoleRule } from '../deploy/rbac-files.ts';
import type { BotWorld } from '../integration/bot-world.ts';
import { type IncidentLab, openIncidentLab, overdue, told, untilIs } from './incident-lab.ts';
import {
  approveByTwo,
  askWhy,
  auditOf,
  changeIs,
  HELPED,
  hasButton,
  openIncidentWorld,
  plainText,
  review,
} from './incident-world.ts';
import { inspectReal } from './inspect-real.ts';

/** A namespace may be finalized after 15 minutes; the proxy tells such a time. */
const TWENTY_MINUTES = 1200;
/** Before that a namespace counts as on its way out: with content that is left, and without an answer of an API. */
const LEFT_SECONDS = 65;
const SILENT_SECONDS = 25;

/** They wait for kubelets and controllers, which are slow on a busy machine. */
vi.setConfig({ testTimeout: 300_000 });

describeWithCluster('a namespace that stays', (cluster) => {
  let lab: IncidentLab;
  let proxy: ApiProxy;
  let world: BotWorld;

  beforeAll(async () => {
    lab = await openIncidentLab(cluster, {
      files: ['executor-finalizers.yaml', 'executor-namespace-content.yaml'],
      more: {
        // Which kinds an organisation lets Kubewhy free is its own choice.
        'kubewhy-executor-finalizers': [{ apiGroups: [''], resources: ['configmaps'], verbs: ['patch'] }],
        // As the file says: custom kinds are the administrator's to add.
        'kubewhy-executor-namespace-content': await customKinds(),
      },
    });
    proxy = await startApiProxy(await accessOf(cluster));
    world = await openIncidentWorld(lab, {
      reader: await proxied(lab.reader, proxy),
      executor: await proxied(lab.executor, proxy),
    });
    await world.start();
  });

  afterAll(async () => {
    expect((await auditOf(world)).report.fault).toBeUndefined();
    expect(world.slack.problems()).toEqual([]);
    await world.close();
    proxy.close();
    await lab.close();
  });

  async function customKinds(): Promise<readonly RoleRule[]> {
    const names = await cluster.kubectl(['api-resources', '--namespaced', '--verbs=list', '-o', 'name']);
    return names
      .split('\n')
      .filter((name) => name.includes('.'))
      .map((name) => {
        const [resource = '', ...group] = name.split('.');
        return { apiGroups: [group.join('.')], resources: [resource], verbs: ['list'] };
      });
  }

  async function deleteNamespace(): Promise<string> {
    const namespace = await lab.namespace();
    await cluster.kubectl(['delete', 'namespace', namespace, '--wait=false']);
    return namespace;
  }

  function inspectFinalize(namespace: string, uid: string) {
    return inspectReal(lab, namespaceFinalize, {
      action: 'R-NS-FINALIZE',
      subject: { kind: 'Namespace', namespace: '', name: namespace, uid },
      parameters: {},
    });
  }

  async function uidOf(namespace: string): Promise<string> {
    return told(cluster, ['get', 'namespace', namespace, '-o', 'jsonpath={.metadata.uid}']);
  }

  test('because of a ConfigMap with a finalizer goes when that is removed from the ConfigMap', async () => {
    const namespace = await lab.namespace();
    const held = `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"ledger","finalizers":["audit.loom.test/keep"]}}`;
    await cluster.kubectl(['-n', namespace, 'apply', '-f', '-'], held);
    await cluster.kubectl(['delete', 'namespace', namespace, '--wait=false']);
    const condition = '.status.conditions[?(@.type=="NamespaceFinalizersRemaining")].status';
    await untilIs(cluster, ['namespace', namespace], condition, 'True');
    await overdue(cluster, ['namespace', namespace], LEFT_SECONDS);

    const answer = await askWhy(world, `ns/${namespace}`);
    const proposal = await review(world, answer);
    await approveByTwo(world, proposal, { confirm: 'ledger', reason: 'the auditors have it' });
    const fixed = await changeIs(world, proposal, HELPED);

    expect(plainText(answer)).toContain(
      '(`ledger`) in the deleted namespace waits for finalizer `audit.loom.test/keep`',
    );
    expect(plainText(proposal)).toContain(`from ConfigMap ${namespace}/ledger`);
    expect(plainText(fixed)).toContain('is gone');
    await untilIs(cluster, ['namespace', namespace, '--ignore-not-found'], '.metadata.name', '');
  });

  describe.skipIf(cluster.kind !== 'local')('with a broken control plane', () => {
    test('because of an API without a backend is never offered to be finalized', async () => {
      const name = `v1.${lab.home}.loom.test`;
      await cluster.apply(apiService(name, `${lab.home}.loom.test`));
      try {
        await untilIs(cluster, ['apiservice', name], '.status.conditions[?(@.type=="Available")].status', 'False');
        const namespace = await deleteNamespace();
        const condition = '.status.conditions[?(@.type=="NamespaceDeletionDiscoveryFailure")].status';
        await untilIs(cluster, ['namespace', namespace], condition, 'True');
        await overdue(cluster, ['namespace', namespace], SILENT_SECONDS);

        const answer = await askWhy(world, `ns/${namespace}`);
        const looked = await inspectFinalize(namespace, await uidOf(namespace));

        expect(hasButton(answer, 'remediation.review')).toBe(false);
        expect(plainText(answer)).toContain(`APIService \`${name}\` is unavailable (ServiceNotFound)`);
        expect(plainText(answer)).toContain('never take the finalizer of the namespace away');
        expect(looked).toMatchObject({ kind: 'refused', why: 'unsafe' });
      } finally {
        await cluster.kubectl(['delete', 'apiservice', name, '--ignore-not-found']);
      }
    });

    test('because its controller does not run is finalized, when it is old enough and empty', async () => {
      await withoutControllers(async () => {
        // Nobody puts a service account or a ConfigMap into it.
        const namespace = `${lab.home}-idle`;
        await cluster.kubectl(['create', 'namespace', namespace]);
        await cluster.kubectl(['delete', 'namespace', namespace, '--wait=false']);

        const young = await askWhy(world, `ns/${namespace}`);
        const looked = await inspectFinalize(namespace, await uidOf(namespace));
        proxy.aheadSeconds = TWENTY_MINUTES;
        const answer = await askWhy(world, `ns/${namespace}`);
        const proposal = await review(world, answer);
        await approveByTwo(world, proposal, { confirm: namespace, reason: 'the controller is down' });
        const fixed = await changeIs(world, proposal, HELPED);

        expect(hasButton(young, 'remediation.review')).toBe(false);
        expect(looked).toMatchObject({
          kind: 'refused',
          reason: expect.stringContaining('Wait until that is more than 15 m'),
        });
        expect(plainText(answer)).toContain('the namespace controller has not even looked at');
        expect(plainText(fixed)).toContain(`Fixed: namespace ${namespace} is gone`);
        expect(await uidOf(namespace)).toBe('');
      });
    });
  });
});

function apiService(name: string, group: string): string {
  return JSON.stringify({
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name },
    spec: {
      group,
      version: 'v1',
      groupPriorityMinimum: 1000,
      versionPriority: 15,
      insecureSkipTLSVerify: true,
      service: { namespace: 'default', name: 'loom-api' },
    },
  });
}
