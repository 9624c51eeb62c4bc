import { expect, test } from 'vitest';
import type { NamespaceContent } from '../../../src/ports/content-lister.ts';
import {
  type ApiServer,
  openTestCluster,
  sendJson,
  sendStatus,
  startApiServer,
  writeKubeconfig,
} from './api-server.ts';

/** What the server says of a path; a number is a failure. */
type Answers = Readonly<Record<string, object | number>>;

const ROW = { namespaced: true, verbs: ['get', 'list', 'delete'] };
const META = { apiVersion: 'meta.k8s.io/v1', kind: 'PartialObjectMetadataList', metadata: {} };
const EMPTY = { ...META, items: [] };
const BASE: Answers = {
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/apis': { kind: 'APIGroupList', groups: [group('example.com', ['v2', 'v1'], 'v1')] },
  '/api/v1': {
    resources: [
      { name: 'pods', ...ROW },
      { name: 'pods/log', ...ROW },
      { name: 'events', ...ROW },
      { name: 'bindings', namespaced: true, verbs: ['create'] },
      { name: 'nodes', ...ROW, namespaced: false },
    ],
  },
  '/apis/example.com/v1': { resources: [{ name: 'widgets', ...ROW }] },
  '/apis/example.com/v2': {
    resources: [
      { name: 'widgets', ...ROW },
      { name: 'gadgets', ...ROW },
    ],
  },
  '/apis/apiregistration.k8s.io/v1/apiservices': { kind: 'APIServiceList', metadata: {}, items: [] },
  '/api/v1/namespaces/shop/pods': EMPTY,
  '/apis/example.com/v1/namespaces/shop/widgets': EMPTY,
  '/apis/example.com/v2/namespaces/shop/gadgets': EMPTY,
};

function group(name: string, versions: readonly string[], preferred: string): object {
  const version = (one: string): object => ({ groupVersion: `${name}/${one}`, version: one });
  return { name, versions: versions.map(version), preferredVersion: version(preferred) };
}

async function serve(answers: Answers): Promise<ApiServer> {
  return startApiServer((request, response) => {
    const [path = ''] = (request.url ?? '').split('?');
    const answer = answers[path] ?? 404;
    if (typeof answer === 'number') {
      sendStatus(response, answer, `no ${path}`);
    } else {
      sendJson(response, answer);
    }
  });
}

async function contentOf(server: ApiServer, namespace = 'shop'): Promise<NamespaceContent> {
  return openTestCluster({ kubeconfig: writeKubeconfig(server.url) })
    .content()
    .contentOf(namespace);
}

test('asks for everything once: each listable, namespaced resource in its preferred version, and no Events', async () => {
  const server = await serve(BASE);

  const content = await contentOf(server);

  expect(content).toEqual({ found: [], empty: 3, unseen: [] });
  const lists = server.requests.filter(({ url }) => url?.includes('/namespaces/'));
  expect(lists.map(({ url = '' }) => url).toSorted((a, b) => a.localeCompare(b))).toEqual([
    '/api/v1/namespaces/shop/pods?limit=20',
    '/apis/example.com/v1/namespaces/shop/widgets?limit=20',
    '/apis/example.com/v2/namespaces/shop/gadgets?limit=20',
  ]);
  expect(lists[0]?.headers.accept).toBe(
    'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json',
  );
});

test('tells the first objects with what holds them', async () => {
  const deletionTimestamp = '2026-01-31T12:00:00Z';
  const items = [
    { metadata: { name: 'one', uid: 'u-1', finalizers: ['example.com/keep', 7], deletionTimestamp } },
    { metadata: { name: 'two', uid: 'u-2' }, data: { secret: 'value' } },
  ];
  const widgets = { ...META, metadata: { continue: 'more' }, items };
  const server = await serve({ ...BASE, '/apis/example.com/v1/namespaces/shop/widgets': widgets });

  const content = await contentOf(server);

  expect(content).toEqual({
    found: [
      {
        resource: 'widgets',
        group: 'example.com',
        version: 'v1',
        objects: [
          { name: 'one', uid: 'u-1', finalizers: ['example.com/keep'], deletionTimestamp },
          { name: 'two', uid: 'u-2', finalizers: [] },
        ],
        more: true,
      },
    ],
    empty: 2,
    unseen: [],
  });
});

test('tells at most 20 of a server that sends more', async () => {
  const items = Array.from({ length: 30 }, (_, index) => ({ metadata: { name: `pod-${index}`, uid: `u-${index}` } }));
  const server = await serve({ ...BASE, '/api/v1/namespaces/shop/pods': { ...META, items } });

  const { found } = await contentOf(server);

  expect(found.map(({ objects, more }) => [objects.length, more])).toEqual([[20, true]]);
});

test('takes a list without items for an empty one, and one that is none for unseen', async () => {
  const server = await serve({
    ...BASE,
    '/api/v1/namespaces/shop/pods': { ...META, items: null },
    '/apis/example.com/v1/namespaces/shop/widgets': { ...META, items: 'many' },
  });

  const content = await contentOf(server);

  expect(content).toMatchObject({ empty: 2, unseen: [expect.stringContaining('answered with no list')] });
});

test('a list that counts on without items is not empty', async () => {
  const server = await serve({
    ...BASE,
    '/api/v1/namespaces/shop/pods': { ...META, metadata: { continue: 'more' }, items: [] },
  });

  const { found, empty } = await contentOf(server);

  expect([found.map(({ resource, more }) => [resource, more]), empty]).toEqual([[['pods', true]], 2]);
});

test.each([
  ['/apis/example.com/v1/namespaces/shop/widgets', 403, /the missing permission is `list widgets\.example\.com`$/],
  ['/apis/example.com/v1/namespaces/shop/widgets', 404, /widgets\.example\.com in namespace shop: .* answered 404/],
  ['/apis/example.com/v2', 404, /what the API group version example\.com\/v2 holds: .* answered 404/],
  ['/apis', 403, /the missing permission is `get \/apis`$/],
  ['/apis/apiregistration.k8s.io/v1/apiservices', 403, /`list apiservices\.apiregistration\.k8s\.io`$/],
])('says what it could not see: %s answers %s', async (path, status, words) => {
  const server = await serve({ ...BASE, [path]: status });

  const { unseen } = await contentOf(server);

  expect(unseen).toEqual([expect.stringMatching(words)]);
});

test.each([{}, { resources: 'many' }, { versions: 'v1' }])('does not take %j for discovery', async (strange) => {
  const server = await serve({ ...BASE, '/api': strange, '/api/v1': strange });

  const { unseen } = await contentOf(server);

  expect(unseen).toEqual([expect.stringContaining('something that is no discovery')]);
});

test('names the APIService whose group does not answer', async () => {
  const service = {
    metadata: { name: 'v1.dead.example.com' },
    spec: { group: 'dead.example.com', version: 'v1' },
    status: {
      conditions: [
        { type: 'Available', status: 'False', reason: 'ServiceNotFound', message: 'service/none is not present' },
      ],
    },
  };
  const silent = { metadata: { name: 'v1.new.example.com' }, spec: { group: 'new.example.com', version: 'v1' } };
  const server = await serve({
    ...BASE,
    '/apis': { groups: [group('dead.example.com', ['v1'], 'v1')] },
    '/apis/apiregistration.k8s.io/v1/apiservices': { metadata: {}, items: [service, silent] },
  });

  const { unseen } = await contentOf(server);

  expect(unseen).toEqual([
    'could not read what APIService v1.dead.example.com serves, it is not available: ServiceNotFound: service/none is not present',
    'could not read what APIService v1.new.example.com serves, it is not available: nothing says why',
  ]);
});

test.each(['..', 'a/b', ''])('sees nothing in a namespace called %j', async (namespace) => {
  const server = await serve(BASE);

  const content = await contentOf(server, namespace);

  expect([content.found, content.empty, content.unseen.length]).toEqual([[], 0, 3]);
});
