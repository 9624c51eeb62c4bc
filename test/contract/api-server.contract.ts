import { beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/facts/json.ts';
import { RESOURCE_TYPES, type ResourceType } from '../../src/core/subject/kinds.ts';
import { contractObjects } from './cluster-reader.contract.ts';
import type { HttpAnswer, HttpQuestion } from './http-client.ts';

/** Whom a request is from. */
export type ContractUser =
  /** May read everything. */
  | 'reader'
  /** A service account called `powerless` that no role is bound to. */
  | 'powerless'
  /** A service account called `limited`, bound to `LIMITED_RULES` in the namespace. */
  | 'limited'
  /** A token that is nobody's. */
  | 'nobody'
  /** No credentials at all. */
  | 'anonymous';

/** An API server that holds `serverObjects` in a namespace. */
export interface ContractServer {
  readonly namespace: string;
  send(user: ContractUser, path: string, question?: HttpQuestion): Promise<HttpAnswer>;
}

/** What `limited` may do in the namespace. */
export const LIMITED_RULES = [
  { verbs: ['get', 'list'], apiGroups: [''], resources: ['configmaps'], resourceNames: ['one'] },
  { verbs: ['list'], apiGroups: [''], resources: ['pods'] },
] as const;

/** The log of the pod `chatty`. */
export const CHATTY_LOG = 'first\nsecond\nthird without end';

/** What the contract is about, as manifests. */
export function serverObjects(namespace: string): readonly JsonObject[] {
  const pod = (name: string, spec: JsonObject): JsonObject => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace },
    spec: { terminationGracePeriodSeconds: 0, ...spec },
  });
  const container = (name: string, script: string): JsonObject => ({
    name,
    image: 'busybox:1.36',
    command: ['sh', '-c', script],
  });
  // A line without an end is kept when the process has ended.
  const words = `printf '${CHATTY_LOG.replaceAll('\n', '\\n')}'`;
  const main = [container('app', 'echo app'), container('helper', 'echo helper')];
  return [
    ...contractObjects(namespace),
    pod('chatty', { restartPolicy: 'Never', containers: [container('app', words)] }),
    pod('initializing', { initContainers: [container('setup', 'sleep 3600')], containers: main }),
  ];
}

const JSON_METADATA = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
const JSON_METADATA_LIST = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
const OFFERED = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';
const LABEL_NAME = `name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`;
const LABEL_VALUE = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`;
const TOO_OLD = 'The provided continue parameter is too old to display a consistent list result.';

function status(code: number, reason: string, message: string, details?: JsonObject): JsonObject {
  const head = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
  return details === undefined ? head : { ...head, details };
}

const NO_RESOURCE = status(404, 'NotFound', 'the server could not find the requested resource', {});
const NO_METHOD = status(
  405,
  'MethodNotAllowed',
  'the server does not allow this method on the requested resource',
  {},
);

function itemsOf({ json }: HttpAnswer): readonly JsonObject[] {
  return (json['items'] ?? []) as readonly JsonObject[];
}

function namesOf(answer: HttpAnswer): readonly unknown[] {
  return itemsOf(answer).map((item) => (item['metadata'] as JsonObject)['name']);
}

function metadataOf({ json }: HttpAnswer): Readonly<Record<string, unknown>> {
  return (json['metadata'] ?? {}) as Readonly<Record<string, unknown>>;
}

function collection({ group, version, resource }: ResourceType): string {
  return group === '' ? `/api/${version}/${resource}` : `/apis/${group}/${version}/${resource}`;
}

function query(parameters: Readonly<Record<string, string | number>>): string {
  const text = Object.entries(parameters).map(([key, value]) => [key, String(value)]);
  return `?${new URLSearchParams(Object.fromEntries(text) as Record<string, string>).toString()}`;
}

function tokenOf(content: unknown): string {
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}

/** What Kubewhy relies on in the HTTP API of Kubernetes, word for word. */
export function describeApiServer(title: string, open: () => Promise<ContractServer>): void {
  describe(`${title} as an API server`, () => {
    let server: ContractServer;
    let namespace: string;
    let base: string;
    let configMaps: string;

    beforeAll(async () => {
      server = await open();
      ({ namespace } = server);
      base = `/api/v1/namespaces/${namespace}`;
      configMaps = `${base}/configmaps`;
    });

    const get = (path: string, accept?: string): Promise<HttpAnswer> =>
      server.send('reader', path, accept === undefined ? {} : { headers: { accept } });
    const list = (parameters: Readonly<Record<string, string | number>>): Promise<HttpAnswer> =>
      get(`${configMaps}${query(parameters)}`);

    describe('discovery', () => {
      test('says its version to everybody', async () => {
        const answers = await Promise.all(
          (['reader', 'powerless', 'anonymous'] as const).map((user) => server.send(user, '/version')),
        );

        for (const { status: code, json } of answers) {
          expect(code).toBe(200);
          expect(json).toMatchObject({ major: '1', gitVersion: expect.stringMatching(/^v1\.\d+\.\d+/) });
        }
      });

      test('says that it is healthy', async () => {
        const answers = await Promise.all(['/healthz', '/livez', '/readyz'].map((path) => get(path)));

        expect(answers.map(({ status: code, text }) => [code, text])).toEqual([
          [200, 'ok'],
          [200, 'ok'],
          [200, 'ok'],
        ]);
      });

      test('lists its groups', async () => {
        const [core, groups, apps] = await Promise.all([get('/api'), get('/apis'), get('/apis/apps')]);

        const preferredVersion = { groupVersion: 'apps/v1', version: 'v1' };
        expect(core?.json).toMatchObject({ kind: 'APIVersions', versions: ['v1'] });
        expect(groups?.json).toMatchObject({ kind: 'APIGroupList', apiVersion: 'v1' });
        const names = ((groups?.json['groups'] ?? []) as readonly JsonObject[]).map(({ name }) => name);
        const wanted = RESOURCE_TYPES.map(({ group }) => group).filter((group) => group !== '');
        expect(names).toEqual(expect.arrayContaining([...wanted, 'authorization.k8s.io']));
        expect(apps?.json).toEqual({
          kind: 'APIGroup',
          apiVersion: 'v1',
          name: 'apps',
          versions: [preferredVersion],
          preferredVersion,
        });
      });

      test.each(RESOURCE_TYPES)('describes $resource', async (type) => {
        const { json } = await get(collection(type).replace(/\/[^/]+$/, ''));

        const rows = json['resources'] as readonly JsonObject[];
        expect(json).toMatchObject({ kind: 'APIResourceList' });
        expect(rows.find(({ name }) => name === type.resource)).toMatchObject({
          name: type.resource,
          singularName: type.kind.toLowerCase(),
          namespaced: type.namespaced,
          kind: type.kind,
          verbs: expect.arrayContaining(['get', 'list']),
          ...(type.shortNames.length === 0 ? {} : { shortNames: type.shortNames }),
        });
      });

      test('describes logs', async () => {
        const { json } = await get('/api/v1');

        const rows = json['resources'] as readonly JsonObject[];
        expect(rows.find(({ name }) => name === 'pods/log')).toEqual({
          name: 'pods/log',
          singularName: '',
          namespaced: true,
          kind: 'Pod',
          verbs: ['get'],
        });
      });
    });

    describe('what does not exist or is not allowed', () => {
      test.each([
        ['/api/v1/nodes/none', 'nodes "none" not found', { name: 'none', kind: 'nodes' }],
        ['/api/v1/namespaces/none-such', 'namespaces "none-such" not found', { name: 'none-such', kind: 'namespaces' }],
        [
          '/apis/apps/v1/namespaces/none-such/deployments/none',
          'deployments.apps "none" not found',
          { name: 'none', group: 'apps', kind: 'deployments' },
        ],
        ['/api/v1/namespaces/none-such/pods/none/log', 'pods "none" not found', { name: 'none', kind: 'pods' }],
      ])('names the missing object of %s', async (path, message, details) => {
        const answer = await get(path);

        expect([answer.status, answer.json]).toEqual([404, status(404, 'NotFound', message, details)]);
      });

      test.each([
        '/api/v2',
        '/api/v2/pods',
        '/api/v1/nothing',
        '/api/v1/pods/none',
        '/api/v1/namespaces/default/nodes',
        '/api/v1/namespaces/default/configmaps/one/two/three',
        '/api/v1/namespaces/default/pods/one/nothing',
        '/apis/apps/v9',
        '/apis/apps/v9/deployments',
        '/apis/apps/v1/namespaces/default/pods',
        '/apis/apps/v1/namespaces/default',
        '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews/one',
      ])('has no resource at %s', async (path) => {
        const answer = await get(path);

        expect([answer.status, answer.json]).toEqual([404, NO_RESOURCE]);
      });

      test.each([
        '/nothing',
        '/apis/none.example.com',
        '/apis/none.example.com/v1',
        '/apis/none.example.com/v1/things',
      ])('has no page at %s', async (path) => {
        const answer = await get(path);

        expect([answer.status, answer.text]).toEqual([404, '404 page not found\n']);
        expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
      });

      test.each([
        ['PUT', '/configmaps'],
        ['POST', '/configmaps/one'],
        ['OPTIONS', '/configmaps/one'],
        ['PUT', '/pods/chatty/log'],
      ])('does not know the method %s of %s', async (method, path) => {
        const answer = await server.send('reader', `${base}${path}`, { method });

        expect([answer.status, answer.json]).toEqual([405, NO_METHOD]);
      });

      test.each([
        ['POST', '/version'],
        ['POST', '/api/v1'],
        ['GET', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'],
      ])('does not know %s %s', async (method, path) => {
        const answer = await server.send('reader', path, { method });

        expect([answer.status, answer.json]).toEqual([405, NO_METHOD]);
      });

      test('does not take a path segment that is a place as a name', async () => {
        const answer = await get(`${configMaps}/%2e%2e`);

        const message = `Name parameter invalid: "..": may not be '..'`;
        expect([answer.status, answer.json]).toEqual([400, status(400, 'BadRequest', message)]);
      });
    });

    describe('one object', () => {
      test('comes with its type first', async () => {
        const answer = await get(`${configMaps}/one`);

        expect(answer.status).toBe(200);
        expect(answer.headers['content-type']).toBe('application/json');
        expect(Object.keys(answer.json).slice(0, 3)).toEqual(['kind', 'apiVersion', 'metadata']);
        expect(answer.json).toMatchObject({
          kind: 'ConfigMap',
          apiVersion: 'v1',
          metadata: {
            name: 'one',
            namespace,
            uid: expect.stringMatching(/./),
            resourceVersion: expect.stringMatching(/^\d+$/),
            creationTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
            labels: { app: 'web', tier: 'front' },
          },
          data: { greeting: 'hello from one' },
        });
      });

      test('comes with the time of the server', async () => {
        const { headers } = await get(`${configMaps}/one`);

        expect(headers.date).toMatch(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/);
      });

      test.each([
        [JSON_METADATA, 'meta.k8s.io/v1'],
        [`${JSON_METADATA}beta1`, 'meta.k8s.io/v1beta1'],
      ])('comes without its content for %s', async (accept, apiVersion) => {
        const answer = await get(`${configMaps}/one`, accept);

        expect(Object.keys(answer.json)).toEqual(['kind', 'apiVersion', 'metadata']);
        expect(answer.json).toMatchObject({ kind: 'PartialObjectMetadata', apiVersion, metadata: { name: 'one' } });
      });

      test.each(['*/*', 'application/json', 'application/json;q=0.5,text/html', `${JSON_METADATA}2,application/json`])(
        'comes whole for %s',
        async (accept) => {
          const answer = await get(`${configMaps}/one`, accept);

          expect(answer.json).toMatchObject({ kind: 'ConfigMap', data: {} });
        },
      );

      test.each(['text/html', 'application/xml', 'image/png, text/*'])('is not there as %s', async (accept) => {
        const answers = await Promise.all([get(`${configMaps}/one`, accept), get(configMaps, accept)]);

        const refused = (offered: string): JsonObject =>
          status(406, 'NotAcceptable', `406: Not Acceptable\n\nAvailable representations: ${offered}`, {});
        const watched = 'application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch';
        expect(answers.map(({ json }) => json)).toEqual([refused(OFFERED), refused(`${OFFERED}, ${watched}`)]);
      });

      test.each([
        ['/one', JSON_METADATA.replace('v=v1', 'v=v9'), `only the following media types are accepted: ${OFFERED}`],
        [
          '/one',
          'application/json;as=Nothing;g=meta.k8s.io;v=v1',
          `only the following media types are accepted: ${OFFERED}`,
        ],
        [
          '/one',
          JSON_METADATA_LIST,
          'you requested PartialObjectMetadataList, but the requested object is not a list (*core.ConfigMap)',
        ],
        [
          '',
          JSON_METADATA,
          'you requested PartialObjectMetadata, but the requested object is a list (*core.ConfigMapList)',
        ],
      ])('is not there at %s for %s', async (path, accept, message) => {
        const answer = await get(`${configMaps}${path}`, accept);

        expect([answer.status, answer.json]).toEqual([406, status(406, 'NotAcceptable', message)]);
      });
    });

    describe('a list', () => {
      test('holds objects without their type, by name', async () => {
        const answer = await list({ labelSelector: 'app' });

        expect(answer.json).toMatchObject({ kind: 'ConfigMapList', apiVersion: 'v1' });
        expect(metadataOf(answer)).toEqual({ resourceVersion: expect.stringMatching(/^\d+$/) });
        expect(namesOf(answer)).toEqual(['one', 'three', 'two']);
        expect(itemsOf(answer).map((item) => Object.keys(item))).toEqual([
          ['metadata', 'data'],
          ['metadata', 'data'],
          ['metadata', 'data'],
        ]);
      });

      test('of metadata holds objects with the type of metadata', async () => {
        const answer = await get(`${configMaps}?labelSelector=app%3Ddb`, JSON_METADATA_LIST);

        expect(answer.json).toMatchObject({ kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1' });
        expect(itemsOf(answer)).toMatchObject([
          { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: { name: 'three' } },
        ]);
        expect(Object.keys(itemsOf(answer)[0] ?? {})).toEqual(['kind', 'apiVersion', 'metadata']);
      });

      test('of a namespace that does not exist is empty', async () => {
        const answer = await get('/apis/apps/v1/namespaces/none-such/deployments');

        expect(answer.json).toMatchObject({ kind: 'DeploymentList', apiVersion: 'apps/v1', items: [] });
      });

      test('can be of all namespaces', async () => {
        const answer = await get(`/api/v1/configmaps${query({ fieldSelector: `metadata.namespace=${namespace}` })}`);

        expect(namesOf(answer)).toEqual(expect.arrayContaining(['one', 'three', 'two']));
      });

      test.each(RESOURCE_TYPES)('of $resource has its kind', async (type) => {
        const answer = await get(`${collection(type)}?limit=1`);

        const apiVersion = type.group === '' ? type.version : `${type.group}/${type.version}`;
        expect([answer.status, answer.json]).toMatchObject([200, { kind: `${type.kind}List`, apiVersion }]);
      });
    });

    describe('a label selector', () => {
      test.each([
        ['', ['one', 'three', 'two']],
        ['app=web', ['one', 'two']],
        ['app==web,tier=back', ['two']],
        ['app!=web', ['three']],
        ['app  in   (web,db),tier', ['one', 'two']],
        ['app in(db)', ['three']],
        ['app notin (web,)', ['three']],
        ['!tier', ['three']],
        ['app,!tier,app!=x', ['three']],
        ['app=', []],
        ['app in ()', []],
        ['app in (,db)', ['three']],
        ['app in (db,,x)', ['three']],
        ['in=web', []],
        ['app=in', []],
        ['example.com/app=1', []],
        ['app>1', []],
        ['app<2', []],
        ['size>2', ['two']],
        ['size < 10', ['one']],
        ['size<9223372036854775807', ['one', 'two']],
      ])('chooses by %s', async (labelSelector, expected) => {
        const answer = await list({ labelSelector });

        expect(answer.status).toBe(200);
        expect(namesOf(answer).filter((name) => name !== 'kube-root-ca.crt')).toEqual(expected);
      });

      test.each([
        ['app===', "unable to parse requirement: found '=', expected: identifier"],
        ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
        ['app=x y', "found 'y', expected: ',' or 'end of string'"],
        ['app=web=db', "found '=', expected: ',' or 'end of string'"],
        ['!app=web', "found '=', expected: ',' or 'end of string'"],
        ['!', "unable to parse requirement: found '', expected: identifier"],
        ['app in ', "unable to parse requirement: found '' expected: '('"],
        ['app in web', "unable to parse requirement: found 'web' expected: '('"],
        ['app in (web', "unable to parse requirement: found '', expected: ',' or ')'"],
        ['app in (', "unable to parse requirement: found '', expected: ',', ')' or identifier"],
        ['app in (web,', "unable to parse requirement: found '', expected: ',', or identifier"],
        ['app in (web,,)', "unable to parse requirement: found ')', expected: ',', or identifier"],
        ['app in (a b)', "unable to parse requirement: found 'b', expected: ',' or ')'"],
        ['app (web)', "unable to parse requirement: found '(', expected: in, notin, =, ==, !=, gt, lt"],
        ['()', "found '(', expected: !, identifier, or 'end of string'"],
        [',app', "found ',', expected: !, identifier, or 'end of string'"],
        ['app,', "found '', expected: identifier after ','"],
        ['app=web,,', "found ',', expected: identifier after ','"],
        ['-x=1', `unable to parse requirement: <nil>: Invalid value: "-x": ${LABEL_NAME}`],
        [
          'a/b/c=1',
          `unable to parse requirement: <nil>: Invalid value: "a/b/c": a qualified ${LABEL_NAME.replace('name part must', 'name must')} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
        ],
        ['app=-x', `unable to parse requirement: values[0][app]: Invalid value: "-x": ${LABEL_VALUE}`],
        [
          `app=${'a'.repeat(64)}`,
          `unable to parse requirement: values[0][app]: Invalid value: "${'a'.repeat(64)}": must be no more than 63 characters`,
        ],
        [
          'size>9223372036854775808',
          `unable to parse requirement: values[0]: Invalid value: "9223372036854775808": for 'Gt', 'Lt' operators, the value must be an integer`,
        ],
        ['size>-1', `unable to parse requirement: values[0][size]: Invalid value: "-1": ${LABEL_VALUE}`],
        [
          'app in (-b,-a,-b)',
          `unable to parse requirement: [values[0][app]: Invalid value: "-a": ${LABEL_VALUE}, values[1][app]: Invalid value: "-b": ${LABEL_VALUE}]`,
        ],
        [
          `/${'a'.repeat(63)}-`,
          `unable to parse requirement: <nil>: Invalid value: "/${'a'.repeat(63)}-": prefix part must be non-empty; name part must be no more than 63 characters; ${LABEL_NAME}`,
        ],
        [
          'app<x',
          `unable to parse requirement: values[0]: Invalid value: "x": for 'Gt', 'Lt' operators, the value must be an integer`,
        ],
      ])('is refused: %s', async (labelSelector, message) => {
        const answer = await list({ labelSelector });

        expect([answer.status, answer.json]).toEqual([400, status(400, 'BadRequest', message)]);
      });
    });

    describe('a field selector', () => {
      test.each([
        ['metadata.name=two', ['two']],
        ['metadata.name==two,metadata.name!=one', ['two']],
        [',metadata.name=two', ['two']],
        ['metadata.name!=two,metadata.name!=kube-root-ca.crt', ['one', 'three']],
        ['metadata.name=', []],
        ['metadata.name=a\\,b', []],
        ['=,metadata.name=two', ['two']],
        ['metadata.name=one\\\\,metadata.name=one', []],
      ])('chooses by %s', async (fieldSelector, expected) => {
        const answer = await list({ fieldSelector });

        expect([answer.status, namesOf(answer)]).toEqual([200, expected]);
      });

      test.each([
        ['nothing', "invalid selector: 'nothing'; can't understand 'nothing'"],
        ['metadata.name>two', "invalid selector: 'metadata.name>two'; can't understand 'metadata.name>two'"],
        ['=x', '"" is not a known field selector: only "metadata.name", "metadata.namespace"'],
        [
          'metadata.name =two',
          '"metadata.name " is not a known field selector: only "metadata.name", "metadata.namespace"',
        ],
        ['metadata.name=a=b', 'invalid field selector: unescaped character in value: 61'],
        ['metadata.name=a=\\x', 'invalid field selector: unescaped character in value: 61'],
        ['metadata.name=a\\', 'invalid field selector: invalid escape sequence: \\'],
        ['spec.bogus=x,nothing', "invalid selector: 'spec.bogus=x,nothing'; can't understand 'nothing'"],
        ['b,a', "invalid selector: 'b,a'; can't understand 'a'"],
        ['metadata.name=a\\x', 'invalid field selector: invalid escape sequence: \\x'],
      ])('is refused: %s', async (fieldSelector, message) => {
        const answer = await list({ fieldSelector });

        expect([answer.status, answer.json]).toEqual([400, status(400, 'BadRequest', message)]);
      });

      test('chooses events by their object', async () => {
        const fieldSelector = 'involvedObject.kind=ConfigMap,involvedObject.name=one,type=Warning,reason=Tested';

        const answer = await get(`${base}/events${query({ fieldSelector })}`);

        expect(itemsOf(answer)).toMatchObject([{ message: 'an event about one' }]);
      });

      test.each([
        [
          'pods',
          'spec.nodeName status.phase spec.restartPolicy spec.schedulerName spec.serviceAccountName status.podIP status.podIPs spec.host spec.hostNetwork status.nominatedNodeName',
        ],
        ['events', 'involvedObject.uid involvedObject.namespace involvedObject.fieldPath reportingComponent source'],
        ['nodes', 'spec.unschedulable'],
        ['namespaces', 'status.phase'],
        ['secrets', 'type'],
        ['services', 'spec.clusterIP spec.type'],
      ])('of %s can be about %s', async (resource, fields) => {
        const answers = await Promise.all(
          fields
            .split(' ')
            .map((field) => get(`/api/v1/${resource}${query({ fieldSelector: `${field}=nothing-has` })}`)),
        );

        expect(answers.map(({ status: code, json }) => [code, json['items']])).toEqual(answers.map(() => [200, []]));
      });

      test.each([
        ['unscheduled', 'spec.nodeName=,spec.host=,status.podIPs=,spec.hostNetwork=false', true],
        ['unscheduled', 'spec.hostNetwork=', false],
        ['steady', 'spec.host=', false],
        ['steady', 'status.podIPs=', true],
      ])('takes %s by %s: %s', async (name, fieldSelector, isTaken) => {
        const answer = await get(`${base}/pods${query({ fieldSelector: `metadata.name=${name},${fieldSelector}` })}`);

        expect(namesOf(answer)).toEqual(isTaken ? [name] : []);
      });

      test.each(RESOURCE_TYPES.filter(({ namespaced }) => !namespaced))(
        'of $resource may be about a namespace, unless it is a node, a namespace or a signing request',
        async (type) => {
          const answer = await get(`${collection(type)}${query({ fieldSelector: 'metadata.namespace=x' })}`);

          expect(answer.status).toBe(
            ['Node', 'Namespace', 'CertificateSigningRequest'].includes(type.kind) ? 400 : 200,
          );
        },
      );

      test.each(RESOURCE_TYPES)('of $resource cannot be about anything', async (type) => {
        const answer = await get(`${collection(type)}${query({ fieldSelector: 'spec.bogus=x' })}`);

        const plain = [
          'pods',
          'services',
          'nodes',
          'namespaces',
          'events',
          'secrets',
          'certificatesigningrequests',
        ].includes(type.resource);
        const general = '"spec.bogus" is not a known field selector: only "metadata.name", "metadata.namespace"';
        const own = type.resource === 'jobs' ? 'field label "spec.bogus" not supported for Job' : general;
        const message = plain ? 'field label not supported: spec.bogus' : own;
        expect([answer.status, answer.json]).toEqual([400, status(400, 'BadRequest', message)]);
      });

      test.each([
        ['/api/v1/nodes', 'metadata.namespace', 'field label not supported: metadata.namespace'],
        ['/api/v1/namespaces', 'metadata.namespace', 'field label not supported: metadata.namespace'],
        [
          '/apis/apps/v1/replicasets',
          'status.replicas',
          '"status.replicas" is not a known field selector: only "metadata.name", "metadata.namespace"',
        ],
      ])('of %s cannot be about %s', async (path, field, message) => {
        const answer = await get(`${path}${query({ fieldSelector: `${field}=1` })}`);

        expect([answer.status, answer.json]).toEqual([400, status(400, 'BadRequest', message)]);
      });
    });

    describe('a page', () => {
      test('says how to go on and how many are left', async () => {
        const path = `${base}/pods`;
        const first = await get(`${path}${query({ limit: 2 })}`);
        const { continue: token, remainingItemCount, resourceVersion } = metadataOf(first);
        const second = await get(`${path}${query({ limit: 10, continue: String(token) })}`);

        expect(namesOf(first)).toEqual(['chatty', 'crasher']);
        expect(remainingItemCount).toBe(3);
        expect(JSON.parse(Buffer.from(String(token), 'base64url').toString())).toEqual({
          v: 'meta.k8s.io/v1',
          rv: Number(resourceVersion),
          start: '/crasher\0',
        });
        expect(namesOf(second)).toEqual(['initializing', 'steady', 'unscheduled']);
        expect(metadataOf(second)).toEqual({ resourceVersion });
      });

      test('chosen by a selector does not say how many are left', async () => {
        const first = await list({ limit: 2, labelSelector: 'app' });
        const token = String(metadataOf(first)['continue']);
        const second = await list({ limit: 2, labelSelector: 'app', continue: token });

        expect(namesOf(first)).toEqual(['one', 'three']);
        expect(metadataOf(first)).toEqual({ resourceVersion: expect.any(String), continue: expect.any(String) });
        expect(namesOf(second)).toEqual(['two']);
        expect(metadataOf(second)).toEqual({ resourceVersion: expect.any(String) });
      });

      test('that ends with the list does not say how to go on', async () => {
        const answer = await list({ limit: 3, labelSelector: 'app' });

        expect(metadataOf(answer)).toEqual({ resourceVersion: expect.any(String) });
      });

      test.each([0, -1])('has no end with the limit %s', async (limit) => {
        const answer = await list({ limit, labelSelector: 'app' });

        expect(namesOf(answer)).toEqual(['one', 'three', 'two']);
      });

      test('goes on inconsistently when it is too old, if asked to', async ({ skip }) => {
        const old = tokenOf({ v: 'meta.k8s.io/v1', rv: 1, start: '/one\0' });
        const answer = await list({ labelSelector: 'app', continue: old });
        skip(answer.status === 200, 'a cluster of a few minutes has not forgotten anything yet');
        const token = String(metadataOf(answer)['continue']);
        const again = await list({ labelSelector: 'app', continue: token });

        expect(answer.json).toMatchObject({
          kind: 'Status',
          status: 'Failure',
          reason: 'Expired',
          code: 410,
          message: expect.stringContaining(TOO_OLD),
        });
        expect(answer.status).toBe(410);
        expect(namesOf(again)).toEqual(['three', 'two']);
      });

      test('is not there yet for a version to come', async () => {
        const future = tokenOf({ v: 'meta.k8s.io/v1', rv: 2 ** 40, start: '/one\0' });
        const answer = await list({ continue: future });

        expect([answer.status, answer.headers['retry-after'], answer.json]).toMatchObject([
          504,
          '1',
          { reason: 'Timeout', code: 504, details: { retryAfterSeconds: 1 } },
        ]);
      });

      test.each([
        ['!!', 'illegal base64 data at input byte 0'],
        [
          tokenOf({ v: 'meta.k8s.io/v2', rv: 5, start: '/a' }),
          'server does not recognize this encoded version meta.k8s.io/v2',
        ],
        [tokenOf(null), 'server does not recognize this encoded version '],
        [
          tokenOf({ v: 'meta.k8s.io/v1', rv: 0, start: '/a' }),
          'incorrect encoded start resourceVersion (version meta.k8s.io/v1)',
        ],
        [tokenOf({ v: 'meta.k8s.io/v1', rv: 5 }), 'encoded start key empty (version meta.k8s.io/v1)'],
      ])('is not there for the token %s', async (token, why) => {
        const answer = await list({ limit: 1, continue: token });

        const message = `invalid continue token: continue key is not valid: ${why}`;
        expect([answer.status, answer.json]).toEqual([400, status(400, 'BadRequest', message)]);
      });

      test.each([
        [{ limit: 'abc' }, 'strconv.ParseInt: parsing "abc": invalid syntax'],
        [{ timeoutSeconds: 'x' }, 'strconv.ParseInt: parsing "x": invalid syntax'],
        [
          { resourceVersion: 'abc' },
          'invalid resource version: resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax',
        ],
        [
          { resourceVersion: '5', continue: tokenOf({ v: 'meta.k8s.io/v1', rv: -1, start: '/a' }) },
          'specifying resource version is not allowed when using continue',
        ],
      ])('is refused for %o', async (parameters, message) => {
        const answer = await list({ ...parameters });

        expect([answer.status, answer.json]).toEqual([400, status(400, 'BadRequest', message)]);
      });
    });

    describe('a log', () => {
      const log = (pod: string, parameters: Readonly<Record<string, string | number>> = {}): Promise<HttpAnswer> =>
        get(`${base}/pods/${pod}/log${query(parameters)}`);

      test.each([
        [{}, CHATTY_LOG],
        [{ container: 'app' }, CHATTY_LOG],
        [{ container: '', previous: 'false' }, CHATTY_LOG],
        [{ tailLines: 2 }, 'second\nthird without end'],
        [{ tailLines: 0 }, ''],
        [{ tailLines: 100 }, CHATTY_LOG],
        [{ limitBytes: 3 }, 'fir'],
        [{ tailLines: 2, limitBytes: 8 }, 'second\nt'],
      ])('is cut for %o', async (parameters, expected) => {
        const answer = await log('chatty', parameters);

        expect([answer.status, answer.headers['content-type'], answer.text]).toEqual([200, 'text/plain', expected]);
      });

      test('tells when lines were written, if asked to', async () => {
        const answer = await log('chatty', { timestamps: 'true', tailLines: 2 });

        expect(answer.text).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z second\n\d{4}-\d\d-\d\dT[\d:.]+Z third without end$/);
      });

      test('is there of the run before', async () => {
        const answer = await log('crasher', { previous: 'true' });

        expect(answer.text).toBe('crashed\n');
      });

      test('does not exist before there is a node', async () => {
        const answer = await log('unscheduled');

        expect([answer.status, answer.text]).toEqual([204, '']);
      });

      test.each([
        ['chatty', { container: 'nope' }, 'container nope is not valid for pod chatty'],
        ['chatty', { previous: 'true' }, 'previous terminated container "app" in pod "chatty" not found'],
        [
          'initializing',
          {},
          'a container name must be specified for pod initializing, choose one of: [setup app helper]',
        ],
        [
          'initializing',
          { container: 'app' },
          'container "app" in pod "initializing" is waiting to start: PodInitializing',
        ],
        [
          'initializing',
          { container: 'app', previous: 'true' },
          'previous terminated container "app" in pod "initializing" not found',
        ],
        ['chatty', { tailLines: 'abc' }, 'strconv.ParseInt: parsing "abc": invalid syntax'],
      ])('of %s does not exist for %o', async (pod, parameters, message) => {
        const answer = await log(pod, parameters);

        expect([answer.status, answer.json]).toEqual([400, status(400, 'BadRequest', message)]);
      });

      test.each([
        ['chatty', { tailLines: -1 }, 'tailLines', 'Invalid value: -1: must be greater than or equal to 0'],
        ['chatty', { limitBytes: 0 }, 'limitBytes', 'Invalid value: 0: must be greater than 0'],
        ['nope', { sinceSeconds: 0 }, 'sinceSeconds', 'Invalid value: 0: must be greater than 0'],
      ])('of %s is refused for %o', async (pod, parameters, field, message) => {
        const answer = await log(pod, parameters);

        const causes = [{ reason: 'FieldValueInvalid', message, field }];
        const words = `PodLogOptions "${pod}" is invalid: ${field}: ${message}`;
        expect([answer.status, answer.json]).toEqual([
          422,
          status(422, 'Invalid', words, { name: pod, kind: 'PodLogOptions', causes }),
        ]);
      });

      test('is text', async () => {
        const answer = await get(`${base}/pods/chatty/log`, 'text/html');
        const json = await get(`${base}/pods/chatty/log`, 'application/json');

        const message = `406: Not Acceptable\n\nAvailable representations: text/plain, ${OFFERED}`;
        expect(answer.json).toEqual(status(406, 'NotAcceptable', message, {}));
        expect(json.text).toBe(CHATTY_LOG);
      });
    });
  });
}
