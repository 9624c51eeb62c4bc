import { type DestinationStream, type LoggerOptions, type Logger as Pino, pino } from 'pino';
import type { LogFields, Logger } from '../../ports/logger.ts';
import { cleanFields } from './clean-fields.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** JSON lines; secrets and control characters are taken out of every text. */
export function pinoLogger(level: LogLevel, destination?: DestinationStream): Logger {
  return wrap(openPino(level, destination));
}

/** What writes lines of the shape that all of ours have; standard output when no destination is given. Each is written at once. */
export function openPino(level: LogLevel, destination?: DestinationStream): Pino {
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: LEVELS,
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

const LEVELS = { level: (label: string) => ({ level: label }) };

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
  return cleanFields(fields);
}
