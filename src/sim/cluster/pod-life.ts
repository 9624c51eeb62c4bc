import { randomInt, randomUUID } from 'node:crypto';
import type { Json, JsonObject } from '../../core/facts/json.ts';
import { childOf, childrenOf, textAt } from '../../core/recording/object-parts.ts';
import { resourceOf } from '../../core/subject/kinds.ts';
import type { World } from './world.ts';
import { timeText } from './writing.ts';

/** The characters that Kubernetes takes for the ends of names. */
const LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

/** So many characters as Kubernetes ends the names of pods with. */
export function randomSuffix(length: number): string {
  return Array.from({ length }, () => LETTERS[randomInt(LETTERS.length)] ?? '').join('');
}

/** The reference to the controller of an object; undefined without one. */
export function controllerOf(object: JsonObject): JsonObject | undefined {
  return childrenOf(childOf(object, 'metadata'), 'ownerReferences').find(({ controller }) => controller === true);
}

/** What a new pod is made of. */
export interface PodSeed {
  readonly namespace: string;
  readonly name: string;
  readonly labels: JsonObject;
  readonly annotations: JsonObject;
  readonly owner: JsonObject;
  readonly spec: JsonObject;
}

/** A pod that was just created and has a node, if one takes it. */
export function newPod(seed: PodSeed, world: World): JsonObject {
  const { namespace, name, labels, annotations, owner, spec } = seed;
  const now = timeText(world.timeline.now());
  const nodeName = nodeFor(textAt(spec, 'nodeName'), world);
  const { nodeName: _old, ...rest } = spec;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      uid: randomUUID(),
      creationTimestamp: now,
      labels,
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
      ownerReferences: [owner],
    },
    spec: { ...rest, ...(nodeName === undefined ? {} : { nodeName }) },
    status: nodeName === undefined ? unscheduled(now) : starting(spec, now),
  };
}

function unscheduled(now: string): JsonObject {
  const message = '0 nodes are available.';
  const condition = {
    type: 'PodScheduled',
    status: 'False',
    reason: 'Unschedulable',
    message,
    lastTransitionTime: now,
  };
  return { phase: 'Pending', qosClass: 'BestEffort', conditions: [condition] };
}

function starting(spec: JsonObject, now: string): JsonObject {
  const waiting = (container: JsonObject): Json => ({
    ...statusHead(container),
    ready: false,
    started: false,
    state: { waiting: { reason: 'ContainerCreating' } },
  });
  return {
    phase: 'Pending',
    qosClass: 'BestEffort',
    startTime: now,
    conditions: conditions(now, { status: 'False', reason: 'ContainersNotReady' }),
    containerStatuses: childrenOf(spec, 'containers').map(waiting),
  };
}

/** The pod as it is when all its containers run and are ready. */
export function readyPod(pod: JsonObject, world: World): JsonObject {
  const now = timeText(world.timeline.now());
  const spec = childOf(pod, 'spec');
  const done = { exitCode: 0, reason: 'Completed', startedAt: now, finishedAt: now };
  const inits = childrenOf(spec, 'initContainers').map((container): Json => {
    return { ...statusHead(container), ready: true, started: false, state: { terminated: done } };
  });
  const running = childrenOf(spec, 'containers').map((container): Json => {
    return { ...statusHead(container), ready: true, started: true, state: { running: { startedAt: now } } };
  });
  return {
    ...pod,
    status: {
      ...childOf(pod, 'status'),
      phase: 'Running',
      podIP: `10.244.0.${randomInt(2, 250)}`,
      conditions: conditions(now, { status: 'True' }),
      ...(inits.length === 0 ? {} : { initContainerStatuses: inits }),
      containerStatuses: running,
    },
  };
}

/** The pod with the troubles of another one, which it was to replace. */
export function sickPod(pod: JsonObject, like: JsonObject): JsonObject {
  const { podIP: _ip, startTime: _start, ...status } = childOf(like, 'status');
  return { ...pod, status: { ...status, startTime: childOf(pod, 'status')['startTime'] } };
}

function statusHead(container: JsonObject): JsonObject {
  const image = textAt(container, 'image');
  return { name: textAt(container, 'name'), image, imageID: '', restartCount: 0, lastState: {} };
}

function conditions(now: string, ready: JsonObject): readonly Json[] {
  const since = { lastProbeTime: null, lastTransitionTime: now };
  return [
    { type: 'PodScheduled', status: 'True', ...since },
    { type: 'Initialized', status: 'True', ...since },
    { type: 'ContainersReady', ...ready, ...since },
    { type: 'Ready', ...ready, ...since },
  ];
}

/** Whether the kubelet of a node works, as far as the cluster knows; a node that is not recorded counts as working. */
export function nodeWorks(name: string, world: World): boolean {
  const node = world.objects.get({ type: resourceOf('Node'), namespace: '', name })?.object;
  return node === undefined ? name !== '' : isReadyNode(node);
}

function isReadyNode(node: JsonObject): boolean {
  return childrenOf(childOf(node, 'status'), 'conditions').some(
    (condition) => textAt(condition, 'type') === 'Ready' && textAt(condition, 'status') === 'True',
  );
}

/** The node that a new pod gets: that of the one before, or the first that takes pods; undefined when none does. */
function nodeFor(before: string, world: World): string | undefined {
  const nodes = world.objects.list(resourceOf('Node'), '').map(({ object }) => object);
  const open = nodes.filter((node) => isReadyNode(node) && childOf(node, 'spec')['unschedulable'] !== true);
  const names = open.map((node) => textAt(childOf(node, 'metadata'), 'name'));
  const known = nodes.some((node) => textAt(childOf(node, 'metadata'), 'name') === before);
  if (names.includes(before) || (!known && before !== '')) {
    return before;
  }
  return nodes.length === 0 ? 'node-1' : names[0];
}
