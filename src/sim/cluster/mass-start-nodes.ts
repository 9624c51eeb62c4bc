import type { JsonObject } from '../../core/facts/json.ts';

const BEFORE = '2026-03-02T08:00:00Z';
const LATE = 'PLEG is not healthy: pleg was last seen active 3m28.93894374s ago; threshold is 3m0s';

/** A node with its lease and its kube-proxy; a broken one is NotReady since that time (milliseconds) and a little later. */
export function nodeObjects(index: number, broken: boolean, brokenAt: number): readonly JsonObject[] {
  const name = `worker-${index}`;
  const since = new Date(brokenAt + index * 1000).toISOString();
  const healthy = { status: 'False', lastTransitionTime: BEFORE };
  const ready = broken
    ? { status: 'False', reason: 'KubeletNotReady', message: LATE, lastTransitionTime: since }
    : {
        status: 'True',
        reason: 'KubeletReady',
        message: 'kubelet is posting ready status',
        lastTransitionTime: BEFORE,
      };
  const node: JsonObject = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, creationTimestamp: '2026-01-10T08:00:00Z' },
    spec: {},
    status: {
      allocatable: { cpu: '32', memory: '128Gi', pods: '250' },
      addresses: [{ type: 'InternalIP', address: `10.0.${Math.floor(index / 200)}.${(index % 200) + 1}` }],
      nodeInfo: { kubeletVersion: 'v1.8.6', containerRuntimeVersion: 'docker://1.12.6', osImage: 'CentOS Linux 7' },
      conditions: [
        { type: 'MemoryPressure', reason: 'KubeletHasSufficientMemory', ...healthy },
        { type: 'DiskPressure', reason: 'KubeletHasNoDiskPressure', ...healthy },
        { type: 'PIDPressure', reason: 'KubeletHasSufficientPID', ...healthy },
        { type: 'Ready', ...ready },
      ],
    },
  };
  return [node, leaseOf(name), proxyOf(name, index), ...(broken ? [eventOf(name)] : [])];
}

function leaseOf(name: string): JsonObject {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      name,
      namespace: 'kube-node-lease',
      managedFields: [{ manager: 'kubelet', operation: 'Update', time: '2026-03-02T09:59:55Z' }],
    },
    spec: { holderIdentity: name, leaseDurationSeconds: 40, renewTime: '2026-03-02T09:59:55.000000Z' },
  };
}

function proxyOf(node: string, index: number): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `kube-proxy-n${index}`,
      namespace: 'kube-system',
      creationTimestamp: '2026-03-01T08:00:00Z',
      labels: { 'k8s-app': 'kube-proxy' },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'kube-proxy', controller: true }],
    },
    spec: {
      nodeName: node,
      hostNetwork: true,
      containers: [{ name: 'kube-proxy', image: 'registry.k8s.io/kube-proxy:v1.8.6' }],
    },
    status: {
      phase: 'Running',
      qosClass: 'BestEffort',
      conditions: [
        { type: 'PodScheduled', status: 'True' },
        { type: 'Ready', status: 'True', lastTransitionTime: BEFORE },
      ],
    },
  };
}

function eventOf(node: string): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${node}.gc`, namespace: 'default' },
    type: 'Warning',
    reason: 'ContainerGCFailed',
    message: 'operation timeout: context deadline exceeded',
    count: 17,
    firstTimestamp: '2026-03-02T09:50:00Z',
    lastTimestamp: '2026-03-02T09:58:00Z',
    involvedObject: { kind: 'Node', name: node, uid: node },
    source: { component: 'kubelet', host: node },
  };
}
