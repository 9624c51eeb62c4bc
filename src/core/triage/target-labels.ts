import { quoted } from '../command/usage-error.ts';
import { type Labels, labelOf } from './alert.ts';

/** The labels of an alert as they describe what it is about, and not what was scraped. */
export interface TargetLabels {
  /** The value of a label; undefined when it is absent, empty, or describes something else. */
  of(name: string): string | undefined;
  /** What was decided, a sentence for each. */
  readonly trail: readonly string[];
}

/** Labels that Prometheus renames when the scraped target has a label of the same name. */
const RENAMED = ['namespace', 'pod', 'container', 'node'] as const;
/** Those of them that then describe the exporter; a node has no such namesake among the labels of a target. */
const OF_EXPORTER = ['namespace', 'pod', 'container'] as const;
const NODE_EXPORTERS = ['node-exporter', 'node_exporter', 'prometheus-node-exporter'];

/**
 * Decides which labels describe the object: where there are `exported_*` labels these, and never the pod of
 * kube-state-metrics or of a node exporter, which only measured.
 */
export function targetLabels(labels: Labels): TargetLabels {
  const exported = RENAMED.filter((name) => labelOf(labels, `exported_${name}`) !== undefined);
  if (exported.length > 0) {
    const hidden = new Set<string>([...OF_EXPORTER, ...exported]);
    const names = exported.map((name) => `exported_${name}`).join(', ');
    return {
      of: (name) => labelOf(labels, hidden.has(name) ? `exported_${name}` : name),
      trail: [`${names}: these describe the object; namespace, pod and container describe what was scraped`],
    };
  }
  const hidden = scrapedPod(labels);
  return hidden === undefined
    ? { of: (name) => labelOf(labels, name), trail: [] }
    : { of: (name) => (hidden.names.includes(name) ? undefined : labelOf(labels, name)), trail: [hidden.says] };
}

/** Whether the alert is from a series that a node exporter or a kubelet has about its node. */
export function isAboutNode(alertName: string, labels: Labels): boolean {
  const job = labelOf(labels, 'job') ?? '';
  return isNodeExporter(job) || job === 'kubelet' || /^(?:Node|Host)[A-Z]/.test(alertName);
}

interface Hidden {
  readonly names: readonly string[];
  readonly says: string;
}

function scrapedPod(labels: Labels): Hidden | undefined {
  const job = labelOf(labels, 'job') ?? '';
  const pod = labelOf(labels, 'pod') ?? '';
  if (job.endsWith('kube-state-metrics') && /(?:^|-)kube-state-metrics-/.test(pod)) {
    // The namespace stays: with honorLabels it is that of the object.
    return {
      names: ['pod', 'container'],
      says: `pod ${quoted(pod)} is kube-state-metrics itself, which only measured`,
    };
  }
  if (isNodeExporter(job)) {
    return { names: OF_EXPORTER, says: `job ${quoted(job)}: namespace, pod and container are those of the exporter` };
  }
  return undefined;
}

function isNodeExporter(job: string): boolean {
  return NODE_EXPORTERS.includes(job);
}
