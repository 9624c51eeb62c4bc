import type { Logger } from '../../ports/logger.ts';

/** What a schema of the core offers here. */
export interface Schema<T> {
  safeParse(value: unknown): { readonly success: true; readonly data: T } | { readonly success: false };
}

/**
 * Reads JSON that this version, an older or a newer one, or somebody else stored.
 * What does not fit is logged by its kind and counts as not there.
 */
export function parseStored<T>(text: string | null, schema: Schema<T>, log: StoredLog): T | undefined {
  if (text === null) {
    return undefined;
  }
  const parsed = schema.safeParse(parseJson(text));
  if (!parsed.success) {
    log.logger.warn('stored value is not understood', { what: log.what, id: log.id });
    return undefined;
  }
  return parsed.data;
}

/** How an unreadable value is named in the log; its content is not. */
export interface StoredLog {
  readonly logger: Logger;
  readonly what: string;
  readonly id: string;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
