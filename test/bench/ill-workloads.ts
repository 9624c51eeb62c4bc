import type { JsonObject } from '../../src/core/facts/json.ts';

/** When the objects were made. */
export const CREATED = '2026-03-02T09:40:00Z';
/** When their trouble was noticed. */
export const NOTICED = '2026-03-02T09:50:40Z';
/** When it was seen last. */
export const LATEST = '2026-03-02T09:58:00Z';
const PODS = 3;
/** Of the pod templates. */
export const HASH = '7c9d8b6f54';
/** The node without a kubelet. */
export const SILENT_NODE = 'worker-9';
/** The image that does not exist. */
export const IMAGE = 'registry.example.com/portal:2.1';
const QUOTA =
  'is forbidden: exceeded quota: compute, requested: requests.cpu=500m, used: requests.cpu=4, limited: requests.cpu=4';

/** The pods of a Deployment. */
export function podNames(workload: string): readonly string[] {
  return Array.from({ length: PODS }, (_, index) => `${workload}-${HASH}-bcd${'fghjk'[index] ?? 'l'}x`);
}

/** The metadata that all objects have. */
export function meta(namespace: string, name: string): JsonObject {
  return { namespace, name, creationTimestamp: CREATED };
}

/** The labels of a pod of that template. */
export function hashed(labels: JsonObject): JsonObject {
  return { ...labels, 'pod-template-hash': HASH };
}

/** What names the controller of an object. */
export function owned(kind: string, name: string): JsonObject {
  return { ownerReferences: [{ apiVersion: 'apps/v1', kind, name, uid: `uid-${kind}-${name}`, controller: true }] };
}

/** What pods are made from. */
export interface Template {
  readonly labels: JsonObject;
  readonly spec: JsonObject;
  readonly replicas: number;
  /** Why no pod can be made. */
  readonly refused?: string;
}

/** A Deployment with its ReplicaSet. */
export function controllers(
  namespace: string,
  name: string,
  { labels, spec, replicas, refused }: Template,
): readonly JsonObject[] {
  const template = { metadata: { labels }, spec };
  const failure = { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', lastTransitionTime: LATEST };
  const conditions = refused === undefined ? [] : [{ ...failure, message: refused }];
  const own = hashed(labels);
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { ...meta(namespace, name), uid: `uid-Deployment-${name}`, generation: 1 },
      spec: { replicas, selector: { matchLabels: labels }, template },
      status: { observedGeneration: 1, unavailableReplicas: replicas, conditions },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        ...meta(namespace, `${name}-${HASH}`),
        uid: `uid-ReplicaSet-${name}-${HASH}`,
        labels: own,
        annotations: { 'deployment.kubernetes.io/revision': '1' },
        ...owned('Deployment', name),
      },
      spec: { replicas, selector: { matchLabels: own }, template },
      status: { replicas: refused === undefined ? replicas : 0, observedGeneration: 1, conditions },
    },
  ];
}

/** What differs between the pods of the namespaces. */
interface Ailment {
  readonly node?: string;
  readonly container: JsonObject;
  readonly phase: string;
  readonly waiting?: { readonly reason: string; readonly message: string };
  /** Said by the kubelet about the container. */
  readonly event?: { readonly reason: string; readonly message: string };
}

const AILMENTS: Readonly<Record<string, Ailment>> = {
  config: {
    container: {
      image: 'registry.example.com/config:1',
      env: [{ name: 'DB_HOST', valueFrom: { configMapKeyRef: { name: 'settings', key: 'DB_HOST' } } }],
    },
    phase: 'Pending',
    waiting: {
      reason: 'CreateContainerConfigError',
      message: "couldn't find key DB_HOST in ConfigMap config/settings",
    },
  },
  image: {
    container: { image: IMAGE },
    phase: 'Pending',
    waiting: { reason: 'ImagePullBackOff', message: `Back-off pulling image "${IMAGE}"` },
    event: {
      reason: 'Failed',
      message: `Failed to pull image "${IMAGE}": rpc error: code = Unknown desc = reading manifest 2.1 in portal: manifest unknown`,
    },
  },
  node: { node: SILENT_NODE, container: { image: 'registry.example.com/node:1' }, phase: 'Running' },
  shop: {
    container: {
      image: 'registry.example.com/shop:1',
      env: [{ name: 'DATABASE', value: 'postgres://db.shop.svc.cluster.local:5432/shop' }],
      readinessProbe: { httpGet: { path: '/health', port: 80 } },
    },
    phase: 'Running',
    event: { reason: 'Unhealthy', message: 'Readiness probe failed: HTTP probe failed with statuscode: 503' },
  },
};

/** A Deployment that is ill in the way of its namespace. */
export function workload(namespace: string, name: string): readonly JsonObject[] {
  const ailment = AILMENTS[namespace];
  const labels = { app: name };
  const spec = { containers: [{ name: 'app', image: 'registry.example.com/quota:1', ...ailment?.container }] };
  if (ailment === undefined) {
    return controllers(namespace, name, { labels, spec, replicas: PODS, refused: `pods "${name}-x" ${QUOTA}` });
  }
  return [
    ...controllers(namespace, name, { labels, spec, replicas: PODS }),
    ...podNames(name).flatMap((pod) => podObjects({ namespace, owner: `${name}-${HASH}`, pod, labels, spec }, ailment)),
  ];
}

interface PodPlace {
  readonly namespace: string;
  readonly owner: string;
  readonly pod: string;
  readonly labels: JsonObject;
  readonly spec: JsonObject;
}

function podObjects({ namespace, owner, pod, labels, spec }: PodPlace, ailment: Ailment): readonly JsonObject[] {
  const { node = 'worker-1', phase, waiting, event } = ailment;
  const ready = { status: 'False', reason: 'ContainersNotReady', lastTransitionTime: NOTICED };
  const uid = `uid-${pod}`;
  const object: JsonObject = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...meta(namespace, pod), uid, labels: hashed(labels), ...owned('ReplicaSet', owner) },
    spec: { ...spec, nodeName: node },
    status: {
      phase,
      startTime: CREATED,
      conditions: [
        { type: 'PodScheduled', status: 'True', lastTransitionTime: CREATED },
        { type: 'ContainersReady', ...ready },
        { type: 'Ready', ...ready },
      ],
      containerStatuses: [
        {
          name: 'app',
          ready: false,
          restartCount: 0,
          state: waiting === undefined ? { running: { startedAt: CREATED } } : { waiting },
        },
      ],
    },
  };
  return event === undefined ? [object] : [object, eventOf({ namespace, pod, uid, event })];
}

interface EventPlace {
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string;
  readonly event: NonNullable<Ailment['event']>;
}

function eventOf({ namespace, pod, uid, event }: EventPlace): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { namespace, name: `${pod}.1` },
    involvedObject: { kind: 'Pod', namespace, name: pod, uid, fieldPath: 'spec.containers{app}' },
    type: 'Warning',
    ...event,
    count: 9,
    firstTimestamp: NOTICED,
    lastTimestamp: LATEST,
    source: { component: 'kubelet', host: 'worker-1' },
  };
}
