import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import { printable, shorten } from '../../core/facts/text.ts';

/** A payload on its way to a bot. */
export interface AlertsPost {
  /** `http` or `https`. */
  readonly url: URL;
  readonly token: string;
  readonly payload: Readable;
  /** How long nothing may happen on the connection; default 60 s. */
  readonly silenceMs?: number;
}

/** What came back; texts are safe to print and of bounded length. */
export type PostResult =
  | { readonly kind: 'answered'; readonly status: number; readonly body: string }
  | { readonly kind: 'unreachable'; readonly reason: string }
  /** The payload itself could not be read. */
  | { readonly kind: 'unreadable'; readonly reason: string };

const SILENCE_MS = 60_000;
const LONGEST_ANSWER = 2000;

/** Posts a payload as it is, without a proxy; follows no redirect, and never rejects. */
export async function postAlerts(post: AlertsPost): Promise<PostResult> {
  const { url, token, payload, silenceMs = SILENCE_MS } = post;
  const { promise, resolve } = Promise.withResolvers<IncomingMessage | Exclude<PostResult, { kind: 'answered' }>>();
  const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    timeout: silenceMs,
  });
  request.once('timeout', () => request.destroy(new Error('nothing came back in time')));
  // A bot that refuses answers before it has read everything: what fails after the answer does not matter.
  request.once('response', resolve);
  request.on('error', (error) => resolve({ kind: 'unreachable', reason: reasonOf(error) }));
  payload.once('error', (error) => resolve({ kind: 'unreadable', reason: reasonOf(error) }));
  payload.pipe(request);
  const first = await promise;
  const result =
    'kind' in first
      ? first
      : { kind: 'answered' as const, status: first.statusCode ?? 0, body: await readAnswer(first) };
  request.destroy();
  payload.destroy();
  return result;
}

async function readAnswer(response: IncomingMessage): Promise<string> {
  let text = '';
  try {
    for await (const part of response.setEncoding('utf8') as AsyncIterable<string>) {
      text += part;
      if (text.length > LONGEST_ANSWER) {
        break;
      }
    }
  } catch {
    // The status says enough.
  }
  return shorten(printable(text).trim(), LONGEST_ANSWER);
}

function reasonOf(error: Error): string {
  const code = 'code' in error ? String(error.code) : error.message;
  return shorten(printable(code), 200);
}
