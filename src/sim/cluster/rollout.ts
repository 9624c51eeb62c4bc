import { createHash } from 'node:crypto';
import type { JsonObject } from '../../core/facts/json.ts';
import { childOf, nameOf, textAt } from '../../core/recording/object-parts.ts';
import { resourceOf } from '../../core/subject/kinds.ts';
import { activePods, ownedBy, uidOf, wantedPods } from './owner-counts.ts';
import { newPod, randomSuffix } from './pod-life.ts';
import type { World } from './world.ts';
import { sameJson, storeObject, timeText } from './writing.ts';

const HASH = 'pod-template-hash';
const REVISION = 'deployment.kubernetes.io/revision';
/** Pods that a rollout makes at most; recordings say more than they hold. */
const MOST_PODS = 20;

/** What a rollout has begun: pods that are to become Ready. */
export interface Rollout {
  readonly owner: JsonObject;
  readonly pods: readonly JsonObject[];
}

/** Carries out a new template of a workload: old pods go, new ones come. Undefined for what has no rollout. */
export function rollOut(workload: JsonObject, world: World): Rollout | undefined {
  const observed = storeObject(world, { ...workload, status: beginning(workload) });
  if (workload['kind'] === 'Deployment') {
    return rollOutDeployment(observed, world);
  }
  return workload['kind'] === 'StatefulSet' || workload['kind'] === 'DaemonSet'
    ? replacePods(observed, world)
    : undefined;
}

function beginning(workload: JsonObject): JsonObject {
  const { generation } = childOf(workload, 'metadata');
  const status = childOf(workload, 'status');
  const wanted = wantedPods(workload);
  const counts =
    workload['kind'] === 'DaemonSet'
      ? { updatedNumberScheduled: wanted, numberReady: 0, numberAvailable: 0, numberUnavailable: wanted }
      : {
          replicas: wanted,
          updatedReplicas: wanted,
          readyReplicas: 0,
          availableReplicas: 0,
          unavailableReplicas: wanted,
        };
  return { ...status, ...counts, ...(generation === undefined ? {} : { observedGeneration: generation }) };
}

function rollOutDeployment(deployment: JsonObject, world: World): Rollout {
  const { namespace, name } = nameOf(deployment);
  const template = childOf(childOf(deployment, 'spec'), 'template');
  const sets = ownedBy(deployment, resourceOf('ReplicaSet'), world);
  const old = sets.find((set) => sameJson(plainTemplate(set), template));
  const revision = `${Math.max(0, ...sets.map(revisionOf)) + 1}`;
  const made = old ?? newReplicaSet(deployment, template, world);
  for (const set of sets.filter((one) => uidOf(one) !== uidOf(made))) {
    activePods(set, world).forEach((pod) => removePod(pod, world));
    storeObject(world, { ...set, spec: { ...childOf(set, 'spec'), replicas: 0 }, status: { replicas: 0 } });
  }
  const wanted = wantedPods(deployment);
  const current = storeObject(world, {
    ...made,
    metadata: withRevision(childOf(made, 'metadata'), revision),
    spec: { ...childOf(made, 'spec'), replicas: wanted },
    status: { replicas: wanted, readyReplicas: 0, availableReplicas: 0 },
  });
  const stored = world.objects.get({ type: resourceOf('Deployment'), namespace, name });
  const latest = stored?.object ?? deployment;
  storeObject(world, { ...latest, metadata: withRevision(childOf(latest, 'metadata'), revision) });
  return { owner: current, pods: podsOf(current, wanted, world) };
}

function withRevision(metadata: JsonObject, revision: string): JsonObject {
  return { ...metadata, annotations: { ...childOf(metadata, 'annotations'), [REVISION]: revision } };
}

function revisionOf(set: JsonObject): number {
  return Number(textAt(childOf(childOf(set, 'metadata'), 'annotations'), REVISION)) || 0;
}

/** The template of a ReplicaSet as its Deployment had it. */
function plainTemplate(set: JsonObject): JsonObject {
  const template = childOf(childOf(set, 'spec'), 'template');
  const metadata = childOf(template, 'metadata');
  const { [HASH]: _hash, ...labels } = childOf(metadata, 'labels');
  return { ...template, metadata: { ...metadata, labels } };
}

function newReplicaSet(deployment: JsonObject, template: JsonObject, world: World): JsonObject {
  const { namespace, name } = nameOf(deployment);
  const hash = createHash('sha256').update(JSON.stringify(template)).digest('hex').slice(0, 10);
  const metadata = childOf(template, 'metadata');
  const labels = { ...childOf(metadata, 'labels'), [HASH]: hash };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      uid: `uid-of-ReplicaSet/${namespace}/${name}-${hash}`,
      creationTimestamp: timeText(world.timeline.now()),
      generation: 1,
      labels,
      ownerReferences: [referenceTo(deployment)],
    },
    spec: { selector: { matchLabels: labels }, template: { ...template, metadata: { ...metadata, labels } } },
  };
}

function referenceTo(owner: JsonObject): JsonObject {
  const { apiVersion, kind } = owner;
  const { name } = nameOf(owner);
  return { apiVersion, kind, name, uid: uidOf(owner), controller: true, blockOwnerDeletion: true };
}

function podsOf(owner: JsonObject, count: number, world: World): readonly JsonObject[] {
  return Array.from({ length: Math.min(count, MOST_PODS) }, () =>
    templatePod(owner, `${nameOf(owner).name}-${randomSuffix(5)}`, world),
  );
}

/** A pod of the owner's template, stored. */
function templatePod(owner: JsonObject, name: string, world: World): JsonObject {
  const template = childOf(childOf(owner, 'spec'), 'template');
  const metadata = childOf(template, 'metadata');
  const seed = {
    namespace: nameOf(owner).namespace,
    name,
    labels: childOf(metadata, 'labels'),
    annotations: childOf(metadata, 'annotations'),
    owner: referenceTo(owner),
    spec: childOf(template, 'spec'),
  };
  return storeObject(world, newPod(seed, world));
}

/** StatefulSets and DaemonSets keep the names or the nodes of their pods. */
function replacePods(owner: JsonObject, world: World): Rollout {
  const pods = activePods(owner, world).map((pod) => {
    const { name } = nameOf(pod);
    removePod(pod, world);
    const fresh = owner['kind'] === 'StatefulSet' ? name : `${nameOf(owner).name}-${randomSuffix(5)}`;
    return templatePod(owner, fresh, world);
  });
  return { owner, pods };
}

function removePod(pod: JsonObject, world: World): void {
  const { namespace, name } = nameOf(pod);
  world.objects.remove({ type: resourceOf('Pod'), namespace, name });
}
