import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import {
  type Cluster,
  type ClusterOptions,
  openCluster,
  type QuestionOptions,
} from '../../../src/adapters/kubernetes/kubernetes-cluster.ts';
import type { ClusterReader } from '../../../src/ports/cluster-reader.ts';

/** Answers one request. */
export type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void;

/** An API server that a test answers for. */
export interface ApiServer {
  readonly port: number;
  readonly url: string;
  /** The requests so far, as `path?query`. */
  readonly requests: readonly IncomingMessage[];
  /** How many connections were made. */
  connections(): number;
}

/** A folder that is removed when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kubewhy-adapter-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

interface Certificates {
  readonly ca: Buffer;
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly clientCert: Buffer;
  readonly clientKey: Buffer;
}

let certificates: Certificates | undefined;

/** A certificate authority with a server certificate for 127.0.0.1 and a client certificate, made once per run. */
export function testCertificates(): Certificates {
  certificates ??= makeCertificates();
  return certificates;
}

function makeCertificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), 'kubewhy-certificates-'));
  const openssl = (...args: readonly string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  };
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const signed = ['-x509', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-days', '2'];
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=test-ca', '-days', '2');
  openssl(
    'req',
    ...signed,
    ...key,
    '-keyout',
    's.key',
    '-out',
    's.pem',
    '-subj',
    '/CN=api',
    '-addext',
    'subjectAltName=IP:127.0.0.1,DNS:localhost',
  );
  openssl('req', ...signed, ...key, '-keyout', 'c.key', '-out', 'c.pem', '-subj', '/CN=person');
  const read = (name: string): Buffer => readFileSync(join(folder, name));
  const made = {
    ca: read('ca.pem'),
    cert: read('s.pem'),
    key: read('s.key'),
    clientCert: read('c.pem'),
    clientKey: read('c.key'),
  };
  rmSync(folder, { recursive: true });
  return made;
}

/** Starts an HTTPS server on a free port; it is stopped when the test ends. */
export async function startApiServer(handler: Handler): Promise<ApiServer> {
  const { ca, cert, key } = testCertificates();
  const requests: IncomingMessage[] = [];
  let connections = 0;
  const server = createServer({ ca, cert, key, requestCert: true, rejectUnauthorized: false }, (request, response) => {
    requests.push(request);
    handler(request, response, requests.length);
  });
  server.on('secureConnection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { port, url: `https://127.0.0.1:${port}`, requests, connections: () => connections };
}

/** Writes a kubeconfig for a server; `user` and `cluster` add fields. */
export function writeKubeconfig(
  url: string,
  fields: { readonly user?: object; readonly cluster?: object } = {},
): string {
  const file = join(temporaryFolder(), 'config');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    contexts: [{ name: 'test', context: { cluster: 'lab', user: 'person', namespace: 'shop' } }],
    clusters: [
      {
        name: 'lab',
        cluster: {
          server: url,
          'certificate-authority-data': testCertificates().ca.toString('base64'),
          ...fields.cluster,
        },
      },
    ],
    users: [{ name: 'person', user: fields.user ?? { token: 'test-token' } }],
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

/** Opens a cluster that is closed when the test ends. */
export function openTestCluster(options: ClusterOptions): Cluster {
  const cluster = openCluster(options);
  onTestFinished(() => cluster.close());
  return cluster;
}

/** A reader for a server with a token; retries wait for no time unless the test says so. */
export function readerFor(url: string, options: QuestionOptions = {}): ClusterReader {
  const kubeconfig = writeKubeconfig(url);
  return openTestCluster({ kubeconfig }).question({ sleep: async () => {}, random: () => 0.5, ...options });
}

/** Answers with JSON. */
export function sendJson(
  response: ServerResponse,
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** Answers with a Kubernetes Status. */
export function sendStatus(
  response: ServerResponse,
  code: number,
  message: string,
  headers: Record<string, string> = {},
): void {
  sendJson(
    response,
    { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, reason: 'Tested', code },
    code,
    headers,
  );
}
