import { createServer } from 'node:net';
import { describe, expect, test, vi } from 'vitest';
import { resourceOf } from '../../../src/core/subject/kinds.ts';
import { readerFor, sendJson, sendStatus, startApiServer } from './api-server.ts';

// Only a hang should ever take this long.
vi.setConfig({ testTimeout: 60_000 });

const POD = { resource: resourceOf('Pod'), namespace: 'shop', name: 'web-0' } as const;
const PODS = { resource: resourceOf('Pod'), namespace: 'shop' } as const;
const LOG = { namespace: 'shop', pod: 'web-0', container: 'app' } as const;
const POD_OBJECT = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web-0', namespace: 'shop' } };

function pods(names: readonly string[], token = ''): object {
  const items = names.map((name) => ({ metadata: { name, namespace: 'shop' } }));
  return { kind: 'PodList', apiVersion: 'v1', metadata: { continue: token }, items };
}

function queryOf(url: string | undefined): Record<string, string> {
  return Object.fromEntries(new URL(url ?? '', 'https://server').searchParams);
}

describe('requests', () => {
  test('send the credentials and ask for JSON on one connection', async () => {
    const server = await startApiServer((_request, response) => sendJson(response, POD_OBJECT));
    const reader = readerFor(server.url);

    const found = await reader.get(POD);
    await reader.get({ ...POD, metadataOnly: true });

    expect(found).toEqual({ kind: 'found', object: POD_OBJECT });
    expect(server.requests.map(({ url, headers }) => [url, headers.authorization, headers.accept])).toEqual([
      ['/api/v1/namespaces/shop/pods/web-0', 'Bearer test-token', 'application/json'],
      [
        '/api/v1/namespaces/shop/pods/web-0',
        'Bearer test-token',
        'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
      ],
    ]);
    expect(server.connections()).toBe(1);
  });

  test('keep the path of a server behind a proxy', async () => {
    const server = await startApiServer((_request, response) => sendJson(response, POD_OBJECT));

    await readerFor(`${server.url}/k8s/clusters/c-1/`).get(POD);

    expect(server.requests[0]?.url).toBe('/k8s/clusters/c-1/api/v1/namespaces/shop/pods/web-0');
  });

  test('drop everything but the metadata from a server that sends more', async () => {
    const secret = { kind: 'Secret', metadata: { name: 'db' }, data: { password: 'cGFzcw==' } };
    const server = await startApiServer((_request, response) => sendJson(response, secret));

    const result = await readerFor(server.url).get({
      resource: resourceOf('Secret'),
      namespace: 'shop',
      name: 'db',
      metadataOnly: true,
    });

    expect(result).toEqual({ kind: 'found', object: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db' } } });
  });

  test('take objects with large annotations', async () => {
    const annotations = { note: 'x'.repeat(256 * 1024) };
    const object = { ...POD_OBJECT, metadata: { ...POD_OBJECT.metadata, annotations } };
    const server = await startApiServer((_request, response) => sendJson(response, object));

    expect(await readerFor(server.url).get(POD)).toEqual({ kind: 'found', object });
  });
});

describe('time', () => {
  test('a server that hangs is given up after the request time-out', async () => {
    const server = await startApiServer(() => {});

    const result = await readerFor(server.url, { requestTimeoutMs: 200 }).get(POD);

    expect(result).toEqual({
      kind: 'unreadable',
      why: 'timeout',
      message: `could not read Pod web-0 in namespace shop: the API server at 127.0.0.1:${server.port} did not answer within 200 ms`,
    });
  });

  test('a body that never ends is given up as well', async () => {
    const server = await startApiServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"kind":');
    });

    expect(await readerFor(server.url, { requestTimeoutMs: 200 }).get(POD)).toMatchObject({ why: 'timeout' });
  });

  test('a port that accepts connections but speaks no TLS is given up', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => {
      silent.listen(0, '127.0.0.1', resolve);
    });
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : 0;

    const result = await readerFor(`https://127.0.0.1:${port}`, { requestTimeoutMs: 200 }).get(POD);
    silent.close();

    expect(result).toMatchObject({ why: 'timeout' });
  });

  test('the deadline ends the question', async () => {
    const server = await startApiServer(() => {});
    const reader = readerFor(server.url, { requestTimeoutMs: 150, deadlineMs: 200 });

    const results = [await reader.get(POD), await reader.get(POD), await reader.get(POD)];

    expect(results.at(-1)).toEqual({
      kind: 'unreadable',
      why: 'timeout',
      message: 'could not read Pod web-0 in namespace shop: the 0.2 s for the whole question were used up',
    });
    expect(reader.requestCount()).toBeLessThan(3);
  });

  test('ages are counted from the Date of the first answer', async () => {
    const server = await startApiServer((_request, response, count) => {
      sendJson(response, POD_OBJECT, 200, { date: `Sat, 31 Jan 2026 12:00:0${count} GMT` });
    });
    const reader = readerFor(server.url);

    await reader.get(POD);
    await reader.get(POD);

    expect(reader.serverTime()).toEqual(new Date('2026-01-31T12:00:01Z'));
  });
});

describe('retries', () => {
  test('wait as long as the server asks', async () => {
    const waits: number[] = [];
    const server = await startApiServer((_request, response, count) => {
      if (count === 1) {
        sendStatus(response, 429, 'too many requests', { 'retry-after': '2' });
      } else {
        sendJson(response, POD_OBJECT);
      }
    });
    const reader = readerFor(server.url, { sleep: async (ms) => void waits.push(ms) });

    const result = await reader.get(POD);

    expect([result.kind, waits, reader.requestCount()]).toEqual(['found', [2000], 2]);
  });

  test('are not made when the server asks for more time than there is', async () => {
    const server = await startApiServer((_request, response) =>
      sendStatus(response, 429, 'too many requests', { 'retry-after': '60' }),
    );
    const reader = readerFor(server.url);

    expect(await reader.get(POD)).toMatchObject({
      why: 'unavailable',
      message: expect.stringMatching(/ answered 429: too many requests$/),
    });
    expect(reader.requestCount()).toBe(1);
  });

  test('wait longer each time, and end', async () => {
    const waits: number[] = [];
    const server = await startApiServer((_request, response) => sendStatus(response, 500, 'etcd has no leader'));
    const reader = readerFor(server.url, { sleep: async (ms) => void waits.push(ms) });

    const result = await reader.get(POD);

    expect(waits).toEqual([225, 450, 900]);
    expect(reader.requestCount()).toBe(4);
    expect(result).toEqual({
      kind: 'unreadable',
      why: 'unavailable',
      message: `could not read Pod web-0 in namespace shop: the API server at 127.0.0.1:${server.port} answered 500: etcd has no leader`,
    });
  });

  test('follow a broken connection', async () => {
    const server = await startApiServer((request, response, count) => {
      if (count < 3) {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('{"kind":');
        setImmediate(() => request.socket.destroy());
      } else {
        sendJson(response, POD_OBJECT);
      }
    });
    const reader = readerFor(server.url);

    expect([(await reader.get(POD)).kind, reader.requestCount()]).toEqual(['found', 3]);
  });

  test('end when every connection breaks', async () => {
    const server = await startApiServer((request) => request.socket.destroy());

    expect(await readerFor(server.url).get(POD)).toMatchObject({
      why: 'unavailable',
      message: expect.stringMatching(/ closed the connection before its answer was complete$/),
    });
  });

  test.each([400, 401, 403, 404, 405, 409, 422])('are not made after %i', async (status) => {
    const server = await startApiServer((_request, response) => sendStatus(response, status, 'no'));
    const reader = readerFor(server.url);

    await reader.get(POD);

    expect(reader.requestCount()).toBe(1);
  });
});

describe('refusals', () => {
  test.each([
    [401, 'Unauthorized', 'unauthorized', / does not accept the credentials$/],
    [403, 'pods "web-0" is forbidden', 'forbidden', /; the missing permission is `get pods`$/],
    [403, 'User "system:anonymous" cannot get', 'unauthorized', /treats the request as anonymous/],
    [422, 'no such thing', 'invalid', / answered 422: no such thing$/],
    [504, 'etcd timed out', 'timeout', / answered 504: etcd timed out$/],
  ])('%i "%s" is %s', async (status, message, why, words) => {
    const server = await startApiServer((_request, response) => sendStatus(response, status, message));

    expect(await readerFor(server.url).get(POD)).toEqual({
      kind: 'unreadable',
      why,
      message: expect.stringMatching(words),
    });
  });

  test('404 with a Status is the proof that an object does not exist', async () => {
    const server = await startApiServer((_request, response) => sendStatus(response, 404, 'pods "web-0" not found'));

    expect(await readerFor(server.url).get(POD)).toEqual({ kind: 'missing', message: 'pods "web-0" not found' });
  });

  test('messages lose what a terminal would obey', async () => {
    const server = await startApiServer((_request, response) => sendStatus(response, 404, 'no\u001b[2J pod\u0007'));

    expect(await readerFor(server.url).get(POD)).toEqual({ kind: 'missing', message: 'no pod\\u{7}' });
  });
});

describe('answers that are not Kubernetes', () => {
  const HTML = '<!DOCTYPE html><html><body>Sign in</body></html>';

  test.each([
    [200, HTML, 'text/html', / answered with a web page$/],
    [404, HTML, 'text/html', / answered 404 with a web page instead of a Kubernetes answer$/],
    [403, HTML, 'text/html', / answered 403 with a web page instead of a Kubernetes answer$/],
    [404, '404 page not found\n', 'text/plain', / answered 404 with something instead of a Kubernetes answer$/],
    [302, '', 'text/plain', /a redirect, as log-in pages do/],
    [200, '{"kind":"Pod","metadata":', 'application/json', / answered with something that is not JSON$/],
    [200, '', 'application/json', / answered with something that is not JSON$/],
    [200, '"pod"', 'application/json', / answered with something that is not JSON$/],
    [200, '{"hello":"world"}', 'application/json', / answered with something that is no object$/],
    [200, '\u0000\u0001\u0002', 'application/octet-stream', / answered with something that is not JSON$/],
  ])('%i %j', async (status, body, type, words) => {
    const server = await startApiServer((_request, response) => {
      response.writeHead(status, { 'content-type': type });
      response.end(body);
    });

    expect(await readerFor(server.url).get(POD)).toEqual({
      kind: 'unreadable',
      why: 'invalid',
      message: expect.stringMatching(words),
    });
  });

  test('an object or a list without content', async () => {
    const server = await startApiServer((_request, response) => response.writeHead(204).end());
    const reader = readerFor(server.url);

    const results = [await reader.get(POD), await reader.list(PODS)];

    const words = expect.stringMatching(/: the API server answered 204: no content$/);
    const invalid = { kind: 'unreadable', why: 'invalid', message: words };
    expect(results).toEqual([invalid, invalid]);
  });

  test('a list without items', async () => {
    const server = await startApiServer((_request, response) =>
      sendJson(response, { kind: 'PodList', metadata: {}, items: 'none' }),
    );

    expect(await readerFor(server.url).list(PODS)).toMatchObject({ kind: 'unreadable', why: 'invalid' });
  });

  test('a list whose items are null is empty', async () => {
    const server = await startApiServer((_request, response) =>
      sendJson(response, { kind: 'PodList', metadata: {}, items: null }),
    );

    expect(await readerFor(server.url).list(PODS)).toEqual({ kind: 'found', objects: [], truncated: false });
  });

  test('a server that speaks no HTTP', async () => {
    const server = await startApiServer((request) => request.socket.end('SSH-2.0-OpenSSH\r\n'));

    expect(await readerFor(server.url).get(POD)).toMatchObject({
      why: 'invalid',
      message: expect.stringMatching(/ answers something that is not HTTP$/),
    });
  });
});

describe('unreachable servers', () => {
  test('nothing listens', async () => {
    const server = await startApiServer(() => {});
    const closed = createServer();
    await new Promise<void>((resolve) => {
      closed.listen(0, '127.0.0.1', resolve);
    });
    const address = closed.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    await new Promise((resolve) => {
      closed.close(resolve);
    });

    const result = await readerFor(server.url.replace(String(server.port), String(port))).get(POD);

    expect(result).toEqual({
      kind: 'unreadable',
      why: 'unavailable',
      message: `could not read Pod web-0 in namespace shop: the API server at 127.0.0.1:${port} refuses connections: nothing listens there`,
    });
  });

  test('DNS does not know the name; a user in the address is not shown', async () => {
    const result = await readerFor('https://me:hunter2@api.kubewhy.invalid:6443').get(POD);

    expect(result).toMatchObject({
      why: 'unavailable',
      message: expect.stringMatching(/the API server at api\.kubewhy\.invalid:6443 cannot be found: DNS /),
    });
    expect(JSON.stringify(result)).not.toContain('hunter2');
  });
});

describe('lists', () => {
  test('are read page by page', async () => {
    const server = await startApiServer((request, response) => {
      const { continue: token } = queryOf(request.url);
      sendJson(response, token === undefined ? pods(['a', 'b'], 'next') : pods(['c']));
    });
    const reader = readerFor(server.url);

    const result = await reader.list({
      ...PODS,
      labelSelector: 'app=web',
      fieldSelector: 'status.phase=Running',
      limit: 600,
    });

    expect(result).toMatchObject({ kind: 'found', truncated: false });
    expect(result.kind === 'found' && result.objects.map(({ kind, apiVersion }) => [kind, apiVersion])).toEqual([
      ['Pod', 'v1'],
      ['Pod', 'v1'],
      ['Pod', 'v1'],
    ]);
    const selectors = { labelSelector: 'app=web', fieldSelector: 'status.phase=Running' };
    expect(server.requests.map(({ url }) => queryOf(url))).toEqual([
      { ...selectors, limit: '500' },
      { ...selectors, limit: '500', continue: 'next' },
    ]);
    expect(reader.requestCount()).toBe(2);
  });

  test('begin again once when the server has forgotten the first page', async () => {
    const server = await startApiServer((request, response, count) => {
      const { continue: token } = queryOf(request.url);
      if (token === undefined) {
        sendJson(response, count === 1 ? pods(['deleted', 'b'], 'old') : pods(['b'], 'new'));
      } else if (token === 'old') {
        sendStatus(response, 410, 'the provided continue parameter is too old');
      } else {
        sendJson(response, pods(['c']));
      }
    });

    const result = await readerFor(server.url).list(PODS);

    expect(result).toMatchObject({
      objects: [{ metadata: { name: 'b' } }, { metadata: { name: 'c' } }],
      truncated: false,
    });
    expect(server.requests).toHaveLength(4);
  });

  test('end when the server forgets every time', async () => {
    const server = await startApiServer((request, response) =>
      queryOf(request.url)['continue'] === undefined
        ? sendJson(response, pods(['a'], 'x'))
        : sendStatus(response, 410, 'too old'),
    );
    const reader = readerFor(server.url);

    expect(await reader.list(PODS)).toMatchObject({ kind: 'unreadable', why: 'invalid' });
    expect(reader.requestCount()).toBe(4);
  });

  test('of a server that ignores the limit are cut', async () => {
    const server = await startApiServer((_request, response) => sendJson(response, pods(['a', 'b', 'c'])));

    expect(await readerFor(server.url).list({ ...PODS, limit: 2 })).toMatchObject({
      objects: [{}, {}],
      truncated: true,
    });
  });

  test('larger than 64 MiB are not read', async () => {
    const server = await startApiServer((_request, response) => endless(response));

    expect(await readerFor(server.url, { requestTimeoutMs: 30_000, deadlineMs: 60_000 }).list(PODS)).toMatchObject({
      why: 'invalid',
      message: expect.stringMatching(/ is larger than Kubewhy reads$/),
    });
  });
});

describe('logs', () => {
  test('are limited by the server', async () => {
    const server = await startApiServer((_request, response) => response.end('started\n'));

    const result = await readerFor(server.url).logs({ ...LOG, previous: true });

    expect(result).toEqual({ kind: 'found', text: 'started\n' });
    expect(server.requests[0]?.url).toBe(
      '/api/v1/namespaces/shop/pods/web-0/log?container=app&tailLines=200&limitBytes=524288&previous=true',
    );
  });

  test('of a server that ignores the limit are not read', async () => {
    const server = await startApiServer((_request, response) => endless(response));

    expect(await readerFor(server.url, { requestTimeoutMs: 30_000, deadlineMs: 60_000 }).logs(LOG)).toMatchObject({
      kind: 'unreadable',
      why: 'invalid',
    });
  });

  test('keep their end and begin with a whole line', async () => {
    const lines = Array.from({ length: 3000 }, (_, index) => `${index} ${'x'.repeat(40)}`);
    const server = await startApiServer((_request, response) => response.end(`${lines.join('\n')}\n`));

    const result = await readerFor(server.url).logs(LOG);
    const text = result.kind === 'found' ? result.text : '';

    expect(text.length).toBeLessThanOrEqual(64 * 1024);
    expect(text).toMatch(/^\d+ x{40}\n/);
    expect(text.endsWith(`${lines.at(-1)}\n`)).toBe(true);
  });

  test('are asked for with fewer lines when the server cut the newest ones', async () => {
    const server = await startApiServer((request, response) => {
      response.end(queryOf(request.url)['tailLines'] === '200' ? 'old\n'.repeat(131_072) : 'newest\n');
    });
    const reader = readerFor(server.url);

    expect(await reader.logs(LOG)).toEqual({ kind: 'found', text: 'newest\n' });
    expect(reader.requestCount()).toBe(2);
  });

  test('may hold any bytes', async () => {
    const server = await startApiServer((_request, response) =>
      response.end(Buffer.from([0x61, 0xff, 0x00, 0xc3, 0x28, 0x0a])),
    );

    expect(await readerFor(server.url).logs(LOG)).toEqual({ kind: 'found', text: 'a\ufffd\u0000\ufffd(\n' });
  });

  test.each([
    [400, 'previous terminated container "app" in pod "web-0" not found'],
    [400, 'container "app" in pod "web-0" is waiting to start: ContainerCreating'],
    [400, 'container app is not valid for pod web-0'],
    [404, 'pods "web-0" not found'],
  ])('are missing: %i %s', async (status, message) => {
    const server = await startApiServer((_request, response) => sendStatus(response, status, message));

    expect(await readerFor(server.url).logs(LOG)).toEqual({ kind: 'missing', message });
  });

  test.each([
    'unable to retrieve container logs for containerd://0123',
    'failed to try resolving symlinks in path "/var/log/pods/x/0.log": lstat /var/log/pods/x/0.log: no such file or directory\n',
  ])('are missing when the node says so in place of the log: %s', async (text) => {
    const server = await startApiServer((_request, response) => response.end(text));

    expect(await readerFor(server.url).logs(LOG)).toEqual({
      kind: 'missing',
      message: 'the node no longer keeps this log',
    });
  });

  test('are missing without a word before the pod has a node', async () => {
    const server = await startApiServer((_request, response) => response.writeHead(204).end());

    expect(await readerFor(server.url).logs(LOG)).toEqual({
      kind: 'missing',
      message: 'the pod has no node yet, so it has no log',
    });
  });

  test('are unreadable when the API server cannot reach the node', async () => {
    const message =
      'Get "https://10.0.0.7:10250/containerLogs/shop/web-0/app": dial tcp 10.0.0.7:10250: connect: connection refused';
    const server = await startApiServer((_request, response) => sendStatus(response, 500, message));

    expect(await readerFor(server.url).logs(LOG)).toMatchObject({
      why: 'unavailable',
      message: expect.stringContaining('connection refused'),
    });
  });

  test('are unreadable for other errors', async () => {
    const server = await startApiServer((_request, response) =>
      sendStatus(response, 400, 'a container name must be specified'),
    );

    expect(await readerFor(server.url).logs(LOG)).toMatchObject({ kind: 'unreadable', why: 'invalid' });
  });
});

/** 100 MiB, as far as they are taken. */
function endless(response: NodeJS.WritableStream): void {
  const chunk = Buffer.alloc(1024 * 1024, 'x');
  let left = 100;
  const more = (): void => {
    while (left > 0) {
      left -= 1;
      if (!response.write(chunk)) {
        response.once('drain', more);
        return;
      }
    }
    response.end();
  };
  response.on('error', () => {});
  more();
}
