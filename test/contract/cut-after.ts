import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type HttpQuestion, sendHttp } from './http-client.ts';

/** A server in front of another one that passes on each request and breaks the connection before the first answer of a method. */
export interface CutAfter {
  readonly url: string;
  close(): void;
}

/** Listens on the loopback interface; credentials are added to every request. */
export async function startCutAfter(
  target: { readonly url: string } & Pick<HttpQuestion, 'tls' | 'headers'>,
  method: string,
): Promise<CutAfter> {
  let cut = false;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      passOn(request, Buffer.concat(chunks).toString('utf8'), response).catch(() => request.socket.destroy());
    });
  });
  async function passOn(request: IncomingMessage, body: string, response: ServerResponse): Promise<void> {
    const contentType = request.headers['content-type'];
    const headers = { ...target.headers, ...(contentType === undefined ? {} : { 'content-type': contentType }) };
    const tls = target.tls === undefined ? {} : { tls: target.tls };
    const question = { method: request.method ?? 'GET', headers, body, ...tls };
    const answer = await sendHttp(target.url, request.url ?? '/', question);
    if (!cut && request.method === method) {
      cut = true;
      request.socket.resetAndDestroy();
      return;
    }
    response.writeHead(answer.status, { 'content-type': answer.headers['content-type'] ?? '' });
    response.end(answer.text);
  }
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  // A listening TCP server has an address of this shape.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
