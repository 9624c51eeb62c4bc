import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import type { Wire } from './agent.ts';

/** One request. */
export interface WireRequest {
  readonly url: URL;
  /** Default: GET, or with a body POST. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: string;
  readonly wire: Wire;
  readonly headers: OutgoingHttpHeaders;
  readonly timeoutMs: number;
  /** A longer body is not read. */
  readonly maxBytes: number;
  /** Ends the request early, when the cluster is closed. */
  readonly signal: AbortSignal;
}

/** A whole HTTP answer. */
export interface Answer {
  readonly kind: 'answer';
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** No whole answer; `code` is that of the system or of TLS. */
export interface Failed {
  readonly kind: 'failed';
  readonly reason: 'timeout' | 'too-big' | 'network';
  readonly code: string;
}

/** Sends one request; the time-out covers connecting, the answer and its whole body. Never rejects. */
export function send(request: WireRequest): Promise<Answer | Failed> {
  return new Promise((resolve) => {
    const { agent, request: open } = request.wire;
    const outgoing = open(request.url, {
      agent,
      method: request.method ?? (request.body === undefined ? 'GET' : 'POST'),
      headers: { ...request.headers, 'accept-encoding': 'identity' },
      signal: request.signal,
    });
    const timer = setTimeout(() => finish({ kind: 'failed', reason: 'timeout', code: 'TIMEOUT' }), request.timeoutMs);
    const finish = (result: Answer | Failed): void => {
      clearTimeout(timer);
      resolve(result);
      if (result.kind === 'failed') {
        outgoing.destroy();
      }
    };
    outgoing.on('error', (error) => finish(networkFailure(error)));
    outgoing.on('response', (response) => {
      collect(response, request.maxBytes, finish);
    });
    outgoing.end(request.body);
  });
}

/** Reads the whole body of an answer; `finish` may be called more than once, only the first call counts. */
export function collect(response: IncomingMessage, maxBytes: number, finish: (result: Answer | Failed) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  response.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > maxBytes) {
      finish({ kind: 'failed', reason: 'too-big', code: 'TOO_BIG' });
      return;
    }
    chunks.push(chunk);
  });
  response.on('error', (error) => finish(networkFailure(error)));
  // `close` without `end` is a connection that broke in the middle of the body.
  response.on('close', () => finish({ kind: 'failed', reason: 'network', code: 'ECONNRESET' }));
  response.on('end', () => {
    finish(
      response.complete
        ? { kind: 'answer', status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }
        : { kind: 'failed', reason: 'network', code: 'ECONNRESET' },
    );
  });
}

/** What an error of the connection means. */
export function networkFailure(error: Error): Failed {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return { kind: 'failed', reason: 'network', code };
}
