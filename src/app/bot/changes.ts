import { BullmqRemediationQueue } from '../../adapters/bullmq/bullmq-remediation-queue.ts';
import { RedisAuditLog } from '../../adapters/redis/redis-audit-log.ts';
import { RedisRemediationStore } from '../../adapters/redis/redis-remediation-store.ts';
import { hmacSigner } from '../../adapters/system/hmac-signer.ts';
import { systemClock } from '../../adapters/system/system-clock.ts';
import type { ServiceConfig } from '../../config/service-config.ts';
import type { Settings } from '../../config/settings.ts';
import type { AuditLines } from '../../ports/audit-lines.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { RemediationStore } from '../../ports/remediation-store.ts';
import type { Signer } from '../../ports/signer.ts';
import { dailyAnchor } from '../../usecases/remediation/daily-anchor.ts';
import { sweepRemediations } from '../../usecases/remediation/sweep.ts';
import { tellRemediation } from '../../usecases/remediation/tell.ts';
import { remediationPolicy, remediationTimes } from './remediation-rules.ts';
import { repeat } from './repeat.ts';
import type { Stores } from './stores.ts';
import { workspaceReader } from './workspace-note.ts';

/** What a gateway and an executor need for changes. */
export interface Changes {
  readonly store: RemediationStore;
  readonly audit: RedisAuditLog;
  readonly queue: BullmqRemediationQueue;
  readonly signer: Signer;
  readonly lines: AuditLines;
  /** From now on these settings hold. */
  follow(settings: Settings): void;
  /** Looks after changes no more and closes the queue. */
  stop(): Promise<void>;
}

/** What changes are opened with. */
export interface ChangesOptions {
  readonly redisUrl: string;
  readonly settings: Settings;
  readonly service: Pick<ServiceConfig, 'signingKey'>;
  readonly stores: Stores;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Where the audit is written besides the store. Absent: into the log, as its level allows. */
  readonly auditLines?: AuditLines;
}

/** Often enough that nobody waits for the buttons of a proposal. */
const SWEEP_MS = 1000;

/** Opens what changes need, and looks after open ones; nothing without a key to sign with. */
export function openChanges(options: ChangesOptions): Changes | undefined {
  const { signingKey } = options.service;
  if (signingKey === undefined) {
    return undefined;
  }
  const { stores, logger, metrics, auditLines: lines = linesIn(logger) } = options;
  let settings = options.settings;
  const ports = openPorts(signingKey.reveal(), options, () => remediationTimes(settings).approvalMs);
  const workspace = workspaceReader(stores.notes);
  const place = async () => {
    const { auditChannel: channel } = settings.remediation;
    const team = channel === undefined ? undefined : (await workspace())?.team;
    return channel === undefined || team === undefined ? undefined : { team, channel };
  };
  const common = { ...ports, lines, outbox: stores.outbox, clock: systemClock() };
  const deps = {
    ...common,
    anchor: dailyAnchor({ ...common, place }),
    logger,
    policy: () => remediationPolicy(settings),
    clusters: () => settings.clusters.map(({ name }) => name),
    times: () => remediationTimes(settings),
    metrics,
  };
  const failed = (error: unknown): void => logger.debug('changes could not be looked after', { error });
  const sweep = repeat(() => sweepRemediations(deps), SWEEP_MS, failed);
  const stopListening = ports.store.onChange((id) => void tellRemediation(id, deps).catch(failed));
  return {
    ...ports,
    lines,
    follow: (changed) => {
      settings = changed;
    },
    async stop() {
      stopListening();
      await sweep.stop();
      await ports.queue.close();
    },
  };
}

function linesIn(logger: Logger): AuditLines {
  return { write: (entry) => logger.info('audit', { audit: entry }) };
}

function openPorts(key: string, { redisUrl, settings, stores, logger }: ChangesOptions, approvalMs: () => number) {
  const { prefix } = settings.redis;
  const signer = hmacSigner(key);
  const common = { redis: stores.redis, logger, prefix };
  return {
    signer,
    store: new RedisRemediationStore({ ...common, approvalMs }),
    audit: new RedisAuditLog({ ...common, digest: (text) => signer.digest(text) }),
    queue: new BullmqRemediationQueue({ url: redisUrl, logger, prefix }),
  };
}
