import { ERROR_CATALOGUE, type ErrorCode, type ErrorKind } from './catalogue.ts';

/** What a failure carries besides its code. */
export interface ErrorDetails {
  /** What happened and why, as a full sentence. */
  readonly message: string;
  /** What to do about it; the catalogue's hint when absent. */
  readonly hint?: string;
  readonly cause?: unknown;
  readonly context?: Readonly<Record<string, unknown>>;
}

/** A failure with a permanent code; every error that crosses a port is one of these. */
export class KubewhyError extends Error {
  readonly code: ErrorCode;
  readonly kind: ErrorKind;
  readonly hint: string;
  readonly context: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, details: ErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'KubewhyError';
    this.code = code;
    this.kind = ERROR_CATALOGUE[code].kind;
    this.hint = details.hint ?? ERROR_CATALOGUE[code].hint;
    this.context = details.context ?? {};
  }
}

/** Whether a caught value is one of our own errors, optionally with the given code. */
export function isKubewhyError(value: unknown, code?: ErrorCode): value is KubewhyError {
  return value instanceof KubewhyError && (code === undefined || value.code === code);
}
