import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { childOf, childrenOf } from '../../src/core/recording/object-parts.ts';
import type { HttpAnswer } from '../contract/http-client.ts';
import { grantedBy, rightsOf } from '../deploy/rbac-files.ts';
import { type Attempt, sendAttempt } from './attempt.ts';
import { accessOf } from './cluster-access.ts';
import { describeWithCluster } from './injected-cluster.ts';
import { removeRoles, rolesOf } from './installed-roles.ts';

type Who = 'reader' | 'executor';

const MERGE = 'application/merge-patch+json';
const TRIED = '?dryRun=All';
const READING = /^(?:get|list|watch) /;

describeWithCluster('deploy/rbac on a real API server', (cluster) => {
  const namespace = `writer-rbac-${randomInt(36 ** 4, 36 ** 5).toString(36)}`;
  const inNamespace = (...args: readonly string[]): Promise<string> => cluster.kubectl(['-n', namespace, ...args]);
  const tokens = new Map<Who, string>();
  let url = '';
  let ca = '';
  let node = '';

  beforeAll(async () => {
    ({
      url,
      tls: { ca },
    } = await accessOf(cluster));
    node = (await cluster.kubectl(['get', 'nodes', '-o', 'jsonpath={.items[0].metadata.name}'])).trim();
    await cluster.kubectl(['create', 'namespace', namespace]);
    await inNamespace('wait', '--for=create', 'serviceaccount/default', '--timeout=30s');
    const items = [...objects(namespace), ...rolesOf({ namespace, files: ['reader.yaml', 'executor.yaml'] })];
    await cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    tokens.set('reader', (await inNamespace('create', 'token', 'kubewhy')).trim());
    tokens.set('executor', (await inNamespace('create', 'token', 'kubewhy-executor')).trim());
  });

  afterAll(async () => {
    await removeRoles(cluster, namespace);
    await cluster.deleteNamespace(namespace);
  });

  function send(who: Who, attempt: Attempt): Promise<HttpAnswer> {
    return sendAttempt(attempt, { url, ca, token: tokens.get(who) ?? '', words: { NS: namespace, NODE: node } });
  }

  test.each(GRANTED)('the executor may $method $path', async (attempt) => {
    const answer = async (): Promise<readonly unknown[]> => {
      const { status, json } = await send('executor', attempt);
      return [Math.floor(status / 100), json['message']];
    };

    // The API server takes a moment to know new roles.
    await expect.poll(answer, { timeout: 20_000 }).toEqual([2, undefined]);
  });

  test.each([...FORBIDDEN, ...WRITES])('the reader may not $method $path', async (attempt) => {
    const { status, json } = await send('reader', attempt);

    expect([status, json['reason']]).toEqual([403, 'Forbidden']);
  });

  test.each(FORBIDDEN)('the executor may not $method $path', async (attempt) => {
    const { status, json } = await send('executor', attempt);

    expect([status, json['reason']]).toEqual([403, 'Forbidden']);
  });

  describe('as the API server lists them', () => {
    /** What everybody who is known may do, and what is not about objects of the cluster. */
    const common = /selfsubject/;
    const rightsIn = async (who: Who): Promise<readonly string[]> => {
      const { json } = await send(who, {
        method: 'POST',
        path: '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
        body: { kind: 'SelfSubjectRulesReview', spec: { namespace } },
      });
      const rules = childrenOf(childOf(json, 'status'), 'resourceRules') as unknown as Parameters<typeof rightsOf>[0][];
      return [...new Set(rules.flatMap(rightsOf))].filter((right) => !common.test(right));
    };

    test('the rights of the executor are those of its files, and nothing else', async () => {
      const rights = await rightsIn('executor');

      const files = [...grantedBy('executor.yaml'), ...grantedBy('reader.yaml')];
      expect(new Set(rights)).toEqual(new Set(files));
    });

    test('the rights of the reader are those of its file, and change nothing', async () => {
      const rights = await rightsIn('reader');

      expect(new Set(rights)).toEqual(new Set(grantedBy('reader.yaml')));
      expect(rights.filter((right) => !READING.test(right))).toEqual([]);
    });
  });

  test('executor-namespace-content.yaml names every kind that Kubernetes itself has in namespaces', async () => {
    const text = await cluster.kubectl(['api-resources', '--namespaced', '--verbs=list', '-o', 'name']);

    const granted = new Set(grantedBy('executor-namespace-content.yaml'));
    const own = /^[^.]+$|\.(?:apps|autoscaling|batch|policy|[a-z]+\.k8s\.io|rbac\.authorization\.k8s\.io)$/;
    const needed = text.split('\n').filter((name) => own.test(name) && name !== '' && !/^events\b|metrics/.test(name));
    expect(needed.filter((name) => !granted.has(`list ${name}`))).toEqual([]);
  });
});

const POD = '/api/v1/namespaces/NS/pods/idle';
const IDLE = '/apis/apps/v1/namespaces/NS';
const TEMPLATE = { spec: { template: { metadata: { annotations: { 'example.com/tried': 'true' } } } } };

/** What the actions send. */
const WRITES: readonly Attempt[] = [
  { method: 'DELETE', path: POD, body: { kind: 'DeleteOptions', apiVersion: 'v1', dryRun: ['All'] } },
  {
    method: 'POST',
    path: `${POD}/eviction${TRIED}`,
    body: { kind: 'Eviction', apiVersion: 'policy/v1', metadata: { name: 'idle' }, deleteOptions: { dryRun: ['All'] } },
  },
  ...['deployments', 'statefulsets', 'daemonsets'].map((resource) => ({
    method: 'PATCH',
    path: `${IDLE}/${resource}/idle${TRIED}`,
    type: 'application/strategic-merge-patch+json',
    body: TEMPLATE,
  })),
  { method: 'PATCH', path: `/api/v1/nodes/NODE${TRIED}`, type: MERGE, body: { spec: { unschedulable: true } } },
  {
    method: 'PUT',
    path: `/api/v1/namespaces/NS/finalize${TRIED}`,
    body: { kind: 'Namespace', apiVersion: 'v1', metadata: { name: 'NS' }, spec: { finalizers: ['kubernetes'] } },
  },
  {
    method: 'POST',
    path: `/api/v1/namespaces/NS/events${TRIED}`,
    body: {
      kind: 'Event',
      apiVersion: 'v1',
      metadata: { name: 'tried' },
      involvedObject: { kind: 'Pod', name: 'idle', namespace: 'NS' },
    },
  },
  {
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/subjectaccessreviews',
    body: {
      kind: 'SubjectAccessReview',
      spec: { user: 'ann', resourceAttributes: { verb: 'delete', resource: 'pods' } },
    },
  },
];

const GRANTED: readonly Attempt[] = [
  ...WRITES,
  { method: 'GET', path: '/apis/apiregistration.k8s.io/v1/apiservices?limit=1' },
  { method: 'GET', path: '/apis/policy/v1/namespaces/NS/poddisruptionbudgets' },
  { method: 'GET', path: POD },
  { method: 'GET', path: '/api/v1/nodes?limit=1' },
];

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const FORBIDDEN: readonly Attempt[] = [
  { method: 'GET', path: '/api/v1/secrets' },
  { method: 'GET', path: '/api/v1/namespaces/NS/secrets/any' },
  { method: 'GET', path: '/api/v1/nodes/NODE/proxy/pods' },
  { method: 'GET', path: `${POD}/exec?command=id` },
  { method: 'POST', path: `${POD}/exec?command=id` },
  { method: 'POST', path: `${POD}/attach` },
  { method: 'POST', path: `${POD}/portforward` },
  { method: 'PATCH', path: `${POD}/ephemeralcontainers${TRIED}`, type: MERGE, body: {} },
  { method: 'PATCH', path: `${POD}${TRIED}`, type: MERGE, body: { metadata: { finalizers: null } } },
  { method: 'PUT', path: `${POD}/status${TRIED}`, body: {} },
  { method: 'POST', path: `/api/v1/namespaces/NS/pods${TRIED}`, body: {} },
  { method: 'DELETE', path: `/api/v1/namespaces/NS/pods${TRIED}` },
  { method: 'DELETE', path: `${IDLE}/deployments/idle${TRIED}` },
  { method: 'PUT', path: `${IDLE}/deployments/idle${TRIED}`, body: {} },
  { method: 'PATCH', path: `${IDLE}/deployments/idle/scale${TRIED}`, type: MERGE, body: { spec: { replicas: 9 } } },
  { method: 'PATCH', path: `${IDLE}/replicasets/idle${TRIED}`, type: MERGE, body: {} },
  { method: 'DELETE', path: `/api/v1/nodes/NODE${TRIED}` },
  { method: 'PUT', path: `/api/v1/nodes/NODE${TRIED}`, body: {} },
  { method: 'PATCH', path: `/api/v1/nodes/NODE/status${TRIED}`, type: MERGE, body: {} },
  { method: 'DELETE', path: `/api/v1/namespaces/NS${TRIED}` },
  { method: 'PATCH', path: `/api/v1/namespaces/NS${TRIED}`, type: MERGE, body: {} },
  { method: 'PUT', path: `/api/v1/namespaces/NS${TRIED}`, body: {} },
  { method: 'DELETE', path: `/api/v1/namespaces/NS/persistentvolumeclaims/any${TRIED}` },
  { method: 'PATCH', path: `/api/v1/persistentvolumes/any${TRIED}`, type: MERGE, body: {} },
  { method: 'PATCH', path: `/api/v1/namespaces/NS/configmaps/any${TRIED}`, type: MERGE, body: {} },
  { method: 'DELETE', path: `/api/v1/namespaces/NS/events/any${TRIED}` },
  { method: 'POST', path: `/apis/batch/v1/namespaces/NS/jobs${TRIED}`, body: {} },
  { method: 'DELETE', path: `/apis/policy/v1/namespaces/NS/poddisruptionbudgets/any${TRIED}` },
  { method: 'DELETE', path: `/apis/storage.k8s.io/v1/volumeattachments/any${TRIED}` },
  { method: 'POST', path: `/api/v1/namespaces/NS/serviceaccounts/default/token`, body: {} },
  { method: 'POST', path: `${RBAC}/clusterrolebindings${TRIED}`, body: {} },
  { method: 'POST', path: `${RBAC}/namespaces/NS/rolebindings${TRIED}`, body: {} },
  { method: 'PATCH', path: `${RBAC}/clusterroles/cluster-admin${TRIED}`, type: MERGE, body: {} },
  { method: 'PUT', path: `/apis/certificates.k8s.io/v1/certificatesigningrequests/any/approval${TRIED}`, body: {} },
  { method: 'DELETE', path: `/apis/apiregistration.k8s.io/v1/apiservices/v1.apps${TRIED}` },
  { method: 'GET', path: '/api/v1/namespaces/NS/pods', headers: { 'impersonate-user': 'kubernetes-admin' } },
  { method: 'GET', path: '/metrics' },
];

function objects(namespace: string): readonly object[] {
  const labels = { app: 'idle' };
  const containers = [{ name: 'app', image: 'busybox:1.36' }];
  const metadata = { name: 'idle', namespace };
  const nowhere = { 'example.com/none': 'such' };
  const template = { metadata: { labels }, spec: { containers, nodeSelector: nowhere } };
  const selector = { matchLabels: labels };
  const apiVersion = 'apps/v1';
  return [
    { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers, schedulingGates: [{ name: 'example.com/never' }] } },
    { apiVersion, kind: 'Deployment', metadata, spec: { replicas: 0, selector, template } },
    { apiVersion, kind: 'StatefulSet', metadata, spec: { replicas: 0, serviceName: 'idle', selector, template } },
    { apiVersion, kind: 'DaemonSet', metadata, spec: { selector, template } },
  ];
}
