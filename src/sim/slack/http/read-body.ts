import type { IncomingMessage } from 'node:http';

const MOST_BYTES = 50 * 1024 * 1024;

/** The whole body. Rejects bodies over 50 MB. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk as Buffer);
    size += bytes.length;
    if (size > MOST_BYTES) {
      throw new Error('slack-sim: the body is too large');
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/** The value, or `undefined` when the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
