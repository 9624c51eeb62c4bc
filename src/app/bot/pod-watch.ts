import type { Readiness } from '../../adapters/http/internal-server.ts';
import { systemClock } from '../../adapters/system/system-clock.ts';
import type { Settings } from '../../config/settings.ts';
import type { Logger } from '../../ports/logger.ts';
import type { PodWatchState, WatchPods } from '../../ports/pod-watch.ts';
import { type PodTroubleRules, watchPodTrouble } from '../../usecases/triage/watch-pod-trouble.ts';
import { watchedNamespaces } from '../watched-namespaces.ts';
import { repeat } from './repeat.ts';
import type { Stores } from './stores.ts';

/** What the watch of a cluster works with. */
export interface PodWatchParts {
  readonly watchPods: WatchPods;
  readonly stores: Pick<Stores, 'alerts' | 'notes'>;
  /** What the settings say by now. */
  readonly current: () => Settings;
  readonly logger: Logger;
}

/** Watches the pods of the namespaces that the settings name for a cluster. */
export interface RunningPodWatch {
  /** One line for each namespace. A watch that does not work makes nothing else fail. */
  readiness(): readonly Readiness[];
  stop(): Promise<void>;
}

/** So often it is looked what is due, and whether the settings have changed. */
const PASS_MS = 5000;

/** Starts it; without any namespace nothing is asked. */
export function startPodWatch(cluster: string, parts: PodWatchParts): RunningPodWatch {
  const { watchPods, stores, current, logger } = parts;
  let settings = current();
  const watch = watchPodTrouble(
    { watchPods, intake: stores.alerts, notes: stores.notes, clock: systemClock(), logger },
    podTroubleRules(cluster, settings),
  );
  const passes = repeat(
    async () => {
      if (settings !== current()) {
        settings = current();
        watch.follow(podTroubleRules(cluster, settings));
      }
      await watch.pass();
    },
    PASS_MS,
    (error) => logger.error('the watch of pods has failed', { error }),
  );
  return {
    readiness: () =>
      [...watch.states()].map(([namespace, state]) => ({
        name: `watch of pods in ${cluster}/${namespace}`,
        ok: true,
        ...detailOf(state),
      })),
    async stop() {
      watch.stop();
      await passes.stop();
    },
  };
}

/** What the settings say about the watch of a cluster. */
export function podTroubleRules(cluster: string, { alerts, clusters }: Settings): PodTroubleRules {
  const { clusterLabel, clusterNames } = alerts;
  return {
    namespaces: watchedNamespaces(alerts.watch, cluster),
    clusters: { clusters: clusters.map(({ name }) => name), clusterLabel, clusterNames, senderCluster: cluster },
    routing: alerts,
  };
}

function detailOf(state: PodWatchState): Pick<Readiness, 'detail'> {
  switch (state.kind) {
    case 'starting':
      return { detail: 'it is starting' };
    case 'watching':
      return state.beyond ? { detail: 'there are more pods than are watched' } : {};
    case 'forbidden':
    case 'failing':
      return { detail: `it does not work: ${state.message}` };
  }
}
