import type { JsonObject } from '../../core/facts/json.ts';

/** A change that the simulated cluster has made because somebody asked for it; dry runs and refusals are none. */
export interface SimWrite {
  readonly verb: 'create' | 'delete' | 'patch' | 'update';
  /** With the group and subresource: `pods`, `pods/eviction`, `deployments.apps`, `namespaces/finalize`. */
  readonly resource: string;
  /** Empty for cluster-scoped objects. */
  readonly namespace: string;
  readonly name: string;
  readonly user: string;
  /** The object before; absent for a create. */
  readonly before?: JsonObject;
  /** The object after; absent when it is gone. */
  readonly after?: JsonObject;
}

const MOST = 10_000;

/** What was changed, the newest 10,000, and who wants to hear of it. */
export class WriteLog {
  readonly #writes: SimWrite[] = [];
  readonly #listeners = new Set<(write: SimWrite) => void>();

  add(write: SimWrite): void {
    this.#writes.push(write);
    if (this.#writes.length > MOST) {
      this.#writes.shift();
    }
    for (const listener of this.#listeners) {
      listener(write);
    }
  }

  all(): readonly SimWrite[] {
    return [...this.#writes];
  }

  /** Calls back for every change from now on; returns how to stop that. */
  listen(listener: (write: SimWrite) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
