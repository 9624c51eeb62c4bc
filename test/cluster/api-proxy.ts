import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type HttpAnswer, sendHttp } from '../contract/http-client.ts';
import type { Access } from './cluster-access.ts';

/** What a proxy is asked to pass on. */
export interface Passed {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly body: string;
}

/** A way to the API server that tells another time, or does something before it passes a request on. */
export interface ApiProxy {
  readonly url: string;
  /** By how much the clock of the API server seems to be ahead. */
  aheadSeconds: number;
  /** Awaited before each request is passed on. */
  before: (request: Passed) => Promise<void>;
  close(): void;
}

/** Listens on the loopback interface without TLS; the credentials of the client are passed on. */
export async function startApiProxy({ url, tls: { ca } }: Access): Promise<ApiProxy> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      pass(request, Buffer.concat(chunks).toString('utf8'), response).catch(() => request.socket.destroy());
    });
  });
  async function pass(request: IncomingMessage, body: string, response: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/' } = request;
    await proxy.before({ method, path, body });
    const answer = await sendHttp(url, path, {
      method,
      tls: { ca },
      headers: headersOf(request),
      ...(body === '' ? {} : { body }),
    });
    response.writeHead(answer.status, { 'content-type': answer.headers['content-type'] ?? '', date: dateOf(answer) });
    response.end(answer.text);
  }
  function dateOf({ headers }: HttpAnswer): string {
    return new Date(Date.parse(headers.date ?? '') + proxy.aheadSeconds * 1000).toUTCString();
  }
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  // A listening TCP server has an address of this shape.
  const { port } = server.address() as AddressInfo;
  const proxy: ApiProxy = {
    url: `http://127.0.0.1:${port}`,
    aheadSeconds: 0,
    before: async () => undefined,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  return proxy;
}

function headersOf({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  const passed = ['accept', 'authorization', 'content-type', 'user-agent'];
  return Object.fromEntries(
    passed.flatMap((name) => {
      const value = headers[name];
      return typeof value === 'string' ? [[name, value] as const] : [];
    }),
  );
}

/** Writes a kubeconfig with the same account that goes through the proxy, beside the one of an account; returns its path. */
export async function proxied(kubeconfig: string, { url }: Pick<ApiProxy, 'url'>): Promise<string> {
  const config = JSON.parse(await readFile(kubeconfig, 'utf8')) as { clusters: { cluster: object }[] };
  const file = `${kubeconfig}-proxied`;
  const clusters = config.clusters.map((one) => ({ ...one, cluster: { server: url } }));
  await writeFile(file, JSON.stringify({ ...config, clusters }), { mode: 0o600 });
  return file;
}
