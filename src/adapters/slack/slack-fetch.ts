const LONGEST_BODY = 4 * 1024 * 1024;
const DEFAULT_RETRY_SECONDS = '30';

/** A `fetch` that is never without a time-out. */
export type SlackFetch = (url: string | URL | Request, init?: RequestInit) => Promise<Response>;

/**
 * A `fetch` whose time-out covers the body too, which is read before it returns: a connection that dies in the middle
 * of an answer is an error of the call. Bodies over 4 MiB are refused; a 429 always carries a `Retry-After`.
 */
export function createSlackFetch(timeoutMs: number, send: SlackFetch = fetch): SlackFetch {
  return async (url, init) => {
    const limit = AbortSignal.timeout(timeoutMs);
    const signal = init?.signal ? AbortSignal.any([init.signal, limit]) : limit;
    const response = await send(url, { ...init, signal });
    const body = await readBody(response);
    const headers = new Headers(response.headers);
    // The body is decoded and whole by now.
    headers.delete('content-encoding');
    headers.delete('content-length');
    if (response.status === 429 && !/^\d+$/.test(headers.get('retry-after') ?? '')) {
      headers.set('retry-after', DEFAULT_RETRY_SECONDS);
    }
    return new Response(bodyAllowed(response.status) ? body : null, {
      status: response.status,
      statusText: response.statusText,
      headers,
    });
  };
}

function bodyAllowed(status: number): boolean {
  return ![101, 204, 205, 304].includes(status);
}

async function readBody(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const body: AsyncIterable<Uint8Array> | readonly never[] = response.body ?? [];
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > LONGEST_BODY) {
      throw new Error(`The answer is longer than ${LONGEST_BODY} bytes`);
    }
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}
