/** A call that Slack answers with `{ok: false, error}`; thrown by the handlers, turned into the answer in one place. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';
  /** Slack's error code. */
  readonly code: string;
  /** Further fields of the answer. */
  readonly extra: Readonly<Record<string, unknown>>;
  /** Whether the app must have made a mistake, so that the call counts as a problem. */
  readonly isMistake: boolean;
  /** Seconds; makes the answer a 429. */
  readonly retryAfter?: number;

  constructor(code: string, options: RefusalOptions = {}) {
    super(`Slack refuses the call: ${[code, ...(options.details ?? [])].join('; ')}`);
    const { details = [], extra = {}, isMistake = false, retryAfter } = options;
    this.code = code;
    this.extra = details.length === 0 ? extra : { ...extra, ...detailFields(details) };
    this.isMistake = isMistake;
    if (retryAfter !== undefined) {
      this.retryAfter = retryAfter;
    }
  }
}

interface RefusalOptions {
  /** Shown in the answer as Slack does. */
  readonly details?: readonly string[];
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly isMistake?: boolean;
  readonly retryAfter?: number;
}

function detailFields(details: readonly string[]): Readonly<Record<string, unknown>> {
  return { errors: details, response_metadata: { messages: details.map((detail) => `[ERROR] ${detail}`) } };
}

/** A mistake in the arguments themselves. */
export function invalidArguments(...details: readonly string[]): ApiRefusal {
  return new ApiRefusal('invalid_arguments', { details, isMistake: true });
}
