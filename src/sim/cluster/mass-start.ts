import type { JsonObject } from '../../core/facts/json.ts';
import type { CaseRecording } from '../../core/recording/recording.ts';
import { nodeObjects } from './mass-start-nodes.ts';

/** How much is started at once. */
export interface MassStartSize {
  /** All nodes. */
  readonly nodes: number;
  /** Of these turned NotReady. */
  readonly broken: number;
  readonly deployments: number;
  readonly podsPerDeployment: number;
}

/** About 2,900 instances on 40 nodes, of which 36 turn NotReady. */
const MASS_START: MassStartSize = { nodes: 40, broken: 36, deployments: 290, podsPerDeployment: 10 };

/** An alert of the storm, as labels and annotations. */
export interface MassStartAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

const CLOCK = '2026-03-02T10:00:00Z';
const STARTED = Date.parse('2026-03-02T09:38:00Z');
const NAMESPACES = 5;
const HASH = '6d5f7c9b8d';
const LOCKED = 'Another app is currently holding the xtables lock; waiting (49s) for it to exit...';

/**
 * A cluster in which everything was started at once: the pods' host ports and kube-proxy fight for the iptables lock, so
 * that the runtimes of most nodes stop answering and the nodes turn NotReady.
 */
export function massStart(size: MassStartSize = MASS_START): CaseRecording {
  const nodes = Array.from({ length: size.nodes }, (_, index) => index);
  const pods = podPlaces(size);
  return {
    closedWorld: true,
    subject: 'node/worker-0',
    clock: CLOCK,
    objects: [
      ...nodes.flatMap((index) => nodeObjects(index, index < size.broken, STARTED + 120_000)),
      ...workloads(size).flatMap((workload) => workloadObjects(workload, pods)),
      ...pods.map(podObject),
    ],
    logs: nodes.map((index) => ({
      namespace: 'kube-system',
      pod: `kube-proxy-n${index}`,
      container: 'kube-proxy',
      previous: false,
      text: index < size.broken ? `${LOCKED}\n` : 'syncing iptables rules\n',
    })),
    unreadable: [],
  };
}

/** The alerts that kube-prometheus has for it: the nodes first, then their pods and Deployments. */
export function massStartAlerts(size: MassStartSize = MASS_START): readonly MassStartAlert[] {
  const nodes = Array.from({ length: size.broken }, (_, index) => ({
    labels: { alertname: 'KubeNodeNotReady', node: `worker-${index}`, job: 'kube-state-metrics', severity: 'warning' },
    annotations: { summary: 'Node is not ready.' },
  }));
  const pods = podPlaces(size)
    .filter(({ stuck }) => stuck)
    .map(({ namespace, name }) => ({
      labels: { alertname: 'KubePodNotReady', namespace, pod: name, job: 'kube-state-metrics', severity: 'warning' },
      annotations: { summary: 'Pod has been in a non-ready state for more than 15 minutes.' },
    }));
  const deployments = workloads(size).map(({ namespace, name }) => ({
    labels: {
      alertname: 'KubeDeploymentReplicasMismatch',
      namespace,
      deployment: name,
      job: 'kube-state-metrics',
      severity: 'warning',
    },
    annotations: { summary: 'Deployment has not matched the expected number of replicas.' },
  }));
  return [...nodes, ...pods, ...deployments];
}

interface Workload {
  readonly namespace: string;
  readonly name: string;
}

interface PodPlace extends Workload {
  readonly owner: string;
  readonly node: number;
  /** Its node has turned NotReady. */
  readonly stuck: boolean;
  readonly index: number;
}

function workloads({ deployments }: MassStartSize): readonly Workload[] {
  return Array.from({ length: deployments }, (_, index) => ({
    namespace: `team-${index % NAMESPACES}`,
    name: `service-${index}`,
  }));
}

function podPlaces(size: MassStartSize): readonly PodPlace[] {
  return workloads(size).flatMap(({ namespace, name }, workload) =>
    Array.from({ length: size.podsPerDeployment }, (_, replica) => {
      const index = workload * size.podsPerDeployment + replica;
      const node = index % size.nodes;
      const stuck = node < size.broken;
      return { namespace, owner: name, name: `${name}-${HASH}-${suffix(index)}`, node, stuck, index };
    }),
  );
}

/** Five of the characters that Kubernetes takes for the names of pods. */
function suffix(index: number): string {
  const letters = 'bcdfghjklmnpqrstvwxz2456789';
  let rest = index;
  let text = '';
  for (let place = 0; place < 5; place += 1) {
    text = `${letters[rest % letters.length] ?? ''}${text}`;
    rest = Math.floor(rest / letters.length);
  }
  return text;
}

function workloadObjects({ namespace, name }: Workload, pods: readonly PodPlace[]): readonly JsonObject[] {
  const own = pods.filter(({ owner }) => owner === name);
  const replicas = own.length;
  const ready = own.filter(({ stuck }) => !stuck).length;
  const labels = { app: name };
  const hashed = { ...labels, 'pod-template-hash': HASH };
  const containers = [{ name: 'app', image: `registry.example.com/${name}:1` }];
  const template = { metadata: { labels }, spec: { containers } };
  const uid = `uid-${name}`;
  const counts = { replicas, readyReplicas: ready, availableReplicas: ready, observedGeneration: 1 };
  const deployment: JsonObject = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, uid, generation: 1, creationTimestamp: '2026-03-02T09:37:58Z' },
    spec: { replicas, selector: { matchLabels: labels }, template },
    status: {
      ...counts,
      updatedReplicas: replicas,
      unavailableReplicas: replicas - ready,
      conditions: [{ type: 'Available', status: 'False', reason: 'MinimumReplicasUnavailable' }],
    },
  };
  const replicaSet: JsonObject = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${HASH}`,
      namespace,
      uid: `${uid}-rs`,
      creationTimestamp: '2026-03-02T09:37:59Z',
      labels: hashed,
      annotations: { 'deployment.kubernetes.io/revision': '1' },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name, uid, controller: true }],
    },
    spec: { replicas, selector: { matchLabels: hashed }, template },
    status: counts,
  };
  return [deployment, replicaSet];
}

function podObject({ namespace, name, owner, node, stuck, index }: PodPlace): JsonObject {
  const created = new Date(STARTED + (index % 240) * 1000).toISOString();
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      creationTimestamp: created,
      labels: { app: owner, 'pod-template-hash': HASH },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: `${owner}-${HASH}`,
          uid: `uid-${owner}-rs`,
          controller: true,
        },
      ],
    },
    spec: {
      nodeName: `worker-${node}`,
      containers: [
        {
          name: 'app',
          image: `registry.example.com/${owner}:1`,
          ports: [{ containerPort: 8080, hostPort: 20_000 + (index % 10_000) }],
        },
      ],
    },
    status: podStatus({ image: `registry.example.com/${owner}:1`, created, stuck }),
  };
}

function podStatus({ image, created, stuck }: { image: string; created: string; stuck: boolean }): JsonObject {
  const state = stuck ? { waiting: { reason: 'ContainerCreating' } } : { running: { startedAt: created } };
  const ready = stuck ? { status: 'False', reason: 'ContainersNotReady' } : { status: 'True' };
  return {
    phase: stuck ? 'Pending' : 'Running',
    qosClass: 'BestEffort',
    startTime: created,
    conditions: [
      { type: 'PodScheduled', status: 'True', lastTransitionTime: created },
      { type: 'Initialized', status: 'True', lastTransitionTime: created },
      { type: 'ContainersReady', ...ready, lastTransitionTime: created },
      { type: 'Ready', ...ready, lastTransitionTime: created },
    ],
    containerStatuses: [{ name: 'app', image, imageID: '', ready: !stuck, started: !stuck, restartCount: 0, state }],
  };
}
