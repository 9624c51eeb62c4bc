import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, send, TEXT } from './answer.ts';

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
  /** Answers whatever comes to `/alerts`, and never rejects; absent: this process takes no alerts. */
  readonly alerts?: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
}

export interface InternalServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves `/healthz` (the process lives), `/readyz` (everything it needs works), `/metrics`, and `/alerts` where it is taken.
 * Rejects when the port is taken.
 */
export async function startInternalServer(options: InternalServerOptions): Promise<InternalServer> {
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    void respond(request, response, options);
  };
  // A sender that asks before it sends a large body is told to only when the body is wanted.
  const server = createServer(handle).on('checkContinue', handle);
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

const ALERTS = '/alerts';

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
  if (options.alerts !== undefined && pathOf(request) === ALERTS) {
    await options.alerts(request, response);
    return;
  }
  const found = await answer(request, options).catch(() => ({ status: 500, type: TEXT, body: 'failed\n' }));
  send(response, found);
}

async function answer(request: IncomingMessage, { readiness, metrics }: InternalServerOptions): Promise<Answer> {
  if (pathOf(request) === ALERTS) {
    return { status: 404, type: TEXT, body: 'this process takes no alerts; send them to a gateway\n' };
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return { status: 405, type: TEXT, body: 'only GET\n' };
  }
  switch (pathOf(request)) {
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

function pathOf({ url }: IncomingMessage): string {
  return url?.split('?')[0] ?? '';
}

function readinessAnswer(parts: readonly Readiness[]): Answer {
  const lines = parts.map(
    ({ name, ok, detail }) => `${ok ? 'ok    ' : 'failed'} ${name}${detail === undefined ? '' : `: ${detail}`}\n`,
  );
  return { status: parts.every(({ ok }) => ok) ? 200 : 503, type: TEXT, body: lines.join('') };
}
