import type { Cluster } from '../../adapters/kubernetes/kubernetes-cluster.ts';
import type { Config } from '../../config/config.ts';
import type { ServiceConfig } from '../../config/service-config.ts';
import { type ClusterSettings, defaultCluster, type Settings } from '../../config/settings.ts';
import { identityChecks } from '../../core/doctor/change-checks.ts';
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
import { type ClusterChoice, openChosenCluster } from '../open-cluster.ts';
import type { LoadPlaybooks } from '../playbooks.ts';
import { watchedNamespaces } from '../watched-namespaces.ts';
import { askedNamespaces } from './asked-namespaces.ts';
import { examineAlerts, incidentChannels, permittedGroups } from './examine-alerts.ts';
import { changeGroups, examineChanges, unmappedPeople } from './examine-changes.ts';

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
  const examined = await Promise.all(
    settings === undefined
      ? [examineRedis(service, undefined)]
      : [
          examineSlack(service, settings),
          examineRedis(service, settings),
          examineAlerts(service, settings),
          examineChanges(service, settings),
          ...settings.clusters.map((cluster) => examineCluster(cluster, { config, service, settings, playbooks })),
        ],
  );
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
  const checks = slackChecks(facts, {
    mode,
    sharedChannels,
    signingSecrets: slack.signingSecrets.length,
    incidentChannels: incidentChannels(settings),
    changeGroups: changeGroups(settings),
  });
  return [...checks, ...identityChecks(unmappedPeople(settings, facts.groups))];
}

/** Those of incidents first: there may be too many to look at all. */
function configuredChannels(settings: Settings): readonly string[] {
  const { channels, reading, remediation } = settings;
  const named = [
    ...incidentChannels(settings),
    ...channels.map(({ id }) => id),
    ...reading.flatMap((rule) => rule.channels),
    ...(remediation.auditChannel === undefined ? [] : [remediation.auditChannel]),
  ];
  return [...new Set(named)].filter((channel) => channel !== 'direct');
}

async function examineRedis({ redisUrl }: ServiceConfig, settings: Settings | undefined): Promise<readonly Check[]> {
  const { probeRedis } = await import('../../adapters/redis-probe/redis-probe.ts');
  const changes = settings !== undefined && settings.remediation.rules.length > 0;
  return redisChecks(redisUrl === undefined ? undefined : await probeRedis(redisUrl.reveal()), changes);
}

const CLUSTER_FIX =
  'Correct `kubeconfig` and `context` of this cluster in kubewhy.yaml, or KUBECONFIG, and check that the user of Kubewhy may read the file.';

const EXECUTOR_FIX =
  'Correct `executor` of this cluster in kubewhy.yaml, and check that the user of Kubewhy may read its kubeconfig.';

interface ClusterContext {
  readonly config: Config;
  readonly service: ServiceConfig;
  readonly settings: Settings;
  readonly playbooks: readonly CompiledPlaybook[];
}

async function examineCluster(cluster: ClusterSettings, context: ClusterContext): Promise<readonly Check[]> {
  const { name, kubeconfig, context: named } = cluster;
  const { service, settings, playbooks } = context;
  if (service.role === 'gateway') {
    const says = 'A gateway does not speak to clusters.';
    return [{ area: 'cluster', of: name, id: 'cluster.connection', status: 'skipped', says }];
  }
  const { probeCluster } = await import('./probe-cluster.ts');
  const reader = await withCluster({ kubeconfig, context: named }, context, async (opened) => {
    const asked = askedNamespaces(settings.reading, name);
    const watched = watchRights([...watchedNamespaces(settings.alerts.watch, name).keys()]);
    const needed = [...neededRights(playbooks, asked), ...watched];
    return clusterChecks(await probeCluster(opened, { name, needed, asked }));
  });
  const checks =
    reader.value ?? reader.checks.map((check) => ({ ...check, id: 'cluster.connection', fix: CLUSTER_FIX }));
  return [...checks, ...(await examineAccount(cluster, context))].map((check) => ({ ...check, of: name }));
}

/** The account with which changes are made, where a rule allows any. */
async function examineAccount(cluster: ClusterSettings, context: ClusterContext): Promise<readonly Check[]> {
  const { service, settings, playbooks } = context;
  const { examineExecutor, isChanged } = await import('./examine-executor.ts');
  if (service.role === 'diagnoser' || !isChanged(settings, cluster.name)) {
    return [];
  }
  const { kubeconfig, context: named } = cluster.executor ?? cluster;
  const account = await withCluster({ kubeconfig, context: named }, context, (opened) =>
    examineExecutor(opened, { settings, playbooks, choice: cluster }),
  );
  const failed = cluster.executor === undefined ? [] : account.checks;
  return account.value ?? failed.map((check) => ({ ...check, id: 'cluster.executor', fix: EXECUTOR_FIX }));
}

async function withCluster(
  choice: ClusterChoice,
  { config }: ClusterContext,
  work: (opened: Cluster) => Promise<readonly Check[]>,
): Promise<Attempt<readonly Check[]>> {
  return attempt('cluster', async () => {
    const opened = await openChosenCluster(choice, config, { interactive: false });
    try {
      return await work(opened);
    } finally {
      opened.close();
    }
  });
}
