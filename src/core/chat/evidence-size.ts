import { printable } from '../facts/text.ts';

/** As many characters of evidence fit in a message. */
export const MOST_EVIDENCE_CHARS = 3_000;
/** Beside the text there is the frame of the message, so this is less than a message may hold. */
const MOST_BYTES = 9_000;

/** Whether the evidence is too long for a message and must be sent as a file. */
export function isEvidenceFile({ text }: { readonly text: string }): boolean {
  const shown = printable(text);
  return shown.length > MOST_EVIDENCE_CHARS || Buffer.byteLength(JSON.stringify(shown)) > MOST_BYTES;
}
