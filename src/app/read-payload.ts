import { createReadStream } from 'node:fs';
import { usageError } from '../core/command/usage-error.ts';
import { printable, shorten } from '../core/facts/text.ts';
import { LONGEST_PAYLOAD } from '../core/triage/read-alerts.ts';

/** The text of a payload, and whether there was more of it than is read. */
export interface Payload {
  readonly text: string;
  readonly cut: boolean;
}

/** Reads a payload from a file, or from standard input for `-`; at most 8 MiB of it. Throws USAGE when it cannot be read. */
export async function readPayload(path: string): Promise<Payload> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    const stream = path === '-' ? process.stdin : createReadStream(path, { end: LONGEST_PAYLOAD });
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > LONGEST_PAYLOAD) {
        break;
      }
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw usageError(`${shorten(printable(path), 200)} cannot be read${code}.`, 'alert');
  }
  const text = Buffer.concat(chunks).subarray(0, LONGEST_PAYLOAD).toString('utf8');
  return { text: text.replace(/^\ufeff/, ''), cut: length > LONGEST_PAYLOAD };
}
