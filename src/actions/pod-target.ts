import { z } from 'zod';
import type { JsonObject } from '../core/facts/json.ts';
import { asKube, type KubeOwnerReference, type KubePod } from '../core/facts/kube-types.ts';
import type { ProposedAction } from '../core/remediation/proposed-action.ts';
import type { AccessRight, RemediationTarget } from '../core/remediation/remediation.ts';
import { findResourceType, resourceOf, type SubjectKind } from '../core/subject/kinds.ts';
import type { ActionContext, Refusal } from './action.ts';
import { type Known, lookUp } from './look-up.ts';
import { namesOther, namespaceName, objectName, readParameters, subjectProblem, uidText } from './parameters.ts';
import { isMirror, isNodeReady, isOutOfService } from './pod-state.ts';
import { refuse, unproven } from './refuse.ts';

/** A pod that an action is about. */
export interface PodTarget {
  readonly kind: 'pod';
  readonly raw: JsonObject;
  readonly pod: KubePod;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  /** Who made it; absent for a pod of its own. */
  readonly controller?: Required<KubeOwnerReference>;
  readonly node: PodNode;
}

/** Where a pod runs. */
export type PodNode =
  | { readonly kind: 'none' }
  /** The object of the node does not exist any more. */
  | { readonly kind: 'gone'; readonly name: string }
  | {
      readonly kind: 'known';
      readonly name: string;
      readonly raw: JsonObject;
      readonly ready: boolean;
      readonly outOfService: boolean;
    };

/** `pod`: which pod of a subject that has several; `namespace`: where it is, for a pod of a node; `uid`: the one that was seen. */
const POD_PARAMETERS = z.strictObject({
  pod: objectName.optional(),
  namespace: namespaceName.optional(),
  uid: uidText.optional(),
});

const POD = resourceOf('Pod');
const SUBJECTS: readonly SubjectKind[] = ['Pod', 'Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'Node'];

/** Finds the one pod that is meant, and reads its node. A subject that is no pod needs the parameter `pod`. */
export async function readPodTarget(input: ProposedAction, context: ActionContext): Promise<PodTarget | Refusal> {
  const problem = subjectProblem(input, SUBJECTS);
  const parameters = problem ?? readParameters(POD_PARAMETERS, input);
  const which = parameters.kind === 'read' ? whichPod(input, parameters.value) : parameters;
  if (which.kind === 'refused') {
    return which;
  }
  const found = await lookUp(context, { resource: POD, ...which });
  if (found.kind === 'refused') {
    return found;
  }
  const pod = asKube<KubePod>(found.object);
  const node = (await podProblem(input, pod, context)) ?? (await nodeOf(pod, context));
  return node.kind === 'refused' ? node : targetOf(found, which, node);
}

function targetOf({ object, metadata }: Known, { namespace, name }: WhichPod, node: PodNode): PodTarget {
  const pod = asKube<KubePod>(object);
  const controller = controllerOf(pod);
  return {
    kind: 'pod',
    raw: object,
    pod,
    namespace,
    name,
    uid: metadata.uid ?? '',
    resourceVersion: metadata.resourceVersion ?? '',
    ...(controller === undefined ? {} : { controller }),
    node,
  };
}

/** The target as plans name it. */
export function podTarget({ namespace, name, uid }: PodTarget): RemediationTarget {
  return { kind: 'Pod', group: '', namespace, name, uid };
}

/** The parts of a pod's path. */
export function podPath({ namespace, name }: Pick<PodTarget, 'namespace' | 'name'>): readonly string[] {
  return ['api', 'v1', 'namespaces', namespace, 'pods', name];
}

/** A right on this pod. */
export function podRight({ namespace, name }: PodTarget, verb: string, subresource = ''): AccessRight {
  return { verb, group: '', resource: 'pods', subresource, namespace, name };
}

/** The controller of an object as the object names it. */
export function controllerOf(object: Pick<KubePod, 'metadata'>): Required<KubeOwnerReference> | undefined {
  const found = object.metadata?.ownerReferences?.find(({ controller }) => controller === true);
  const { kind = '', name = '', uid = '' } = found ?? {};
  return kind === '' || name === '' || uid === '' ? undefined : { kind, name, uid, controller: true };
}

interface WhichPod {
  readonly kind: 'which';
  readonly namespace: string;
  readonly name: string;
  readonly uid?: string | undefined;
}

function whichPod(input: ProposedAction, parameters: z.infer<typeof POD_PARAMETERS>): WhichPod | Refusal {
  const { action, subject } = input;
  const { pod, uid, namespace = subject.namespace } = parameters;
  if (subject.kind === 'Pod') {
    return namesOther(subject, { namespace, name: pod, uid })
      ? refuse('invalid', 'The playbook named another pod than the one that was diagnosed. Correct the playbook.')
      : { kind: 'which', namespace, name: subject.name, uid: subject.uid };
  }
  if (subject.kind !== 'Node' && namespace !== subject.namespace) {
    return refuse(
      'invalid',
      'The playbook named a pod in another namespace than that of the object. Correct the playbook.',
    );
  }
  return pod === undefined || namespace === ''
    ? refuse(
        'invalid',
        `${action} changes one pod, and the finding about the ${subject.kind} does not say which. Ask about the pod itself.`,
      )
    : { kind: 'which', namespace, name: pod, uid };
}

/** A pod that is no object of its own, or that a parameter named although it does not belong to the subject. */
async function podProblem(
  { subject }: ProposedAction,
  pod: KubePod,
  context: ActionContext,
): Promise<Refusal | undefined> {
  if (isMirror(pod)) {
    return refuse(
      'unsafe',
      'The kubelet made this pod from a file on its node, so that changing its object does nothing. Change the file on the node.',
    );
  }
  if (subject.kind === 'Pod') {
    return undefined;
  }
  const wanted = { resource: resourceOf(subject.kind), namespace: subject.namespace, name: subject.name };
  const known = await lookUp(context, { ...wanted, uid: subject.uid });
  if (known.kind === 'refused') {
    return known;
  }
  const owners = subject.kind === 'Node' ? [] : await ownerUids(pod, subject.namespace, context);
  if ('kind' in owners) {
    return owners;
  }
  return (subject.kind === 'Node' ? pod.spec?.nodeName === subject.name : owners.includes(subject.uid))
    ? undefined
    : refuse('changed', `The pod does not belong to ${subject.kind} ${subject.name}. Diagnose it again.`);
}

async function ownerUids(
  pod: KubePod,
  namespace: string,
  context: ActionContext,
): Promise<readonly string[] | Refusal> {
  const first = controllerOf(pod);
  const resource = first === undefined ? undefined : findResourceType(first.kind);
  if (first === undefined || resource === undefined) {
    return [];
  }
  const owner = await lookUp(context, { resource, namespace, name: first.name, uid: first.uid });
  if (owner.kind === 'refused') {
    return owner;
  }
  const second = controllerOf({ metadata: owner.metadata });
  return [first.uid, ...(second === undefined ? [] : [second.uid])];
}

async function nodeOf(pod: KubePod, context: ActionContext): Promise<PodNode | Refusal> {
  const name = pod.spec?.nodeName ?? '';
  if (name === '') {
    return { kind: 'none' };
  }
  const result = await context.reader.get({ resource: resourceOf('Node'), name });
  if (result.kind === 'unreadable') {
    return unproven(`Node ${name}`, result.message);
  }
  return result.kind === 'missing'
    ? { kind: 'gone', name }
    : {
        kind: 'known',
        name,
        raw: result.object,
        ready: isNodeReady(result.object),
        outOfService: isOutOfService(result.object),
      };
}
