import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { type App, HTTPReceiver } from '@slack/bolt';
import { KubewhyError } from '../../../core/errors/kubewhy-error.ts';
import type { Logger } from '../../../ports/logger.ts';
import type { Metrics } from '../../../ports/metrics.ts';
import { createSlackLogger } from '../slack-logger.ts';
import { isDeliveryBody } from './delivery-body.ts';
import { createRareWarning, type RareWarning } from './rare-warning.ts';
import { readBody } from './read-body.ts';
import type { ReplayGuard } from './replay-guard.ts';
import { type SignatureProblem, signatureProblem } from './signature.ts';
import type { SlackReceiver } from './slack-receiver.ts';

/** Where the public server listens, and whom it believes. */
export interface HttpReceiverOptions {
  readonly port: number;
  /** All interfaces when absent. */
  readonly host?: string;
  /** The signing secret; during a rotation the new and the old one. */
  readonly signingSecrets: readonly string[];
  readonly replays: ReplayGuard;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

interface ReceiverDeps extends HttpReceiverOptions {
  /** About requests that nobody has signed yet. */
  readonly warn: RareWarning;
}

/** A receiver that also tells where it listens. */
export interface HttpSlackReceiver extends SlackReceiver {
  /** The port once started; another than asked for when that was 0. */
  port(): number;
}

const PATH = '/slack/events';
const LONGEST_BODY = 1024 * 1024;
const CLOSE_MS = 1000;
const FORM = 'application/x-www-form-urlencoded';

/** The public server: takes only signed, fresh, first-time POSTs to `/slack/events` and hands them to Bolt. */
export function createHttpReceiver(options: HttpReceiverOptions): HttpSlackReceiver {
  // The request was verified before Bolt sees it: against several secrets, both ways in time, and against replays.
  const bolt = new HTTPReceiver({
    signingSecret: '',
    signatureVerification: false,
    endpoints: PATH,
    logger: createSlackLogger(options.logger),
    processEventErrorHandler: ({ response }) => Promise.resolve(answerAtLeast(response)),
  });
  const deps = { ...options, warn: createRareWarning(options.logger, options.now ?? Date.now) };
  let refusing = false;
  const server = createServer((request, response) => {
    if (refusing) {
      finish(response, 503);
      return;
    }
    takeRequest(deps, bolt.requestListener, request, response).catch((error: unknown) => {
      deps.warn('A request to the public server broke off', { error });
      answerAtLeast(response);
    });
  });
  server.requestTimeout = 10_000;
  server.headersTimeout = 10_000;
  server.maxConnections = 500;

  return {
    init: (app: App) => bolt.init(app),
    start: () => listen(server, options),
    refuseNew() {
      refusing = true;
      server.close();
    },
    stop: () => close(server),
    status: () =>
      server.listening && !refusing
        ? { healthy: true, detail: `listening on port ${portOf(server)}` }
        : { healthy: false, detail: 'the public server does not listen' },
    port: () => portOf(server),
  };
}

async function takeRequest(
  deps: ReceiverDeps,
  listener: RequestListener,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'POST' || request.url?.split('?')[0] !== PATH) {
    finish(response, 404);
    return;
  }
  const body = await readBody(request, LONGEST_BODY);
  if (body === 'too-large') {
    refuse(deps, response, 413, 'too-large');
    return;
  }
  const signature = headerOf(request, 'x-slack-signature') ?? '';
  const problem = problemOf(deps, request, body);
  if (problem !== undefined) {
    refuse(deps, response, 401, problem);
  } else if (await deps.replays.firstTime(signature)) {
    forgetUnlessAccepted(deps.replays, signature, response);
    handOver(deps, listener, { request, response, body });
  } else {
    deps.metrics.count('duplicates_total', { kind: 'request' });
    finish(response, 200);
  }
}

function problemOf(options: HttpReceiverOptions, request: IncomingMessage, body: Buffer): SignatureProblem | undefined {
  const timestamp = headerOf(request, 'x-slack-request-timestamp');
  const signature = headerOf(request, 'x-slack-signature');
  return signatureProblem({ timestamp, signature, body }, options.signingSecrets, options.now?.() ?? Date.now());
}

function handOver(
  deps: ReceiverDeps,
  listener: RequestListener,
  taken: { readonly request: IncomingMessage; readonly response: ServerResponse; readonly body: Buffer },
): void {
  const { request, response, body } = taken;
  // Proxies add a charset; Bolt compares the whole header.
  if (request.headers['content-type']?.startsWith(FORM)) {
    request.headers['content-type'] = FORM;
  }
  if (!isDeliveryBody(body, request.headers['content-type'] === FORM)) {
    refuse(deps, response, 400, 'malformed');
    return;
  }
  listener(Object.assign(request, { rawBody: body }), response);
}

/** Slack delivers again what was not answered with 2xx; that must not be taken for a replay. */
function forgetUnlessAccepted(replays: ReplayGuard, signature: string, response: ServerResponse): void {
  response.once('close', () => {
    if (!response.writableFinished || response.statusCode >= 300) {
      replays.forget(signature);
    }
  });
}

function refuse(deps: ReceiverDeps, response: ServerResponse, status: number, reason: string): void {
  deps.metrics.count('slack_requests_refused_total', { reason });
  deps.warn('A request to the public server was refused', { reason, status });
  response.setHeader('x-slack-no-retry', '1');
  finish(response, status);
}

function finish(response: ServerResponse, status: number): void {
  // The rest of a refused body is not read, so the connection cannot be used again.
  response.writeHead(status, status === 200 ? {} : { connection: 'close' });
  response.end();
}

function answerAtLeast(response: ServerResponse): boolean {
  if (!response.headersSent) {
    finish(response, 500);
  }
  return true;
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

async function listen(server: Server, { port, host }: HttpReceiverOptions): Promise<void> {
  const listening = Promise.withResolvers<void>();
  server.once('error', listening.reject);
  server.listen({ port, host }, listening.resolve);
  try {
    await listening.promise;
  } catch (cause) {
    throw new KubewhyError('CONFIG_INVALID', {
      message: `The public server cannot listen on port ${port}: ${cause instanceof Error ? cause.message : 'unknown'}.`,
      hint: 'Choose a free port, or stop the program that uses it.',
      cause,
    });
  }
}

/** Lets answers that are on their way out go, for at most a second. */
async function close(server: Server): Promise<void> {
  const closed = Promise.withResolvers<void>();
  server.close(() => closed.resolve());
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), CLOSE_MS);
  await closed.promise;
  clearTimeout(timer);
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
