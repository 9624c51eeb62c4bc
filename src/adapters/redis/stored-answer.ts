import { outcomeSchema } from '../../core/question/question-schema.ts';
import type { Logger } from '../../ports/logger.ts';
import type { TriageAnswer } from '../../ports/triage-store.ts';
import { packRecording, packText, unpackRecording, unpackText } from './recording-bytes.ts';
import { parseStored } from './stored-value.ts';

const LENGTH_BYTES = 4;

/** An answer as one value, so that an outcome is never read with the recording of another one: length, outcome, recording. */
export async function packAnswer({ outcome, recording }: TriageAnswer): Promise<Buffer> {
  const first = await packText(JSON.stringify(outcome));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(first.length);
  return Buffer.concat([length, first, ...(recording === undefined ? [] : [await packRecording(recording)])]);
}

/** The answer behind stored bytes, without a recording that cannot be given; undefined for what is no answer. */
export async function unpackAnswer(
  bytes: Buffer,
  log: { logger: Logger; id: string },
): Promise<TriageAnswer | undefined> {
  const end = LENGTH_BYTES + (bytes.length < LENGTH_BYTES ? 0 : bytes.readUInt32BE());
  const text = await unpackText(bytes.subarray(LENGTH_BYTES, end));
  const outcome = parseStored(text, outcomeSchema, { ...log, what: 'answer' });
  if (outcome === undefined) {
    return undefined;
  }
  const recording = bytes.length > end ? await unpackRecording(bytes.subarray(end)) : undefined;
  if (typeof recording === 'string') {
    log.logger.warn('recording cannot be given', { id: log.id, reason: recording });
    return { outcome };
  }
  return { outcome, ...(recording === undefined ? {} : { recording }) };
}
