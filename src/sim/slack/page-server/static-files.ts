import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { sendText } from '../http/send.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Nothing comes from elsewhere, nothing runs that is not a file of the page, and nobody frames it. */
const SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Answers with a file of the page's folder; `/` is `index.html`, `/page/x` is `x`. */
export async function serveStatic(folder: string | undefined, path: string, response: ServerResponse): Promise<void> {
  const name = path === '/' ? 'index.html' : decoded(path.replace(/^\/page\//, ''));
  const content = folder === undefined || name === undefined ? undefined : await fileIn(folder, name);
  if (content === undefined || name === undefined) {
    sendText(response, 'not found', 404);
    return;
  }
  response.writeHead(200, {
    'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': SECURITY_POLICY,
    'referrer-policy': 'no-referrer',
  });
  response.end(content);
}

async function fileIn(folder: string, name: string): Promise<Buffer | undefined> {
  const path = normalize(join(folder, name));
  if (!path.startsWith(normalize(folder + sep))) {
    return undefined;
  }
  return readFile(path).catch(() => undefined);
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
