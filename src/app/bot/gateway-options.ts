import type { ServiceConfig } from '../../config/service-config.ts';
import type { Settings } from '../../config/settings.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { Changes } from './changes.ts';
import type { Stores } from './stores.ts';

/** What a gateway works with. */
export interface GatewayOptions {
  readonly redisUrl: string;
  readonly settings: Settings;
  readonly service: ServiceConfig;
  readonly stores: Stores;
  readonly version: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** What deciding about changes needs; absent where nothing signs them. */
  readonly changes?: Changes | undefined;
}
