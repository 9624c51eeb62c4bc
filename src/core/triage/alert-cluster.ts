import { quoted } from '../command/usage-error.ts';
import { listWords, shorten } from '../facts/text.ts';
import { type Labels, labelOf } from './alert.ts';

const LONGEST_UNKNOWN = 80;

/** How the cluster of an alert is found. */
export interface ClusterRules {
  /** The clusters of the settings, at least one. */
  readonly clusters: readonly string[];
  /** The label in which Prometheus names the cluster. */
  readonly clusterLabel: string;
  /** What Prometheus calls clusters, with their names in the settings. */
  readonly clusterNames: Readonly<Record<string, string>>;
  /** The cluster of a sender whose alerts name none. */
  readonly senderCluster?: string;
}

/** The cluster of an alert, or why there is none. */
export type AlertCluster =
  | {
      readonly kind: 'cluster';
      readonly name: string;
      /** `only`: nothing says so but that there is no other; that is enough to read and not enough to act. */
      readonly from: 'label' | 'sender' | 'only';
      readonly says: string;
      /** What the alert calls its cluster where no cluster is called so; hostile text. */
      readonly unknown?: string;
    }
  | { readonly kind: 'none'; readonly reason: string };

/** Finds the cluster that an alert is about. */
export function clusterOf(labels: Labels, rules: ClusterRules): AlertCluster {
  const { clusters, clusterLabel, clusterNames, senderCluster } = rules;
  const value = labelOf(labels, clusterLabel);
  const label = `label ${clusterLabel}`;
  const [only = ''] = clusters;
  if (value === undefined) {
    if (senderCluster !== undefined) {
      return {
        kind: 'cluster',
        name: senderCluster,
        from: 'sender',
        says: `cluster ${senderCluster}: that of the sender`,
      };
    }
    return clusters.length === 1
      ? {
          kind: 'cluster',
          name: only,
          from: 'only',
          says: `cluster ${only}: there is no ${label} and no other cluster`,
        }
      : { kind: 'none', reason: `it has no ${label}, and there are several clusters: ${listWords(clusters)}` };
  }
  const name = labelOf(clusterNames, value) ?? value;
  if (clusters.includes(name)) {
    return { kind: 'cluster', name, from: 'label', says: `cluster ${name}: ${label} says ${quoted(value)}` };
  }
  return clusters.length === 1
    ? {
        kind: 'cluster',
        name: only,
        from: 'only',
        says: `cluster ${only}: ${label} says ${quoted(value)}, which is not known, but there is no other cluster`,
        unknown: shorten(value, LONGEST_UNKNOWN),
      }
    : { kind: 'none', reason: `${label} says ${quoted(value)}, which is none of ${listWords(clusters)}` };
}
