/** Values that a log line carries besides its fixed message. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Structured log. `error`: probably our bug; `warn`: worth a look; `info`: what happened, users' mistakes included. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds fields to every line. */
  child(fields: LogFields): Logger;
}
