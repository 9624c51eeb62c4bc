/** Which log it is. */
export interface LogPlace {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly previous: boolean;
}

/** What a recording knows of a log: its end, or the words with which the cluster said that there was none. */
export type StoredLog =
  | { readonly kind: 'text'; readonly text: string; readonly recordedAt: number }
  | { readonly kind: 'missing'; readonly message: string };

/** The logs of a simulated cluster. */
export class LogStore {
  readonly #logs = new Map<string, StoredLog>();

  put(place: LogPlace, log: StoredLog): void {
    this.#logs.set(keyOf(place), log);
  }

  /** Forgets the logs of a pod, because there is another one of its name. */
  forget(namespace: string, pod: string): void {
    for (const key of this.#logs.keys()) {
      if (key.startsWith(`${namespace}/${pod}/`)) {
        this.#logs.delete(key);
      }
    }
  }

  get(place: LogPlace): StoredLog | undefined {
    return this.#logs.get(keyOf(place));
  }
}

function keyOf({ namespace, pod, container, previous }: LogPlace): string {
  return [namespace, pod, container, previous ? 'previous' : 'current'].join('/');
}
