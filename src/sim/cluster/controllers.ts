import type { JsonObject } from '../../core/facts/json.ts';
import { childOf, nameOf, textAt } from '../../core/recording/object-parts.ts';
import { resourceOf } from '../../core/subject/kinds.ts';
import { isReady } from './evict-pod.ts';
import { activePods, countBudgets, countReady, ownerObject, uidOf, wantedPods } from './owner-counts.ts';
import { controllerOf, newPod, nodeWorks, randomSuffix, readyPod, sickPod } from './pod-life.ts';
import { rollOut } from './rollout.ts';
import type { World } from './world.ts';
import type { SimWrite } from './write-log.ts';
import { sameJson, storeObject } from './writing.ts';

/** How the cluster goes on after a write. */
export interface ControllerOptions {
  /** Until a pod that is told to end has ended, at most its grace period; default 1 s. */
  readonly stopMs?: number;
  /** Until a new pod is Ready, and until an empty namespace is gone; default 3 s. */
  readonly startMs?: number;
  /** Whether what replaces a pod gets Ready; otherwise it has the troubles of the old one. Default: it does. */
  readonly recovers?: (old: JsonObject) => boolean;
}

const POD = resourceOf('Pod');
const NAMESPACE = resourceOf('Namespace');
const KEPT_BY_DISCOVERY = /^NamespaceDeletion(?:DiscoveryFailure|GroupVersionParsingFailure)$/;

/**
 * The parts of kubelet, controllers and garbage collector that answer to writes: pods end and are replaced, templates
 * roll out, empty namespaces go. They hear of nothing else, so that a world that nobody writes to stands still.
 */
export class Controllers {
  readonly #world: World;
  readonly #stopMs: number;
  readonly #startMs: number;
  readonly #recovers: (old: JsonObject) => boolean;
  readonly #timers = new Set<NodeJS.Timeout>();
  /** The uids of pods that were replaced while they were ending. */
  readonly #replaced = new Set<string>();
  readonly #silence: () => void;

  constructor(world: World, { stopMs = 1000, startMs = 3000, recovers = () => true }: ControllerOptions) {
    this.#world = world;
    this.#stopMs = stopMs;
    this.#startMs = startMs;
    this.#recovers = recovers;
    this.#silence = world.writes.listen((write) => this.#react(write));
  }

  /** Nothing happens on its own from now on. */
  stop(): void {
    this.#silence();
    this.#timers.forEach(clearTimeout);
  }

  #later(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, ms);
    timer.unref();
    this.#timers.add(timer);
  }

  #react({ before, after, namespace }: SimWrite): void {
    if (before?.['kind'] === 'Pod') {
      this.#podChanged(before, after);
    }
    if (before !== undefined && after !== undefined && templateChanged(before, after)) {
      this.#roll(after);
    }
    if (before !== undefined && (after === undefined || finalizersChanged(before, after))) {
      this.#later(this.#startMs, () => this.#finishNamespace(namespace));
    }
  }

  #podChanged(before: JsonObject, after: JsonObject | undefined): void {
    const was = isDying(before);
    if (after === undefined) {
      this.#podGone(before, was);
    } else if (!was && isDying(after)) {
      this.#podEnds(after);
    }
  }

  /** A ReplicaSet replaces a pod as soon as it is told to end, a StatefulSet when its name is free. */
  #podEnds(pod: JsonObject): void {
    const owner = this.#ownerOf(pod);
    this.#count(pod, owner);
    if (owner !== undefined && owner['kind'] !== 'StatefulSet') {
      this.#replaced.add(uidOf(pod));
      this.#replace(pod, owner);
    }
    const seconds = Number(childOf(pod, 'metadata')['deletionGracePeriodSeconds'] ?? 0);
    this.#later(Math.min(this.#stopMs, seconds * 1000), () => this.#finishPod(pod));
  }

  #finishPod(pod: JsonObject): void {
    const { namespace, name } = nameOf(pod);
    const place = { type: POD, namespace, name };
    const now = this.#world.objects.get(place)?.object;
    if (
      now === undefined ||
      uidOf(now) !== uidOf(pod) ||
      !nodeWorks(textAt(childOf(now, 'spec'), 'nodeName'), this.#world)
    ) {
      return;
    }
    if (finalizersOf(now).length > 0) {
      storeObject(this.#world, { ...now, metadata: { ...childOf(now, 'metadata'), deletionGracePeriodSeconds: 0 } });
      return;
    }
    this.#world.objects.remove(place);
    this.#podGone(now, true);
  }

  #podGone(pod: JsonObject, wasDying: boolean): void {
    const owner = this.#ownerOf(pod);
    if (!wasDying) {
      this.#count(pod, owner);
    }
    if (this.#replaced.delete(uidOf(pod))) {
      return;
    }
    const lacking = owner !== undefined && activePods(owner, this.#world).length < wantedPods(owner);
    if (lacking && (!wasDying || owner['kind'] === 'StatefulSet' || !this.#hasYounger(pod, owner))) {
      this.#replace(pod, owner);
    }
  }

  /** Whether a pod of the same owner was made since the other one was told to end: its replacement. */
  #hasYounger(pod: JsonObject, owner: JsonObject): boolean {
    const created = (one: JsonObject): number => Date.parse(textAt(childOf(one, 'metadata'), 'creationTimestamp'));
    return activePods(owner, this.#world).some((other) => created(other) > created(pod));
  }

  #ownerOf(pod: JsonObject): JsonObject | undefined {
    const reference = controllerOf(pod);
    const owner = reference === undefined ? undefined : ownerObject(reference, nameOf(pod).namespace, this.#world);
    return owner === undefined || isDying(owner) ? undefined : owner;
  }

  #count(pod: JsonObject, owner: JsonObject | undefined): void {
    if (owner !== undefined && isReady(pod)) {
      countReady(owner, -1, this.#world);
    }
    countBudgets(nameOf(pod).namespace, this.#world);
  }

  #replace(old: JsonObject, owner: JsonObject): void {
    const { namespace, name } = nameOf(old);
    const own = owner['kind'] === 'StatefulSet' ? name : `${nameOf(owner).name}-${randomSuffix(5)}`;
    const metadata = childOf(old, 'metadata');
    const reference = controllerOf(old) ?? {};
    const seed = {
      namespace,
      name: own,
      labels: childOf(metadata, 'labels'),
      annotations: childOf(metadata, 'annotations'),
      owner: reference,
      spec: childOf(old, 'spec'),
    };
    const pod = storeObject(this.#world, newPod(seed, this.#world));
    this.#world.logs.forget(namespace, own);
    this.#start(pod, this.#recovers(old) ? undefined : old);
  }

  #start(pod: JsonObject, sickLike?: JsonObject): void {
    if (textAt(childOf(pod, 'spec'), 'nodeName') === '') {
      return;
    }
    this.#later(this.#startMs, () => {
      const { namespace, name } = nameOf(pod);
      const now = this.#world.objects.get({ type: POD, namespace, name })?.object;
      if (now === undefined || uidOf(now) !== uidOf(pod) || isDying(now)) {
        return;
      }
      storeObject(this.#world, sickLike === undefined ? readyPod(now, this.#world) : sickPod(now, sickLike));
      const owner = this.#ownerOf(pod);
      if (owner !== undefined && sickLike === undefined) {
        countReady(owner, 1, this.#world);
      }
      countBudgets(namespace, this.#world);
    });
  }

  #roll(workload: JsonObject): void {
    const rollout = rollOut(workload, this.#world);
    for (const pod of rollout?.pods ?? []) {
      this.#start(pod);
    }
  }

  /** Removes a namespace that is being deleted, once its controller, if it works, finds nothing that holds it. */
  #finishNamespace(name: string): void {
    const { objects, timeline } = this.#world;
    const stored = objects.get({ type: NAMESPACE, namespace: '', name });
    const namespace = stored === undefined ? undefined : timeline.present(stored);
    if (namespace === undefined || !isDying(namespace) || !controllerWorks(namespace)) {
      return;
    }
    const types = objects.types.filter(({ namespaced, kind }) => namespaced && kind !== 'Event');
    const left = types.flatMap((type) => objects.list(type, name).map(({ object }) => ({ type, object })));
    if (left.some(({ object }) => finalizersOf(object).length > 0)) {
      return;
    }
    for (const { type, object } of left) {
      objects.remove({ type, namespace: name, name: nameOf(object).name });
    }
    objects.remove({ type: NAMESPACE, namespace: '', name });
  }
}

function isDying(object: JsonObject): boolean {
  return childOf(object, 'metadata')['deletionTimestamp'] !== undefined;
}

/** A namespace without conditions was never looked at; one whose groups cannot be discovered cannot be emptied. */
function controllerWorks(namespace: JsonObject): boolean {
  const { conditions } = childOf(namespace, 'status');
  const all = Array.isArray(conditions) ? (conditions as readonly JsonObject[]) : [];
  return all.length > 0 && !all.some((one) => one['status'] === 'True' && KEPT_BY_DISCOVERY.test(textAt(one, 'type')));
}

function finalizersOf(object: JsonObject): readonly unknown[] {
  const { finalizers } = childOf(object, 'metadata');
  return Array.isArray(finalizers) ? finalizers : [];
}

function finalizersChanged(before: JsonObject, after: JsonObject): boolean {
  return finalizersOf(before).length !== finalizersOf(after).length;
}

function templateChanged(before: JsonObject, after: JsonObject): boolean {
  const template = (object: JsonObject): JsonObject => childOf(childOf(object, 'spec'), 'template');
  return Object.keys(template(after)).length > 0 && !sameJson(template(before), template(after));
}
