import type { JsonObject } from '../../core/facts/json.ts';
import type { PodListener } from '../../ports/pod-watch.ts';
import { MOST_PODS } from './list-pods.ts';
import { isObject } from './object-shape.ts';

/** Remembers which pods a listener was told of, by uid and nothing else, so that those that vanish unseen are told as well. */
export class ToldPods {
  readonly #listener: PodListener;
  readonly #told = new Set<string>();
  #listing: Set<string> | undefined;

  constructor(listener: PodListener) {
    this.#listener = listener;
  }

  /** A list begins: what it does not show is gone. */
  beginList(): void {
    this.#listing = new Set();
  }

  endList(): void {
    const listed = this.#listing;
    this.#listing = undefined;
    for (const uid of this.#told) {
      if (listed !== undefined && !listed.has(uid)) {
        this.gone(uid);
      }
    }
  }

  /** Pods beyond the limit are not told. */
  tell(pod: JsonObject): void {
    const uid = uidOf(pod);
    if (uid === undefined) {
      return;
    }
    this.#listing?.add(uid);
    // During a list, those of before that it does not show take no room.
    const others = this.#listing === undefined ? this.#told.size : this.#listing.size - 1;
    if (this.#told.has(uid) || others < MOST_PODS) {
      this.#told.add(uid);
      this.#listener.pod(withoutBulk(pod));
    }
  }

  remove(pod: JsonObject): void {
    const uid = uidOf(pod);
    if (uid !== undefined) {
      this.gone(uid);
    }
  }

  private gone(uid: string): void {
    if (this.#told.delete(uid)) {
      this.#listener.gone(uid);
    }
  }
}

function uidOf({ metadata }: JsonObject): string | undefined {
  const uid = isObject(metadata) ? metadata['uid'] : undefined;
  return typeof uid === 'string' && uid !== '' && uid.length <= 128 ? uid : undefined;
}

/** What only servers and appliers need is often larger than the rest. */
function withoutBulk(pod: JsonObject): JsonObject {
  const { metadata } = pod;
  if (!isObject(metadata)) {
    return pod;
  }
  const { managedFields: _managedFields, ...kept } = metadata;
  const { annotations } = kept;
  if (!isObject(annotations)) {
    return { ...pod, metadata: kept };
  }
  const { 'kubectl.kubernetes.io/last-applied-configuration': _applied, ...notes } = annotations;
  return { ...pod, metadata: { ...kept, annotations: notes } };
}
