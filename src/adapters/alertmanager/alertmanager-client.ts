import { oneLine, shorten } from '../../core/facts/text.ts';

/** An Alertmanager as it is reached. */
export interface AlertmanagerServer {
  readonly name: string;
  /** Where its API is, without `/api/v2`. */
  readonly url: string;
  /** The clusters whose alerts it sends; all when absent. */
  readonly clusters?: readonly string[];
  /** No `Authorization` is sent without one. */
  readonly token?: string;
}

/** One call of the API. */
export interface AlertmanagerCall {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Behind `/api/v2`. */
  readonly path: string;
  readonly query?: readonly (readonly [name: string, value: string])[];
  readonly body?: object;
}

/** The answer to one call. Reasons are printable and end without a full stop. */
export type AlertmanagerAnswer =
  | { readonly kind: 'ok'; readonly body: unknown }
  /** It answered, and not with a success. */
  | { readonly kind: 'refused'; readonly status: number; readonly reason: string }
  /** Nothing was sent, as far as can be told. */
  | { readonly kind: 'unreachable'; readonly reason: string }
  /** Sent, and no whole answer was heard. */
  | { readonly kind: 'silent'; readonly reason: string };

const TIMEOUT_MS = 5000;
const LONGEST_ANSWER = 4 * 1024 * 1024;
/** Codes of connections that were never made. */
const NEVER_SENT = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  // Of fetch itself, which does not connect to ports of other protocols.
  'bad port',
] as const;

/** Calls an Alertmanager once, within 5 seconds for everything; follows no redirect and never throws. */
export async function callAlertmanager(
  server: AlertmanagerServer,
  call: AlertmanagerCall,
  timeoutMs: number = TIMEOUT_MS,
): Promise<AlertmanagerAnswer> {
  const { method, body } = call;
  try {
    const response = await fetch(addressOf(server.url, call), {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(server.token === undefined ? {} : { authorization: `Bearer ${server.token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    return await judged(response);
  } catch (error) {
    const code = codeOf(error);
    const never = NEVER_SENT.some((known) => known === code) || /CERT|SSL|TLS|SELF_SIGNED/.test(code);
    return { kind: never ? 'unreachable' : 'silent', reason: code };
  }
}

function addressOf(base: string, { path, query = [] }: AlertmanagerCall): URL {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/api/v2${path}`;
  url.search = '';
  for (const [name, value] of query) {
    url.searchParams.append(name, value);
  }
  url.hash = '';
  return url;
}

async function judged(response: Response): Promise<AlertmanagerAnswer> {
  const { status } = response;
  const body = bodyOf(await readText(response));
  if (status >= 300 && status < 400) {
    return { kind: 'refused', status, reason: `it answers with a redirect (${status}), which is not followed` };
  }
  return response.ok ? { kind: 'ok', body } : { kind: 'refused', status, reason: words(status, body) };
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const body: AsyncIterable<Uint8Array> | readonly never[] = response.body ?? [];
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > LONGEST_ANSWER) {
      throw Object.assign(new Error('The answer is too long'), { code: 'the answer is longer than 4 MiB' });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Proxies answer with pages; a text that is no JSON stays a text. */
function bodyOf(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}

/** Its own words: a JSON string, or an object with a message. */
function words(status: number, body: unknown): string {
  const message = typeof body === 'object' && body !== null && 'message' in body ? body.message : body;
  const said = typeof message === 'string' && !message.startsWith('<') ? shorten(oneLine(message), 300) : '';
  return said === '' ? `HTTP ${status}` : `${said} (HTTP ${status})`;
}

/** The innermost code: fetch wraps what the system said. */
function codeOf(error: unknown): string {
  let code = error instanceof Error ? error.message : String(error);
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if (at.name === 'TimeoutError') {
      return 'no answer in time';
    }
    code = 'code' in at && typeof at.code === 'string' ? at.code : at.message;
  }
  return shorten(oneLine(code), 100);
}
