import type { Logger } from '../../../ports/logger.ts';

/** Logs a warning unless one was logged within the last minute. */
export type RareWarning = (message: string, fields: Readonly<Record<string, unknown>>) => void;

const MINUTE_MS = 60_000;

/**
 * For what anybody outside can cause as often as they like: at most one line a minute, whose `count` is how often it
 * happened since the line before, this time included. `now` is in milliseconds.
 */
export function createRareWarning(logger: Logger, now: () => number): RareWarning {
  let count = 0;
  let quietUntil = Number.NEGATIVE_INFINITY;
  return (message, fields) => {
    count += 1;
    if (now() < quietUntil) {
      return;
    }
    logger.warn(message, { ...fields, count });
    quietUntil = now() + MINUTE_MS;
    count = 0;
  };
}
