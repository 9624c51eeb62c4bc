import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Whether something that the process needs works. */
export interface Readiness {
  readonly name: string;
  readonly ok: boolean;
  /** Without secrets: shown to everybody who can reach the port. */
  readonly detail?: string;
}

export interface InternalServerOptions {
  readonly port: number;
  readonly host: string;
  /** Never rejects. */
  readonly readiness: () => Promise<readonly Readiness[]>;
  readonly metrics: () => Promise<{ readonly type: string; readonly body: string }>;
}

export interface InternalServer {
  readonly port: number;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const TEXT = 'text/plain; charset=utf-8';

/** Serves `/healthz` (the process lives), `/readyz` (everything it needs works) and `/metrics`. Rejects when the port is taken. */
export async function startInternalServer(options: InternalServerOptions): Promise<InternalServer> {
  const server = createServer((request, response) => {
    void respond(request, response, options);
  });
  await listen(server, options);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, { port, host }: InternalServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      resolve();
    });
  });
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  options: InternalServerOptions,
): Promise<void> {
  const { status, type, body } = await answer(request, options).catch(() => ({
    status: 500,
    type: TEXT,
    body: 'failed\n',
  }));
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}

async function answer(request: IncomingMessage, { readiness, metrics }: InternalServerOptions): Promise<Answer> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return { status: 405, type: TEXT, body: 'only GET\n' };
  }
  switch (request.url?.split('?')[0]) {
    case '/healthz':
      return { status: 200, type: TEXT, body: 'ok\n' };
    case '/readyz':
      return readinessAnswer(await readiness());
    case '/metrics':
      return { status: 200, ...(await metrics()) };
    default:
      return { status: 404, type: TEXT, body: 'there are /healthz, /readyz and /metrics\n' };
  }
}

function readinessAnswer(parts: readonly Readiness[]): Answer {
  const lines = parts.map(
    ({ name, ok, detail }) => `${ok ? 'ok    ' : 'failed'} ${name}${detail === undefined ? '' : `: ${detail}`}\n`,
  );
  return { status: parts.every(({ ok }) => ok) ? 200 : 503, type: TEXT, body: lines.join('') };
}
