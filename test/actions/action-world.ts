import type { ActionContext, Inspection, Possible } from '../../src/actions/action.ts';
import type { JsonObject } from '../../src/core/facts/json.ts';
import type { ActionCode } from '../../src/core/playbook/vocabulary.ts';
import type { ProposedAction } from '../../src/core/remediation/proposed-action.ts';
import type { SubjectKind } from '../../src/core/subject/kinds.ts';
import type { NamespaceContent } from '../../src/ports/content-lister.ts';
import { FakeCluster, type FakeContent, type Injection } from '../fakes/fake-cluster.ts';

export const NOW = '2026-01-31T12:00:00Z';
export const NAMESPACE = 'shop';
const EMPTY: NamespaceContent = { found: [], empty: 40, unseen: [] };

interface WorldOptions extends Omit<FakeContent, 'objects'> {
  readonly inject?: Injection;
  readonly contents?: readonly NamespaceContent[];
  readonly purpose?: ActionContext['purpose'];
}

/** What an action sees: a cluster that holds exactly these objects, at 12:00. */
export function worldOf(
  objects: readonly JsonObject[],
  { inject, contents = [EMPTY], purpose = 'propose', ...content }: WorldOptions = {},
): ActionContext & { readonly reader: FakeCluster; readonly paused: number[]; readonly listed: string[] } {
  const paused: number[] = [];
  const listed: string[] = [];
  const left = [...contents];
  return {
    reader: new FakeCluster({ objects, namespace: NAMESPACE, clock: NOW, ...content }, inject),
    content: {
      contentOf: async (namespace) => {
        listed.push(namespace);
        return (left.length > 1 ? left.shift() : left[0]) ?? EMPTY;
      },
    },
    purpose,
    pause: async (ms) => void paused.push(ms),
    now: () => new Date(NOW),
    paused,
    listed,
  };
}

/** What a playbook proposes. */
export function proposed(
  action: ActionCode,
  subject: { readonly kind: SubjectKind; readonly name: string; readonly uid: string; readonly namespace?: string },
  parameters: Readonly<Record<string, string>> = {},
): ProposedAction {
  return { action, subject: { namespace: NAMESPACE, ...subject }, parameters };
}

/** Fails the test with the refusal when there is one. */
export function possible(inspection: Inspection): Possible {
  if (inspection.kind === 'refused') {
    throw new Error(`${inspection.why}: ${inspection.reason}`);
  }
  return inspection;
}

/** Some minutes and seconds before the clock of the world. */
export function ago(seconds: number): string {
  return new Date(Date.parse(NOW) - seconds * 1000).toISOString().replace('.000Z', 'Z');
}

type Fields = Readonly<Record<string, unknown>>;

/** An object with a uid; `changes` go one level deep into metadata, spec and status. */
export function anObject(kind: string, name: string, base: Fields, changes: Fields = {}): JsonObject {
  const part = (key: string): Fields => ({
    ...(base[key] as Fields | undefined),
    ...(changes[key] as Fields | undefined),
  });
  const metadata = { name, uid: `${kind.toLowerCase()}-1`, resourceVersion: '7', ...part('metadata') };
  const rest = { ...base, ...changes };
  // Test data is JSON by construction.
  return { ...rest, kind, metadata, spec: part('spec'), status: part('status') } as unknown as JsonObject;
}

export function owned(kind: string, name: string, uid = `${kind.toLowerCase()}-1`): Fields {
  return { ownerReferences: [{ kind, name, uid, controller: true }] };
}

const LABELS = { app: 'web' };

/** A pod of ReplicaSet web-abc that runs on node-1 and is not Ready. */
export function aPod(changes: Fields = {}): JsonObject {
  return anObject(
    'Pod',
    'web-abc-1',
    {
      metadata: {
        creationTimestamp: ago(600),
        labels: { ...LABELS, 'pod-template-hash': 'abc' },
        ...owned('ReplicaSet', 'web-abc'),
      },
      spec: { nodeName: 'node-1', restartPolicy: 'Always', containers: [{ name: 'web' }] },
      status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }] },
    },
    changes,
  );
}

export const READY = {
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: ago(60) }] },
};

export function aReplicaSet(changes: Fields = {}): JsonObject {
  return anObject(
    'ReplicaSet',
    'web-abc',
    {
      metadata: {
        labels: { ...LABELS, 'pod-template-hash': 'abc' },
        annotations: { 'deployment.kubernetes.io/revision': '2' },
        ...owned('Deployment', 'web'),
      },
      spec: {
        replicas: 3,
        selector: { matchLabels: { ...LABELS, 'pod-template-hash': 'abc' } },
        template: aTemplate('web:2', { 'pod-template-hash': 'abc' }),
      },
      status: { replicas: 3, readyReplicas: 2 },
    },
    changes,
  );
}

/** The ReplicaSet of the revision before, without pods. */
export function anOldReplicaSet(changes: Fields = {}): JsonObject {
  return anObject(
    'ReplicaSet',
    'web-old',
    {
      metadata: {
        uid: 'replicaset-0',
        labels: { ...LABELS, 'pod-template-hash': 'old' },
        annotations: { 'deployment.kubernetes.io/revision': '1' },
        ...owned('Deployment', 'web'),
      },
      spec: {
        replicas: 0,
        selector: { matchLabels: { ...LABELS, 'pod-template-hash': 'old' } },
        template: aTemplate('web:1', { 'pod-template-hash': 'old' }),
      },
    },
    changes,
  );
}

export function aTemplate(image: string, labels: Fields = {}): Fields {
  return { metadata: { labels: { ...LABELS, ...labels } }, spec: { containers: [{ name: 'web', image }] } };
}

/** Three pods are wanted, two are Ready, nothing is rolling. */
export function aDeployment(changes: Fields = {}): JsonObject {
  return anObject(
    'Deployment',
    'web',
    {
      metadata: { generation: 2, annotations: { 'deployment.kubernetes.io/revision': '2' } },
      spec: { replicas: 3, selector: { matchLabels: LABELS }, template: aTemplate('web:2') },
      status: {
        observedGeneration: 2,
        replicas: 3,
        updatedReplicas: 3,
        readyReplicas: 2,
        availableReplicas: 2,
        conditions: [{ type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' }],
      },
    },
    changes,
  );
}

export function aNode(changes: Fields = {}): JsonObject {
  return anObject('Node', 'node-1', { status: { conditions: [{ type: 'Ready', status: 'True' }] } }, changes);
}

export const NOT_READY = { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } };

/** Everything around the pod. */
export function aShop(pod: JsonObject = aPod()): readonly JsonObject[] {
  return [pod, aReplicaSet(), aDeployment(), aNode()];
}

export const POD = { kind: 'Pod', name: 'web-abc-1', uid: 'pod-1' } as const;
export const DEPLOYMENT = { kind: 'Deployment', name: 'web', uid: 'deployment-1' } as const;
