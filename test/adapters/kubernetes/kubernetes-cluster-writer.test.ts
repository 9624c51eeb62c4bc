import { writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ClusterEvent, ClusterWriter, WriteRequest } from '../../../src/ports/cluster-writer.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';
import {
  type ApiServer,
  type Handler,
  openTestCluster,
  sendJson,
  sendStatus,
  startApiServer,
  temporaryFolder,
  writeKubeconfig,
} from './api-server.ts';

const REAL = { dryRun: false, remediation: 'm-0123456789abcdef' };
const TRIED = { ...REAL, dryRun: true };
const BODY = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid: 'u-1' } };
const DELETION: WriteRequest = {
  verb: 'delete',
  path: ['api', 'v1', 'namespaces', 'shop', 'pods', 'web-0'],
  contentType: 'application/json',
  body: BODY,
  dryRunBody: { ...BODY, dryRun: ['All'] },
};
const CORDON: WriteRequest = {
  verb: 'patch',
  path: ['api', 'v1', 'nodes', 'node-1'],
  contentType: 'application/merge-patch+json',
  body: { spec: { unschedulable: true } },
};
const RIGHT = { verb: 'delete', group: '', resource: 'pods', subresource: '', namespace: 'shop', name: 'web-0' };
const ANN = { user: 'ann', groups: ['dev'] };

/** A request with its body, which the handler of a test must read itself. */
async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) {
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

function writerFor(
  { url }: Pick<ApiServer, 'url'>,
  options: { readonly user?: object; readonly logger?: RecordingLogger; readonly writeTimeoutMs?: number } = {},
): ClusterWriter {
  const { user, logger = new RecordingLogger(), ...rest } = options;
  const kubeconfig = writeKubeconfig(url, user === undefined ? {} : { user });
  return openTestCluster({ kubeconfig, ...rest }).writer(logger);
}

async function answered(handler: Handler): Promise<{ readonly server: ApiServer; readonly writer: ClusterWriter }> {
  const server = await startApiServer(handler);
  return { server, writer: writerFor(server, { writeTimeoutMs: 300 }) };
}

describe('what is sent', () => {
  test('names the executor, the change and the field manager', async () => {
    const bodies: Promise<unknown>[] = [];
    const { server, writer } = await answered((request, response) => {
      bodies.push(bodyOf(request));
      sendJson(response, { kind: 'Node' });
    });

    await writer.send(CORDON, REAL);
    await writer.send(CORDON, TRIED);

    expect(server.requests.map(({ method, url, headers }) => [method, url, headers['content-type']])).toEqual([
      ['PATCH', '/api/v1/nodes/node-1?fieldManager=kubewhy', 'application/merge-patch+json'],
      ['PATCH', '/api/v1/nodes/node-1?fieldManager=kubewhy&dryRun=All', 'application/merge-patch+json'],
    ]);
    expect(server.requests[0]?.headers['user-agent']).toBe('kubewhy-executor (m-0123456789abcdef)');
    expect(await Promise.all(bodies)).toEqual([CORDON.body, CORDON.body]);
  });

  test('of a delete is told in its body whether it is a trial', async () => {
    const bodies: Promise<unknown>[] = [];
    const { server, writer } = await answered((request, response) => {
      bodies.push(bodyOf(request));
      sendJson(response, { kind: 'Pod' });
    });

    await writer.send(DELETION, REAL);
    await writer.send(DELETION, TRIED);

    const path = '/api/v1/namespaces/shop/pods/web-0';
    expect(server.requests.map(({ method, url }) => [method, url])).toEqual([
      ['DELETE', path],
      ['DELETE', `${path}?dryRun=All`],
    ]);
    expect(await Promise.all(bodies)).toEqual([DELETION.body, DELETION.dryRunBody]);
  });

  test.each([[['All', 'All']], ['All'], [[]], [['all']]])(
    'is never a delete whose trial is marked as %j',
    async (dryRun) => {
      const { server, writer } = await answered((_request, response) => sendJson(response, {}));

      const result = await writer.send({ ...DELETION, dryRunBody: { ...BODY, dryRun } }, TRIED);

      expect([result.kind, server.requests.length]).toEqual(['refused', 0]);
    },
  );

  test('does not carry a remediation that could be something else', async () => {
    const { server, writer } = await answered((_request, response) => sendJson(response, {}));

    await writer.send(CORDON, { ...REAL, remediation: 'x\r\nauthorization: y' });

    expect(server.requests[0]?.headers['user-agent']).toBe('kubewhy-executor');
  });
});

describe('an answer', () => {
  test.each<[string, (response: ServerResponse) => void, object]>([
    ['200', (response) => sendJson(response, { kind: 'Node' }), { kind: 'done', status: 200 }],
    ['201', (response) => sendJson(response, { kind: 'Status' }, 201), { kind: 'done', status: 201 }],
    ['a web page with 200', (response) => page(response, 200), { kind: 'unknown' }],
    ['nothing with 200', (response) => void response.writeHead(200).end(), { kind: 'unknown' }],
    ['409', (response) => sendStatus(response, 409, 'changed'), { kind: 'refused', status: 409, message: 'changed' }],
    ['429', (response) => sendStatus(response, 429, 'later'), { kind: 'refused', status: 429 }],
    ['a web page with 403', (response) => page(response, 403), { kind: 'refused', status: 403, reason: '' }],
    ['408 of a proxy', (response) => page(response, 408), { kind: 'unknown' }],
    ['a redirect', (response) => void response.writeHead(302, { location: '/' }).end(), { kind: 'unknown' }],
    ['500', (response) => sendStatus(response, 500, 'broken'), { kind: 'unknown' }],
    ['502 of a proxy', (response) => page(response, 502), { kind: 'unknown' }],
    ['503', (response) => sendStatus(response, 503, 'away', { 'retry-after': '1' }), { kind: 'unknown' }],
    ['504', (response) => sendStatus(response, 504, 'slow'), { kind: 'unknown' }],
  ])('of %s is what it is, and is not asked for again', async (_what, answer, expected) => {
    const { server, writer } = await answered((_request, response) => answer(response));

    const result = await writer.send(CORDON, REAL);

    expect(result).toMatchObject(expected);
    expect(server.requests.length).toBe(1);
  });

  test('that does not come leaves it unknown', async () => {
    const { server, writer } = await answered(() => undefined);

    const result = await writer.send(CORDON, REAL);

    expect(result).toEqual({ kind: 'unknown', message: expect.stringContaining('did not answer within 300 ms') });
    expect(server.requests.length).toBe(1);
  });

  test.each<[string, (response: ServerResponse) => void]>([
    ['before it', (response) => void response.socket?.destroy()],
    [
      'in the middle of it',
      (response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('{"kind":', () => response.socket?.destroy());
      },
    ],
  ])('that breaks off %s leaves it unknown', async (_when, answer) => {
    const { server, writer } = await answered((_request, response) => answer(response));

    const result = await writer.send(CORDON, REAL);

    expect(result).toMatchObject({ kind: 'unknown', message: expect.stringContaining('closed the connection') });
    expect(server.requests.length).toBe(1);
  });

  test('is bounded and safe to print', async () => {
    const { writer } = await answered((_request, response) => {
      sendStatus(response, 409, `\u001b[31m\u202e${'x'.repeat(5000)}`);
    });

    const result = await writer.send(CORDON, REAL);

    expect(result.kind === 'refused' && result.message).toMatch(/^\\u\{202e\}x+…$/);
    expect(result.kind === 'refused' && result.message.length).toBeLessThanOrEqual(500);
  });

  test('of a server that is not there means that nothing was sent', async () => {
    const result = await writerFor({ url: 'https://127.0.0.1:9' }).send(CORDON, REAL);

    expect(result).toMatchObject({ kind: 'refused', status: 0, reason: 'NotSent' });
  });
});

describe('credentials that are not accepted', () => {
  const rotating = (): { readonly user: object; readonly rotate: () => void } => {
    const file = join(temporaryFolder(), 'token');
    writeFileSync(file, 'old');
    return { user: { tokenFile: file }, rotate: () => writeFileSync(file, 'new') };
  };
  const onlyNew: Handler = (request, response) => {
    if (request.headers.authorization === 'Bearer new') {
      sendJson(response, { kind: 'Node' });
    } else {
      sendStatus(response, 401, 'Unauthorized');
    }
  };

  test('are renewed for a trial', async () => {
    const server = await startApiServer(onlyNew);
    const { user, rotate } = rotating();
    const writer = writerFor(server, { user });
    await writer.send(CORDON, TRIED);
    rotate();

    const result = await writer.send(CORDON, TRIED);

    expect(result.kind).toBe('done');
  });

  test('are a refusal of the real thing, which is not sent again', async () => {
    const server = await startApiServer(onlyNew);
    const { user, rotate } = rotating();
    const writer = writerFor(server, { user });

    const first = await writer.send(CORDON, REAL);
    rotate();
    const second = await writer.send(CORDON, REAL);

    expect([first, second]).toMatchObject([{ kind: 'refused', status: 401 }, { kind: 'done' }]);
    expect(server.requests.length).toBe(2);
  });

  test('that cannot be read mean that nothing was sent', async () => {
    const server = await startApiServer(onlyNew);
    const writer = writerFor(server, { user: { tokenFile: '/none/such' } });

    const result = await writer.send(CORDON, REAL);

    expect(result).toMatchObject({ kind: 'refused', status: 0, reason: 'NotSent' });
    expect(server.requests.length).toBe(0);
  });
});

describe('what a person may do', () => {
  const told = async (status: unknown): Promise<unknown> => {
    const { writer } = await answered((_request, response) => sendJson(response, { status }, 201));
    return writer.mayUser(ANN, RIGHT);
  };

  test('is asked as the executor', async () => {
    const bodies: Promise<unknown>[] = [];
    const { server, writer } = await answered((request, response) => {
      bodies.push(bodyOf(request));
      sendJson(response, { status: { allowed: true, reason: 'RBAC: \u001b[1mallowed' } }, 201);
    });

    const answer = await writer.mayUser(ANN, RIGHT);

    expect(answer).toEqual({ kind: 'known', allowed: true, reason: 'RBAC: allowed' });
    expect(await Promise.all(bodies)).toEqual([
      {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SubjectAccessReview',
        spec: { ...ANN, resourceAttributes: RIGHT },
      },
    ]);
    expect(server.requests[0]?.headers['user-agent']).toBe('kubewhy-executor');
  });

  test('cannot be told without credentials of our own', async () => {
    const writer = writerFor({ url: 'https://127.0.0.1:9' }, { user: { tokenFile: '/none/such' } });

    const answer = await writer.mayUser(ANN, RIGHT);

    expect(answer).toMatchObject({ kind: 'unreadable', why: 'unauthorized' });
  });

  test.each<[unknown, object]>([
    [{ allowed: false }, { kind: 'known', allowed: false }],
    [
      { allowed: false, denied: true, reason: 'no' },
      { kind: 'known', allowed: false, reason: 'no' },
    ],
    [
      { allowed: true, evaluationError: 'a webhook is away' },
      { kind: 'known', allowed: true },
    ],
    [
      { allowed: false, evaluationError: 'a webhook is away' },
      { kind: 'unreadable', why: 'unavailable' },
    ],
    [
      { allowed: true, denied: true },
      { kind: 'unreadable', why: 'invalid' },
    ],
    [{ allowed: 'true' }, { kind: 'unreadable', why: 'invalid' }],
    [{}, { kind: 'unreadable', why: 'invalid' }],
    [undefined, { kind: 'unreadable', why: 'invalid' }],
  ])('of %j is %j', async (status, expected) => {
    expect(await told(status)).toMatchObject(expected);
  });
});

describe('an event', () => {
  const EVENT: ClusterEvent = {
    remediation: 'm-1',
    involved: { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web-0', uid: 'u-1' },
    type: 'Warning',
    reason: 'RemediationFailed',
    message: 'It did not help.',
  };

  test.each<[string, Handler]>([
    ['refused', (_request, response) => sendStatus(response, 403, 'no')],
    ['not answered with JSON', (_request, response) => page(response, 404)],
  ])('that is %s is only logged', async (_how, handler) => {
    const logger = new RecordingLogger();
    const server = await startApiServer(handler);

    await writerFor(server, { logger }).event(EVENT);

    expect(logger.lines).toMatchObject([
      { level: 'warn', message: 'event not written', fields: { remediation: 'm-1', reason: 'RemediationFailed' } },
    ]);
  });

  test('that cannot even be sent is only logged', async () => {
    const logger = new RecordingLogger();

    await writerFor({ url: 'https://127.0.0.1:9' }, { logger, user: { tokenFile: '/none/such' } }).event(EVENT);

    expect(logger.lines.map(({ message }) => message)).toEqual(['event not written']);
  });
});

function page(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'text/html' });
  response.end('<html>hello</html>');
}
