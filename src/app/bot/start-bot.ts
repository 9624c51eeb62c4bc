import { type Readiness, startInternalServer } from '../../adapters/http/internal-server.ts';
import { type PrometheusMetrics, prometheusMetrics } from '../../adapters/prometheus/prometheus-metrics.ts';
import type { Config } from '../../config/config.ts';
import { missingVariables, type Role, type ServiceConfig } from '../../config/service-config.ts';
import type { Settings } from '../../config/settings.ts';
import { KubewhyError } from '../../core/errors/kubewhy-error.ts';
import type { AuditLines } from '../../ports/audit-lines.ts';
import type { Logger } from '../../ports/logger.ts';
import { watchSettings } from '../watch-settings.ts';
import { type AlertSide, openAlertSide } from './alert-side.ts';
import { changeFigures } from './change-figures.ts';
import { type Changes, openChanges } from './changes.ts';
import { type Diagnosers, type DiagnosersOptions, startDiagnosers } from './diagnosers.ts';
import { createEndings, type Endings } from './endings.ts';
import { type Executors, startExecutors } from './executors.ts';
import { type Gateway, startGateway } from './gateway.ts';
import { loadPlaybookSet } from './playbook-set.ts';
import { allowsChanges } from './remediation-rules.ts';
import { silentTimes } from './silent-times.ts';
import { openStores, type Stores } from './stores.ts';

/** What a bot is started with. */
export interface BotOptions {
  readonly role: Role;
  readonly settings: Settings;
  /** Where the settings come from; watched when given. */
  readonly settingsFile?: string | undefined;
  readonly service: ServiceConfig;
  readonly config: Config;
  readonly logger: Logger;
  /** Where the audit of changes is written besides the store. Absent: into the log, as its level allows. */
  readonly auditLines?: AuditLines;
  readonly version: string;
  /** Where the internal server listens; all interfaces when absent. */
  readonly internalHost?: string;
  /** How long a minute between two looks at an incident is; tests shorten it. */
  readonly lookMinuteMs?: number;
  /** After which time a cluster whose diagnoser reports nothing counts as silent; tests shorten it. Default one minute. */
  readonly silentAfterMs?: number;
}

/** A bot that runs. */
export interface RunningBot {
  /** The port of the internal server. */
  readonly internalPort: number;
  readiness(): Promise<readonly Readiness[]>;
  /** Takes nothing new, lets end what runs, sends what is due, and closes everything. */
  stop(): Promise<void>;
}

/**
 * Starts the parts of a role. Rejects, with everything closed again, when one cannot start: CONFIG_INVALID,
 * STORE_UNAVAILABLE, CHAT_REJECTED, CHAT_UNAVAILABLE, KUBECONFIG_INVALID, PLAYBOOKS_INVALID.
 */
export async function startBot(options: BotOptions): Promise<RunningBot> {
  const endings = createEndings(options.logger);
  try {
    return await startParts(options, endings);
  } catch (error) {
    await endings.run();
    throw error;
  }
}

async function startParts(options: BotOptions, endings: Endings): Promise<RunningBot> {
  const { role, service, settings, logger } = options;
  requireVariables(options);
  const redisUrl = service.redisUrl?.reveal() ?? '';
  const metrics = prometheusMetrics();
  const stores = openStores(redisUrl, settings, logger, silentTimes(options.silentAfterMs));
  endings.add('rest', async () => stores.redis.close());
  await stores.redis.ready();
  const common = { ...options, redisUrl, stores, metrics };
  const changes = role === 'diagnoser' ? undefined : openChanges(common);
  endings.addPart('sending', changes);
  const gateway = role === 'all' || role === 'gateway' ? await startGateway({ ...common, changes }) : undefined;
  if (gateway !== undefined) {
    endings.add('intake', () => gateway.stopIntake());
    endings.add('sending', () => gateway.stopSending());
  }
  const workers = role === 'gateway' ? undefined : await startWorkers({ ...common, changes }, endings);
  const alerts = gateway === undefined ? undefined : openAlertSide(common);
  endings.addPart('diagnosers', alerts);
  const parts = { stores, gateway, changes, alerts, settings, ...workers };
  await followSettings(options, parts, endings);
  const server = await serveInternals(options, parts, metrics);
  endings.add('rest', () => server.close());
  logger.info('the bot is running', { role, internalPort: server.port });
  return { internalPort: server.port, readiness: () => readinessOf(parts), stop: () => endings.run() };
}

interface Workers {
  readonly diagnosers?: Diagnosers | undefined;
  readonly executors?: Executors | undefined;
}

type WorkerOptions = Omit<DiagnosersOptions, 'playbooks'> &
  Pick<BotOptions, 'role' | 'service'> & { readonly changes: Changes | undefined };

/** What takes jobs: diagnosers, executors, or both, with the same playbooks. */
async function startWorkers(options: WorkerOptions, endings: Endings): Promise<Workers> {
  const { role, config, settings, logger, changes } = options;
  const playbooks = await loadPlaybookSet([...config.playbookFolders, ...settings.playbooks], logger);
  const diagnosers = role === 'executor' ? undefined : await startDiagnosers({ ...options, playbooks });
  endings.addPart('diagnosers', diagnosers);
  const executes = role !== 'diagnoser' && changes !== undefined;
  const executors = executes ? await startExecutors({ ...options, playbooks, changes }) : undefined;
  endings.addPart('diagnosers', executors);
  return { diagnosers, executors };
}

interface BotParts extends Workers {
  readonly stores: Stores;
  readonly gateway: Gateway | undefined;
  readonly changes: Changes | undefined;
  readonly alerts: AlertSide | undefined;
  /** As they are now. */
  settings: Settings;
}

function requireVariables({ service, role, settings }: BotOptions): void {
  const missing = missingVariables(service, role, settings.slack.mode, allowsChanges(settings));
  if (missing.length > 0) {
    throw new KubewhyError('CONFIG_INVALID', {
      message: `The environment is not complete:\n${missing.map((line) => `  ${line}`).join('\n')}`,
      hint: 'Copy .env.example to .env and fill it in; docs/slack-setup.md says where each value comes from.',
    });
  }
}

/** Settings that changed and hold only after a restart: the way to Slack and to Redis. */
function settingsForRestart(before: Settings, after: Settings): readonly string[] {
  const slack = (['mode', 'host', 'port', 'command', 'connections'] as const)
    .filter((key) => before.slack[key] !== after.slack[key])
    .map((key) => `slack.${key}`);
  const whole = (['retention', 'redis'] as const).filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
  return [...slack, ...whole];
}

/** Without a file there is nothing to follow. */
async function followSettings(options: BotOptions, parts: BotParts, endings: Endings): Promise<void> {
  const { settingsFile, logger } = options;
  if (settingsFile === undefined) {
    return;
  }
  const watch = await watchSettings(settingsFile, {
    logger,
    changed: (settings) => {
      const later = settingsForRestart(options.settings, settings);
      logger.info('the settings have changed', later.length === 0 ? {} : { afterRestart: later });
      parts.settings = settings;
      parts.gateway?.follow(settings);
      parts.alerts?.follow(settings);
      parts.changes?.follow(settings);
      void parts.diagnosers?.follow(settings);
      void parts.executors?.follow(settings);
    },
  });
  endings.add('settings', () => watch.stop());
}

async function serveInternals({ service, internalHost }: BotOptions, parts: BotParts, metrics: PrometheusMetrics) {
  metrics.gauge('outbox_waiting', 'Messages that wait to be sent.', async () => {
    const { waiting } = await parts.stores.outbox.backlog();
    return waiting;
  });
  metrics.gauge('outbox_oldest_seconds', 'For how long the oldest of them has been waiting.', async () => {
    const { oldestMs } = await parts.stores.outbox.backlog();
    return oldestMs / 1000;
  });
  metrics.gaugeOfClusters(
    'triage_oldest_seconds',
    'For how long the alert waits for triage that waits for longest.',
    () => oldestSeconds(parts),
  );
  if (parts.changes !== undefined) {
    changeFigures(metrics, { ...parts.changes, clusters: () => parts.settings.clusters.map(({ name }) => name) });
  }
  return startInternalServer({
    port: service.internalPort,
    host: internalHost ?? '0.0.0.0',
    readiness: () => readinessOf(parts),
    metrics: () => metrics.text(),
    ...(parts.alerts === undefined ? {} : { alerts: parts.alerts.handle }),
  });
}

/** Alerts without a known cluster are those of the cluster without a name. */
async function oldestSeconds({ stores, settings }: BotParts): Promise<ReadonlyMap<string, number>> {
  const clusters = [...settings.clusters.map(({ name }) => name), ''];
  return new Map(
    await Promise.all(
      clusters.map(async (cluster) => [cluster, (await stores.triage.oldestMs(cluster)) / 1000] as const),
    ),
  );
}

async function readinessOf({ stores, gateway, diagnosers, executors }: BotParts): Promise<readonly Readiness[]> {
  const redis = { name: 'redis', ok: stores.redis.isReady() };
  return [
    redis,
    ...(gateway?.readiness() ?? []),
    ...(diagnosers?.readiness() ?? []),
    ...(executors?.readiness() ?? []),
  ];
}
