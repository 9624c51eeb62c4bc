import type { JsonObject } from '../../src/core/facts/json.ts';
import type { CaseRecording } from '../../src/core/recording/recording.ts';

/** The node that all pods of the stand-in are on. */
const NODE = 'worker-1';
const POD = 'web-0';

/** An object that somebody may repair. */
export interface IllPod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** A cluster of one node, without pods. */
export function emptyCluster(): CaseRecording {
  const clock = new Date().toISOString();
  const renewed = new Date(Date.now() - 5000).toISOString();
  const condition = (type: string, status: string): JsonObject => ({
    type,
    status,
    reason: 'KubeletReady',
    lastTransitionTime: ago(7200),
  });
  return {
    closedWorld: true,
    subject: `node/${NODE}`,
    clock,
    objects: [
      {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name: NODE, creationTimestamp: ago(86_400), labels: { 'kubernetes.io/hostname': NODE } },
        spec: {},
        status: {
          allocatable: { cpu: '64', memory: '256Gi', pods: '500' },
          nodeInfo: { kubeletVersion: 'v1.34.4', containerRuntimeVersion: 'containerd://2.1.0', architecture: 'amd64' },
          conditions: [
            ...['MemoryPressure', 'DiskPressure', 'PIDPressure'].map((type) => condition(type, 'False')),
            condition('Ready', 'True'),
          ],
        },
      },
      {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: {
          name: NODE,
          namespace: 'kube-node-lease',
          managedFields: [{ manager: 'kubelet', operation: 'Update', time: renewed }],
        },
        spec: { holderIdentity: NODE, leaseDurationSeconds: 40, renewTime: renewed },
      },
    ],
    logs: [],
    unreadable: [],
  };
}

/** A StatefulSet of one pod that the kubelet refused, and what it says, with secrets in all of it. */
export function illObjects({ namespace, name, uid }: IllPod, canary: string): readonly JsonObject[] {
  const labels = { app: 'web' };
  const message = `Pod was rejected: Allocate failed due to no healthy devices present; cannot allocate unhealthy devices, password=${canary}`;
  return [
    namespaceObject(namespace),
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: {
        ...meta(namespace, 'web'),
        uid: `set-${namespace}`,
        generation: 1,
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': `{"password":"${canary}"}` },
      },
      spec: {
        replicas: 1,
        serviceName: 'web',
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: podSpec(canary) },
      },
      status: {
        observedGeneration: 1,
        replicas: 1,
        readyReplicas: 0,
        currentReplicas: 1,
        updatedReplicas: 1,
        currentRevision: 'web-1',
        updateRevision: 'web-1',
      },
    },
    {
      ...podOf(namespace, { name, uid, canary, created: ago(600) }),
      status: { phase: 'Failed', reason: 'UnexpectedAdmissionError', message, startTime: ago(600), conditions: [] },
    },
    {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { namespace, name: `${name}.1` },
      involvedObject: { kind: 'Pod', namespace, name, uid },
      type: 'Warning',
      reason: 'UnexpectedAdmissionError',
      message: `Authorization: Bearer ${canary} was refused; ${message}`,
      count: 1,
      firstTimestamp: ago(600),
      lastTimestamp: ago(600),
      source: { component: 'kubelet', host: NODE },
    },
  ];
}

/** The pod of the same name that its StatefulSet makes; it serves. */
export function replacement(namespace: string, name: string, uid: string): JsonObject {
  const ready = { status: 'True', lastTransitionTime: ago(60) };
  return {
    ...podOf(namespace, { name, uid, canary: 'none', created: new Date().toISOString() }),
    status: {
      phase: 'Running',
      startTime: ago(60),
      conditions: ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map((type) => ({ type, ...ready })),
      containerStatuses: [
        {
          name: 'app',
          image: 'registry.example.com/app:1',
          ready: true,
          started: true,
          restartCount: 0,
          state: { running: { startedAt: ago(60) } },
        },
      ],
    },
  };
}

/** What is to be repaired in a namespace. */
export function illPod(namespace: string): IllPod {
  return { namespace, name: POD, uid: `ill-${namespace}` };
}

interface PodParts {
  readonly name: string;
  readonly uid: string;
  readonly canary: string;
  readonly created: string;
}

function podOf(namespace: string, { name, uid, canary, created }: PodParts): JsonObject {
  const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web', uid: `set-${namespace}`, controller: true };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name, uid, creationTimestamp: created, labels: { app: 'web' }, ownerReferences: [owner] },
    spec: { ...podSpec(canary), nodeName: NODE },
  };
}

function podSpec(canary: string): JsonObject {
  const env = [{ name: 'DB_PASSWORD', value: canary }];
  return { containers: [{ name: 'app', image: 'registry.example.com/app:1', env }] };
}

function namespaceObject(name: string): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, uid: `namespace-${name}`, creationTimestamp: ago(900) },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  };
}

function meta(namespace: string, name: string): JsonObject {
  return { namespace, name, creationTimestamp: ago(700) };
}

function ago(seconds: number): string {
  return `${new Date(Date.now() - seconds * 1000).toISOString().slice(0, 19)}Z`;
}
