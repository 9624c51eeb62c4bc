import type { AlertCluster } from '../app/open-alert-cluster.ts';
import type { Settings } from '../config/settings.ts';
import { didYouMean, quoted, usageError } from '../core/command/usage-error.ts';
import { jsonText } from '../core/render/escape.ts';
import { renderAlerts } from '../core/render/render-alerts.ts';
import type { AlertBatch } from '../core/triage/alert.ts';
import type { ClusterRules } from '../core/triage/alert-cluster.ts';
import { readAlerts } from '../core/triage/read-alerts.ts';
import { groupByTarget } from '../core/triage/target-group.ts';
import { firingOf, type PlannedAlert, planTriage } from '../core/triage/triage-plan.ts';
import { type AlertAnswers, diagnoseAlerts } from '../usecases/diagnose-alerts.ts';
import { alertsDocument, answersText, exitCodeOfAnswers } from './alert-report.ts';
import { usesColor } from './color.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './exit-codes.ts';

/** Root objects that are diagnosed. */
const MOST_TARGETS = 20;

/** `kubewhy alert FILE|-`: what alerts are about and where they would go; with a cluster or a recording also why. */
export async function runAlert(context: CommandContext): Promise<number> {
  const { line, config, output } = context;
  const [path, ...more] = line.words;
  if (path === undefined || more.length > 0) {
    throw usageError('Which payload? Name one file, or - for standard input.', line.command.name);
  }
  const settings = await readSettings(context);
  const batch = await readBatch(path, settings, context);
  const { openAlertCluster } = await import('../app/open-alert-cluster.ts');
  const { options } = line;
  const cluster = await openAlertCluster(
    {
      from: options.value('from'),
      cluster: options.value('cluster'),
      context: options.value('context'),
      kubeconfig: options.value('kubeconfig'),
    },
    settings,
    config,
  );
  const rules = { clusters: clusterRules(settings, context), routing: settings.alerts };
  const planned = planTriage(batch, rules, cluster?.clock.now() ?? new Date());
  const look = { width: output.width, color: usesColor(options, config, output), explain: options.has('explain') };
  const isText = options.value('output') !== 'json';
  if (isText) {
    output.print(renderAlerts(batch, planned, look));
  }
  const found = cluster === undefined ? undefined : await answer(planned, cluster, context);
  if (!isText) {
    output.print(jsonText(alertsDocument(batch, planned, found)));
  } else if (found === undefined) {
    output.print('\nto diagnose them name a cluster (-c, --context, --kubeconfig) or a recording (--from)');
  } else {
    output.print(`\n${answersText(found, { ...look, whole: options.has('verbose') })}`);
  }
  return found === undefined ? EXIT.healthy : exitCodeOfAnswers(found);
}

async function readSettings({ line }: CommandContext): Promise<Settings> {
  const [{ findSettingsFile, loadSettings }, { loadServiceConfig }] = await Promise.all([
    import('../app/load-settings.ts'),
    import('../app/load-service-config.ts'),
  ]);
  return loadSettings(findSettingsFile(line.options.value('config') ?? loadServiceConfig().settingsFile));
}

async function readBatch(path: string, settings: Settings, { line }: CommandContext): Promise<AlertBatch> {
  const { readPayload } = await import('../app/read-payload.ts');
  const { mappings } = settings.alerts;
  const sender = senderOf(settings, line.options.value('sender'));
  const payload = await readPayload(path);
  const result = readAlerts(payload.text, { ...sender, mappings, bodyCut: payload.cut });
  if (result.kind === 'refused') {
    throw usageError(`The payload is not accepted: ${result.reason}.`, line.command.name);
  }
  return result.batch;
}

function senderOf(
  { alerts }: Settings,
  name: string | undefined,
): { readonly sender: string; readonly format: string } {
  if (name === undefined) {
    return { sender: 'command-line', format: 'auto' };
  }
  const found = alerts.senders.find((sender) => sender.name === name);
  if (found === undefined) {
    const known = alerts.senders.map((sender) => sender.name);
    throw usageError(`There is no sender ${quoted(name)} in the settings.${didYouMean(name, known)}`, 'alert');
  }
  return { sender: found.name, format: found.format };
}

/** The cluster that is named counts for alerts that name none. */
function clusterRules({ alerts, clusters }: Settings, { line }: CommandContext): ClusterRules {
  const { options } = line;
  const sender = alerts.senders.find(({ name }) => name === options.value('sender'));
  const senderCluster = options.value('cluster') ?? sender?.cluster;
  return {
    clusters: clusters.map(({ name }) => name),
    clusterLabel: alerts.clusterLabel,
    clusterNames: alerts.clusterNames,
    ...(senderCluster === undefined ? {} : { senderCluster }),
  };
}

/** Diagnoses what fires; with `-c` only what is in that cluster. */
async function answer(
  planned: readonly PlannedAlert[],
  { openReader, clock, close }: AlertCluster,
  { line, config, output, loadPlaybooks }: CommandContext,
): Promise<AlertAnswers> {
  const named = line.options.value('cluster');
  const groups = groupByTarget(firingOf(planned));
  const elsewhere = groups.filter(({ cluster }) => named !== undefined && cluster !== '' && cluster !== named);
  const here = groups.filter((group) => !elsewhere.includes(group));
  try {
    const found = await output.waiting(`asking about ${here.length} objects …`, async () => {
      const playbooks = await loadPlaybooks([...config.playbookFolders, ...line.options.values('playbooks')]);
      return diagnoseAlerts(here, { openReader, clock, playbooks }, MOST_TARGETS);
    });
    const foreign = elsewhere.map((group) => ({ group, reason: `it is in cluster ${group.cluster}` }));
    return { ...found, unasked: [...found.unasked, ...foreign] };
  } finally {
    close();
  }
}
