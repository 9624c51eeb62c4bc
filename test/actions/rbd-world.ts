import { expect } from 'vitest';
import type { ActionContext, Inspection } from '../../src/actions/action.ts';
import { rbdLockRemove } from '../../src/actions/rbd-lock-remove.ts';
import type { JsonObject } from '../../src/core/facts/json.ts';
import type { ProposedAction } from '../../src/core/remediation/proposed-action.ts';
import type { ContentLister } from '../../src/ports/content-lister.ts';
import type { RunbookStep } from '../../src/ports/runbook-runner.ts';
import { FakeCluster } from '../fakes/fake-cluster.ts';
import { FakeRunbook } from '../fakes/fake-runbook.ts';

/** The clock of the cluster. */
export const NOW = '2026-11-22T03:00:00Z';

export const LOCK = { id: 'kubelet_lock_magic_worker-1', locker: 'client.4125', address: '10.0.0.11:0/3805348311' };
export const AUTO = { id: 'auto 139700522204000', locker: 'client.4141', address: '10.0.0.11:0/2330318193' };

/** A pod that waits for its in-tree RBD volume. */
export const POD: JsonObject = {
  kind: 'Pod',
  metadata: { name: 'db-0', namespace: 'shop', uid: 'uid-db-0' },
  spec: { nodeName: 'worker-2', volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] },
  status: { phase: 'Pending' },
};

export const CLAIM: JsonObject = {
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data', namespace: 'shop', uid: 'uid-claim' },
  spec: { volumeName: 'pv-data', accessModes: ['ReadWriteOnce'] },
};

export const VOLUME: JsonObject = {
  kind: 'PersistentVolume',
  metadata: { name: 'pv-data', uid: 'uid-pv' },
  spec: {
    accessModes: ['ReadWriteOnce'],
    claimRef: { namespace: 'shop', name: 'data', uid: 'uid-claim' },
    rbd: { monitors: ['10.0.0.1:6789'], pool: 'rbd', image: 'vol-1' },
  },
};

/** A node; `ready` as long as nothing else is said. */
export function node(
  name: string,
  ip: string,
  more: {
    readonly ready?: string;
    readonly since?: string;
    readonly taints?: readonly JsonObject[];
    readonly status?: JsonObject;
  } = {},
): JsonObject {
  const { ready = 'True', since = '2026-11-22T01:00:00Z', taints = [], status = {} } = more;
  return {
    kind: 'Node',
    metadata: { name },
    spec: { taints },
    status: {
      addresses: [{ type: 'InternalIP', address: ip }],
      conditions: [{ type: 'Ready', status: ready, lastTransitionTime: since }],
      ...status,
    },
  };
}

export const WORKERS = [node('worker-2', '10.0.0.12'), node('worker-3', '10.0.0.13')];

/** What the playbook chose. */
export function proposed(lock: { readonly id: string; readonly locker: string } = LOCK): ProposedAction {
  return {
    action: 'R-RBD-LOCK-RM',
    subject: { kind: 'Pod', namespace: 'shop', name: 'db-0', uid: 'uid-db-0' },
    parameters: { pool: 'rbd', image: 'vol-1', lockId: lock.id, locker: lock.locker },
  };
}

/** Nothing here looks at what a namespace holds. */
const NOTHING: ContentLister = { contentOf: async () => ({ found: [], empty: 0, unseen: ['not asked'] }) };

/** What a test looks at an action with. */
export interface RbdWorld {
  readonly context: ActionContext;
  readonly ceph: FakeRunbook;
  /** Milliseconds that were waited. */
  readonly pauses: number[];
}

/** How a world differs from the default one. */
export interface RbdOptions {
  readonly objects?: readonly JsonObject[];
  readonly ceph?: FakeRunbook;
  readonly purpose?: ActionContext['purpose'];
  readonly unreadable?: string;
  /** What happens while the action waits between its two looks. */
  readonly meanwhile?: (ceph: FakeRunbook) => void;
}

/** A cluster and a Ceph for an action; by default worker-1, which took the lock, does not exist any more. */
export function rbdWorld(options: RbdOptions = {}): RbdWorld {
  const { objects = [POD, CLAIM, VOLUME, ...WORKERS], purpose = 'propose' } = options;
  const ceph = options.ceph ?? new FakeRunbook({ locks: [LOCK] });
  const pauses: number[] = [];
  const unreadable =
    options.unreadable === undefined ? [] : [{ resource: options.unreadable, why: 'forbidden' as const }];
  return {
    ceph,
    pauses,
    context: {
      reader: new FakeCluster({ objects, clock: NOW, unreadable }),
      content: NOTHING,
      runbook: (step: RunbookStep) => ceph.run(step),
      purpose,
      pause: async (ms) => {
        pauses.push(ms);
        options.meanwhile?.(ceph);
      },
      now: () => new Date(NOW),
    },
  };
}

/** The node that took the lock. */
export function worker1(more: Parameters<typeof node>[2] = {}): JsonObject {
  return node('worker-1', '10.0.0.11', more);
}

/** What the action decides in a world. */
export async function inspect(options: RbdOptions = {}, input = proposed()): Promise<Inspection> {
  return rbdLockRemove.inspect(input, rbdWorld(options).context);
}

/** Expects a refusal whose reason fits. */
export function expectRefusal(inspection: Inspection, why: string, reason: RegExp): void {
  expect(inspection).toEqual({ kind: 'refused', why, reason: expect.stringMatching(reason) });
}
