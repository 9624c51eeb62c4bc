import type { ResourceType } from '../../core/subject/kinds.ts';
import type { StoredObject } from './stored-object.ts';

/** One change of one object. */
export interface ObjectChange {
  /** The resource version that it has made. */
  readonly version: number;
  readonly type: ResourceType;
  /** Absent when there was none. */
  readonly before?: StoredObject;
  /** Absent when it was removed. */
  readonly after?: StoredObject;
}

const MOST_CHANGES = 10_000;

/** What watches are answered from: the newest changes, and who wants to hear of the next. */
export class ObjectHistory {
  #changes: ObjectChange[] = [];
  #from = 0;
  readonly #listeners = new Set<(change: ObjectChange) => void>();

  /** The oldest version from which on all changes are known. */
  get from(): number {
    return this.#from;
  }

  /** Forgets what was until that version. */
  forget(version: number): void {
    this.#changes = [];
    this.#from = version;
  }

  add(change: ObjectChange): void {
    this.#changes.push(change);
    if (this.#changes.length > MOST_CHANGES) {
      const dropped = this.#changes.shift();
      this.#from = dropped?.version ?? this.#from;
    }
    for (const listener of this.#listeners) {
      listener(change);
    }
  }

  since(version: number): readonly ObjectChange[] {
    return this.#changes.filter((change) => change.version > version);
  }

  /** Calls back for every change from now on; returns how to stop that. */
  listen(listener: (change: ObjectChange) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
