import { beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/facts/json.ts';
import type { ContractServer, ContractUser } from './api-server.contract.ts';
import type { HttpAnswer } from './http-client.ts';

function failure(code: number, reason: string, message: string, details?: JsonObject): JsonObject {
  const head = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
  return details === undefined ? head : { ...head, details };
}

/** Who may do what, and how Kubernetes says no. */
export function describeApiServerAccess(title: string, open: () => Promise<ContractServer>): void {
  describe(`${title} as a guard`, () => {
    let server: ContractServer;
    let namespace: string;
    let base: string;

    beforeAll(async () => {
      server = await open();
      ({ namespace } = server);
      base = `/api/v1/namespaces/${namespace}`;
    });

    const powerless = (): string => `system:serviceaccount:${namespace}:powerless`;

    test.each([
      ['GET', '/configmaps/one', 'get', 'configmaps'],
      ['PUT', '/configmaps/one', 'update', 'configmaps'],
      ['PATCH', '/configmaps/one', 'patch', 'configmaps'],
      ['DELETE', '/configmaps/one', 'delete', 'configmaps'],
      ['POST', '/configmaps/one', 'create', 'configmaps'],
      ['GET', '/configmaps?fieldSelector=metadata.name%3Done', 'list', 'configmaps'],
    ])('refuses %s %s', async (method, path, verb, resource) => {
      const answer = await server.send('powerless', `${base}${path}`, { method });

      const message = `${resource} "one" is forbidden: User "${powerless()}" cannot ${verb} resource "${resource}" in API group "" in the namespace "${namespace}"`;
      expect([answer.status, answer.json]).toEqual([
        403,
        failure(403, 'Forbidden', message, { name: 'one', kind: resource }),
      ]);
    });

    test.each([
      ['GET', '/configmaps', 'list'],
      ['GET', '/configmaps?watch=true', 'watch'],
      ['POST', '/configmaps', 'create'],
      ['DELETE', '/configmaps', 'deletecollection'],
    ])('refuses %s %s', async (method, path, verb) => {
      const answer = await server.send('powerless', `${base}${path}`, { method });

      const message = `configmaps is forbidden: User "${powerless()}" cannot ${verb} resource "configmaps" in API group "" in the namespace "${namespace}"`;
      expect([answer.status, answer.json]).toEqual([403, failure(403, 'Forbidden', message, { kind: 'configmaps' })]);
    });

    test.each([
      { path: '/api/v1/pods', what: 'pods', verb: 'list', details: { kind: 'pods' } },
      { path: '/api/v1/nodes/one', what: 'nodes "one"', verb: 'get', details: { name: 'one', kind: 'nodes' } },
      {
        path: '/apis/apps/v1/deployments',
        what: 'deployments.apps',
        verb: 'list',
        details: { group: 'apps', kind: 'deployments' },
      },
      {
        path: '/apis/none.example.com/v1/things',
        what: 'things.none.example.com',
        verb: 'list',
        details: { group: 'none.example.com', kind: 'things' },
      },
    ])('refuses $path in the whole cluster', async ({ path, what, verb, details }) => {
      const answer = await server.send('powerless', path);

      const group = details.group ?? '';
      const message = `${what} is forbidden: User "${powerless()}" cannot ${verb} resource "${details.kind}" in API group "${group}" at the cluster scope`;
      expect([answer.status, answer.json]).toEqual([403, failure(403, 'Forbidden', message, details)]);
    });

    test('names the subresource', async () => {
      const answer = await server.send('powerless', `${base}/pods/chatty/log`);

      const message = `pods "chatty" is forbidden: User "${powerless()}" cannot get resource "pods/log" in API group "" in the namespace "${namespace}"`;
      expect(answer.json).toEqual(failure(403, 'Forbidden', message, { name: 'chatty', kind: 'pods' }));
    });

    test('refuses a namespace as being in itself', async () => {
      const answer = await server.send('powerless', base);

      const message = `namespaces "${namespace}" is forbidden: User "${powerless()}" cannot get resource "namespaces" in API group "" in the namespace "${namespace}"`;
      expect(answer.json).toEqual(failure(403, 'Forbidden', message, { name: namespace, kind: 'namespaces' }));
    });

    test('refuses before it looks at what is asked', async () => {
      const answer = await server.send('powerless', `${base}/nothing?labelSelector=%2C`);

      const message = `nothing is forbidden: User "${powerless()}" cannot list resource "nothing" in API group "" in the namespace "${namespace}"`;
      expect(answer.json).toEqual(failure(403, 'Forbidden', message, { kind: 'nothing' }));
    });

    test.each([
      ['GET', '/nothing', 'get'],
      ['GET', '/', 'get'],
      ['POST', '/version', 'post'],
    ])('refuses %s %s', async (method, path, verb) => {
      const answer = await server.send('powerless', path, { method });

      const message = `forbidden: User "${powerless()}" cannot ${verb} path "${path}"`;
      expect([answer.status, answer.json]).toEqual([403, failure(403, 'Forbidden', message, {})]);
    });

    test('lets everybody who is known discover', async () => {
      const answers = await Promise.all(
        ['/api', '/apis', '/api/v1', '/apis/apps/v1', '/livez'].map((path) => server.send('powerless', path)),
      );

      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    });

    test('does not say why a token is not accepted', async () => {
      const answer = await server.send('nobody', '/version');

      expect([answer.status, answer.json]).toEqual([401, failure(401, 'Unauthorized', 'Unauthorized')]);
    });

    test('has a name for who comes without credentials', async () => {
      const answers = await Promise.all([server.send('anonymous', '/apis'), server.send('anonymous', `${base}/pods`)]);

      expect(answers.map(({ json }) => json['message'])).toEqual([
        'forbidden: User "system:anonymous" cannot get path "/apis"',
        `pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" in the namespace "${namespace}"`,
      ]);
    });

    test.each([
      ['/configmaps/one', 200],
      ['/configmaps/two', 403],
      ['/configmaps', 403],
      ['/configmaps?fieldSelector=metadata.name%3Done', 200],
      ['/configmaps?fieldSelector=metadata.name%3Dtwo', 403],
      ['/pods', 200],
      ['/pods/chatty', 403],
      ['/pods/chatty/log', 403],
    ])('lets a limited account read %s: %s', async (path, expected) => {
      const answer = await server.send('limited', `${base}${path}`);

      expect(answer.status).toBe(expected);
    });

    test('binds a role to its namespace', async () => {
      const answers = await Promise.all(
        ['/api/v1/pods', '/api/v1/namespaces/default/pods'].map((path) => server.send('limited', path)),
      );

      expect(answers.map(({ status }) => status)).toEqual([403, 403]);
    });

    describe('a review', () => {
      const ask = (user: ContractUser, kind: string, spec: JsonObject): Promise<HttpAnswer> =>
        server.send(user, `/apis/authorization.k8s.io/v1/${kind.toLowerCase()}s`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ apiVersion: 'authorization.k8s.io/v1', kind, spec }),
        });
      const access = (user: ContractUser, spec: JsonObject): Promise<HttpAnswer> =>
        ask(user, 'SelfSubjectAccessReview', spec);

      test.each([
        ['reader', { verb: 'get', resource: 'pods', namespace: 'default' }, true],
        ['reader', { verb: 'list', group: 'apps', resource: 'deployments' }, true],
        ['powerless', { verb: 'get', resource: 'pods', namespace: 'default' }, false],
        ['powerless', { verb: 'create', group: 'authorization.k8s.io', resource: 'selfsubjectaccessreviews' }, true],
      ] as const)('tells %s about %o', async (user, resourceAttributes, allowed) => {
        const answer = await access(user, { resourceAttributes });

        expect(answer.status).toBe(201);
        expect(answer.json).toMatchObject({
          kind: 'SelfSubjectAccessReview',
          apiVersion: 'authorization.k8s.io/v1',
          spec: { resourceAttributes },
          status: { allowed },
        });
      });

      test.each([
        [{ verb: 'get', resource: 'configmaps', name: 'one' }, true],
        [{ verb: 'get', resource: 'configmaps', name: 'two' }, false],
        [{ verb: 'get', resource: 'configmaps' }, false],
        [{ verb: 'list', resource: 'pods' }, true],
        [{ verb: 'get', resource: 'pods', subresource: 'log' }, false],
      ])('tells a limited account about %o', async (attributes, allowed) => {
        const answer = await access('limited', { resourceAttributes: { ...attributes, namespace } });

        expect(answer.json).toMatchObject({ status: { allowed } });
      });

      test.each([
        ['/version', true],
        ['/metrics', false],
      ])('tells about the path %s', async (path, allowed) => {
        const answer = await access('powerless', { nonResourceAttributes: { verb: 'get', path } });

        expect(answer.json).toMatchObject({ status: { allowed } });
      });

      test('needs something to be about', async () => {
        const answer = await access('powerless', {});

        const message =
          'Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified';
        const field = 'spec.resourceAttributes';
        const words = `.authorization.k8s.io "" is invalid: ${field}: ${message}`;
        const causes = [{ reason: 'FieldValueInvalid', message, field }];
        expect([answer.status, answer.json]).toEqual([
          422,
          failure(422, 'Invalid', words, { group: 'authorization.k8s.io', causes }),
        ]);
      });

      test.each([
        [
          'application/json',
          'x{',
          400,
          "the object provided is unrecognized (must be of type SelfSubjectAccessReview): couldn't get version/kind; json parse error: ",
        ],
        [
          'application/json',
          '',
          400,
          "the object provided is unrecognized (must be of type SelfSubjectAccessReview): couldn't get version/kind; json parse error: unexpected end of JSON input (<empty>)",
        ],
        [
          'application/json',
          '{"apiVersion":"v1","kind":"Pod","spec":{}}',
          400,
          'Pod in version "v1" cannot be handled as a SelfSubjectAccessReview',
        ],
        [
          'text/plain',
          '{}',
          415,
          'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf',
        ],
      ])('is not understood as %s: %s', async (type, body, code, message) => {
        const answer = await server.send('powerless', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
          method: 'POST',
          headers: { 'content-type': type },
          body,
        });

        expect([answer.status, answer.json]).toMatchObject([code, { code, message: expect.stringContaining(message) }]);
      });

      test('lists the rules of a namespace', async () => {
        const answer = await ask('limited', 'SelfSubjectRulesReview', { namespace });

        expect(answer.status).toBe(201);
        expect(answer.json).toMatchObject({
          kind: 'SelfSubjectRulesReview',
          apiVersion: 'authorization.k8s.io/v1',
          metadata: {},
          spec: {},
          status: {
            incomplete: false,
            resourceRules: expect.arrayContaining([
              { verbs: ['get', 'list'], apiGroups: [''], resources: ['configmaps'], resourceNames: ['one'] },
              { verbs: ['list'], apiGroups: [''], resources: ['pods'] },
            ]),
            nonResourceRules: expect.arrayContaining([
              { verbs: ['get'], nonResourceURLs: ['/healthz', '/livez', '/readyz', '/version', '/version/'] },
            ]),
          },
        });
      });

      test('lists other rules elsewhere', async () => {
        const answer = await ask('limited', 'SelfSubjectRulesReview', { namespace: 'default' });

        const { resourceRules } = answer.json['status'] as { readonly resourceRules: readonly JsonObject[] };
        expect(JSON.stringify(resourceRules)).not.toContain('configmaps');
      });

      test('of rules needs a namespace', async () => {
        const answer = await ask('limited', 'SelfSubjectRulesReview', {});

        expect(answer.json).toEqual(failure(400, 'BadRequest', 'no namespace on request'));
      });
    });
  });
}
