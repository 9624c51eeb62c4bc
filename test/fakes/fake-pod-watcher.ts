import type { JsonObject } from '../../src/core/facts/json.ts';
import type { PodListener, PodWatch, PodWatchState, WatchPods } from '../../src/ports/pod-watch.ts';

/** Watches that a test tells what to say. */
export class FakePodWatcher {
  readonly #listeners = new Map<string, PodListener>();

  readonly watchPods: WatchPods = (namespace, listener): PodWatch => {
    this.#listeners.set(namespace, listener);
    return {
      stop: () => void this.#listeners.delete(namespace),
    };
  };

  /** The namespaces that are watched. */
  watched(): readonly string[] {
    return [...this.#listeners.keys()];
  }

  tell(namespace: string, ...pods: readonly JsonObject[]): void {
    for (const pod of pods) {
      this.#listeners.get(namespace)?.pod(pod);
    }
  }

  lose(namespace: string, uid: string): void {
    this.#listeners.get(namespace)?.gone(uid);
  }

  listed(namespace: string, serverTime?: Date): void {
    this.#listeners.get(namespace)?.listed(serverTime);
  }

  say(namespace: string, state: PodWatchState): void {
    this.#listeners.get(namespace)?.state(state);
  }
}
