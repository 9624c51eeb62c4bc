import type { AlertCluster } from '../app/open-alert-cluster.ts';
import type { AlertSenderSettings } from '../config/alert-settings.ts';
import type { Settings } from '../config/settings.ts';
import { didYouMean, quoted, usageError } from '../core/command/usage-error.ts';
import { jsonText } from '../core/render/escape.ts';
import { renderAlerts } from '../core/render/render-alerts.ts';
import type { AlertBatch } from '../core/triage/alert.ts';
import { readAlerts } from '../core/triage/read-alerts.ts';
import { groupByTarget } from '../core/triage/target-group.ts';
import { firingOf, type PlannedAlert, planTriage, type TriageRules } from '../core/triage/triage-plan.ts';
import { type AlertAnswers, diagnoseAlerts } from '../usecases/diagnose-alerts.ts';
import { alertsDocument, answersText, exitCodeOfAnswers } from './alert-report.ts';
import { usesColor } from './color.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './exit-codes.ts';

/** Root objects that are diagnosed. */
const MOST_TARGETS = 20;

/**
 * `kubewhy alert FILE|-`: what alerts are about and where they would go; with a cluster or a recording also why; with
 * `--send` a running bot takes them.
 */
export async function runAlert(context: CommandContext): Promise<number> {
  const { line } = context;
  const [path, ...more] = line.words;
  if (path === undefined || more.length > 0) {
    throw usageError('Which payload? Name one file, or - for standard input.', line.command.name);
  }
  const address = line.options.value('send');
  if (address !== undefined) {
    const { runAlertSend } = await import('./alert-send.ts');
    return runAlertSend(path, address, context);
  }
  return examine(path, context);
}

async function examine(path: string, context: CommandContext): Promise<number> {
  const { line, config, output } = context;
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
  const planned = planTriage(batch, triageRules(settings, context), cluster?.clock.now() ?? new Date());
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

function senderSettings({ alerts }: Settings, { line }: CommandContext): AlertSenderSettings | undefined {
  const name = line.options.value('sender');
  return alerts.senders.find((sender) => sender.name === name);
}

/** The cluster that is named counts for alerts that name none. */
function triageRules(settings: Settings, context: CommandContext): TriageRules {
  const { alerts, clusters } = settings;
  const sender = senderSettings(settings, context);
  const senderCluster = context.line.options.value('cluster') ?? sender?.cluster;
  return {
    clusters: {
      clusters: clusters.map(({ name }) => name),
      clusterLabel: alerts.clusterLabel,
      clusterNames: alerts.clusterNames,
      ...(senderCluster === undefined ? {} : { senderCluster }),
    },
    routing: alerts,
    ...(sender === undefined ? {} : { namespaces: sender.namespaces }),
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
