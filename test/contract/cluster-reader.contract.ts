import { beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/facts/json.ts';
import { resourceOf } from '../../src/core/subject/kinds.ts';
import type { ClusterReader } from '../../src/ports/cluster-reader.ts';

/** A cluster that holds `contractObjects` and logs as `CONTRACT_LOGS` says. */
export interface ContractCluster {
  readonly namespace: string;
  /** A reader for one question that may read everything. */
  question(): ClusterReader;
  /** A reader that may read nothing. */
  withoutRights(): ClusterReader;
}

/** What the contract is about, as manifests. */
export function contractObjects(namespace: string): readonly JsonObject[] {
  const configMap = (name: string, labels: JsonObject): JsonObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace, labels },
    data: { greeting: `hello from ${name}` },
  });
  const pod = (name: string, script: string, placement: JsonObject = {}): JsonObject => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace },
    spec: {
      ...placement,
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          name: 'app',
          image: 'busybox:1.36',
          command: ['sh', '-c', script],
          volumeMounts: [{ name: 'kept', mountPath: '/kept' }],
        },
      ],
      volumes: [{ name: 'kept', emptyDir: {} }],
    },
  });
  return [
    configMap('one', { app: 'web', tier: 'front', size: '2' }),
    configMap('three', { app: 'db', size: '1x' }),
    configMap('two', { app: 'web', tier: 'back', size: '10' }),
    pod('steady', 'echo steady; sleep 3600'),
    // Once only: while a pod crashes again and again, the node may remove the log of the run before at any time.
    pod('crasher', 'test -f /kept/ran && sleep 3600; touch /kept/ran; echo crashed; exit 1'),
    pod('unscheduled', 'true', { nodeSelector: { 'kubewhy.dev/no-such': 'node' } }),
    {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'one.1', namespace },
      involvedObject: { kind: 'ConfigMap', name: 'one', namespace },
      reason: 'Tested',
      message: 'an event about one',
      type: 'Warning',
    },
    {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'two.1', namespace },
      involvedObject: { kind: 'ConfigMap', name: 'two', namespace },
      reason: 'Tested',
      message: 'an event about two',
      type: 'Normal',
    },
  ];
}

/** The logs of the pods above. */
export const CONTRACT_LOGS = [
  { pod: 'steady', container: 'app', text: 'steady\n' },
  { pod: 'crasher', container: 'app', previous: true, text: 'crashed\n' },
] as const;

const CONFIG_MAP = resourceOf('ConfigMap');

function names(objects: readonly JsonObject[]): readonly unknown[] {
  return objects.map((object) => (object['metadata'] as JsonObject)['name']);
}

/** What every reader of clusters does. */
export function describeClusterReader(title: string, open: () => Promise<ContractCluster>): void {
  describe(`${title} as a cluster reader`, () => {
    let cluster: ContractCluster;
    let namespace: string;

    beforeAll(async () => {
      cluster = await open();
      ({ namespace } = cluster);
    });

    test('finds an object by name, with its type', async () => {
      const result = await cluster.question().get({ resource: CONFIG_MAP, namespace, name: 'one' });

      expect(result).toMatchObject({
        kind: 'found',
        object: {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'one', namespace },
          data: { greeting: 'hello from one' },
        },
      });
    });

    test('says that an object does not exist', async () => {
      const result = await cluster.question().get({ resource: CONFIG_MAP, namespace, name: 'none' });

      expect(result).toEqual({ kind: 'missing', message: 'configmaps "none" not found' });
    });

    test('names the group of a missing object', async () => {
      const result = await cluster.question().get({ resource: resourceOf('Deployment'), namespace, name: 'none' });

      expect(result).toEqual({ kind: 'missing', message: 'deployments.apps "none" not found' });
    });

    test('does not look for names that no object can have', async () => {
      const question = cluster.question();

      const results = await Promise.all(
        ['', '.', '..', 'a/b'].map((name) => question.get({ resource: CONFIG_MAP, namespace, name })),
      );

      expect(results.map(({ kind }) => kind)).toEqual(['missing', 'missing', 'missing', 'missing']);
    });

    test('reads only the metadata', async () => {
      const question = cluster.question();

      const got = await question.get({ resource: CONFIG_MAP, namespace, name: 'one', metadataOnly: true });
      const listed = await question.list({
        resource: CONFIG_MAP,
        namespace,
        labelSelector: 'app=db',
        metadataOnly: true,
      });

      expect(got.kind === 'found' && Object.keys(got.object)).toEqual(['apiVersion', 'kind', 'metadata']);
      expect(listed.kind === 'found' && listed.objects.map((object) => Object.keys(object))).toEqual([
        ['apiVersion', 'kind', 'metadata'],
      ]);
    });

    test.each([
      ['app=web', ['one', 'two']],
      ['app == web, tier != back', ['one']],
      ['tier!=back,app', ['one', 'three']],
      ['app in (web, db),tier notin (front)', ['three', 'two']],
      ['app,!tier', ['three']],
      ['app=nothing', []],
      ['app in(web)', ['one', 'two']],
      ['app notin(web),app', ['three']],
      ['size>2', ['two']],
      ['size<10', ['one']],
    ])('lists by the labels %s', async (labelSelector, expected) => {
      const result = await cluster.question().list({ resource: CONFIG_MAP, namespace, labelSelector });

      expect(result).toMatchObject({ kind: 'found', truncated: false });
      expect(result.kind === 'found' && names(result.objects)).toEqual(expected);
    });

    test.each([
      ['metadata.name=two', ['two']],
      ['metadata.name!=two,metadata.name!=kube-root-ca.crt', ['one', 'three']],
    ])('lists by the fields %s', async (fieldSelector, expected) => {
      const result = await cluster.question().list({ resource: CONFIG_MAP, namespace, fieldSelector });

      expect(result.kind === 'found' && names(result.objects)).toEqual(expected);
    });

    test.each([
      [
        CONFIG_MAP,
        { fieldSelector: 'data.greeting=x' },
        '"data.greeting" is not a known field selector: only "metadata.name", "metadata.namespace"',
      ],
      [
        resourceOf('ReplicaSet'),
        { fieldSelector: 'status.replicas=1' },
        '"status.replicas" is not a known field selector: only "metadata.name", "metadata.namespace"',
      ],
      [resourceOf('Node'), { fieldSelector: 'metadata.namespace=x' }, 'field label not supported: metadata.namespace'],
      [CONFIG_MAP, { labelSelector: 'app in web' }, "unable to parse requirement: found 'web' expected: '('"],
    ])('is told why it cannot list %o by %o', async (resource, selector, message) => {
      const result = await cluster.question().list({ resource, ...selector });

      expect(result).toEqual({
        kind: 'unreadable',
        why: 'invalid',
        message: `could not read ${resource.resource}${resource.namespaced ? ' in all namespaces' : ''}: the API server answered 400: ${message}`,
      });
    });

    test('gives listed objects their type', async () => {
      const result = await cluster.question().list({ resource: CONFIG_MAP, namespace, labelSelector: 'app=db' });

      expect(result).toMatchObject({ objects: [{ apiVersion: 'v1', kind: 'ConfigMap', data: {} }] });
    });

    test('stops at the limit and says that there are more', async () => {
      const query = { resource: CONFIG_MAP, namespace, labelSelector: 'app' };

      const two = await cluster.question().list({ ...query, limit: 2 });
      const three = await cluster.question().list({ ...query, limit: 3 });

      expect(two.kind === 'found' && [names(two.objects), two.truncated]).toEqual([['one', 'three'], true]);
      expect(three.kind === 'found' && [names(three.objects), three.truncated]).toEqual([
        ['one', 'three', 'two'],
        false,
      ]);
    });

    test('lists the events of an object', async () => {
      const fieldSelector = 'involvedObject.name=one,involvedObject.kind=ConfigMap';

      const result = await cluster.question().list({ resource: resourceOf('Event'), namespace, fieldSelector });

      expect(result).toMatchObject({ kind: 'found', objects: [{ kind: 'Event', message: 'an event about one' }] });
    });

    test('lists over all namespaces', async () => {
      const result = await cluster
        .question()
        .list({ resource: CONFIG_MAP, fieldSelector: `metadata.namespace=${namespace}` });

      expect(result.kind === 'found' && names(result.objects)).toEqual(expect.arrayContaining(['one', 'three', 'two']));
    });

    test('ignores a namespace for what has none', async () => {
      const result = await cluster.question().get({ resource: resourceOf('Node'), namespace, name: 'no-such-node' });

      expect(result).toEqual({ kind: 'missing', message: 'nodes "no-such-node" not found' });
    });

    test('reads logs, also those of the run before', async () => {
      const question = cluster.question();

      const current = await question.logs({ namespace, pod: 'steady', container: 'app' });
      const previous = await question.logs({ namespace, pod: 'crasher', container: 'app', previous: true });

      expect(current).toEqual({ kind: 'found', text: 'steady\n' });
      expect(previous).toEqual({ kind: 'found', text: 'crashed\n' });
    });

    test.each([
      [
        { pod: 'steady', container: 'app', previous: true },
        'previous terminated container "app" in pod "steady" not found',
      ],
      [{ pod: 'steady', container: 'nope' }, 'container nope is not valid for pod steady'],
      [{ pod: 'nope', container: 'app' }, 'pods "nope" not found'],
      [{ pod: 'unscheduled', container: 'app' }, 'the pod has no node yet, so it has no log'],
      [{ pod: 'unscheduled', container: 'app', previous: true }, 'the pod has no node yet, so it has no log'],
      [{ pod: 'unscheduled', container: 'nope' }, 'container nope is not valid for pod unscheduled'],
    ])('says which log does not exist: %o', async (query, message) => {
      const result = await cluster.question().logs({ namespace, ...query });

      expect(result).toEqual({ kind: 'missing', message });
    });

    test('names the permission that is missing', async () => {
      const question = cluster.withoutRights();

      const results = await Promise.all([
        question.get({ resource: CONFIG_MAP, namespace, name: 'one' }),
        question.list({ resource: resourceOf('Deployment'), namespace }),
        question.list({ resource: resourceOf('Pod') }),
        question.get({ resource: resourceOf('Node'), name: 'node-1' }),
        question.logs({ namespace, pod: 'steady', container: 'app' }),
      ]);

      const forbidden = (message: string): object => ({ kind: 'unreadable', why: 'forbidden', message });
      expect(results).toEqual([
        forbidden(`could not read configmaps in namespace ${namespace}; the missing permission is \`get configmaps\``),
        forbidden(
          `could not read deployments in namespace ${namespace}; the missing permission is \`list deployments.apps\``,
        ),
        forbidden('could not read pods in all namespaces; the missing permission is `list pods`'),
        forbidden('could not read nodes; the missing permission is `get nodes`'),
        forbidden(
          `could not read the logs of pods in namespace ${namespace}; the missing permission is \`get pods/log\``,
        ),
      ]);
    });

    test('knows the time of the API server after the first answer, and keeps it', async () => {
      const question = cluster.question();
      const before = question.serverTime();

      await question.get({ resource: CONFIG_MAP, namespace, name: 'one' });
      const first = question.serverTime();
      await question.get({ resource: CONFIG_MAP, namespace, name: 'two' });

      expect(before).toBeUndefined();
      expect(first).toBeInstanceOf(Date);
      expect(question.serverTime()).toEqual(first);
    });

    test('counts its requests', async () => {
      const question = cluster.question();

      await question.get({ resource: CONFIG_MAP, namespace, name: 'one' });
      await question.list({ resource: CONFIG_MAP, namespace });
      await question.logs({ namespace, pod: 'steady', container: 'app' });

      expect(question.requestCount()).toBe(3);
      expect(cluster.question().requestCount()).toBe(0);
    });
  });
}
