import type { IncomingMessage } from 'node:http';

/** The whole body, or `too-large` as soon as it is known to exceed `limit` bytes. Rejects when the sender goes away. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | 'too-large'> {
  if (Number(request.headers['content-length'] ?? 0) > limit) {
    return 'too-large';
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    // A request without an encoding yields buffers only.
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size > limit) {
      return 'too-large';
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
