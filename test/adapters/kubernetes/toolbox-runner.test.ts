import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import type { RunbookRunner, RunbookStep } from '../../../src/ports/runbook-runner.ts';
import { openTestCluster, sendJson, writeKubeconfig } from './api-server.ts';

const STEP: RunbookStep = { tool: 'rbd', args: ['lock', 'rm', 'rbd/vol-1', 'auto 1', 'client.1'] };
const READY = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
const DEPLOYMENT = { metadata: { name: 'tools' }, spec: { selector: { matchLabels: { app: 'tools' } } } };

function pod(
  name: string,
  more: { readonly created?: string; readonly deleted?: string; readonly status?: object } = {},
): object {
  const { created = '2026-01-01T00:00:00Z', deleted, status = READY } = more;
  return {
    metadata: { name, creationTimestamp: created, ...(deleted === undefined ? {} : { deletionTimestamp: deleted }) },
    status,
  };
}

/** What the container does with a command. */
type Talk = (socket: WebSocket) => void;

function say(socket: WebSocket, channel: number, text: string): void {
  socket.send(Buffer.concat([Buffer.from([channel]), Buffer.from(text)]));
}

function end(socket: WebSocket, status: object): void {
  say(socket, 3, JSON.stringify({ metadata: {}, ...status }));
  socket.close();
}

interface Options {
  readonly pods?: readonly object[];
  readonly deployment?: object | undefined;
  readonly talk?: Talk;
  /** Answers the upgrade itself with this status. */
  readonly refuse?: number;
  readonly timeoutMs?: number;
  readonly container?: string;
}

/** An API server with one Deployment, and a toolbox runner for it. */
async function toolbox(
  options: Options = {},
): Promise<{ readonly runner: RunbookRunner; readonly execs: IncomingMessage[] }> {
  const { pods = [pod('tools-1')], deployment = DEPLOYMENT, talk = succeed, refuse } = options;
  const execs: IncomingMessage[] = [];
  const server = createServer((request, response) => answer(request, response, { pods, deployment }));
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: (asked) => [...asked][0] ?? false });
  server.on('upgrade', (request, socket, head) => {
    execs.push(request);
    if (refuse !== undefined) {
      socket.end(`HTTP/1.1 ${refuse} No\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, talk);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const kubeconfig = writeKubeconfig(`http://127.0.0.1:${port}`);
  const { timeoutMs = 5000, container } = options;
  const runner = openTestCluster({ kubeconfig }).toolbox({
    namespace: 'rook-ceph',
    deployment: 'tools',
    timeoutMs,
    ...(container === undefined ? {} : { container }),
  });
  return { runner, execs };
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { pods, deployment }: { readonly pods: readonly object[]; readonly deployment: object },
): void {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
  if (pathname === '/apis/apps/v1/namespaces/rook-ceph/deployments/tools') {
    const isThere = Object.keys(deployment).length > 0;
    sendJson(
      response,
      isThere ? { kind: 'Deployment', ...deployment } : { kind: 'Status', message: 'not found', reason: 'NotFound' },
      isThere ? 200 : 404,
    );
    return;
  }
  const isList = pathname === '/api/v1/namespaces/rook-ceph/pods' && searchParams.get('labelSelector') === 'app=tools';
  sendJson(
    response,
    isList ? { kind: 'PodList', metadata: {}, items: pods } : { kind: 'Status', message: 'what' },
    isList ? 200 : 400,
  );
}

const succeed: Talk = (socket) => {
  say(socket, 1, '{"watch');
  say(socket, 2, 'a warning\n');
  say(socket, 1, 'ers":[]}\n');
  end(socket, { status: 'Success' });
};

describe('a step in a toolbox', () => {
  it('runs in the container with its arguments one by one, and both its streams are told', async () => {
    const { runner, execs } = await toolbox({ container: 'tools' });

    const output = await runner.run(STEP);

    const { pathname, searchParams } = new URL(execs[0]?.url ?? '', 'http://x');
    expect(output).toEqual({ kind: 'ended', exitCode: 0, stdout: '{"watchers":[]}\n', stderr: 'a warning\n' });
    expect(pathname).toBe('/api/v1/namespaces/rook-ceph/pods/tools-1/exec');
    expect([...searchParams]).toEqual([
      ['stdout', 'true'],
      ['stderr', 'true'],
      ['container', 'tools'],
      ['command', 'rbd'],
      ['command', 'lock'],
      ['command', 'rm'],
      ['command', 'rbd/vol-1'],
      ['command', 'auto 1'],
      ['command', 'client.1'],
    ]);
    expect(execs[0]?.headers).toMatchObject({
      authorization: 'Bearer test-token',
      'sec-websocket-protocol': 'v5.channel.k8s.io',
    });
    expect(runner.place).toBe('toolbox rook-ceph/tools');
  });

  it('tells the exit code', async () => {
    const { runner } = await toolbox({
      talk: (socket) => {
        say(socket, 2, 'rbd: releasing lock failed: (2) No such file or directory\n');
        const causes = [{ reason: 'ExitCode', message: '2' }];
        end(socket, { status: 'Failure', reason: 'NonZeroExitCode', message: 'exit code 2', details: { causes } });
      },
    });

    expect(await runner.run(STEP)).toEqual({
      kind: 'ended',
      exitCode: 2,
      stdout: '',
      stderr: 'rbd: releasing lock failed: (2) No such file or directory\n',
    });
  });

  it.each<[string, Talk, string]>([
    ['the connection breaks', (socket) => socket.terminate(), 'the connection ended before the command did'],
    ['it is closed without a result', (socket) => socket.close(), 'the connection ended before the command did'],
    [
      'the runtime fails',
      (socket) => end(socket, { status: 'Failure', message: 'error dialing backend' }),
      'error dialing backend',
    ],
    ['it prints without end', (socket) => say(socket, 1, 'x'.repeat(300_000)), 'the connection to 127.0.0.1'],
    ['it does not end', () => {}, 'it did not end within 0.3 s'],
  ])('has an unknown effect when %s', async (what, talk, message) => {
    const { runner } = await toolbox({ talk, timeoutMs: what === 'it does not end' ? 300 : 5000 });

    expect(await runner.run(STEP)).toEqual({ kind: 'unknown', message: expect.stringContaining(message) });
  });

  it.each<[string, Options, string]>([
    ['the API server refuses it', { refuse: 403 }, 'answered 403'],
    ['there is no Deployment', { deployment: {} }, 'not found'],
    ['the Deployment selects nothing', { deployment: { metadata: { name: 'tools' }, spec: {} } }, 'selects no pods'],
    ['it has no pod', { pods: [] }, 'has no Ready pod'],
    [
      'its pods are not Ready',
      { pods: [pod('a', { status: {} }), pod('b', { deleted: '2026-01-02T00:00:00Z' })] },
      'has no Ready pod',
    ],
  ])('was certainly not run when %s', async (_what, options, reason) => {
    const { runner } = await toolbox(options);

    expect(await runner.run(STEP)).toMatchObject({
      kind: 'ended',
      exitCode: 126,
      stderr: expect.stringContaining(reason),
    });
  });

  it('goes to the oldest Ready pod', async () => {
    const pods = [
      pod('new', { created: '2026-01-03T00:00:00Z' }),
      pod('old'),
      pod('ill', { created: '2025-01-01T00:00:00Z', status: {} }),
    ];
    const { runner, execs } = await toolbox({ pods });

    await runner.run(STEP);

    expect(execs.map(({ url }) => url?.split('?')[0])).toEqual(['/api/v1/namespaces/rook-ceph/pods/old/exec']);
  });

  it('is not sent when it is not on the list', async () => {
    const { runner, execs } = await toolbox();

    expect(await runner.run({ tool: 'rbd', args: ['rm', 'rbd/vol-1'] })).toMatchObject({ exitCode: 126 });
    expect(execs).toEqual([]);
  });
});
