import { printable } from '../../core/facts/text.ts';
import { REDACTED } from '../../core/redaction/marker.ts';
import { redactText } from '../../core/redaction/redact.ts';
import type { LogFields } from '../../ports/logger.ts';

const DEEPEST = 6;
const LONGEST = 2000;
/** More than this is not even searched for secrets. */
const MOST_SEARCHED = 20_000;
/** Whoever has such an address can speak to the person whom it was made for. */
const RESPONSE_URL = /^response_?url$/i;

/** What makes a text fit for a line. */
export type CleanText = (text: string) => string;

/** Fields without secrets and control characters, however deep, and without the rest of a library's error. */
export function cleanFields(fields: LogFields, clean: CleanText = shortText): object {
  return cleanValue(fields, clean, 0) as object;
}

/** Without secrets, with control characters escaped, and whole. */
export function wholeText(text: string): string {
  return printable(redactText(text));
}

function shortText(text: string): string {
  // A secret that is cut is not known for one any more.
  return wholeText(text.slice(0, MOST_SEARCHED)).slice(0, LONGEST);
}

function cleanValue(value: unknown, clean: CleanText, depth: number): unknown {
  if (typeof value === 'string') {
    return clean(value);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (depth > DEEPEST) {
    return '…';
  }
  if (value instanceof Error) {
    return cleanError(value, clean, depth);
  }
  if (Array.isArray(value)) {
    return value.map((item) => cleanValue(item, clean, depth + 1));
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      RESPONSE_URL.test(key) ? REDACTED : cleanValue(item, clean, depth + 1),
    ]),
  );
}

/** Only what tells where it comes from: errors of libraries carry whole requests. */
function cleanError(error: Error, clean: CleanText, depth: number): object {
  const { code } = error as Error & { readonly code?: unknown };
  return {
    name: error.name,
    message: clean(error.message),
    ...(typeof code === 'string' ? { code } : {}),
    ...(error.stack === undefined ? {} : { stack: clean(error.stack) }),
    ...(error.cause === undefined ? {} : { cause: cleanValue(error.cause, clean, depth + 1) }),
  };
}
