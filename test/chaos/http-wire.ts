import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { ChaosBot } from './chaos-bot.ts';
import type { Gate, Gates, Passing } from './gates.ts';

/** A request to an API server. */
export interface ApiRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  /** It is to change something for real; reviews and Events are none. */
  readonly isWrite: boolean;
  readonly bot: ChaosBot | undefined;
}

/** A change that the API server has made, as its answer says. */
export interface Effect {
  readonly at: number;
  readonly url: string;
  readonly uid: string;
  /** Out of the User-Agent. */
  readonly remediation: string;
}

/** What an API server does wrong with a request. */
export type ApiFault =
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'hang' }
  /** It is carried out, and the connection breaks instead of the answer. */
  | { readonly kind: 'reset-after' };

/** Where the API server is. */
export interface Upstream {
  readonly url: string;
  readonly ca?: string;
}

/** What all ways to the API server of a world share. */
export interface ApiSide {
  readonly gates: Gates;
  readonly upstream: Upstream;
  readonly effects: Effect[];
  /** What must not leave the bot. */
  readonly secret: string;
  /** How many answers held the secret. */
  secretsRead: number;
  /** Requests of a bot that held it. */
  readonly suspicious: string[];
  /** What is wrong with a request at this moment. */
  fault(request: ApiRequest): ApiFault | undefined;
}

/** A way to the API server on which requests can be held, refused and robbed of their answer. */
export interface ApiWire {
  readonly port: number;
  bot: ChaosBot | undefined;
  close(): void;
}

/** Passes the requests of one bot on. */
export async function startApiWire(side: ApiSide): Promise<ApiWire> {
  const wire: { port: number; bot: ChaosBot | undefined; close(): void } = {
    port: 0,
    bot: undefined,
    close: () => undefined,
  };
  const server = createServer((incoming, response) => {
    pass(incoming, response, { side, bot: wire.bot }).catch(() => response.socket?.resetAndDestroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  wire.port = (server.address() as AddressInfo).port;
  wire.close = () => {
    server.close();
    server.closeAllConnections();
  };
  return wire;
}

interface Passage {
  readonly side: ApiSide;
  readonly bot: ChaosBot | undefined;
}

async function pass(incoming: IncomingMessage, response: ServerResponse, { side, bot }: Passage): Promise<void> {
  const request = await readRequest(incoming, bot);
  const gate = await passGate(request, side);
  const fault = side.fault(request);
  if (fault !== undefined && fault.kind !== 'reset-after') {
    refuse(response, fault);
    return;
  }
  const answer = await send(request, side.upstream);
  if (request.url.includes('watch=')) {
    stream(answer, response);
    return;
  }
  const body = await bytesOf(answer);
  note(side, request, { status: answer.statusCode ?? 0, body });
  reply({ response, answer, body }, fault ?? (await lateFault(gate, request, side)));
}

/** Held before it is carried out, or with the gate at which its answer is to be held. */
async function passGate(request: ApiRequest, { gates }: ApiSide): Promise<Gate | undefined> {
  const gate = gates.isIdle ? undefined : gates.take(passingOf(request));
  if (gate?.phase !== 'before') {
    return gate;
  }
  await gate.reached(request.bot);
  return undefined;
}

interface Reply {
  readonly response: ServerResponse;
  readonly answer: IncomingMessage;
  readonly body: Buffer;
}

/** With a fault instead of the answer, if there is one. */
function reply({ response, answer, body }: Reply, fault: ApiFault | undefined): void {
  if (fault === undefined) {
    response.writeHead(answer.statusCode ?? 0, answer.headers).end(body);
  } else {
    refuse(response, fault);
  }
}

/** A refusal is definite: no API server refuses what it has done. */
async function lateFault(gate: Gate | undefined, request: ApiRequest, side: ApiSide): Promise<ApiFault | undefined> {
  if (gate === undefined) {
    return undefined;
  }
  await gate.reached(request.bot);
  const fault = side.fault(request);
  return fault?.kind === 'status' && fault.status < 500 ? undefined : fault;
}

function stream(answer: IncomingMessage, response: ServerResponse): void {
  response.writeHead(answer.statusCode ?? 0, answer.headers);
  answer.pipe(response);
  response.on('close', () => answer.destroy());
}

async function readRequest(incoming: IncomingMessage, bot: ChaosBot | undefined): Promise<ApiRequest> {
  const { method = 'GET', url = '/', headers } = incoming;
  const body = await bytesOf(incoming);
  const reads = method === 'GET' || url.includes('reviews') || url.includes('/events');
  const isWrite = !reads && !isDryRun(url, body);
  return { method, url, headers, body, isWrite, bot };
}

function isDryRun(url: string, body: Buffer): boolean {
  return url.includes('dryRun=All') || body.includes('"dryRun":["All"]');
}

function passingOf({ method, url, body, bot, isWrite }: ApiRequest): Passing {
  const tried = !isWrite && isDryRun(url, body);
  return {
    wire: 'api',
    bot,
    what: tried ? `${method} dry` : method,
    includes: (text) => url.includes(text) || body.includes(text),
    text: () => `${url}\n${body.toString()}`,
  };
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function refuse(response: ServerResponse, fault: ApiFault): void {
  if (fault.kind === 'reset-after') {
    response.socket?.resetAndDestroy();
  }
  if (fault.kind === 'status') {
    const { status } = fault;
    const reason = { 409: 'Conflict', 429: 'TooManyRequests', 500: 'InternalError' }[status] ?? 'Unknown';
    response.writeHead(status, {
      'content-type': 'application/json',
      ...(status === 429 ? { 'retry-after': '1' } : {}),
    });
    response.end(
      JSON.stringify({
        kind: 'Status',
        apiVersion: 'v1',
        status: 'Failure',
        code: status,
        reason,
        message: 'a fault of the test',
      }),
    );
  }
}

function send({ method, url, headers, body }: ApiRequest, upstream: Upstream): Promise<IncomingMessage> {
  const target = new URL(upstream.url);
  const secure = target.protocol === 'https:';
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const sending = (secure ? httpsRequest : httpRequest)(
    {
      host: target.hostname,
      port: target.port,
      path: url,
      method,
      headers: {
        ...headers,
        'accept-encoding': 'identity',
        host: target.host,
        ...(body.length === 0 ? {} : { 'content-length': body.length }),
      },
      ...(upstream.ca === undefined ? {} : { ca: upstream.ca }),
    },
    resolve,
  );
  sending.once('error', reject);
  sending.end(body);
  return promise;
}

function note(
  side: ApiSide,
  request: ApiRequest,
  { status, body }: { readonly status: number; readonly body: Buffer },
): void {
  const { isWrite, method, url, headers } = request;
  side.secretsRead += body.includes(side.secret) ? 1 : 0;
  if (url.includes(side.secret) || request.body.includes(side.secret)) {
    side.suspicious.push(`${method} ${url} ${request.body.toString()}`);
  }
  if (isWrite && status >= 200 && status <= 299) {
    const remediation = /\((m-[a-z0-9]{16})\)/.exec(headers['user-agent'] ?? '')?.[1] ?? '';
    side.effects.push({ at: Date.now(), url, uid: uidIn(body), remediation });
  }
}

/** Of the object, or of the one that a Status is about. */
function uidIn(body: Buffer): string {
  const object = JSON.parse(body.toString()) as { metadata?: { uid?: string }; details?: { uid?: string } };
  return object.metadata?.uid ?? object.details?.uid ?? '';
}
