// A stand-in for all image registries. containerd uses it as its HTTPS proxy, so error messages carry the real host names.
// usage: node registry.mjs PORT FOLDER-OF-CERTIFICATES
// The host name decides how the connection goes wrong, the first part of the repository how the request does.
// Plain JavaScript, so that any Node runs it.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createSecureContext } from 'node:tls';

/** @typedef {import('node:stream').Duplex} Socket */
/** @typedef {import('node:http').IncomingMessage} Request */
/** @typedef {import('node:http').ServerResponse} Response */
/** @typedef {{ host: string, repository: string, reference: string, authorization: string | undefined }} Question */

const [port = '', certificates = ''] = process.argv.slice(2);

const KNOWN_OFFICIAL = new Set(['bash', 'busybox', 'nginx', 'node', 'postgres', 'python', 'redis']);

const CERTIFICATE_OF_HOST = new Map([
  ['selfsigned.example.com', 'selfsigned'],
  ['expired.example.com', 'expired'],
  ['misnamed.example.com', 'misnamed'],
]);

/** @type {Map<string, (socket: Socket) => void>} */
const CONNECTION_OF_HOST = new Map([
  ['slow.example.com', () => undefined],
  [
    'plain.example.com',
    (/** @type {Socket} */ socket) => socket.once('data', () => socket.end('HTTP/1.0 400 Bad Request\r\n\r\n')),
  ],
  ['reset.example.com', (/** @type {Socket} */ socket) => socket.once('data', () => socket.destroy())],
]);

const RATE_LIMIT = 'You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit';

/** @type {Map<string, (response: Response) => void>} */
const ANSWER_OF_OWNER = new Map([
  ['limited', (response) => sendError(response, 429, 'TOOMANYREQUESTS', RATE_LIMIT)],
  ['broken', (response) => sendError(response, 503, 'UNAVAILABLE', 'service unavailable')],
  ['forbidden', (response) => sendError(response, 403, 'DENIED', 'requested access to the resource is denied')],
]);

const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json';
const ARM64_MANIFEST = {
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  digest: digest('an image for arm64'),
  size: 500,
  platform: { os: 'linux', architecture: 'arm64' },
};
const ARM64_INDEX = JSON.stringify({ schemaVersion: 2, mediaType: INDEX_TYPE, manifests: [ARM64_MANIFEST] });

/** @param {string} text */
function digest(text) {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

/** @param {string} host */
function secureContext(host) {
  const name = CERTIFICATE_OF_HOST.get(host) ?? 'registry';
  return createSecureContext({
    key: readFileSync(`${certificates}/${name}.key`),
    cert: readFileSync(`${certificates}/${name}.crt`),
  });
}

/** @type {(response: Response, status: number, body: string, headers?: Record<string, string>) => void} */
function send(response, status, body, headers = {}) {
  const length = Buffer.byteLength(body);
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': length, ...headers });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

/** @type {(response: Response, status: number, code: string, message: string) => void} */
function sendError(response, status, code, message) {
  send(response, status, JSON.stringify({ errors: [{ code, message }] }));
}

/**
 * Whoever comes with a name and password (POST, or GET with Basic) is told they are wrong; anonymous callers get a token
 * that opens nothing.
 * @type {(request: Request, response: Response) => void}
 */
function answerToken(request, response) {
  if (request.method === 'POST' || request.headers.authorization?.startsWith('Basic ')) {
    send(response, 401, JSON.stringify({ details: 'incorrect username or password' }));
    return;
  }
  send(response, 200, JSON.stringify({ token: 'anonymous', expires_in: 300 }));
}

/** @param {Question} question */
function challenge({ host, repository, authorization }) {
  if (host.includes('.dkr.ecr.')) {
    return `Basic realm="https://${host}/",service="ecr.amazonaws.com"`;
  }
  const docker = host.endsWith('docker.io');
  const realm = docker ? 'https://auth.docker.io/token' : `https://${host}/token`;
  const service = docker ? 'registry.docker.io' : host;
  const refused = authorization === undefined ? '' : ',error="insufficient_scope"';
  return `Bearer realm="${realm}",service="${service}",scope="repository:${repository}:pull"${refused}`;
}

/** @type {(response: Response, question: Question) => void} */
function demandToken(response, question) {
  response.setHeader('Www-Authenticate', challenge(question));
  sendError(response, 401, 'UNAUTHORIZED', 'authentication required');
}

/** @param {string} repository */
function isKnown(repository) {
  const [owner, name = ''] = repository.split('/');
  return owner === 'team' || (owner === 'library' && KNOWN_OFFICIAL.has(name));
}

/** @type {(response: Response, question: Question) => void} */
function answerKnown(response, { reference }) {
  const indexDigest = digest(ARM64_INDEX);
  if (reference === 'arm64-only' || reference === indexDigest) {
    send(response, 200, ARM64_INDEX, { 'Content-Type': INDEX_TYPE, 'Docker-Content-Digest': indexDigest });
    return;
  }
  sendError(response, 404, 'MANIFEST_UNKNOWN', 'manifest unknown');
}

/** @param {Request} request @returns {Question} */
function questionOf(request) {
  const { host = '', authorization } = request.headers;
  const match = /^\/v2\/(?<repository>.+)\/(?:manifests|blobs)\/(?<reference>[^?]+)/.exec(request.url ?? '');
  return {
    host,
    authorization,
    repository: match?.groups?.['repository'] ?? '',
    reference: match?.groups?.['reference'] ?? '',
  };
}

/** @type {(request: Request, response: Response) => void} */
function answer(request, response) {
  const question = questionOf(request);
  const special = ANSWER_OF_OWNER.get(question.repository.split('/')[0] ?? '');
  if (request.url?.startsWith('/token')) {
    answerToken(request, response);
  } else if (question.host === 'silent.example.com') {
    request.resume();
  } else if (special !== undefined) {
    special(response);
  } else if (isKnown(question.repository)) {
    answerKnown(response, question);
  } else {
    demandToken(response, question);
  }
}

/** @type {(request: Request, socket: Socket) => void} */
function connect(request, socket) {
  const [host = ''] = (request.url ?? '').split(':');
  socket.on('error', () => socket.destroy());
  socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
  const misbehave = CONNECTION_OF_HOST.get(host) ?? ((tunnel) => secure.emit('connection', tunnel));
  misbehave(socket);
}

const secure = createTlsServer({ SNICallback: (host, done) => done(null, secureContext(host)) }, answer);
secure.on('tlsClientError', (_error, socket) => socket.destroy());
createServer().on('connect', connect).listen(Number(port), '127.0.0.1');
