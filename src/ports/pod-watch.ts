import type { JsonObject } from '../core/facts/json.ts';

/** How the watch of a namespace stands; messages are safe to print. */
export type PodWatchState =
  | { readonly kind: 'starting' }
  /** `beyond`: there are more pods than are watched. */
  | { readonly kind: 'watching'; readonly beyond: boolean }
  /** A permission is missing; it tries again every minute. */
  | { readonly kind: 'forbidden'; readonly message: string }
  /** It tries again. */
  | { readonly kind: 'failing'; readonly message: string };

/** What a watch calls; none of these may throw. */
export interface PodListener {
  /** A pod as it is now, without what only servers need. The same pod may be told again unchanged. */
  pod(pod: JsonObject): void;
  /** The pod with that uid is not there any more. */
  gone(uid: string): void;
  /** All pods of the namespace were told just now; with the time of the API server where it says one. */
  listed(serverTime: Date | undefined): void;
  /** How the watch stands, whenever that changes. */
  state(state: PodWatchState): void;
}

/** A watch that runs. */
export interface PodWatch {
  /** Nothing is called any more from now on. */
  stop(): void;
}

/**
 * Tells the pods of one namespace and every change of them until it is stopped. Never throws: whatever fails is a
 * state, and is tried again; pods that vanished meanwhile are told to be gone. At most 5,000 pods are told.
 */
export type WatchPods = (namespace: string, listener: PodListener) => PodWatch;
