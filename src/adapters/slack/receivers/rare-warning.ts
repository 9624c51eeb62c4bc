import { createRareCount } from '../../../core/facts/rare-count.ts';
import type { Logger } from '../../../ports/logger.ts';

/** Logs a warning unless one was logged within the last minute. */
export type RareWarning = (message: string, fields: Readonly<Record<string, unknown>>) => void;

const MINUTE_MS = 60_000;

/**
 * For what anybody outside can cause as often as they like: at most one line a minute, whose `count` is how often it
 * happened since the line before, this time included. `now` is in milliseconds.
 */
export function createRareWarning(logger: Logger, now: () => number): RareWarning {
  const happened = createRareCount(MINUTE_MS, now);
  return (message, fields) => {
    const count = happened();
    if (count !== undefined) {
      logger.warn(message, { ...fields, count });
    }
  };
}
