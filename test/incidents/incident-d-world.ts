import { join } from 'node:path';
import type { ActionContext, Inspection } from '../../src/actions/action.ts';
import { rbdLockRemove } from '../../src/actions/rbd-lock-remove.ts';
import { loadPlaybooks } from '../../src/adapters/playbook-files/load-playbooks.ts';
import type { Diagnosis } from '../../src/core/diagnosis/diagnosis.ts';
import type { JsonObject } from '../../src/core/facts/json.ts';
import type { ProposedAction } from '../../src/core/remediation/proposed-action.ts';
import type { ClusterReader } from '../../src/ports/cluster-reader.ts';
import type { RunbookOutput } from '../../src/ports/runbook-runner.ts';
import { diagnose } from '../../src/usecases/diagnose.ts';
import { redactedReader } from '../../src/usecases/redacted-reader.ts';
import { withRunbook } from '../../src/usecases/runbook-reader.ts';
import { node } from '../actions/rbd-world.ts';
import type { TestCeph } from '../ceph/start-ceph.ts';
import { FakeCluster } from '../fakes/fake-cluster.ts';

const playbooks = await loadPlaybooks({ folders: [join(import.meta.dirname, '../../playbooks')] });

/** Where real clients of the test's Ceph are. */
export const HERE = '127.0.0.1';

/** The cluster as it was recorded when the replacement of a pod did not start; images have the name of their test. */
export interface Recorded {
  readonly image: string;
  /** The node whose kubelet took the lock; absent: it does not exist any more. */
  readonly holder?: JsonObject;
  /** Since when the waiting pod runs. */
  readonly startedAt?: string;
}

/** The node `worker-1`. */
export function holder(ip: string, ready = 'True'): JsonObject {
  return node('worker-1', ip, { ready });
}

function recordedCluster({ image, holder: worker, startedAt }: Recorded): ClusterReader {
  const now = new Date();
  const ago = (seconds: number): string =>
    new Date(now.getTime() - seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
  const waits = startedAt === undefined;
  return new FakeCluster({
    namespace: 'shop',
    clock: ago(0),
    objects: [
      {
        kind: 'Pod',
        metadata: { name: 'db-0', uid: 'uid-db-0', creationTimestamp: ago(600) },
        spec: {
          nodeName: 'worker-2',
          containers: [{ name: 'db', image: 'registry.example.com/db:1' }],
          volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
        },
        status: {
          phase: waits ? 'Pending' : 'Running',
          conditions: [
            { type: 'PodScheduled', status: 'True', lastTransitionTime: ago(600) },
            { type: 'Ready', status: waits ? 'False' : 'True', lastTransitionTime: ago(600) },
          ],
          containerStatuses: [
            {
              name: 'db',
              ready: !waits,
              started: !waits,
              restartCount: 0,
              state: waits ? { waiting: { reason: 'ContainerCreating' } } : { running: { startedAt } },
            },
          ],
        },
      },
      { kind: 'PersistentVolumeClaim', metadata: { name: 'data', uid: 'uid-claim' }, spec: { volumeName: 'pv-data' } },
      {
        kind: 'PersistentVolume',
        metadata: { name: 'pv-data' },
        spec: {
          accessModes: ['ReadWriteOnce'],
          claimRef: { namespace: 'shop', name: 'data', uid: 'uid-claim' },
          rbd: { monitors: ['10.0.0.1:6789'], pool: 'rbd', image },
        },
      },
      node('worker-2', '10.0.0.12'),
      node('worker-3', '10.0.0.13'),
      ...(worker === undefined ? [] : [worker]),
    ],
    events: waits
      ? [
          {
            involvedObject: { kind: 'Pod', name: 'db-0' },
            reason: 'FailedMount',
            message: `MountVolume.SetUp failed for volume "pv-data" : rbd: image ${image} is locked by other nodes`,
            count: 6,
            firstTimestamp: ago(540),
            lastTimestamp: ago(60),
          },
        ]
      : [],
  });
}

/** Diagnoses the pod with the facts of the real Ceph. */
export async function ask(ceph: TestCeph, recorded: Recorded): Promise<Diagnosis> {
  const cluster = redactedReader(withRunbook(recordedCluster(recorded), ceph.runner));
  const query = { kind: 'Pod', namespace: 'shop', name: 'db-0' } as const;
  return diagnose(query, { cluster, clock: { now: () => new Date() }, playbooks });
}

/** What the finding offers. */
export async function offered(ceph: TestCeph, recorded: Recorded): Promise<ProposedAction> {
  const { primary } = await ask(ceph, recorded);
  if (primary?.remediation === undefined) {
    throw new Error(`nothing is offered: ${primary?.cause ?? 'no cause'}`);
  }
  return primary.remediation;
}

/** What the action looks at; `meanwhile` happens while it waits between its looks. */
export function context(ceph: TestCeph, recorded: Recorded, meanwhile?: () => Promise<unknown>): ActionContext {
  return {
    reader: recordedCluster(recorded),
    content: { contentOf: async () => ({ found: [], empty: 0, unseen: ['not asked'] }) },
    runbook: (step) => ceph.runner.run(step),
    purpose: meanwhile === undefined ? 'propose' : 'act',
    pause: async () => {
      await meanwhile?.();
    },
    now: () => new Date(),
  };
}

/** Sends what was decided, as an executor does after an approval. */
export async function act(ceph: TestCeph, inspection: Inspection): Promise<RunbookOutput> {
  if (inspection.kind !== 'possible' || inspection.effect.kind !== 'runbook') {
    throw new Error(inspection.kind === 'refused' ? inspection.reason : 'not a runbook step');
  }
  return ceph.runner.run(inspection.effect.step);
}

/** The five steps up to the decision, with both looks. */
export function inspectForAct(
  ceph: TestCeph,
  recorded: Recorded,
  input: ProposedAction,
  meanwhile: () => Promise<unknown> = async () => undefined,
): Promise<Inspection> {
  return rbdLockRemove.inspect(input, context(ceph, recorded, meanwhile));
}
