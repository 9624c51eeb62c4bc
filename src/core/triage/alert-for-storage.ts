import { shorten } from '../facts/text.ts';
import { type Alert, type Labels, labelOf } from './alert.ts';
import type { AlertTarget, MappedAlert } from './alert-target.ts';
import type { LabelLimits } from './bounded-labels.ts';
import type { AlertMatch, RoutingRules } from './routing.ts';
import type { StoredAlert } from './stored-alert.ts';
import type { PlannedAlert } from './triage-plan.ts';

/** What is kept of the labels of a stored alert. */
const STORED_LABELS: LabelLimits = { most: 40, longest: 256 };
/** What is kept of its annotations. */
const STORED_ANNOTATIONS: LabelLimits = { most: 10, longest: 512 };

/** Labels that say what an alert is about; they are kept before all others. */
const TELLING_LABELS = [
  'alertname',
  'severity',
  'cluster',
  'namespace',
  'pod',
  'container',
  'node',
  'instance',
  'job',
  'uid',
  'reason',
  'exported_namespace',
  'exported_pod',
  'exported_container',
  'exported_node',
  'deployment',
  'statefulset',
  'daemonset',
  'replicaset',
  'job_name',
  'cronjob',
  'persistentvolumeclaim',
  'workload',
  'workload_type',
] as const;
const TELLING_ANNOTATIONS = ['summary', 'description', 'message'] as const;

/** What a stored alert says besides the alert itself. */
export interface StorageFacts {
  /** Labels and annotations that the settings speak of; they are kept before others. */
  readonly wanted: readonly string[];
  /** Namespaces, with `*` as a wildcard, about which the sender may speak. */
  readonly readable: readonly string[];
  /** RFC 3339. */
  readonly receivedAt: string;
}

/** An alert as it is stored, without notes; undefined when it goes to no channel. */
export function alertForStorage({ mapped, routing }: PlannedAlert, facts: StorageFacts): StoredAlert | undefined {
  if (routing.kind !== 'channel') {
    return undefined;
  }
  const { channel, owner, mention, muted } = routing;
  return {
    mapped: bounded(mapped, facts.wanted),
    cluster: mapped.cluster?.name ?? '',
    channel,
    ...(owner === undefined ? {} : { owner: short(owner, STORED_LABELS.longest) }),
    ...(mention === undefined ? {} : { mention }),
    ...(muted === undefined ? {} : { muted }),
    readable: facts.readable,
    receivedAt: facts.receivedAt,
    notes: [],
  };
}

/** The labels and annotations that routes, mutes and owners of the settings look at. */
export function wantedLabels(clusterLabel: string, { routes, mute, owners }: RoutingRules): readonly string[] {
  const ofMatch = ({ match }: { readonly match: AlertMatch }): readonly string[] => Object.keys(match.labels ?? {});
  return [...new Set([clusterLabel, ...owners.labels, ...routes.flatMap(ofMatch), ...mute.flatMap(ofMatch)])];
}

function bounded(mapped: MappedAlert, wanted: readonly string[]): MappedAlert {
  return { ...mapped, alert: boundedAlert(mapped.alert, wanted), target: boundedTarget(mapped.target), trail: [] };
}

function boundedAlert(alert: Alert, wanted: readonly string[]): Alert {
  return {
    ...alert,
    name: short(alert.name, STORED_LABELS.longest),
    labels: boundedLabels(alert.labels, STORED_LABELS, [...TELLING_LABELS, ...wanted]),
    annotations: boundedLabels(alert.annotations, STORED_ANNOTATIONS, [...TELLING_ANNOTATIONS, ...wanted]),
  };
}

/** Only the scrape job is a label as it came; everything else was checked or is quoted. */
function boundedTarget(target: AlertTarget): AlertTarget {
  return target.kind === 'scrape-target' && target.job !== undefined
    ? { ...target, job: short(target.job, STORED_LABELS.longest) }
    : target;
}

/** Those of `first` that are there, then the others in their order. */
function boundedLabels(labels: Labels, { most, longest }: LabelLimits, first: readonly string[]): Labels {
  const names = Object.keys(labels);
  const kept =
    names.length <= most
      ? names
      : [...new Set([...first.filter((name) => labelOf(labels, name) !== undefined), ...names])].slice(0, most);
  return Object.fromEntries(kept.map((name) => [name, short(labels[name] ?? '', longest)]));
}

/** Nearly every text is short enough; only others are counted in characters. */
function short(text: string, longest: number): string {
  return text.length <= longest ? text : shorten(text, longest);
}
