import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadPlaybooks } from '../../src/adapters/playbook-files/load-playbooks.ts';
import type { JsonObject } from '../../src/core/facts/json.ts';
import { diagnose } from '../../src/usecases/diagnose.ts';
import { FakeCluster } from '../fakes/fake-cluster.ts';

const playbooks = await loadPlaybooks({ folders: [join(import.meta.dirname, '../../playbooks')] });
const NOW = '2026-01-31T12:00:00Z';

function node(name: string, status: string, message = '', reason = ''): JsonObject {
  const conditions = [{ type: 'Ready', status, reason, message, lastTransitionTime: '2026-01-31T11:50:00Z' }];
  return { kind: 'Node', metadata: { name, creationTimestamp: '2026-01-01T00:00:00Z' }, status: { conditions } };
}

function lease(name: string, at: string): JsonObject {
  return {
    kind: 'Lease',
    metadata: { name, namespace: 'kube-node-lease', managedFields: [{ manager: 'kubelet', time: at }] },
    spec: { renewTime: at, leaseDurationSeconds: 40 },
  };
}

function ask(cluster: FakeCluster, kind: 'Node' | 'Pod' = 'Node', name = 'worker-1') {
  const namespace = kind === 'Node' ? '' : 'default';
  return diagnose({ kind, namespace, name }, { cluster, playbooks, clock: { now: () => new Date(NOW) } });
}

describe('a node', () => {
  it('that works is healthy, and costs few requests', async () => {
    const cluster = new FakeCluster({ objects: [node('worker-1', 'True'), lease('worker-1', '2026-01-31T11:59:55Z')] });

    const diagnosis = await ask(cluster);

    expect(diagnosis).toMatchObject({
      subject: { kind: 'Node', namespace: '', name: 'worker-1' },
      verdict: 'healthy',
      status: 'Ready',
      checked: ['Ready since 11:50:00', 'no memory, disk or PID pressure', 'lease renewed 5 s ago'],
      unread: [],
    });
    expect(cluster.requestCount()).toBeLessThanOrEqual(6);
    expect(cluster.queries.filter((query) => query.verb === 'get' && 'namespace' in query)).toHaveLength(1);
  });

  it('in trouble costs at most 16 requests', async () => {
    const objects = [
      node(
        'worker-1',
        'False',
        '[container runtime is down, PLEG is not healthy: pleg was last seen active 4m ago; threshold is 3m0s]',
      ),
      lease('worker-1', '2026-01-31T11:59:55Z'),
    ];
    const cluster = new FakeCluster({ objects });

    expect((await ask(cluster)).primary?.code).toBe('node-notready-runtime-down');
    expect(cluster.requestCount()).toBeLessThanOrEqual(16);
  });

  it('whose message no playbook knows cannot be told', async () => {
    const cluster = new FakeCluster({
      objects: [node('worker-1', 'False', 'node is shutting down'), lease('worker-1', '2026-01-31T11:59:55Z')],
    });

    expect(await ask(cluster)).toMatchObject({ verdict: 'unknown', seen: ['Ready False: node is shutting down'] });
  });

  it('that does not exist is not found, with those that are close', async () => {
    const cluster = new FakeCluster({ objects: [node('worker-2', 'True')] });

    await expect(ask(cluster)).rejects.toThrow('There is no Node "worker-1"; `worker-2` exists.');
  });

  it('is the root of what its pods suffer from', async () => {
    const objects: readonly JsonObject[] = [
      node('worker-1', 'Unknown', 'Kubelet stopped posting node status.', 'NodeStatusUnknown'),
      lease('worker-1', '2026-01-31T11:49:10Z'),
      {
        kind: 'Pod',
        metadata: { name: 'web-0' },
        spec: { nodeName: 'worker-1', containers: [{ name: 'web', image: 'nginx' }] },
        status: {
          phase: 'Running',
          conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: '2026-01-31T11:50:00Z' }],
          containerStatuses: [{ name: 'web', ready: true, started: true, state: { running: { startedAt: NOW } } }],
        },
      },
    ];
    const cluster = new FakeCluster({ objects });

    const { primary, unread } = await ask(cluster, 'Pod', 'web-0');

    expect(primary).toMatchObject({
      code: 'node-not-ready',
      root: { subject: 'Node worker-1', finding: { code: 'node-notready-kubelet-unreachable' } },
    });
    expect(unread).toEqual([]);
    expect(cluster.requestCount()).toBeLessThanOrEqual(10);
  });
});
