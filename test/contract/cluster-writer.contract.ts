import { beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/facts/json.ts';
import { childOf, childrenOf, textAt } from '../../src/core/recording/object-parts.ts';
import type { AccessRight } from '../../src/core/remediation/remediation.ts';
import type { ClusterEvent, ClusterWriter, WriteRequest, WriteResult } from '../../src/ports/cluster-writer.ts';
import type { AccessRule } from '../../src/sim/cluster/access-rules.ts';
import type { HttpAnswer } from './http-client.ts';

/** A cluster that is written to; in its namespace is what `writtenObjects` says, and tests add more. */
export interface WrittenCluster {
  readonly namespace: string;
  /** May do everything. */
  readonly writer: ClusterWriter;
  /** May do nothing. */
  readonly powerless: ClusterWriter;
  /** A writer whose next write is carried out, while the connection breaks before its answer. */
  cut(): Promise<ClusterWriter>;
  /** Creates an object. */
  put(object: JsonObject): Promise<void>;
  /** Reads as somebody who may read everything. */
  read(path: string): Promise<HttpAnswer>;
}

/** A cluster-scoped object of the tests; each run needs its own. */
function contractNode(namespace: string): JsonObject {
  return { apiVersion: 'v1', kind: 'Node', metadata: { name: namespace } };
}

/** What the cases begin with. The pods must be Ready, and the budget `guarded` must have counted its pod. */
export function writtenObjects(namespace: string): readonly JsonObject[] {
  const template = {
    metadata: { labels: { app: 'idle' } },
    spec: { containers: [{ name: 'app', image: 'busybox:1.36' }] },
  };
  return [
    running('guarded', namespace),
    running('twice', namespace),
    budget('guarded', 'guarded', namespace),
    budget('twice-a', 'twice', namespace),
    budget('twice-b', 'twice', namespace),
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'idle', namespace },
      spec: { replicas: 0, selector: { matchLabels: { app: 'idle' } }, template },
    },
  ];
}

/** What `approver` of the namespace may do, as a Role says it. */
export const APPROVER_RULES: readonly (AccessRule & { readonly resources: readonly string[] })[] = [
  { verbs: ['delete'], apiGroups: [''], resources: ['pods'] },
  { verbs: ['create'], apiGroups: [''], resources: ['pods/eviction'] },
];

/** Whom the rules are bound to: a user by name, and a group. */
export function approvers(namespace: string): { readonly user: string; readonly group: string } {
  return { user: `${namespace}:approver`, group: `${namespace}:approvers` };
}

function running(name: string, namespace: string): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { app: name } },
    spec: {
      terminationGracePeriodSeconds: 0,
      containers: [{ name: 'app', image: 'busybox:1.36', command: ['sh', '-c', 'sleep 3600'] }],
    },
  };
}

function budget(name: string, app: string, namespace: string): JsonObject {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name, namespace },
    spec: { minAvailable: 1, selector: { matchLabels: { app } } },
  };
}

/** A gate keeps every scheduler and kubelet away from it. */
function gated(name: string, namespace: string, finalizers: readonly string[] = []): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, ...(finalizers.length === 0 ? {} : { finalizers }) },
    spec: {
      schedulingGates: [{ name: 'example.com/never' }],
      containers: [{ name: 'app', image: 'busybox:1.36' }],
    },
  };
}

/** On a node that does not exist: nobody ends it when it is deleted gracefully. */
function abandoned(name: string, namespace: string): JsonObject {
  const containers = [{ name: 'app', image: 'busybox:1.36' }];
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace }, spec: { nodeName: 'none-such', containers } };
}

const REMEDIATION = 'm-0123456789abcdef';
const REJECTED = 'the server rejected our request due to an error in our request';
const MODIFIED = 'the object has been modified; please apply your changes to the latest version and try again';
const BUDGET_WORDS =
  /^Cannot evict pod as it would violate the pod's disruption budget\. The disruption budget guarded (?:needs 1 healthy pods and has \d currently|is still being processed by the server\.)$/;

function refused(status: number, reason: string, message: string): WriteResult {
  return { kind: 'refused', status, reason, message };
}

/** What every writer of clusters does, and how Kubernetes answers. */
export function describeClusterWriter(title: string, open: () => Promise<WrittenCluster>): void {
  describe(`${title} as a cluster that is written to`, () => {
    let cluster: WrittenCluster;
    let namespace: string;

    beforeAll(async () => {
      cluster = await open();
      ({ namespace } = cluster);
    });

    const podPath = (name: string): readonly string[] => ['api', 'v1', 'namespaces', namespace, 'pods', name];
    const at = (path: readonly string[]): string => `/${path.join('/')}`;
    const send = (request: WriteRequest, dryRun = false): Promise<WriteResult> =>
      cluster.writer.send(request, { dryRun, remediation: REMEDIATION });
    const metadataOf = async (path: readonly string[]): Promise<JsonObject> =>
      childOf((await cluster.read(at(path))).json, 'metadata');
    const exists = async (path: readonly string[]): Promise<boolean> => (await cluster.read(at(path))).status === 200;
    const made = async (pod: JsonObject): Promise<JsonObject> => {
      await cluster.put(pod);
      return metadataOf(podPath(textAt(childOf(pod, 'metadata'), 'name')));
    };
    const deletion = (name: string, options: JsonObject): WriteRequest => {
      const body = { apiVersion: 'v1', kind: 'DeleteOptions', ...options };
      const dryRunBody = { ...body, dryRun: ['All'] };
      return { verb: 'delete', path: podPath(name), contentType: 'application/json', body, dryRunBody };
    };
    const eviction = (name: string, deleteOptions: JsonObject): WriteRequest => {
      const head = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
      return {
        verb: 'create',
        path: [...podPath(name), 'eviction'],
        contentType: 'application/json',
        body: { ...head, deleteOptions },
        dryRunBody: { ...head, deleteOptions: { ...deleteOptions, dryRun: ['All'] } },
      };
    };
    const jsonPatch = (path: readonly string[], body: readonly JsonObject[]): WriteRequest => ({
      verb: 'patch',
      path,
      contentType: 'application/json-patch+json',
      body,
    });

    describe('a delete', () => {
      test('of another uid changes nothing', async () => {
        const uid = textAt(await made(gated('other-uid', namespace)), 'uid');

        const result = await send(deletion('other-uid', { preconditions: { uid: 'other' } }));

        const words = `Operation cannot be fulfilled on Pod "other-uid": the UID in the precondition (other) does not match the UID in record (${uid}). The object might have been deleted and then recreated`;
        expect(result).toEqual(refused(409, 'Conflict', words));
        expect(await exists(podPath('other-uid'))).toBe(true);
      });

      test('of another version changes nothing', async () => {
        const pod = await made(gated('other-version', namespace));
        const [uid, version] = [textAt(pod, 'uid'), textAt(pod, 'resourceVersion')];

        const result = await send(deletion('other-version', { preconditions: { uid, resourceVersion: '1' } }));

        const words = `Operation cannot be fulfilled on Pod "other-version": the ResourceVersion in the precondition (1) does not match the ResourceVersion in record (${version}). The object might have been modified`;
        expect(result).toEqual(refused(409, 'Conflict', words));
      });

      test('of what does not exist is refused', async () => {
        const result = await send(deletion('none-such', { preconditions: { uid: 'other' } }));

        expect(result).toEqual(refused(404, 'NotFound', 'pods "none-such" not found'));
      });

      test('removes exactly the pod that was meant', async () => {
        const { uid = '' } = await made(gated('meant', namespace));

        const result = await send(deletion('meant', { preconditions: { uid } }));

        expect(result).toMatchObject({ kind: 'done', status: 200, object: { kind: 'Pod', metadata: { uid } } });
        expect(await exists(podPath('meant'))).toBe(false);
      });

      test('leaves a pod the time to end, unless it is forced', async () => {
        const { uid = '' } = await made(abandoned('forced', namespace));

        const graceful = await send(deletion('forced', { preconditions: { uid } }));
        const dying = await metadataOf(podPath('forced'));
        const preconditions = { uid, resourceVersion: dying['resourceVersion'] };
        const forced = await send(deletion('forced', { gracePeriodSeconds: 0, preconditions }));

        expect([graceful.kind, forced.kind]).toEqual(['done', 'done']);
        expect(dying).toMatchObject({ deletionGracePeriodSeconds: 30, deletionTimestamp: expect.any(String) });
        expect(await exists(podPath('forced'))).toBe(false);
      });

      test('does not remove what a finalizer holds, even when it is forced', async () => {
        const { uid = '' } = await made(gated('held', namespace, ['example.com/keep']));

        const result = await send(deletion('held', { gracePeriodSeconds: 0, preconditions: { uid } }));
        const held = await metadataOf(podPath('held'));
        const freed = await send(
          jsonPatch(podPath('held'), [
            { op: 'test', path: '/metadata/uid', value: uid },
            { op: 'test', path: '/metadata/finalizers/0', value: 'example.com/keep' },
            { op: 'remove', path: '/metadata/finalizers/0' },
          ]),
        );

        expect(result.kind).toBe('done');
        expect(held).toMatchObject({ deletionTimestamp: expect.any(String), finalizers: ['example.com/keep'] });
        expect(freed.kind).toBe('done');
        expect(await exists(podPath('held'))).toBe(false);
      });
    });

    describe('a dry run', () => {
      test('deletes nothing', async () => {
        const { uid = '' } = await made(gated('tried', namespace));

        const result = await send(deletion('tried', { preconditions: { uid } }), true);

        expect(result).toMatchObject({ kind: 'done', status: 200 });
        expect(await metadataOf(podPath('tried'))).not.toHaveProperty('deletionTimestamp');
      });

      test('of a delete that is not marked in its body is not sent', async () => {
        await made(gated('unmarked', namespace));
        const { dryRunBody: _marked, ...unmarked } = deletion('unmarked', {});

        const result = await send(unmarked, true);

        expect(result).toMatchObject({ kind: 'refused', status: 0, reason: 'NotSent' });
        expect(await exists(podPath('unmarked'))).toBe(true);
      });

      test('checks the preconditions', async () => {
        await made(gated('tried-other', namespace));

        const result = await send(deletion('tried-other', { preconditions: { uid: 'other' } }), true);

        expect(result).toMatchObject({ kind: 'refused', status: 409, reason: 'Conflict' });
      });

      test('patches and evicts nothing', async () => {
        const before = await made(gated('tried-again', namespace, ['example.com/keep']));
        const patch = jsonPatch(podPath('tried-again'), [{ op: 'remove', path: '/metadata/finalizers/0' }]);

        const results = [await send(patch, true), await send(eviction('tried-again', {}), true)];

        expect(results).toMatchObject([
          { kind: 'done', status: 200 },
          { kind: 'done', status: 201 },
        ]);
        const { resourceVersion, finalizers, ...rest } = await metadataOf(podPath('tried-again'));
        expect([resourceVersion, finalizers]).toEqual([before['resourceVersion'], ['example.com/keep']]);
        expect(rest).not.toHaveProperty('deletionTimestamp');
      });
    });

    describe('a patch', () => {
      const idle = (): readonly string[] => ['apis', 'apps', 'v1', 'namespaces', namespace, 'deployments', 'idle'];
      const restart = (metadata: JsonObject, at2: string): WriteRequest => ({
        verb: 'patch',
        path: idle(),
        contentType: 'application/strategic-merge-patch+json',
        body: { metadata, spec: { template: { metadata: { annotations: { 'example.com/restartedAt': at2 } } } } },
      });

      test.each([
        ['another uid', [{ op: 'test', path: '/metadata/uid', value: 'other' }]],
        ['another version', [{ op: 'test', path: '/metadata/resourceVersion', value: '1' }]],
        ['another finalizer', [{ op: 'test', path: '/metadata/finalizers/0', value: 'example.com/other' }]],
        ['a finalizer that is not there', [{ op: 'remove', path: '/metadata/finalizers/7' }]],
      ])('that tests for %s changes nothing', async (what, operations) => {
        const name = `tested-${what.replaceAll(' ', '-')}`;
        await made(gated(name, namespace, ['example.com/keep']));
        const change = { op: 'remove', path: '/metadata/finalizers/0' };

        const result = await send(jsonPatch(podPath(name), [...operations, change]));

        expect(result).toEqual(refused(422, 'Invalid', REJECTED));
        expect(await metadataOf(podPath(name))).toMatchObject({ finalizers: ['example.com/keep'] });
      });

      test('of another version is a conflict, also of another uid', async () => {
        const { uid } = await metadataOf(idle());

        const results = [
          await send(restart({ uid, resourceVersion: '1' }, 'stale')),
          await send(restart({ uid: 'other', resourceVersion: '1' }, 'stale')),
        ];

        const words = `Operation cannot be fulfilled on deployments.apps "idle": ${MODIFIED}`;
        expect(results).toEqual([refused(409, 'Conflict', words), refused(409, 'Conflict', words)]);
      });

      test('of another uid alone is not a conflict but invalid', async () => {
        const result = await send(restart({ uid: 'other' }, 'other'));

        const words = `Deployment.apps "idle" is invalid: metadata.uid: Invalid value: "other": field is immutable`;
        expect(result).toEqual(refused(422, 'Invalid', words));
      });

      test('of the template makes a new generation', async () => {
        const { uid, generation } = await metadataOf(idle());

        const result = await send(restart({ uid }, 'now'));

        expect(result).toMatchObject({
          kind: 'done',
          status: 200,
          object: {
            metadata: { generation: Number(generation) + 1 },
            spec: { template: { metadata: { annotations: { 'example.com/restartedAt': 'now' } } } },
          },
        });
      });

      test('cordons a node', async () => {
        const node = contractNode(namespace);
        await cluster.put(node);
        const path = ['api', 'v1', 'nodes', namespace];
        const cordon = (unschedulable: boolean): WriteRequest => ({
          verb: 'patch',
          path,
          contentType: 'application/merge-patch+json',
          body: { spec: { unschedulable } },
        });

        const cordoned = await send(cordon(true));
        const open = await send(cordon(false));

        expect(cordoned).toMatchObject({ kind: 'done', object: { spec: { unschedulable: true } } });
        expect(open.kind === 'done' && childOf(open.object, 'spec')['unschedulable']).not.toBe(true);
      });

      test('cannot add a finalizer to what is being deleted', async () => {
        await made(gated('dying', namespace, ['example.com/keep']));
        await send(deletion('dying', {}));

        const add = { op: 'add', path: '/metadata/finalizers/-', value: 'example.com/more' };
        const result = await send(jsonPatch(podPath('dying'), [add]));
        await send(jsonPatch(podPath('dying'), [{ op: 'remove', path: '/metadata/finalizers/0' }]));

        const words = `Pod "dying" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"example.com/more"}`;
        expect(result).toEqual(refused(422, 'Invalid', words));
      });

      test.each([
        ['application/json-patch+json', {}, 400],
        ['application/json', {}, 415],
      ] as const)('as %s with the wrong content is refused', async (contentType, body, status) => {
        const result = await send({ verb: 'patch', path: idle(), contentType, body });

        expect(result).toMatchObject({ kind: 'refused', status });
      });
    });

    describe('an eviction', () => {
      test.each([false, true])('is refused while the budget of the pod allows none (dry run: %s)', async (dryRun) => {
        const { uid } = await metadataOf(podPath('guarded'));

        const result = await send(eviction('guarded', { preconditions: { uid } }), dryRun);

        expect(result).toEqual(refused(429, 'TooManyRequests', expect.stringMatching(BUDGET_WORDS)));
        expect(await metadataOf(podPath('guarded'))).not.toHaveProperty('deletionTimestamp');
      });

      test('of a pod with two budgets fails in the server, so that nothing is certain', async () => {
        const result = await send(eviction('twice', {}));

        expect(result).toMatchObject({
          kind: 'unknown',
          message: expect.stringMatching(/answered 500: This pod has more than one PodDisruptionBudget/),
        });
      });

      test('of another uid changes nothing', async () => {
        await made(gated('evict-other', namespace));

        const result = await send(eviction('evict-other', { preconditions: { uid: 'other' } }));

        expect(result).toMatchObject({ kind: 'refused', status: 409, reason: 'Conflict' });
        expect(await exists(podPath('evict-other'))).toBe(true);
      });

      test('removes the pod', async () => {
        const { uid } = await made(gated('evicted', namespace));

        const result = await send(eviction('evicted', { preconditions: { uid } }));

        expect(result).toMatchObject({ kind: 'done', status: 201, object: { kind: 'Status', status: 'Success' } });
        expect(await exists(podPath('evicted'))).toBe(false);
      });

      test('must be of the pod that it names', async () => {
        const head = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'else', namespace } };

        const result = await send({ ...eviction('guarded', {}), body: head });

        expect(result).toEqual(refused(400, 'BadRequest', 'name in URL does not match name in Eviction object'));
      });
    });

    describe('the finalizers of a namespace', () => {
      const path = (): readonly string[] => ['api', 'v1', 'namespaces', namespace];
      const finalize = async (metadata: JsonObject, finalizers: readonly string[]): Promise<WriteRequest> => {
        const { json } = await cluster.read(at(path()));
        const body = { ...json, metadata: { ...childOf(json, 'metadata'), ...metadata }, spec: { finalizers } };
        return { verb: 'update', path: [...path(), 'finalize'], contentType: 'application/json', body };
      };
      const finalizers = async (): Promise<unknown> => {
        const { json } = await cluster.read(at(path()));
        return childOf(json, 'spec')['finalizers'];
      };

      test('are not touched with another version', async () => {
        const result = await send(await finalize({ resourceVersion: '1' }, []));

        const words = `Operation cannot be fulfilled on namespaces "${namespace}": ${MODIFIED}`;
        expect(result).toEqual(refused(409, 'Conflict', words));
        expect(await finalizers()).toEqual(['kubernetes']);
      });

      test('are not touched with another uid', async () => {
        const result = await send(await finalize({ uid: 'other' }, []));

        expect(result).toMatchObject({
          kind: 'refused',
          status: 409,
          reason: 'Conflict',
          message: expect.stringContaining('Precondition failed: UID in precondition: other, UID in object meta: '),
        });
      });

      test('are not touched under another name, nor by a dry run', async () => {
        const renamed = await send(await finalize({ name: 'other' }, []));
        const tried = await send(await finalize({}, []), true);

        expect(renamed).toMatchObject({ kind: 'refused', status: 400, reason: 'BadRequest' });
        expect(tried).toMatchObject({ kind: 'done', status: 200 });
        expect(await finalizers()).toEqual(['kubernetes']);
      });

      test('are what was sent', async () => {
        const more = await send(await finalize({}, ['kubernetes', 'example.com/hold']));
        const two = await finalizers();
        const less = await send(await finalize({}, ['kubernetes']));

        expect([more.kind, less.kind]).toEqual(['done', 'done']);
        expect([two, await finalizers()]).toEqual([['kubernetes', 'example.com/hold'], ['kubernetes']]);
      });
    });

    describe('what a person may do', () => {
      const right = (over: Partial<AccessRight> = {}): AccessRight => ({
        verb: 'delete',
        group: '',
        resource: 'pods',
        subresource: '',
        namespace,
        name: 'web-0',
        ...over,
      });
      const groups: readonly string[] = [];

      test.each([
        ['a pod', {}, true],
        ['an eviction', { verb: 'create', subresource: 'eviction' }, true],
        ['another verb', { verb: 'patch' }, false],
        ['another namespace', { namespace: 'default' }, false],
        ['another group', { group: 'apps', resource: 'deployments' }, false],
        ['a subresource', { subresource: 'eviction' }, false],
      ])('is known by name: %s', async (_what, over, allowed) => {
        const { user } = approvers(namespace);

        const answer = await cluster.writer.mayUser({ user, groups }, right(over));

        expect(answer).toEqual({ kind: 'known', allowed, reason: expect.any(String) });
      });

      test('is known by group', async () => {
        const { group } = approvers(namespace);

        const answers = [
          await cluster.writer.mayUser({ user: 'nobody-in-particular', groups: [group] }, right()),
          await cluster.writer.mayUser({ user: 'nobody-in-particular', groups: ['others'] }, right()),
        ];

        expect(answers).toMatchObject([
          { kind: 'known', allowed: true },
          { kind: 'known', allowed: false },
        ]);
      });

      test('cannot be told of nobody, nor without the right to ask', async () => {
        const { user, group } = approvers(namespace);

        const answers = [
          await cluster.writer.mayUser({ user: '', groups: [group] }, right()),
          await cluster.powerless.mayUser({ user, groups }, right()),
        ];

        expect(answers).toMatchObject([
          { kind: 'unreadable', why: 'invalid' },
          {
            kind: 'unreadable',
            why: 'forbidden',
            message: expect.stringContaining('`create subjectaccessreviews.authorization.k8s.io`'),
          },
        ]);
      });
    });

    describe('what cannot be', () => {
      test('is refused without rights', async () => {
        const { uid = '' } = await made(gated('protected', namespace));

        const options = { dryRun: false, remediation: REMEDIATION };
        const result = await cluster.powerless.send(deletion('protected', { preconditions: { uid } }), options);

        expect(result).toMatchObject({
          kind: 'refused',
          status: 403,
          reason: 'Forbidden',
          message: expect.stringContaining('cannot delete resource "pods" in API group ""'),
        });
        expect(await exists(podPath('protected'))).toBe(true);
      });

      test.each(['', '.', '..', 'victim/eviction', '../configmaps/one', 'victim%2Feviction', '%2e%2e'])(
        'is not sent: a pod called %j',
        async (name) => {
          const result = await send(deletion(name, {}));

          expect(result).toMatchObject({ kind: 'refused', status: 0, reason: 'NotSent' });
        },
      );

      test.each(['victim?gracePeriodSeconds=0', 'victim#x', 'victim x', 'victim;x', 'víctim', 'a\\..\\b'])(
        'is only a name that nothing has: %j',
        async (name) => {
          const result = await send(deletion(name, {}));

          expect(result).toMatchObject({ kind: 'refused', status: 404, reason: 'NotFound' });
        },
      );

      test('is no resource', async () => {
        const path = ['api', 'v1', 'namespaces', namespace, 'nothing', 'one'];

        const result = await send({ ...deletion('x', {}), path });

        const words = 'the server could not find the requested resource';
        expect(result).toEqual(refused(404, 'NotFound', words));
      });

      test('is a method that the resource does not know', async () => {
        const result = await send({ ...deletion('guarded', {}), path: [...podPath('guarded'), 'log'] });

        const words = 'the server does not allow this method on the requested resource';
        expect(result).toEqual(refused(405, 'MethodNotAllowed', words));
      });
    });

    test('a connection that breaks after the effect leaves it unknown, and nothing is sent again', async () => {
      const { uid = '' } = await made(gated('cut', namespace));
      const cutting = await cluster.cut();

      const request = deletion('cut', { preconditions: { uid } });
      const result = await cutting.send(request, { dryRun: false, remediation: REMEDIATION });

      expect(result).toEqual({ kind: 'unknown', message: expect.stringContaining('closed the connection') });
      expect(await exists(podPath('cut'))).toBe(false);
    });

    describe('an event', () => {
      const event = (over: Partial<ClusterEvent> = {}): ClusterEvent => ({
        remediation: REMEDIATION,
        involved: { apiVersion: 'v1', kind: 'Pod', namespace, name: 'guarded', uid: 'some-uid' },
        type: 'Normal',
        reason: 'RemediationSucceeded',
        message: 'It helped.',
        ...over,
      });
      const eventsOn = async (where: string, name: string): Promise<readonly JsonObject[]> => {
        const { json } = await cluster.read(
          `/api/v1/namespaces/${where}/events?fieldSelector=involvedObject.name%3D${encodeURIComponent(name)}`,
        );
        return childrenOf(json, 'items').filter((one) => textAt(childOf(one, 'source'), 'component') === 'kubewhy');
      };

      test('is on the object, once', async () => {
        await cluster.writer.event(event());
        await cluster.writer.event(event());

        expect(await eventsOn(namespace, 'guarded')).toMatchObject([
          {
            involvedObject: { kind: 'Pod', namespace, name: 'guarded', uid: 'some-uid' },
            reason: 'RemediationSucceeded',
            message: 'It helped.',
            type: 'Normal',
            source: { component: 'kubewhy' },
            reportingComponent: 'kubewhy',
            count: 1,
          },
        ]);
      });

      test('about a cluster-scoped object is in the default namespace', async () => {
        const involved = { apiVersion: 'v1', kind: 'Node', namespace: '', name: namespace, uid: 'node-uid' };

        await cluster.writer.event(event({ involved, message: `\u001b[31m${'x'.repeat(5000)}` }));

        const [one, ...others] = await eventsOn('default', namespace);
        expect(others).toEqual([]);
        expect(textAt(one ?? {}, 'message')).toMatch(/^x+…$/);
      });

      test('that cannot be written harms nobody', async () => {
        const involved = { apiVersion: 'v1', kind: 'Pod', namespace: 'none/such', name: 'x', uid: 'y' };

        const results = [await cluster.powerless.event(event()), await cluster.writer.event(event({ involved }))];

        expect(results).toEqual([undefined, undefined]);
      });
    });
  });
}
