import type { IllPod } from './ill-pods.ts';

/** What the objects of a real cluster have in common. */
export interface RealParts {
  /** Marks the namespaces of the run. */
  readonly home: string;
  /** Marks the pods of the lane. */
  readonly lane: string;
  /** A node that exists as an object only. */
  readonly node: string;
  readonly canary: string;
}

const LABEL = 'kubewhy-chaos';
const IMAGE = 'registry.example.com/app:1';

/** A namespace that goes with the run. */
export function namespaceNamed(name: string, { home }: RealParts): object {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { [LABEL]: home } } };
}

/** What makes pods again. */
export function realReplicaSet(namespace: string, { lane, node, canary }: RealParts): object {
  const spec = { ...podSpec(canary), nodeName: node, terminationGracePeriodSeconds: 0 };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { namespace, name: 'web', annotations: { note: `password=${canary}` } },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web', [LABEL]: lane } }, spec },
    },
  };
}

/** The pod before the node refuses it; nobody's, so that no ReplicaSet counts it. */
export function realPod(namespace: string, { lane, node, canary }: RealParts): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name: 'web-0', labels: { [LABEL]: lane } },
    spec: { ...podSpec(canary), nodeName: node },
  };
}

/** What a node says that refuses a pod. */
export function refusedStatus(canary: string): object {
  return {
    phase: 'Failed',
    reason: 'UnexpectedAdmissionError',
    message: messageWith(canary),
    startTime: ago(600),
  };
}

/** Gives the pod to the ReplicaSet of that uid. */
export function ownedPatch(uid: string): object {
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid, controller: true };
  return { metadata: { labels: { app: 'web' }, ownerReferences: [owner] } };
}

/** What the kubelet reports of the refusal, with a secret. */
export function realEvent({ namespace, name, uid }: IllPod, canary: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { namespace, name: `${name}.1` },
    involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace, name, uid },
    type: 'Warning',
    reason: 'UnexpectedAdmissionError',
    message: `Authorization: Bearer ${canary} was refused; ${messageWith(canary)}`,
    count: 1,
    firstTimestamp: ago(600),
    lastTimestamp: ago(600),
    source: { component: 'kubelet' },
  };
}

/** What a node says of a pod that serves. */
export function servingStatus(): object {
  const since = ago(60);
  const conditions = ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map((type) => {
    return { type, status: 'True', lastTransitionTime: since };
  });
  const container = {
    name: 'app',
    image: IMAGE,
    imageID: IMAGE,
    ready: true,
    started: true,
    restartCount: 0,
    state: { running: { startedAt: since } },
  };
  return { phase: 'Running', startTime: since, conditions, containerStatuses: [container] };
}

/** A pod of the same name that belongs to nobody, that no node runs, and that must not be touched. */
export function strangerPod(namespace: string, { lane }: RealParts): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name: 'web-0', labels: { [LABEL]: lane } },
    spec: { ...podSpec('none'), schedulerName: 'nobody' },
  };
}

function podSpec(canary: string) {
  return { containers: [{ name: 'app', image: IMAGE, env: [{ name: 'DB_PASSWORD', value: canary }] }] };
}

function messageWith(canary: string): string {
  return `Pod was rejected: Allocate failed due to no healthy devices present; cannot allocate unhealthy devices, password=${canary}`;
}

function ago(seconds: number): string {
  return `${new Date(Date.now() - seconds * 1000).toISOString().slice(0, 19)}Z`;
}
