import type { JsonObject } from '../core/facts/json.ts';
import { asKube, type KubeCondition, type KubeMetadata, type KubeWorkload } from '../core/facts/kube-types.ts';
import { findResourceType } from '../core/subject/kinds.ts';
import type { ActionContext, Refusal } from './action.ts';
import { lookUp } from './look-up.ts';
import { isOver } from './pod-state.ts';
import { controllerOf, type PodTarget } from './pod-target.ts';
import { refuse } from './refuse.ts';

/** What makes a pod again, and what that belongs to. */
export interface PodOwner {
  readonly kind: 'owner';
  readonly of: OwnerObject;
  /** The Deployment of a ReplicaSet; else the owner itself. */
  readonly top: OwnerObject;
}

export interface OwnerObject {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly raw: JsonObject;
  readonly metadata: KubeMetadata;
}

interface JobObject extends KubeWorkload {
  readonly spec?: NonNullable<KubeWorkload['spec']> & { readonly backoffLimit?: number };
}

const REPLACING = ['ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job'];
const DEFAULT_BACKOFF_LIMIT = 6;

/** Reads the controller of a pod, which must exist and make a new pod for one that goes. */
export async function readPodOwner(target: PodTarget, context: ActionContext): Promise<PodOwner | Refusal> {
  const { controller, namespace } = target;
  if (controller === undefined) {
    return refuse(
      'unsafe',
      'The pod has no controller, so nothing would make it again. Save its manifest, then delete and create it by hand.',
    );
  }
  if (!REPLACING.includes(controller.kind)) {
    return refuse(
      'unsafe',
      `The pod belongs to a controller of kind ${controller.kind.slice(0, 63)}, of which Kubewhy does not know whether it makes pods again. Ask whoever runs that controller.`,
    );
  }
  const of = await ownerObject(controller, namespace, context);
  if (of.kind === 'refused') {
    return of;
  }
  const problem = ownerProblem(of.object, target);
  const parent = of.object.kind === 'ReplicaSet' ? controllerOf({ metadata: of.object.metadata }) : undefined;
  if (problem !== undefined || parent === undefined || parent.kind !== 'Deployment') {
    return problem ?? { kind: 'owner', of: of.object, top: of.object };
  }
  const top = await ownerObject(parent, namespace, context);
  return top.kind === 'refused' ? top : { kind: 'owner', of: of.object, top: top.object };
}

/** `ReplicaSet web-5d8f`, for people. */
export function ownerTitle({ kind, name }: OwnerObject): string {
  return `${kind} ${name}`;
}

async function ownerObject(
  { kind, name, uid }: { readonly kind: string; readonly name: string; readonly uid: string },
  namespace: string,
  context: ActionContext,
): Promise<{ readonly kind: 'read'; readonly object: OwnerObject } | Refusal> {
  const resource = findResourceType(kind);
  if (resource === undefined) {
    return refuse('unsafe', 'The controller of the pod is of a kind that Kubewhy does not know. Look at it by hand.');
  }
  const known = await lookUp(context, { resource, namespace, name, uid });
  return known.kind === 'refused'
    ? { ...known, reason: `${known.reason} Without its controller the pod would not come back.` }
    : { kind: 'read', object: { kind, name, uid, raw: known.object, metadata: known.metadata } };
}

/** Why the owner would not make another pod, or nothing. */
function ownerProblem(owner: OwnerObject, target: PodTarget): Refusal | undefined {
  const title = ownerTitle(owner);
  if (owner.metadata.deletionTimestamp !== undefined) {
    return refuse('changed', `${title} is being deleted, so the pod would not come back. Diagnose it again.`);
  }
  const { spec = {} } = asKube<KubeWorkload>(owner.raw);
  if (owner.kind === 'Job') {
    return jobProblem(asKube<JobObject>(owner.raw), title, target);
  }
  return owner.kind !== 'DaemonSet' && spec.replicas === 0
    ? refuse('changed', `${title} wants no pods, so this one goes by itself. Diagnose it again.`)
    : undefined;
}

function jobProblem({ spec = {}, status = {} }: JobObject, title: string, target: PodTarget): Refusal | undefined {
  if (spec.suspend === true || isDone(status.conditions)) {
    const why = spec.suspend === true ? 'suspended' : 'over';
    return refuse('changed', `${title} makes no more pods: it is ${why}. Start the Job again by hand.`);
  }
  return countsAsFailure(target) && triesLeft(spec, status) <= 0
    ? refuse(
        'unsafe',
        `Deleting the pod counts as a failure of ${title}, which has no try left, so that the whole Job would fail. Wait for it, or start the Job again by hand.`,
      )
    : undefined;
}

function triesLeft(
  { backoffLimit = DEFAULT_BACKOFF_LIMIT }: NonNullable<JobObject['spec']>,
  { failed = 0 }: NonNullable<JobObject['status']>,
): number {
  return backoffLimit - failed;
}

function isDone(conditions: readonly KubeCondition[] = []): boolean {
  return conditions.some(({ type, status }) => status === 'True' && (type === 'Complete' || type === 'Failed'));
}

/** Whether a Job counts it against its backoffLimit when such a pod goes. */
export function countsAsFailure({ pod }: PodTarget): boolean {
  return !isOver(pod) && pod.spec?.restartPolicy === 'Never';
}
