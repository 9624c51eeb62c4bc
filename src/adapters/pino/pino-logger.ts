import { type DestinationStream, type Logger as Pino, pino } from 'pino';
import { printable } from '../../core/facts/text.ts';
import { REDACTED } from '../../core/redaction/marker.ts';
import { redactText } from '../../core/redaction/redact.ts';
import type { LogFields, Logger } from '../../ports/logger.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** JSON lines; secrets and control characters are taken out of every text. */
export function pinoLogger(level: LogLevel, destination?: DestinationStream): Logger {
  const options = { level, base: null, timestamp: () => `,"time":"${new Date().toISOString()}"`, formatters: LEVELS };
  return wrap(destination === undefined ? pino(options) : pino(options, destination));
}

const LEVELS = { level: (label: string) => ({ level: label }) };
const DEEPEST = 6;
const LONGEST = 2000;
/** More than this is not even searched for secrets. */
const MOST_SEARCHED = 20_000;
/** Whoever has such an address can speak to the person whom it was made for. */
const RESPONSE_URL = /^response_?url$/i;

function wrap(target: Pino): Logger {
  return {
    debug: (message, fields) => target.debug(clean(fields), message),
    info: (message, fields) => target.info(clean(fields), message),
    warn: (message, fields) => target.warn(clean(fields), message),
    error: (message, fields) => target.error(clean(fields), message),
    child: (fields) => wrap(target.child(clean(fields))),
  };
}

function clean(fields: LogFields = {}): object {
  return cleanValue(fields, 0) as object;
}

function cleanValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') {
    return cleanText(value);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (depth > DEEPEST) {
    return '…';
  }
  if (value instanceof Error) {
    return cleanError(value, depth);
  }
  if (Array.isArray(value)) {
    return value.map((item) => cleanValue(item, depth + 1));
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, RESPONSE_URL.test(key) ? REDACTED : cleanValue(item, depth + 1)]),
  );
}

/** Only what tells where it comes from: errors of libraries carry whole requests. */
function cleanError(error: Error, depth: number): object {
  const { code } = error as Error & { readonly code?: unknown };
  return {
    name: error.name,
    message: cleanText(error.message),
    ...(typeof code === 'string' ? { code } : {}),
    ...(error.stack === undefined ? {} : { stack: cleanText(error.stack) }),
    ...(error.cause === undefined ? {} : { cause: cleanValue(error.cause, depth + 1) }),
  };
}

function cleanText(text: string): string {
  // A secret that is cut is not known for one any more.
  return printable(redactText(text.slice(0, MOST_SEARCHED))).slice(0, LONGEST);
}
