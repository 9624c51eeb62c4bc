import type { IncomingMessage } from 'node:http';

/** How much of a body is kept, how much is read at all, and for how long. */
export interface BodyLimits {
  readonly keptBytes: number;
  readonly readBytes: number;
  readonly readMs: number;
}

/** A body as far as it was read. */
export type RequestBody =
  | {
      readonly kind: 'body';
      readonly bytes: Buffer;
      /** More was sent than was kept. */
      readonly cut: boolean;
      /** The rest was not waited for, because it was too much or too slow: the connection is good for nothing else. */
      readonly unread?: 'too much' | 'too slow';
    }
  /** The sender has gone away before its end. */
  | { readonly kind: 'gone' };

/** Reads a body; what is beyond the bytes that are kept is read and thrown away. Never rejects. */
export function readRequestBody(request: IncomingMessage, limits: BodyLimits): Promise<RequestBody> {
  const { promise, resolve } = Promise.withResolvers<RequestBody>();
  const kept: Buffer[] = [];
  let length = 0;
  const settle = (body: RequestBody): void => {
    clearTimeout(timer);
    request.off('data', add).off('end', end).off('close', gone);
    request.pause();
    resolve(body);
  };
  const whole = (cut: boolean) => ({ kind: 'body', bytes: Buffer.concat(kept), cut }) as const;
  const add = (chunk: Buffer): void => {
    const room = Math.max(0, limits.keptBytes - length);
    length += chunk.length;
    if (room > 0) {
      // A part of a larger chunk would keep all of it in memory.
      kept.push(room < chunk.length ? Buffer.from(chunk.subarray(0, room)) : chunk);
    }
    if (length > limits.readBytes) {
      settle({ ...whole(true), unread: 'too much' });
    }
  };
  const end = (): void => settle(whole(length > limits.keptBytes));
  const gone = (): void => settle({ kind: 'gone' });
  const timer = setTimeout(() => settle({ ...whole(true), unread: 'too slow' }), limits.readMs);
  // What went wrong does not matter: it ends in `close`.
  request.on('error', () => {});
  request.on('data', add).on('end', end).on('close', gone);
  return promise;
}
