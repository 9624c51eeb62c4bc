import type { AlertWatchSettings } from '../config/alert-settings.ts';

/** The namespaces of a cluster whose pods are watched, with the delay in seconds; of several delays the shortest counts. */
export function watchedNamespaces(
  watches: readonly AlertWatchSettings[],
  cluster: string,
): ReadonlyMap<string, number> {
  const delays = new Map<string, number>();
  for (const { clusters, namespaces, afterSeconds } of watches) {
    for (const namespace of clusters === undefined || clusters.includes(cluster) ? namespaces : []) {
      delays.set(namespace, Math.min(delays.get(namespace) ?? Number.POSITIVE_INFINITY, afterSeconds));
    }
  }
  return delays;
}
