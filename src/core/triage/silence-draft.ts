import { governingNamespace } from '../subject/subject.ts';
import { catalogueEntry } from './alert-catalogue.ts';
import type { Incident, IncidentRoot } from './incident.ts';
import { anyOf, matcherText, SILENCE_LIMITS, type SilenceMatcher } from './silence.ts';

/** Leaves room for what people add. */
const MOST_CHARS = 2000;

/** The label in which alerts name their cluster, and what it says for a cluster. */
export interface ClusterWords {
  readonly label: string;
  /** Empty: it is not known whether its alerts have the label. */
  readonly values: readonly string[];
}

/**
 * Matchers that fit the alerts of an incident, as far as it knows what they have in common: their names, the namespace
 * of what they are about, the object when the labels of such alerts name it, and the cluster.
 */
export function matchersFor(incident: Incident, cluster: ClusterWords): readonly SilenceMatcher[] {
  const found = [
    anyOf('alertname', fitting(incident.names)),
    anyOf('namespace', namespacesOf(incident)),
    objectMatcher(incident),
    anyOf(cluster.label, cluster.values),
  ];
  return found.filter((matcher) => matcher !== undefined);
}

/** Names of alerts are as long as somebody made them. */
function fitting(names: readonly string[]): readonly string[] {
  const taken: string[] = [];
  for (const name of names) {
    const next = anyOf('alertname', [...taken, name]);
    if (
      next !== undefined &&
      next.value.length <= SILENCE_LIMITS.valueChars &&
      matcherText(next).length <= MOST_CHARS
    ) {
      taken.push(name);
    }
  }
  return taken;
}

const MOST_NAMESPACES = 5;

/** None when something in the incident is in no namespace, or is not known. */
function namespacesOf({ roots, rootsBeyond }: Incident): readonly string[] {
  const namespaces = [...new Set(roots.map(({ query }) => (query === undefined ? '' : governingNamespace(query))))];
  const known = rootsBeyond === 0 && namespaces.length <= MOST_NAMESPACES && !namespaces.includes('');
  return known ? namespaces : [];
}

/** Only where every alert is of a sort that names this kind of object: alerts about pods do not name their Deployment. */
function objectMatcher({ roots, rootsBeyond, names }: Incident): SilenceMatcher | undefined {
  const [root, ...others] = roots;
  if (root === undefined || others.length > 0 || rootsBeyond > 0 || names.length === 0) {
    return undefined;
  }
  const labels = new Set(names.map((name) => labelNaming(root, name)));
  const [label] = labels;
  return label === undefined || labels.size > 1 ? undefined : anyOf(label, [root.query?.name ?? '']);
}

/** The label in which alerts of that name have the name of such an object. */
function labelNaming({ query }: IncidentRoot, name: string): string | undefined {
  const target = catalogueEntry(name)?.target;
  if (target?.by === 'node') {
    return query?.kind === 'Node' ? 'node' : undefined;
  }
  return target?.by === 'object' && target.kind === query?.kind ? target.labels[0] : undefined;
}
