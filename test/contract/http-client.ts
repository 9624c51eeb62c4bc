import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { JsonObject } from '../../src/core/facts/json.ts';

/** A request of the raw HTTP contract. */
export interface HttpQuestion {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Certificates, for a server that speaks TLS. */
  readonly tls?: { readonly ca: string; readonly cert?: string; readonly key?: string };
}

/** A whole answer. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON; empty for anything else. */
  readonly json: JsonObject;
}

/** Sends one request as it is: the path is not normalised. */
export function sendHttp(server: string, path: string, question: HttpQuestion = {}): Promise<HttpAnswer> {
  const { protocol, hostname, port } = new URL(server);
  const send = protocol === 'https:' ? httpsRequest : httpRequest;
  const { method = 'GET', body, tls } = question;
  // Node sends the body of a DELETE without its length, so that no server reads it.
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const headers = { ...length, ...question.headers };
  return new Promise((resolve, reject) => {
    const outgoing = send({ host: hostname, port, path, method, headers, agent: false, ...tls }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: jsonOf(text) });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function jsonOf(text: string): JsonObject {
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    return {};
  }
}
