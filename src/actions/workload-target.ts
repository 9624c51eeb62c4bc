import type { JsonObject } from '../core/facts/json.ts';
import type { KubeMetadata } from '../core/facts/kube-types.ts';
import type { ProposedAction } from '../core/remediation/proposed-action.ts';
import type { AccessRight, RemediationTarget } from '../core/remediation/remediation.ts';
import { resourceOf, type SubjectKind } from '../core/subject/kinds.ts';
import type { ActionContext, Refusal } from './action.ts';
import { type Known, lookUp } from './look-up.ts';
import { NO_PARAMETERS, readParameters, subjectProblem } from './parameters.ts';
import { controllerOf } from './pod-target.ts';
import { refuse } from './refuse.ts';

/** A workload that an action is about. */
export interface WorkloadTarget {
  readonly kind: 'workload';
  readonly type: WorkloadType;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly metadata: KubeMetadata;
  readonly raw: JsonObject;
  /** The ReplicaSet by which a pod led to its Deployment. */
  readonly replicaSet?: string;
}

/** Kinds with a pod template that may be changed. */
export type WorkloadType = 'Deployment' | 'StatefulSet' | 'DaemonSet';

const SUBJECTS: readonly SubjectKind[] = ['Pod', 'ReplicaSet', 'Deployment', 'StatefulSet', 'DaemonSet'];
const LONGEST_CHAIN = 3;

/** Follows the controllers of the subject to a workload of one of the given types. Takes no parameters. */
export async function readWorkloadTarget(
  input: ProposedAction,
  context: ActionContext,
  types: readonly WorkloadType[],
): Promise<WorkloadTarget | Refusal> {
  const parameters = readParameters(NO_PARAMETERS, input);
  const problem = subjectProblem(input, SUBJECTS) ?? (parameters.kind === 'refused' ? parameters : undefined);
  return problem ?? climb(input.subject, { namespace: input.subject.namespace, types, climbed: 1 }, context);
}

interface Climb {
  readonly namespace: string;
  readonly types: readonly WorkloadType[];
  readonly climbed: number;
  readonly replicaSet?: string;
}

interface Step {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

async function climb(at: Step, way: Climb, context: ActionContext): Promise<WorkloadTarget | Refusal> {
  const { namespace, types, climbed } = way;
  if (!SUBJECTS.some((kind) => kind === at.kind)) {
    return notThere(types);
  }
  const wanted = { resource: resourceOf(at.kind), namespace, name: at.name, uid: at.uid };
  const known = await lookUp(context, wanted);
  if (known.kind === 'refused') {
    return known;
  }
  const type = types.find((one) => one === at.kind);
  if (type !== undefined) {
    return arrived({ ...at, type }, known, way);
  }
  const next = controllerOf({ metadata: known.metadata });
  if (next === undefined || climbed >= LONGEST_CHAIN) {
    return notThere(types);
  }
  const replicaSet = at.kind === 'ReplicaSet' ? { replicaSet: at.uid } : {};
  return climb(next, { namespace, types, climbed: climbed + 1, ...replicaSet }, context);
}

function notThere(types: readonly WorkloadType[]): Refusal {
  const kinds = types.length === 1 ? `a ${types[0]}` : 'a Deployment, StatefulSet or DaemonSet';
  return refuse(
    'invalid',
    `This can be done for ${kinds} only, and the object does not belong to one. Change the object that makes it by hand.`,
  );
}

function arrived(
  { type, name }: Step & { readonly type: WorkloadType },
  { metadata, object }: Known,
  { namespace, replicaSet }: Climb,
): WorkloadTarget | Refusal {
  if (metadata.deletionTimestamp !== undefined) {
    return refuse('changed', `${type} ${namespace}/${name} is being deleted. Nothing is left to change.`);
  }
  return {
    kind: 'workload',
    type,
    namespace,
    name,
    uid: metadata.uid ?? '',
    resourceVersion: metadata.resourceVersion ?? '',
    metadata,
    raw: object,
    ...(replicaSet === undefined ? {} : { replicaSet }),
  };
}

/** The target as plans name it. */
export function workloadTarget({ type, namespace, name, uid }: WorkloadTarget): RemediationTarget {
  return { kind: type, group: 'apps', namespace, name, uid };
}

/** The parts of a workload's path. */
export function workloadPath({ type, namespace, name }: WorkloadTarget): readonly string[] {
  return ['apis', 'apps', 'v1', 'namespaces', namespace, resourceOf(type).resource, name];
}

/** The right to patch it. */
export function workloadRight({ type, namespace, name }: WorkloadTarget): AccessRight {
  return { verb: 'patch', group: 'apps', resource: resourceOf(type).resource, subresource: '', namespace, name };
}

/** `deployment shop/web`, for titles. */
export function workloadWords({ type, namespace, name }: WorkloadTarget): string {
  return `${type.toLowerCase()} ${namespace}/${name}`;
}
