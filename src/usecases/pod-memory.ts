import type { JsonObject } from '../core/facts/json.ts';
import { asKube, type KubeObject } from '../core/facts/kube-types.ts';
import { podStanding } from '../core/triage/pod-standing.ts';
import { type TopOwner, topOwner } from '../core/triage/top-owner.ts';

/** As much of a pod as tells what it belongs to. */
export interface KnownPod {
  readonly uid?: string;
  /** Absent for a pod of its own. */
  readonly owner?: TopOwner;
  /** How it stands; absent when only its metadata is known. */
  readonly stands?: string;
}

interface Namespace {
  readonly at: number;
  readonly pods: ReadonlyMap<string, KnownPod>;
}

/** Alerts come minutes after what they are about, so nothing that matters is this young. */
const FRESH_MS = 5000;
const MOST_PODS = 20_000;

/** What a pod tells. */
export function knownPod(pod: JsonObject): KnownPod {
  const uid = asKube<KubeObject>(pod).metadata?.uid;
  const owner = topOwner(pod);
  const stands = podStanding(pod);
  return {
    ...(uid === undefined ? {} : { uid }),
    ...(owner === undefined ? {} : { owner }),
    ...(stands === undefined ? {} : { stands }),
  };
}

/**
 * The pods of namespaces as a list told them at most 5 seconds ago, so that a storm of alerts in many portions does not
 * make a list for each. Of at most 20,000 pods, and of the last namespace whatever it has.
 */
export class PodMemory {
  readonly #now: () => number;
  readonly #namespaces = new Map<string, Namespace>();

  /** `now` gives milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** By name; undefined when it was not listed lately. */
  podsOf(namespace: string): ReadonlyMap<string, KnownPod> | undefined {
    const known = this.#namespaces.get(namespace);
    return known !== undefined && this.#isFresh(known) ? known.pods : undefined;
  }

  /** Keeps the list of a namespace in place of the one before. */
  remember(namespace: string, pods: ReadonlyMap<string, KnownPod>): void {
    this.#namespaces.delete(namespace);
    let room = MOST_PODS - pods.size;
    for (const [name, known] of [...this.#namespaces].toReversed()) {
      room -= known.pods.size;
      if (room < 0 || !this.#isFresh(known)) {
        this.#namespaces.delete(name);
      }
    }
    this.#namespaces.set(namespace, { at: this.#now(), pods });
  }

  #isFresh({ at }: Namespace): boolean {
    return this.#now() - at < FRESH_MS;
  }
}
