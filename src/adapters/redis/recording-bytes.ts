import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { storedRecordingSchema } from '../../core/question/question-schema.ts';
import { parseRecording } from '../../core/recording/parse-recording.ts';
import type { SessionRecording } from '../../core/recording/recording.ts';
import { toDocument } from '../../core/recording/to-document.ts';

const compress = promisify(gzip);
const expand = promisify(gunzip);

/** Compressed recordings above this are not stored: they would fill the server's memory. */
const LARGEST_BYTES = 256 * 1024;
/** Nothing larger is expanded, whatever the stored bytes claim. */
const LARGEST_EXPANDED_BYTES = 64 * 1024 * 1024;
/** Stands for a recording that was too large. */
const TOO_LARGE = Buffer.from('too large');

/** A text as it is stored. */
export async function packText(text: string): Promise<Buffer> {
  return compress(text);
}

/** The text behind stored bytes; empty for what is no such text. */
export async function unpackText(bytes: Buffer): Promise<string> {
  try {
    const text = await expand(bytes, { maxOutputLength: LARGEST_EXPANDED_BYTES });
    return text.toString();
  } catch {
    return '';
  }
}

/** A recording as it is stored, or the mark that it was too large. */
export async function packRecording(recording: SessionRecording): Promise<Buffer> {
  const { document, logs } = toDocument(recording);
  const bytes = await packText(JSON.stringify({ document, logs: Object.fromEntries(logs) }));
  return bytes.length > LARGEST_BYTES ? TOO_LARGE : bytes;
}

/** The recording behind stored bytes; `too-large` for the mark, `unreadable` for what is no recording. */
export async function unpackRecording(bytes: Buffer): Promise<SessionRecording | 'too-large' | 'unreadable'> {
  if (bytes.equals(TOO_LARGE)) {
    return 'too-large';
  }
  try {
    const { document, logs } = storedRecordingSchema.parse(JSON.parse(await unpackText(bytes)));
    const parsed = parseRecording(document, new Map(Object.entries(logs)));
    return parsed.ok && !parsed.recording.closedWorld ? parsed.recording : 'unreadable';
  } catch {
    return 'unreadable';
  }
}
