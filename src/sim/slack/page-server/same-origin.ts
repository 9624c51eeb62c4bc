import type { IncomingMessage } from 'node:http';

const LOOPBACK_HOSTS = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Whether the request comes from a page of this server, not from a website that knows the port. */
export function isFromLoopback(request: IncomingMessage): boolean {
  const { host, origin } = request.headers;
  const hostname = host === undefined ? undefined : hostnameOf(`http://${host}`);
  if (hostname === undefined || !LOOPBACK_HOSTS.has(hostname)) {
    return false;
  }
  if (origin !== undefined) {
    return origin === `http://${host}`;
  }
  const site = request.headers['sec-fetch-site'];
  return site === undefined || site === 'same-origin' || site === 'none';
}

function hostnameOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}
