import { printable, shorten } from '../../core/facts/text.ts';
import type { LogFields, Logger } from '../../ports/logger.ts';
import type { Output } from '../output.ts';

const LONGEST = 500;

/** A log for a person at a terminal: what went wrong, or with `verbose` everything. */
export function tryLogger(output: Output, verbose: boolean, fixed: LogFields = {}): Logger {
  const write = (level: string, message: string, fields: LogFields = {}): void => {
    output.note(`kubewhy: ${level}: ${message}${fieldsText({ ...fixed, ...fields })}`);
  };
  const detail = (level: string) => (message: string, fields?: LogFields) => {
    if (verbose) {
      write(level, message, fields);
    }
  };
  return {
    debug: detail('debug'),
    info: detail('info'),
    warn: (message, fields) => write('warning', message, fields),
    error: (message, fields) => write('error', message, fields),
    child: (fields) => tryLogger(output, verbose, { ...fixed, ...fields }),
  };
}

function fieldsText(fields: LogFields): string {
  const parts = Object.entries(fields).map(([name, value]) => `${name}=${valueText(value)}`);
  return parts.length === 0 ? '' : ` (${shorten(printable(parts.join(', ')), LONGEST)})`;
}

function valueText(value: unknown): string {
  if (value instanceof Error) {
    return value.message;
  }
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
