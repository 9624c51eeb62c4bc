import { isKubewhyError } from '../core/errors/kubewhy-error.ts';
import { createRareCount } from '../core/facts/rare-count.ts';
import { type AlertBatch, type AlertsResult, cutSentences } from '../core/triage/alert.ts';
import type { ClusterRules } from '../core/triage/alert-cluster.ts';
import { alertForStorage, type StorageFacts, wantedLabels } from '../core/triage/alert-for-storage.ts';
import type { AlertMapping } from '../core/triage/mapped-payload.ts';
import { readAlertsInSteps } from '../core/triage/read-alerts.ts';
import type { RoutingRules } from '../core/triage/routing.ts';
import { withOwnFingerprint } from '../core/triage/sender-reach.ts';
import type { StoredAlert } from '../core/triage/stored-alert.ts';
import { planAlert, type TriageRules } from '../core/triage/triage-plan.ts';
import type { AlertIntake } from '../ports/alert-intake.ts';
import type { AlertCounts, AlertDelivery, AlertsTaken, AlertTaker } from '../ports/alert-taker.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { Metrics } from '../ports/metrics.ts';

/** Somebody who delivers alerts. */
export interface AlertSender {
  readonly name: string;
  /** `auto`, `alertmanager`, `grafana` or the name of a mapping. */
  readonly format: string;
  /** The cluster of its alerts that name none. */
  readonly cluster?: string;
  /** Namespaces, with `*` as a wildcard, about which it may speak. */
  readonly namespaces: readonly string[];
}

/** The settings that decide about alerts; read anew for every payload, since they may change while the bot runs. */
export interface AlertIntakeSettings {
  readonly senders: readonly AlertSender[];
  readonly mappings: readonly AlertMapping[];
  readonly clusters: Omit<ClusterRules, 'senderCluster'>;
  readonly routing: RoutingRules;
}

/** What payloads are taken with. */
export interface TakeAlertsDeps {
  readonly intake: AlertIntake;
  readonly settings: () => AlertIntakeSettings;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Lets the process do other work; resolves soon. */
  readonly pause: () => Promise<void>;
}

/** Alerts that are mapped and routed between two pauses. */
const SLICE = 50;
const WARN_EVERY_MS = 60_000;

/** Reads, maps, routes and stores payloads of alerts. */
export function createAlertTaker(deps: TakeAlertsDeps): AlertTaker {
  const warn = withoutChannelWarning(deps);
  return {
    async take(delivery) {
      const taken = await takeAlerts(delivery, deps);
      if (taken.kind === 'taken' && taken.withoutChannel > 0) {
        warn(delivery.sender, taken.withoutChannel);
      }
      return taken;
    },
  };
}

async function takeAlerts(delivery: AlertDelivery, deps: TakeAlertsDeps): Promise<AlertsTaken> {
  const settings = deps.settings();
  const sender = settings.senders.find(({ name }) => name === delivery.sender) ?? unlisted(delivery.sender);
  const { mappings } = settings;
  const { format } = sender;
  const result = await inSteps(
    readAlertsInSteps(delivery.text, { sender: sender.name, format, mappings, bodyCut: delivery.cut }),
    deps,
  );
  if (result.kind === 'refused') {
    deps.logger.warn('a payload of alerts was refused', { sender: sender.name, reason: result.reason });
    return result;
  }
  const { alerts, ignored, withoutChannel } = await planInSlices(result.batch, sender, settings, deps);
  const { changed, repeated } = await store(withNotes(alerts, cutSentences(result.batch.cuts)), deps);
  const counts = { accepted: changed, repeated, ignored, withoutChannel };
  countAlerts(counts, deps.metrics);
  deps.logger.debug('a payload of alerts was taken', { sender: sender.name, ...counts });
  return { kind: 'taken', ...counts };
}

/** The token is known, which is what proves it; the settings add nothing to it. */
function unlisted(name: string): AlertSender {
  return { name, format: 'auto', namespaces: ['*'] };
}

async function inSteps(steps: Generator<undefined, AlertsResult>, { pause }: TakeAlertsDeps): Promise<AlertsResult> {
  for (;;) {
    const step = steps.next();
    if (step.done === true) {
      return step.value;
    }
    await pause();
  }
}

interface Planned {
  readonly alerts: readonly StoredAlert[];
  readonly ignored: number;
  readonly withoutChannel: number;
}

async function planInSlices(
  { alerts }: AlertBatch,
  sender: AlertSender,
  settings: AlertIntakeSettings,
  { clock, pause }: TakeAlertsDeps,
): Promise<Planned> {
  const now = clock.now();
  const rules = rulesOf(sender, settings);
  const facts: StorageFacts = {
    wanted: wantedLabels(settings.clusters.clusterLabel, settings.routing),
    readable: sender.namespaces,
    receivedAt: now.toISOString(),
  };
  const stored: StoredAlert[] = [];
  let ignored = 0;
  for (let from = 0; from < alerts.length; from += SLICE) {
    const planned = alerts
      .slice(from, from + SLICE)
      .map((alert) => planAlert(withOwnFingerprint(alert, sender.namespaces), rules, now));
    stored.push(...planned.map((one) => alertForStorage(one, facts)).filter((one) => one !== undefined));
    ignored += planned.filter(({ routing }) => routing.kind === 'ignored').length;
    await pause();
  }
  return { alerts: stored, ignored, withoutChannel: alerts.length - ignored - stored.length };
}

function rulesOf({ cluster, namespaces }: AlertSender, { clusters, routing }: AlertIntakeSettings): TriageRules {
  return {
    clusters: { ...clusters, ...(cluster === undefined ? {} : { senderCluster: cluster }) },
    routing,
    namespaces,
  };
}

/** What was left out is told once, in the thread of an alert that fires if there is one. */
function withNotes(alerts: readonly StoredAlert[], notes: readonly string[]): readonly StoredAlert[] {
  const firing = alerts.findIndex(({ mapped }) => mapped.alert.status === 'firing');
  const at = Math.max(0, firing);
  return notes.length === 0 ? alerts : alerts.map((alert, index) => (index === at ? { ...alert, notes } : alert));
}

async function store(alerts: readonly StoredAlert[], { intake, logger }: TakeAlertsDeps) {
  try {
    return alerts.length === 0 ? { changed: 0, repeated: 0 } : await intake.accept(alerts);
  } catch (error) {
    if (isKubewhyError(error, 'STORE_UNAVAILABLE')) {
      logger.warn('alerts could not be stored; they are expected again', { alerts: alerts.length, error });
    }
    throw error;
  }
}

function countAlerts(counts: AlertCounts, metrics: Metrics): void {
  const pairs = [
    ['changed', counts.accepted],
    ['repeated', counts.repeated],
    ['ignored', counts.ignored],
    ['no_channel', counts.withoutChannel],
  ] as const;
  for (const [outcome, by] of pairs.filter(([, many]) => many > 0)) {
    metrics.count('alerts_received_total', { outcome }, by);
  }
}

/** Says it at once, and then once a minute how many there were since. */
function withoutChannelWarning({ clock, logger }: TakeAlertsDeps): (sender: string, alerts: number) => void {
  const dropped = createRareCount(WARN_EVERY_MS, () => clock.now().getTime());
  return (sender, by) => {
    const alerts = dropped(by);
    if (alerts !== undefined) {
      logger.warn('alerts were dropped: no route fits them, and alerts.channel is not set', { sender, alerts });
    }
  };
}
