import { setImmediate } from 'node:timers/promises';
import { alertsEndpoint, type RequestHandler } from '../../adapters/http/alerts-endpoint.ts';
import { systemClock } from '../../adapters/system/system-clock.ts';
import type { ServiceConfig } from '../../config/service-config.ts';
import type { Settings } from '../../config/settings.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Metrics } from '../../ports/metrics.ts';
import { type AlertIntakeSettings, createAlertTaker } from '../../usecases/take-alerts.ts';
import type { Stores } from './stores.ts';

/** What alerts are received with. */
export interface AlertReceiverOptions {
  readonly settings: () => Settings;
  readonly service: Pick<ServiceConfig, 'alertTokens'>;
  readonly stores: Pick<Stores, 'alerts'>;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/**
 * Takes alerts over HTTP into the store. Senders, routes and mappings are those of the settings at that time; tokens
 * stay as they were at the start.
 */
export function alertReceiver({ settings, service, stores, logger, metrics }: AlertReceiverOptions): RequestHandler {
  const taker = createAlertTaker({
    intake: stores.alerts,
    settings: () => intakeSettings(settings()),
    clock: systemClock(),
    logger,
    metrics,
    pause: () => setImmediate(),
  });
  const tokens = service.alertTokens.map(({ sender, token }) => ({ sender, token: token.reveal() }));
  return alertsEndpoint({ tokens, taker, logger, metrics });
}

function intakeSettings({ alerts, clusters }: Settings): AlertIntakeSettings {
  const { senders, mappings, clusterLabel, clusterNames } = alerts;
  return {
    senders,
    mappings,
    clusters: { clusters: clusters.map(({ name }) => name), clusterLabel, clusterNames },
    routing: alerts,
  };
}
