import { quoted } from '../command/usage-error.ts';
import { isNamespaceName } from '../policy/namespace-pattern.ts';
import { resourceOf } from '../subject/kinds.ts';
import { type Alert, labelOf } from './alert.ts';
import {
  type CatalogueEntry,
  type ControlPlanePart,
  catalogueEntry,
  type TargetKind,
  type TargetRule,
} from './alert-catalogue.ts';
import { type AlertCluster, type ClusterRules, clusterOf } from './alert-cluster.ts';
import { generalRule } from './general-rule.ts';
import { addressOf, isObjectName, isUid } from './object-name.ts';
import { type TargetLabels, targetLabels } from './target-labels.ts';
import { playbooksForReason } from './waiting-reasons.ts';

/** The object that an alert is about; every name is one that Kubernetes allows. */
export interface TargetObject {
  readonly kind: TargetKind;
  /** Empty for a kind that is in no namespace. */
  readonly namespace: string;
  readonly name: string;
  /** Of a pod, where the alert says it: another pod of the same name is not the one it is about. */
  readonly uid?: string;
}

/** What an alert is about. */
export type AlertTarget =
  | { readonly kind: 'object'; readonly object: TargetObject }
  /** The node with that address or name, which only the cluster can tell. */
  | { readonly kind: 'node-address'; readonly address: string }
  /** Something that Prometheus could not scrape; perhaps the node with that address. */
  | { readonly kind: 'scrape-target'; readonly job?: string; readonly address?: string }
  | { readonly kind: 'control-plane'; readonly part: ControlPlanePart }
  | { readonly kind: 'cluster' }
  | { readonly kind: 'ignored'; readonly reason: string }
  | { readonly kind: 'unmapped'; readonly reason: string };

/** An alert with what it is about. */
export interface MappedAlert {
  readonly alert: Alert;
  readonly target: AlertTarget;
  readonly cluster?: Extract<AlertCluster, { kind: 'cluster' }>;
  /** The container that the alert names. */
  readonly container?: string;
  /** Playbooks to test first. */
  readonly first: readonly string[];
  /** Playbooks to test before all others when several such alerts come together. */
  readonly several: readonly string[];
  /** Nothing is broken that could be diagnosed. */
  readonly information: boolean;
  /** Which labels decided, and why. */
  readonly trail: readonly string[];
}

/** Finds out what an alert is about, from its labels alone. Pure: whether the object exists is for the cluster to say. */
export function mapAlert(alert: Alert, rules: ClusterRules): MappedAlert {
  const entry = catalogueEntry(alert.name);
  const labels = targetLabels(alert.labels);
  const { target, says } = findTarget(entry?.target ?? generalRule(alert, labels), labels, alert);
  const known = entry === undefined ? 'is not in the catalogue: the labels decide' : 'is in the catalogue';
  const mapped = {
    alert,
    target,
    ...containerOf(labels),
    first: firstOf(entry, alert),
    several: entry?.several ?? [],
    information: entry?.information ?? false,
    trail: [`${alertWords(alert)} ${known}`, ...labels.trail, says],
  };
  return target.kind === 'ignored' ? mapped : inCluster(mapped, clusterOf(alert.labels, rules));
}

/** Without its cluster nothing can be said about an object, however well its labels name it. */
function inCluster(mapped: MappedAlert, cluster: AlertCluster): MappedAlert {
  return cluster.kind === 'none'
    ? { ...mapped, target: { kind: 'unmapped', reason: cluster.reason }, trail: [...mapped.trail, cluster.reason] }
    : { ...mapped, cluster, trail: [...mapped.trail, cluster.says] };
}

interface Found {
  readonly target: AlertTarget;
  readonly says: string;
}

const IGNORED: Found = {
  target: { kind: 'ignored', reason: 'it only says that alerting works' },
  says: 'ignored, it only says that alerting works',
};

function findTarget(rule: TargetRule, labels: TargetLabels, alert: Alert): Found {
  switch (rule.by) {
    case 'nothing':
      return IGNORED;
    case 'object':
      return findObject(rule, labels);
    case 'node':
      return findNode(labels);
    case 'scrape':
      return findScraped(labels, alert);
    case 'control-plane':
      return {
        target: { kind: 'control-plane', part: rule.part },
        says: `it is about the control plane: ${rule.part}`,
      };
    case 'cluster':
      return { target: { kind: 'cluster' }, says: 'it is about the cluster as a whole' };
  }
}

function findObject(rule: Extract<TargetRule, { by: 'object' }>, labels: TargetLabels): Found {
  const label = rule.labels.find((name) => labels.of(name) !== undefined);
  if (label === undefined) {
    return unmapped(`it has no label ${rule.labels.join(' or ')} that names ${article(rule.kind)} ${rule.kind}`);
  }
  const name = labels.of(label) ?? '';
  if (!isObjectName(name)) {
    return unmapped(`label ${label} is ${quoted(name)}, which is not a name that Kubernetes allows`);
  }
  const says = `label ${label} names the ${rule.kind}`;
  if (!resourceOf(rule.kind).namespaced) {
    return { target: { kind: 'object', object: { kind: rule.kind, namespace: '', name } }, says };
  }
  const namespace = labels.of('namespace');
  if (namespace === undefined) {
    return unmapped(`label ${label} names ${article(rule.kind)} ${rule.kind}, but no label names its namespace`);
  }
  if (!isNamespaceName(namespace)) {
    return unmapped(`label namespace is ${quoted(namespace)}, which is not a name that Kubernetes allows`);
  }
  const uid = rule.kind === 'Pod' ? labels.of('uid') : undefined;
  const object = { kind: rule.kind, namespace, name, ...(uid !== undefined && isUid(uid) ? { uid } : {}) };
  return { target: { kind: 'object', object }, says };
}

function findNode(labels: TargetLabels): Found {
  const node = labels.of('node');
  if (node !== undefined) {
    return findObject({ by: 'object', kind: 'Node', labels: ['node'] }, labels);
  }
  const instance = labels.of('instance');
  if (instance === undefined) {
    return unmapped('it has no label node or instance that names a node');
  }
  const address = addressOf(instance);
  return address === undefined
    ? unmapped(`label instance is ${quoted(instance)}, which is no address`)
    : { target: { kind: 'node-address', address }, says: `label instance is the address of the node: ${address}` };
}

function findScraped(labels: TargetLabels, alert: Alert): Found {
  if (labels.of('node') !== undefined) {
    return findNode(labels);
  }
  const address = addressOf(labels.of('instance') ?? '');
  // The label `job` is that of the scrape configuration, never a Job.
  const job = labelOf(alert.labels, 'job');
  return {
    target: {
      kind: 'scrape-target',
      ...(job === undefined ? {} : { job }),
      ...(address === undefined ? {} : { address }),
    },
    says: 'it is about something that Prometheus could not scrape',
  };
}

function unmapped(reason: string): Found {
  return { target: { kind: 'unmapped', reason }, says: `not mapped, ${reason}` };
}

function article(kind: string): string {
  return /^[AI]/.test(kind) ? 'an' : 'a';
}

function alertWords({ name }: Alert): string {
  return name === '' ? 'an alert without a name' : quoted(name);
}

function containerOf(labels: TargetLabels): { readonly container?: string } {
  const container = labels.of('container');
  return container !== undefined && isNamespaceName(container) ? { container } : {};
}

function firstOf(entry: CatalogueEntry | undefined, { labels }: Alert): readonly string[] {
  if (entry === undefined) {
    return [];
  }
  if (entry.byReason === true) {
    return playbooksForReason(labelOf(labels, 'reason') ?? '');
  }
  const { onlyFor } = entry;
  return onlyFor === undefined || onlyFor.values.includes(labelOf(labels, onlyFor.label) ?? '') ? entry.first : [];
}
