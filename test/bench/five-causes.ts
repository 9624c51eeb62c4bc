import type { JsonObject } from '../../src/core/facts/json.ts';
import type { CaseRecording } from '../../src/core/recording/recording.ts';
import {
  CREATED,
  controllers,
  HASH,
  hashed,
  IMAGE,
  LATEST,
  meta,
  NOTICED,
  owned,
  podNames,
  SILENT_NODE,
  workload,
} from './ill-workloads.ts';

/** What is to be named on a first line, and the objects that suffer from it. */
export interface KnownCause {
  /** Stands in the headline of the cause and in no other one. */
  readonly named: string;
  readonly namespace: string;
}

const CLOCK = '2026-03-02T10:00:00Z';
const LOST = '2026-03-02T09:50:10Z';
const DEPLOYMENTS = 60;
const NODES = ['worker-1', 'worker-2', 'worker-3', SILENT_NODE];

/** The causes of the cluster of `fiveCauses`. */
export const CAUSES: readonly KnownCause[] = [
  { namespace: 'config', named: 'key `DB_HOST` does not exist in ConfigMap `settings`' },
  { namespace: 'image', named: `\`${IMAGE}\` does not exist` },
  { namespace: 'node', named: 'no sign of life' },
  { namespace: 'quota', named: 'quota `compute` is used up' },
  { namespace: 'shop', named: 'fails while `db`' },
];

/** A cluster of 300 Deployments in five namespaces, each of which has a cause of its own. */
export function fiveCauses(): CaseRecording {
  return {
    closedWorld: true,
    subject: `node/${SILENT_NODE}`,
    clock: CLOCK,
    objects: [
      ...NODES.flatMap(nodeObjects),
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: meta('config', 'settings'), data: { DATABASE_HOST: 'db' } },
      ...quotaObjects(),
      ...databaseObjects(),
      ...CAUSES.flatMap(({ namespace }) => names(namespace).flatMap((name) => workload(namespace, name))),
    ],
    logs: [],
    unreadable: [],
  };
}

/** Labels of alerts about that cluster, all different, the causes in turns. */
export function causeAlerts(count: number): readonly Readonly<Record<string, string>>[] {
  const objects = CAUSES.map(({ namespace }) => alertObjects(namespace));
  return Array.from({ length: count }, (_, index) => {
    const own = objects[index % objects.length] ?? [];
    const turn = Math.floor(index / objects.length);
    const labels = own[turn % own.length] ?? {};
    return { ...labels, job: 'kube-state-metrics', severity: 'warning', rule: `rule-${Math.floor(turn / own.length)}` };
  });
}

function alertObjects(namespace: string): readonly Readonly<Record<string, string>>[] {
  const deployments = names(namespace).map((deployment) => ({
    alertname: 'KubeDeploymentReplicasMismatch',
    namespace,
    deployment,
  }));
  if (namespace === 'quota') {
    return deployments;
  }
  const pods = names(namespace).flatMap((name) =>
    podNames(name).map((pod) => ({ alertname: 'KubePodNotReady', namespace, pod })),
  );
  const node = namespace === 'node' ? [{ alertname: 'KubeNodeNotReady', node: SILENT_NODE }] : [];
  return [...node, ...pods, ...deployments];
}

function names(namespace: string): readonly string[] {
  return Array.from({ length: DEPLOYMENTS }, (_, index) => `${namespace}-${index}`);
}

function nodeObjects(name: string): readonly JsonObject[] {
  const isSilent = name === SILENT_NODE;
  const renewed = isSilent ? LOST : '2026-03-02T09:59:55Z';
  const condition = (type: string, healthy: string): JsonObject => ({
    type,
    status: isSilent ? 'Unknown' : healthy,
    reason: isSilent ? 'NodeStatusUnknown' : 'KubeletReady',
    message: isSilent ? 'Kubelet stopped posting node status.' : '',
    lastTransitionTime: isSilent ? NOTICED : '2026-03-02T08:00:00Z',
  });
  return [
    {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, creationTimestamp: '2026-01-10T08:00:00Z' },
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
        name,
        namespace: 'kube-node-lease',
        managedFields: [{ manager: 'kubelet', operation: 'Update', time: renewed }],
      },
      spec: { holderIdentity: name, leaseDurationSeconds: 40, renewTime: renewed },
    },
  ];
}

function quotaObjects(): readonly JsonObject[] {
  const hard = { 'requests.cpu': '4' };
  const status = { hard, used: { 'requests.cpu': '4' } };
  return [{ apiVersion: 'v1', kind: 'ResourceQuota', metadata: meta('quota', 'compute'), spec: { hard }, status }];
}

/** A database that crashes, and its Service, which the pods beside it probe. */
function databaseObjects(): readonly JsonObject[] {
  const labels = { app: 'db' };
  const [name = ''] = podNames('db');
  const spec = { containers: [{ name: 'db', image: 'registry.example.com/db:16' }] };
  const ended = { reason: 'Error', exitCode: 1, startedAt: NOTICED, finishedAt: LATEST };
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: meta('shop', 'db'),
      spec: { clusterIP: '10.96.7.8', selector: labels, ports: [{ port: 5432 }] },
    },
    ...controllers('shop', 'db', { labels, spec, replicas: 1 }),
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        ...meta('shop', name),
        labels: hashed(labels),
        uid: `uid-${name}`,
        ...owned('ReplicaSet', `db-${HASH}`),
      },
      spec: { ...spec, nodeName: 'worker-2' },
      status: {
        phase: 'Running',
        conditions: [
          { type: 'PodScheduled', status: 'True', lastTransitionTime: CREATED },
          { type: 'ContainersReady', status: 'False', reason: 'ContainersNotReady', lastTransitionTime: LOST },
          { type: 'Ready', status: 'False', reason: 'ContainersNotReady', lastTransitionTime: LOST },
        ],
        containerStatuses: [
          {
            name: 'db',
            ready: false,
            restartCount: 6,
            state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting failed container' } },
            lastState: { terminated: ended },
          },
        ],
      },
    },
  ];
}
