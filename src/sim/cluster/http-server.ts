import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { requesterOf } from './access-rules.ts';
import type { Answer } from './answer.ts';
import { type FaultEffect, type Faults, faultAnswer } from './faults.ts';
import type { RequestLog } from './request-log.ts';
import { type Backend, type Incoming, route } from './route.ts';
import { failure } from './status-answer.ts';

/** What the server works with. */
export interface ServerParts extends Backend {
  readonly faults: Faults;
  /** Gets every request before it is answered. */
  readonly log: RequestLog;
  /** Answers that go on. */
  readonly watches: Set<ServerResponse>;
}

/** Nothing that Kubewhy sends is larger. */
const LARGEST_BODY = 1024 * 1024;

/** An HTTP server that is not listening yet; the parts are asked for with every request. */
export function createApiServer(parts: () => ServerParts): Server {
  return createServer((request, response) => {
    answerRequest(request, response, parts()).catch((error: unknown) => {
      const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
      send(response, failure({ code: 500, reason: 'InternalError', message }), parts());
    });
  });
}

/** Listens on the loopback interface, on any free port for 0; returns host and port. */
export async function listen(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  // A listening TCP server has an address of this shape.
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Breaks the connections of all watches; returns how many there were. */
export function cutWatches(watches: Set<ServerResponse>): number {
  const open = [...watches];
  for (const response of open) {
    response.socket?.resetAndDestroy();
  }
  return open.length;
}

/** Ends all connections and the server. */
export async function closeServer(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function answerRequest(request: IncomingMessage, response: ServerResponse, parts: ServerParts): Promise<void> {
  const incoming = await readRequest(request, parts);
  const effect = parts.faults.take(incoming.method, incoming.path);
  const done = effect?.after === true ? route(incoming, parts) : undefined;
  if (effect !== undefined && isSilent(effect)) {
    if (effect.kind === 'reset') {
      request.socket.resetAndDestroy();
    }
    return;
  }
  const scripted = effect === undefined ? undefined : faultAnswer(effect);
  await deliver(response, scripted ?? done ?? route(incoming, parts), { effect, parts });
}

function isSilent(effect: FaultEffect): boolean {
  return effect.kind === 'hang' || (effect.kind === 'reset' && effect.midway !== true);
}

async function readRequest(request: IncomingMessage, { people, log }: ServerParts): Promise<Incoming> {
  const { method = 'GET', url = '/', headers } = request;
  const { accept, authorization } = headers;
  const requester = requesterOf(authorization, people.users);
  log.add({ method, url, accept: accept ?? '', user: requester?.name ?? '' });
  const [path = '', query = ''] = splitOnce(url, '?');
  const posted = { contentType: headers['content-type'], text: await bodyOf(request) };
  return { method, path, parameters: new URLSearchParams(query), accept, posted, requester };
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= LARGEST_BODY) {
      chunks.push(chunk);
    }
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function deliver(
  response: ServerResponse,
  answer: Answer,
  { effect, parts }: { readonly effect: FaultEffect | undefined; readonly parts: ServerParts },
): Promise<void> {
  if (effect?.kind === 'delay') {
    await pause(effect.ms, undefined, { ref: false });
  }
  if (effect?.kind === 'reset') {
    const body = sendHead(response, answer, parts);
    response.write(body.subarray(0, Math.ceil(body.length / 2)), () => response.socket?.resetAndDestroy());
    return;
  }
  if (answer.stream !== undefined) {
    sendStream(response, { ...answer, stream: answer.stream }, parts);
    return;
  }
  if (effect?.kind === 'slow-body') {
    await sendSlowly(response, sendHead(response, answer, parts), effect);
    return;
  }
  send(response, answer, parts);
}

function sendStream(
  response: ServerResponse,
  answer: Required<Pick<Answer, 'stream'>> & Answer,
  parts: ServerParts,
): void {
  response.write(sendHead(response, answer, parts));
  // Without a first line the head would wait for it.
  response.flushHeaders();
  parts.watches.add(response);
  const stop = answer.stream({
    write: (text) => void (text === '' || response.write(text)),
    end: () => void response.end(),
  });
  response.on('close', () => {
    parts.watches.delete(response);
    stop();
  });
}

async function sendSlowly(
  response: ServerResponse,
  body: Buffer,
  { pieces, pauseMs }: Extract<FaultEffect, { kind: 'slow-body' }>,
): Promise<void> {
  const size = Math.max(1, Math.ceil(body.length / Math.max(1, pieces)));
  for (let at = 0; at < body.length && !response.destroyed; at += size) {
    await pause(pauseMs, undefined, { ref: false });
    response.write(body.subarray(at, at + size));
  }
  response.end();
}

function send(response: ServerResponse, answer: Answer, parts: ServerParts): void {
  response.end(sendHead(response, answer, parts));
}

/** Sends status and headers; the Date is that of the simulation. Returns the body. */
function sendHead(response: ServerResponse, answer: Answer, { world }: ServerParts): Buffer {
  const body = Buffer.from(answer.body);
  response.sendDate = false;
  response.writeHead(answer.status, {
    'audit-id': randomUUID(),
    'cache-control': 'no-cache, private',
    ...(answer.contentType === '' ? {} : { 'content-type': answer.contentType }),
    ...(answer.contentType === '' || answer.stream !== undefined ? {} : { 'content-length': body.length }),
    date: world.timeline.now().toUTCString(),
    ...answer.headers,
  });
  return body;
}
