import type { ServerResponse } from 'node:http';

/** An answer to a request. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The media type of texts for people. */
export const TEXT = 'text/plain; charset=utf-8';

/** How long a connection stays open behind an answer that the sender may not have expected yet. */
const LINGER_MS = 500;

/** Sends an answer. */
export function send(response: ServerResponse, { status, type, body, headers }: Answer): void {
  response.writeHead(status, { ...headers, 'content-type': type, 'cache-control': 'no-store' }).end(body);
}

/**
 * Sends an answer to a request whose body is not read to its end, and closes the connection. Closed at once it would be
 * reset while the sender still sends, which then never sees the answer.
 */
export function sendUnread(response: ServerResponse, { status, type, body, headers }: Answer): void {
  const timer = setTimeout(() => response.destroy(), LINGER_MS).unref();
  response.once('close', () => clearTimeout(timer));
  response
    .writeHead(status, {
      ...headers,
      'content-type': type,
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
      connection: 'close',
    })
    .write(body);
}
