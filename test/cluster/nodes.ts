import { z } from 'zod';
import type { TestCluster } from './cluster.ts';

const RENEW_EVERY_MS = 10_000;
const OWNER_LABEL = 'kubewhy.test/extra-node';

const Taint = z.strictObject({
  key: z.string(),
  value: z.string().optional(),
  effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']),
});

/**
 * A node that exists only as an object: no kubelet runs Pods there. Nothing may land on it by accident,
 * so it needs a taint, to be cordoned, or room for no Pod at all.
 */
export const ExtraNode = z
  .strictObject({
    name: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
    taints: z.array(Taint).default([]),
    unschedulable: z.boolean().default(false),
    allocatable: z.record(z.string(), z.string()).default({}),
    /** A lost node stops reporting: after 40 s the control plane calls it NotReady. */
    lost: z.boolean().default(false),
    /** How far its clock is ahead. */
    clockSeconds: z.int().default(0),
  })
  .refine((node) => node.unschedulable || node.allocatable['pods'] === '0' || node.taints.some(repels), {
    message: 'needs a NoSchedule or NoExecute taint, unschedulable: true, or allocatable.pods "0"',
  });

export type ExtraNode = z.infer<typeof ExtraNode>;

export interface NodeKeeper {
  stop(): void;
}

export async function createNodes(cluster: TestCluster, nodes: readonly ExtraNode[]): Promise<void> {
  if (nodes.length === 0) {
    return;
  }
  await cluster.apply(list(nodes.map(nodeObject)));
  await renewLeases(cluster, nodes);
  await Promise.all(nodes.map((node) => reportStatus(cluster, node)));
}

export async function deleteNodes(cluster: TestCluster, nodes: readonly ExtraNode[]): Promise<void> {
  const names = nodes.map((node) => node.name);
  if (names.length > 0) {
    await cluster.kubectl(['delete', 'node', ...names, '--ignore-not-found', '--wait=false']);
    await cluster.kubectl(['-n', 'kube-node-lease', 'delete', 'lease', ...names, '--ignore-not-found']);
  }
}

/** Keeps the nodes Ready by renewing their leases until it is stopped. */
export function keepNodes(cluster: TestCluster, nodes: readonly ExtraNode[]): NodeKeeper {
  const kept = nodes.filter((node) => !node.lost);
  if (kept.length === 0) {
    return { stop() {} };
  }
  const timer = setInterval(() => {
    renewLeases(cluster, kept).catch((error: unknown) => console.warn('A lease was not renewed.', error));
  }, RENEW_EVERY_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

function repels(taint: z.infer<typeof Taint>): boolean {
  return taint.effect !== 'PreferNoSchedule';
}

function nodeObject(node: ExtraNode): object {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: node.name,
      labels: {
        'kubernetes.io/hostname': node.name,
        'kubernetes.io/os': 'linux',
        [OWNER_LABEL]: 'true',
        ...node.labels,
      },
    },
    spec: { taints: node.taints, unschedulable: node.unschedulable },
  };
}

async function reportStatus(cluster: TestCluster, node: ExtraNode): Promise<void> {
  const room = { cpu: '4', memory: '8Gi', pods: '110', 'ephemeral-storage': '100Gi', ...node.allocatable };
  const now = new Date().toISOString();
  const condition = (type: string, status: string, reason: string): object => {
    return { type, status, reason, message: '', lastHeartbeatTime: now, lastTransitionTime: now };
  };
  const status = {
    capacity: room,
    allocatable: room,
    conditions: [
      condition('Ready', 'True', 'KubeletReady'),
      condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory'),
      condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure'),
      condition('PIDPressure', 'False', 'KubeletHasSufficientPID'),
    ],
  };
  const patch = JSON.stringify({ status });
  await cluster.kubectl(['patch', 'node', node.name, '--subresource=status', '--type=merge', '-p', patch]);
}

async function renewLeases(cluster: TestCluster, nodes: readonly ExtraNode[]): Promise<void> {
  const renewTime = (clockSeconds: number): string =>
    new Date(Date.now() + clockSeconds * 1000).toISOString().replace('Z', '000Z');
  await cluster.apply(
    list(
      nodes.map(({ name, clockSeconds }) => ({
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { name, namespace: 'kube-node-lease' },
        spec: { holderIdentity: name, leaseDurationSeconds: 40, renewTime: renewTime(clockSeconds) },
      })),
    ),
  );
}

function list(items: readonly object[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}
