import { LogLevel } from '@slack/bolt';
import type { WebClientOptions } from '@slack/web-api';
import type { Logger } from '../../ports/logger.ts';

type SdkLogger = NonNullable<WebClientOptions['logger']>;

/**
 * The SDK's log lines through our logger. Its debug lines are dropped: they hold whole bodies. Its errors become
 * warnings, since every call and delivery is judged and logged by its own adapter as well.
 */
export function createSlackLogger(logger: Logger): SdkLogger {
  function tell(level: 'info' | 'warn', words: readonly unknown[]): void {
    const detail = words.map((word) => (word instanceof Error ? word.message : String(word))).join(' ');
    logger[level]('Slack SDK', { detail });
  }
  return {
    debug: () => undefined,
    info: (...words) => tell('info', words),
    warn: (...words) => tell('warn', words),
    error: (...words) => tell('warn', words),
    setLevel: () => undefined,
    getLevel: () => LogLevel.INFO,
    setName: () => undefined,
  };
}
