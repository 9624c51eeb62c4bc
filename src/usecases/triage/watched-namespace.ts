import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { PodWatchState, WatchPods } from '../../ports/pod-watch.ts';
import { PodEpisodes } from './pod-episodes.ts';

/** What the watch of a namespace works with. */
export interface WatchedNamespaceDeps {
  readonly watchPods: WatchPods;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Labels and annotations that may name the owner of a pod. */
  readonly ownerNames: () => readonly string[];
}

/** The watch of one namespace with the troubles of its pods. */
export interface WatchedNamespace {
  readonly namespace: string;
  readonly episodes: PodEpisodes;
  /** The time of the API server, which wrote the times of the pods. */
  now(): Date;
  state(): PodWatchState;
  stop(): void;
}

/** Begins to watch. */
export function watchNamespace(namespace: string, deps: WatchedNamespaceDeps): WatchedNamespace {
  const { watchPods, clock, ownerNames } = deps;
  const logger = deps.logger.child({ namespace });
  const episodes = new PodEpisodes();
  let state: PodWatchState = { kind: 'starting' };
  let aheadMs = 0;
  const now = (): Date => new Date(clock.now().getTime() + aheadMs);
  const watch = watchPods(namespace, {
    pod: (pod) => {
      try {
        episodes.see(pod, now(), ownerNames());
      } catch (error) {
        // Whatever an API server sends, the others are still watched.
        logger.debug('a pod could not be read', { error });
      }
    },
    gone: (uid) => episodes.lose(uid, now()),
    listed: (serverTime) => {
      aheadMs = serverTime === undefined ? 0 : serverTime.getTime() - clock.now().getTime();
    },
    state: (next) => {
      logChange(logger, state, next);
      state = next;
    },
  });
  return { namespace, episodes, now, state: () => state, stop: () => watch.stop() };
}

function logChange(logger: Logger, before: PodWatchState, after: PodWatchState): void {
  if (after.kind === 'forbidden' || (after.kind === 'failing' && before.kind !== 'failing')) {
    logger.warn('pods cannot be watched; it is tried again', { reason: after.message });
  }
  if (after.kind === 'watching') {
    logger.info('pods are watched');
    if (after.beyond) {
      logger.warn('there are more pods than are watched');
    }
  }
}
