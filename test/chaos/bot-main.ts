/** A bot in a process of its own, whose times are shorter, whose clock jumps and whose event loop blocks when it is told so. */

import { pinoLogger } from '../../src/adapters/pino/pino-logger.ts';
import { startBot } from '../../src/app/bot/start-bot.ts';
import { loadSettings } from '../../src/app/load-settings.ts';
import { readConfig } from '../../src/config/config.ts';
import { readServiceConfig } from '../../src/config/service-config.ts';
import type { BotOrder } from './chaos-bot.ts';

const RealDate = Date;
let offsetMs = 0;

/** The clock of a machine that is wrong by `offsetMs`. */
class ShiftedDate extends RealDate {
  constructor(...args: readonly [] | readonly [string | number | Date]) {
    if (args.length === 0) {
      super(RealDate.now() + offsetMs);
    } else {
      // All that is written with more arguments counts from a given time as well.
      super(...(args as [number]));
    }
  }

  static override now(): number {
    return RealDate.now() + offsetMs;
  }
}

globalThis.Date = ShiftedDate as DateConstructor;

process.on('message', (order: BotOrder) => {
  if (order.kind === 'clock') {
    offsetMs = order.offsetMs;
  } else {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, order.ms);
  }
});

// Nobody may be left over from a run that was broken off.
process.on('disconnect', () => process.exit(1));

const service = readServiceConfig(() => '');
const settings = await loadSettings(service.settingsFile);
const logger = pinoLogger(service.logLevel);
for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
  process.on(event, (error: unknown) => {
    logger.error('a failure was not handled', { event, error });
    process.exit(1);
  });
}
const { times, limits } = settings.remediation;
const leaseSeconds = Number(process.env['CHAOS_LEASE_SECONDS'] ?? times.leaseSeconds);
// A shorter lease and more changes in an hour than a settings file may say.
const remediation = {
  ...settings.remediation,
  times: { ...times, leaseSeconds },
  limits: { ...limits, perClusterHour: 100_000 },
};
await startBot({
  role: service.role,
  settings: { ...settings, remediation },
  service,
  config: readConfig(),
  logger,
  version: '0.0.0',
  internalHost: '127.0.0.1',
});
process.send?.('running');
