import type { RequestHandler } from '../../adapters/http/alerts-endpoint.ts';
import type { Settings } from '../../config/settings.ts';
import { alertReceiver } from './alert-receiver.ts';
import type { GatewayOptions } from './gateway-options.ts';
import { silentTimes } from './silent-times.ts';
import { startStandIns } from './triage.ts';

/** The side of the bot that takes alerts. */
export interface AlertSide {
  /** Answers `POST /alerts`. */
  readonly handle: RequestHandler;
  /** From now on these senders, routes and mappings hold; tokens stay as they were at the start. */
  follow(settings: Settings): void;
  /** Ends the triage of what no diagnoser looks after. */
  stop(): Promise<void>;
}

/** Takes alerts over HTTP into the store, and looks after those that no diagnoser looks after; `silentAfterMs` as in `BotOptions`. */
export function openAlertSide(options: GatewayOptions & { readonly silentAfterMs?: number }): AlertSide {
  const { settings, service, stores, logger, metrics } = options;
  let current = settings;
  const parts = { stores, settings: () => current, logger, metrics };
  const standIns = startStandIns(parts, silentTimes(options.silentAfterMs));
  standIns.follow(settings.clusters.map(({ name }) => name));
  return {
    handle: alertReceiver({ ...parts, service }),
    follow: (changed) => {
      current = changed;
      standIns.follow(changed.clusters.map(({ name }) => name));
    },
    stop: () => standIns.stop(),
  };
}
