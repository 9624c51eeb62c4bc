import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HttpAnswer } from '../contract/http-client.ts';
import { type Attempt, sendAttempt } from './attempt.ts';
import { accessOf } from './cluster-access.ts';
import { describeWithCluster } from './injected-cluster.ts';
import { admissionOf, removeRoles, rolesOf } from './installed-roles.ts';
import { waitUntil } from './wait-until.ts';

const MERGE = 'application/merge-patch+json';
const TRIED = '?dryRun=All';
const POD = '/api/v1/namespaces/NS/pods/idle';
const HELD = '/api/v1/namespaces/NS/pods/held';
const IDLE = '/apis/apps/v1/namespaces/NS';
const ANNOTATED = { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': '2026-01-01T00:00:00Z' } } };

describeWithCluster('deploy/admission/executor.yaml on a real API server', (cluster) => {
  const namespace = `admission-${randomInt(36 ** 4, 36 ** 5).toString(36)}`;
  const policy = `kubewhy-executor-${namespace}`;
  const inNamespace = (...args: readonly string[]): Promise<string> => cluster.kubectl(['-n', namespace, ...args]);
  const words: Record<string, string> = { NS: namespace };
  let access = { url: '', ca: '', token: '' };

  beforeAll(async () => {
    const { url, tls } = await accessOf(cluster);
    await cluster.kubectl(['create', 'namespace', namespace]);
    await inNamespace('wait', '--for=create', 'serviceaccount/default', '--timeout=30s');
    const files = ['reader.yaml', 'executor.yaml', 'executor-finalizers.yaml'];
    const items = [...objects(namespace), ...rolesOf({ namespace, files, more: MORE })];
    await cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    await cluster.apply(await admissionOf(namespace));
    await inNamespace('delete', 'pod', 'held', '--wait=false');
    words['NODE'] = (await cluster.kubectl(['get', 'nodes', '-o', 'jsonpath={.items[0].metadata.name}'])).trim();
    words['UID'] = (await inNamespace('get', 'pod', 'idle', '-o', 'jsonpath={.metadata.uid}')).trim();
    access = { url, ca: tls.ca, token: (await inNamespace('create', 'token', 'kubewhy-executor')).trim() };
    // A policy holds a moment after it was made.
    await waitUntil('the policy holds', async () => {
      const { text } = await send({ method: 'DELETE', path: `${POD}${TRIED}` });
      return text.includes('only by its uid');
    });
  });

  afterAll(async () => {
    await inNamespace('patch', 'pod', 'held', '--type=merge', '-p', '{"metadata":{"finalizers":null}}');
    await removeRoles(cluster, namespace);
    await cluster.deleteNamespace(namespace);
  });

  function send(attempt: Attempt): Promise<HttpAnswer> {
    return sendAttempt(attempt, { ...access, words });
  }

  test.each(ALLOWED)('lets the executor $method $path', async (attempt) => {
    const { status, json } = await send(attempt);

    expect([Math.floor(status / 100), json['message']]).toEqual([2, undefined]);
  });

  test.each(REFUSED)('refuses $method $path $body: $says', async ({ says, ...attempt }) => {
    const { status, json } = await send(attempt);

    expect([status, json['message']]).toEqual([422, expect.stringContaining(says)]);
  });

  test('concerns nobody else', async () => {
    const said = await inNamespace('label', 'pod', 'idle', 'example.com/by=somebody', '--dry-run=server');

    expect(said).toContain('pod/idle labeled');
  });

  test('is understood by the API server as it was meant', async () => {
    const status = async (): Promise<string> =>
      cluster.kubectl(['get', 'validatingadmissionpolicy', policy, '-o', 'jsonpath={.status}']);

    await expect.poll(status, { timeout: 20_000 }).toContain('observedGeneration');
    expect(await status()).not.toContain('expressionWarnings');
  });
});

/** Rights that a careless administrator might add: the policy holds nevertheless. */
const MORE = {
  'kubewhy-executor': [
    { apiGroups: ['apps'], resources: ['deployments'], verbs: ['create', 'delete', 'patch'] },
    { apiGroups: [''], resources: ['pods'], verbs: ['create'] },
  ],
};

const OPTIONS = { kind: 'DeleteOptions', apiVersion: 'v1', dryRun: ['All'] };
const EVICTION = { kind: 'Eviction', apiVersion: 'policy/v1', metadata: { name: 'idle' } };

const ALLOWED: readonly Attempt[] = [
  { method: 'DELETE', path: POD, body: { ...OPTIONS, preconditions: { uid: 'UID' } } },
  {
    method: 'DELETE',
    path: POD,
    body: { ...OPTIONS, gracePeriodSeconds: 0, preconditions: { uid: 'UID' } },
  },
  {
    method: 'POST',
    path: `${POD}/eviction${TRIED}`,
    body: { ...EVICTION, deleteOptions: { dryRun: ['All'], preconditions: { uid: 'UID' } } },
  },
  ...['deployments', 'statefulsets', 'daemonsets'].map((resource) => ({
    method: 'PATCH',
    path: `${IDLE}/${resource}/idle${TRIED}`,
    type: 'application/strategic-merge-patch+json',
    body: { spec: { template: ANNOTATED } },
  })),
  {
    method: 'PATCH',
    path: `${IDLE}/deployments/idle${TRIED}`,
    type: 'application/json-patch+json',
    body: [{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'busybox:1.35' }],
  },
  { method: 'PATCH', path: `/api/v1/nodes/NODE${TRIED}`, type: MERGE, body: { spec: { unschedulable: true } } },
  { method: 'PATCH', path: `${HELD}${TRIED}`, type: MERGE, body: { metadata: { finalizers: ['example.com/second'] } } },
  { method: 'PATCH', path: `${HELD}${TRIED}`, type: MERGE, body: { metadata: { finalizers: null } } },
];

const REFUSED: readonly (Attempt & { readonly says: string })[] = [
  { method: 'DELETE', path: `${POD}${TRIED}`, says: 'only by its uid' },
  { method: 'DELETE', path: POD, body: { ...OPTIONS, gracePeriodSeconds: 0 }, says: 'only by its uid' },
  {
    method: 'POST',
    path: `${POD}/eviction${TRIED}`,
    body: { ...EVICTION, deleteOptions: { dryRun: ['All'] } },
    says: 'only by its uid',
  },
  {
    method: 'PATCH',
    path: `${IDLE}/deployments/idle${TRIED}`,
    type: MERGE,
    body: { spec: { replicas: 9 } },
    says: 'nothing of a workload but its pod template',
  },
  {
    method: 'PATCH',
    path: `${IDLE}/deployments/idle${TRIED}`,
    type: MERGE,
    body: { spec: { paused: true } },
    says: 'nothing of a workload but its pod template',
  },
  {
    method: 'PATCH',
    path: `${IDLE}/daemonsets/idle${TRIED}`,
    type: MERGE,
    body: { spec: { minReadySeconds: 3 } },
    says: 'nothing of a workload but its pod template',
  },
  {
    method: 'PATCH',
    path: `${IDLE}/statefulsets/idle${TRIED}`,
    type: MERGE,
    body: { metadata: { labels: { app: 'other' } } },
    says: 'no labels',
  },
  {
    method: 'PATCH',
    path: `${IDLE}/deployments/idle${TRIED}`,
    type: MERGE,
    body: { metadata: { finalizers: ['example.com/new'] } },
    says: 'adds no finalizers',
  },
  { method: 'DELETE', path: `${IDLE}/deployments/idle${TRIED}`, says: 'deletes nothing else' },
  {
    method: 'POST',
    path: `/api/v1/namespaces/NS/pods${TRIED}`,
    body: { kind: 'Pod', metadata: { name: 'new' }, spec: { containers: [{ name: 'app', image: 'busybox:1.36' }] } },
    says: 'deletes nothing else',
  },
  {
    method: 'PATCH',
    path: `/api/v1/nodes/NODE${TRIED}`,
    type: MERGE,
    body: { spec: { taints: [{ key: 'example.com/mine', effect: 'NoExecute' }] } },
    says: 'nothing of a node but spec.unschedulable',
  },
  {
    method: 'PATCH',
    path: `/api/v1/nodes/NODE${TRIED}`,
    type: MERGE,
    body: { metadata: { labels: { 'example.com/mine': 'yes' } } },
    says: 'no labels',
  },
  {
    method: 'PATCH',
    path: `${HELD}${TRIED}`,
    type: 'application/json-patch+json',
    body: [
      { op: 'remove', path: '/metadata/finalizers/0' },
      { op: 'replace', path: '/spec/containers/0/image', value: 'busybox:1.35' },
    ],
    says: 'nothing of this object but its finalizers',
  },
  {
    method: 'PATCH',
    path: `${HELD}${TRIED}`,
    type: MERGE,
    body: { metadata: { finalizers: null, ownerReferences: [], annotations: { 'example.com/mine': 'yes' } } },
    says: 'no annotations',
  },
  {
    method: 'PUT',
    path: `/api/v1/namespaces/NS/finalize${TRIED}`,
    body: { kind: 'Namespace', apiVersion: 'v1', metadata: { name: 'NS' }, spec: { finalizers: [] } },
    says: 'only a namespace that is being deleted',
  },
  {
    method: 'POST',
    path: `/api/v1/namespaces/kube-system/pods${TRIED}`,
    body: { kind: 'Pod', metadata: { name: 'new' }, spec: { containers: [{ name: 'app', image: 'busybox:1.36' }] } },
    says: 'protected namespace',
  },
];

function objects(namespace: string): readonly object[] {
  const labels = { app: 'idle' };
  const containers = [{ name: 'app', image: 'busybox:1.36' }];
  const metadata = { name: 'idle', namespace };
  const template = { metadata: { labels }, spec: { containers, nodeSelector: { 'example.com/none': 'such' } } };
  const selector = { matchLabels: labels };
  const pod = { apiVersion: 'v1', kind: 'Pod', spec: { containers, schedulingGates: [{ name: 'example.com/never' }] } };
  const finalizers = ['example.com/first', 'example.com/second'];
  const apiVersion = 'apps/v1';
  return [
    { ...pod, metadata },
    { ...pod, metadata: { ...metadata, name: 'held', finalizers } },
    { apiVersion, kind: 'Deployment', metadata, spec: { replicas: 0, selector, template } },
    { apiVersion, kind: 'StatefulSet', metadata, spec: { replicas: 0, serviceName: 'idle', selector, template } },
    { apiVersion, kind: 'DaemonSet', metadata, spec: { selector, template } },
  ];
}
