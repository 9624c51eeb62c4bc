import { pinoAuditLines } from '../adapters/pino/pino-audit-lines.ts';
import { pinoLogger } from '../adapters/pino/pino-logger.ts';
import type { Config } from '../config/config.ts';
import type { Role, ServiceConfig } from '../config/service-config.ts';
import type { Logger } from '../ports/logger.ts';
import { HARD_STOP_MS } from './bot/endings.ts';
import { startBot } from './bot/start-bot.ts';
import { findSettingsFile, loadSettings } from './load-settings.ts';
import { VERSION } from './version.ts';

/** What the command line and the environment say about a service. */
export interface ServeOptions {
  readonly service: ServiceConfig;
  readonly config: Config;
  /** Beats the environment. */
  readonly role?: Role | undefined;
  /** Beats the environment. */
  readonly settingsFile?: string | undefined;
}

/** Runs the bot until the process is told to end; resolves with the exit code. Throws what `startBot` and `loadSettings` throw. */
export async function serve({ service, config, role, settingsFile }: ServeOptions): Promise<number> {
  const logger = pinoLogger(service.logLevel);
  const ended = untilToldToEnd(logger);
  const file = findSettingsFile(settingsFile ?? service.settingsFile);
  const settings = await loadSettings(file);
  const bot = await startBot({
    role: role ?? service.role,
    settings,
    settingsFile: file,
    service,
    config,
    logger,
    auditLines: pinoAuditLines(),
    version: VERSION,
  });
  const code = await ended;
  logger.info('the bot is stopping');
  const timer = setTimeout(() => {
    logger.error('the bot did not stop in time');
    process.exit(1);
  }, HARD_STOP_MS);
  await bot.stop();
  clearTimeout(timer);
  logger.info('the bot has stopped');
  return code;
}

/** A defect that nothing caught ends the process in order: its state is not known any more. */
function untilToldToEnd(logger: Logger): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  process.removeAllListeners('SIGINT');
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      resolve(0);
      // Whoever asks twice does not want to wait.
      process.once(signal, () => process.exit(1));
    });
  }
  for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
    process.on(event, (error: unknown) => {
      logger.error('a failure was not handled', { event, error });
      resolve(1);
    });
  }
  return promise;
}
