import type { Config } from '../../config/config.ts';
import type { ServiceConfig } from '../../config/service-config.ts';
import { type ClusterSettings, defaultCluster, type Settings } from '../../config/settings.ts';
import type { Area, Check } from '../../core/doctor/check.ts';
import { clusterChecks } from '../../core/doctor/cluster-checks.ts';
import { neededRights } from '../../core/doctor/needed-rights.ts';
import { redisChecks } from '../../core/doctor/redis-checks.ts';
import { settingsChecks } from '../../core/doctor/settings-checks.ts';
import { slackChecks } from '../../core/doctor/slack-checks.ts';
import { watchRights } from '../../core/doctor/watch-rights.ts';
import { isKubewhyError } from '../../core/errors/kubewhy-error.ts';
import type { CompiledPlaybook } from '../../core/playbook/compiled.ts';
import { findSettingsFile, loadSettings } from '../load-settings.ts';
import { openChosenCluster } from '../open-cluster.ts';
import type { LoadPlaybooks } from '../playbooks.ts';
import { watchedNamespaces } from '../watched-namespaces.ts';
import { askedNamespaces } from './asked-namespaces.ts';
import { examineAlerts, incidentChannels, permittedGroups } from './examine-alerts.ts';

/** What the examination begins with. */
export interface DoctorOptions {
  /** Both throw CONFIG_INVALID. */
  readonly readServiceConfig: () => ServiceConfig;
  readonly readConfig: () => Config;
  readonly loadPlaybooks: LoadPlaybooks;
  /** A settings file that is named on the command line. */
  readonly settingsFile?: string | undefined;
}

/** Examines everything that the bot needs; whatever is wrong is a check, and nothing is changed anywhere. */
export async function runDoctor(options: DoctorOptions): Promise<readonly Check[]> {
  // `.env` must be there before anything else of the environment is read.
  const service = await attempt('environment', async () => options.readServiceConfig());
  const config = await attempt('environment', async () => options.readConfig());
  if (service.value === undefined || config.value === undefined) {
    return [...service.checks, ...config.checks];
  }
  return [ENVIRONMENT_VALID, ...(await examine(options, service.value, config.value))];
}

const ENVIRONMENT_VALID: Check = {
  area: 'environment',
  id: 'environment.valid',
  status: 'ok',
  says: 'The environment is valid.',
};

async function examine(options: DoctorOptions, service: ServiceConfig, config: Config): Promise<readonly Check[]> {
  const { settings, playbooks, checks } = await readInputs(options, service, config);
  const examined = await Promise.all([
    settings === undefined ? [] : examineSlack(service, settings),
    examineRedis(service),
    settings === undefined ? [] : examineAlerts(service, settings),
    ...(settings?.clusters ?? []).map((cluster) =>
      examineCluster(cluster, {
        config,
        service,
        reading: settings?.reading ?? [],
        watch: settings?.alerts.watch ?? [],
        playbooks,
      }),
    ),
  ]);
  return [...checks, ...examined.flat()];
}

interface Attempt<Value> {
  readonly value: Value | undefined;
  readonly checks: readonly Check[];
}

/** Our own errors are findings; others are defects and end the examination. */
async function attempt<Value>(area: Area, work: () => Promise<Value>): Promise<Attempt<Value>> {
  try {
    return { value: await work(), checks: [] };
  } catch (error) {
    if (!isKubewhyError(error)) {
      throw error;
    }
    const [says = '', ...lines] = error.message.split('\n');
    const check = { area, id: `${area}.valid`, status: 'failure' as const, says, fix: error.hint };
    return {
      value: undefined,
      checks: [{ ...check, ...(lines.length === 0 ? {} : { lines: lines.map((line) => line.trim()) }) }],
    };
  }
}

interface Inputs {
  readonly settings: Settings | undefined;
  /** Empty when they could not be loaded. */
  readonly playbooks: readonly CompiledPlaybook[];
  readonly checks: readonly Check[];
}

async function readInputs(options: DoctorOptions, service: ServiceConfig, config: Config): Promise<Inputs> {
  const file = options.settingsFile ?? findSettingsFile(service.settingsFile);
  const settings = await attempt('settings', () => loadSettings(file));
  const folders = [...(settings.value?.playbooks ?? []), ...config.playbookFolders];
  const playbooks = await attempt('playbooks', () => options.loadPlaybooks(folders));
  return {
    settings: settings.value,
    playbooks: playbooks.value ?? [],
    checks: [
      ...settings.checks,
      ...(settings.value === undefined ? [] : settingsChecks(settingsFacts(file, settings.value))),
      ...playbooks.checks,
      ...(playbooks.value === undefined ? [] : [playbooksCheck(playbooks.value.length)]),
    ],
  };
}

function settingsFacts(file: string | undefined, settings: Settings) {
  return {
    file,
    clusters: settings.clusters.map(({ name }) => name),
    defaultCluster: defaultCluster(settings),
    rules: settings.reading.length,
  };
}

function playbooksCheck(count: number): Check {
  return { area: 'playbooks', id: 'playbooks.valid', status: 'ok', says: `${count} playbooks are loaded.` };
}

async function examineSlack({ slack, role }: ServiceConfig, settings: Settings): Promise<readonly Check[]> {
  if (role === 'diagnoser') {
    return [{ area: 'slack', id: 'slack.token', status: 'skipped', says: 'A diagnoser does not speak to Slack.' }];
  }
  const { probeSlack } = await import('../../adapters/slack-probe/slack-probe.ts');
  const { mode, sharedChannels } = settings.slack;
  const facts = await probeSlack({
    ...(slack.botToken === undefined ? {} : { botToken: slack.botToken.reveal() }),
    ...(slack.appToken === undefined || mode === 'http' ? {} : { appToken: slack.appToken.reveal() }),
    ...(slack.apiUrl === undefined ? {} : { apiUrl: slack.apiUrl }),
    channels: configuredChannels(settings),
    groups: permittedGroups(settings),
  });
  return slackChecks(facts, {
    mode,
    sharedChannels,
    signingSecrets: slack.signingSecrets.length,
    incidentChannels: incidentChannels(settings),
  });
}

/** Those of incidents first: there may be too many to look at all. */
function configuredChannels(settings: Settings): readonly string[] {
  const { channels, reading } = settings;
  const named = [
    ...incidentChannels(settings),
    ...channels.map(({ id }) => id),
    ...reading.flatMap((rule) => rule.channels),
  ];
  return [...new Set(named)].filter((channel) => channel !== 'direct');
}

async function examineRedis({ redisUrl }: ServiceConfig): Promise<readonly Check[]> {
  const { probeRedis } = await import('../../adapters/redis-probe/redis-probe.ts');
  return redisChecks(redisUrl === undefined ? undefined : await probeRedis(redisUrl.reveal()));
}

const CLUSTER_FIX =
  'Correct `kubeconfig` and `context` of this cluster in kubewhy.yaml, or KUBECONFIG, and check that the user of Kubewhy may read the file.';

interface ClusterContext {
  readonly config: Config;
  readonly service: ServiceConfig;
  readonly reading: Settings['reading'];
  readonly watch: Settings['alerts']['watch'];
  readonly playbooks: readonly CompiledPlaybook[];
}

async function examineCluster(
  cluster: ClusterSettings,
  { config, service, reading, watch, playbooks }: ClusterContext,
): Promise<readonly Check[]> {
  const { name, kubeconfig, context } = cluster;
  if (service.role === 'gateway') {
    const says = 'A gateway does not speak to clusters.';
    return [{ area: 'cluster', of: name, id: 'cluster.connection', status: 'skipped', says }];
  }
  const { probeCluster } = await import('./probe-cluster.ts');
  const probed = await attempt('cluster', async () => {
    const opened = await openChosenCluster({ kubeconfig, context }, config, { interactive: false });
    try {
      const asked = askedNamespaces(reading, name);
      const watched = watchRights([...watchedNamespaces(watch, name).keys()]);
      const needed = [...neededRights(playbooks, asked), ...watched];
      return clusterChecks(await probeCluster(opened, { name, needed, asked }));
    } finally {
      opened.close();
    }
  });
  return (
    probed.value ?? probed.checks.map((check) => ({ ...check, of: name, id: 'cluster.connection', fix: CLUSTER_FIX }))
  );
}
