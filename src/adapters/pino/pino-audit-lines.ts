import type { DestinationStream } from 'pino';
import type { AuditLines } from '../../ports/audit-lines.ts';
import { cleanFields, wholeText } from './clean-fields.ts';
import { openPino } from './pino-logger.ts';

/**
 * The audit as lines of the log, `{"level":"info","time":…,"audit":{…},"msg":"audit"}`: whatever level the log has, and never
 * cut. Secrets and control characters are taken out as in every line; the hash stays that of the entry as it is stored.
 */
export function pinoAuditLines(destination?: DestinationStream): AuditLines {
  const target = openPino('info', destination);
  return {
    write: (entry) => target.info(cleanFields({ audit: entry }, wholeText), 'audit'),
  };
}
