import { z } from 'zod';
import type { JsonObject } from '../core/facts/json.ts';
import { asKube, type KubeMetadata, type KubePod } from '../core/facts/kube-types.ts';
import type { ProposedAction } from '../core/remediation/proposed-action.ts';
import { namespacedResource } from '../core/subject/any-resource.ts';
import { type ResourceType, resourceOf, SUBJECT_KINDS } from '../core/subject/kinds.ts';
import type { ActionContext, Refusal } from './action.ts';
import type { NamedController } from './finalizer-proof.ts';
import { lookUp } from './look-up.ts';
import {
  finalizerName,
  namesOther,
  namespaceName,
  objectName,
  optionalText,
  readParameters,
  subjectProblem,
  uidText,
} from './parameters.ts';
import { refuse } from './refuse.ts';

/** The object that a finalizer holds. */
export interface FinalizerTarget {
  readonly kind: 'held';
  readonly finalizer: string;
  readonly resource: ResourceType;
  /** Empty for what is in none. */
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly object: JsonObject;
  readonly metadata: KubeMetadata;
  readonly controller?: NamedController;
}

/**
 * `finalizer`: which one. `apiVersion`, `resource` (plural), `namespace`, `name` and `uid`: which object of a namespace that
 * is the subject. `controllerKind`, `controllerNamespace`, `controllerName`: whose work it is, for the proof that it is
 * absent; empty when the playbook found none.
 */
const PARAMETERS = z.strictObject({
  finalizer: finalizerName,
  apiVersion: z.string().max(300).optional(),
  resource: z.string().max(63).optional(),
  namespace: namespaceName.optional(),
  name: objectName.optional(),
  uid: uidText.optional(),
  controllerKind: optionalText(z.enum(['Deployment', 'StatefulSet', 'DaemonSet'])),
  controllerNamespace: optionalText(namespaceName),
  controllerName: optionalText(objectName),
});

type Parameters = z.infer<typeof PARAMETERS>;

/** Finds the one object that is meant: the subject, or one in the namespace that is the subject. */
export async function readFinalizerTarget(
  input: ProposedAction,
  context: ActionContext,
): Promise<FinalizerTarget | Refusal> {
  const parameters = subjectProblem(input, SUBJECT_KINDS) ?? readParameters(PARAMETERS, input);
  if (parameters.kind === 'refused') {
    return parameters;
  }
  const { finalizer } = parameters.value;
  const which = whichObject(input, parameters.value);
  if (which.kind === 'refused') {
    return which;
  }
  const controller = namedController(parameters.value);
  if (controller.kind === 'refused') {
    return controller;
  }
  const place = await placeProblem(input, which, context);
  const { resource, namespace, name } = which;
  const metadataOnly = resource.kind !== 'Pod' && resource.kind !== 'Namespace';
  const known = place ?? (await lookUp(context, { ...which, metadataOnly }));
  if (known.kind === 'refused') {
    return known;
  }
  const { object, metadata } = known;
  const told = { kind: 'held', finalizer, resource, namespace, name, object, metadata } as const;
  return { ...told, uid: metadata.uid ?? '', ...controller.found };
}

function namedController({
  controllerKind: kind = 'Deployment',
  controllerNamespace: namespace,
  controllerName: name,
}: Parameters): { readonly kind: 'read'; readonly found: Pick<FinalizerTarget, 'controller'> } | Refusal {
  if ((name === undefined) !== (namespace === undefined)) {
    return refuse(
      'invalid',
      'The playbook named a controller by half: it needs a name and a namespace. Correct the playbook.',
    );
  }
  return {
    kind: 'read',
    found: name === undefined || namespace === undefined ? {} : { controller: { kind, namespace, name } },
  };
}

interface WhichObject {
  readonly kind: 'which';
  readonly resource: ResourceType;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string | undefined;
}

function whichObject({ subject }: ProposedAction, parameters: Parameters): WhichObject | Refusal {
  const { apiVersion = '', resource, name, uid, namespace } = parameters;
  if (resource === undefined && name === undefined) {
    return namesOther(subject, { namespace, uid })
      ? refuse('invalid', 'The playbook named another object than the one that was diagnosed. Correct the playbook.')
      : { kind: 'which', resource: resourceOf(subject.kind), ...subjectPlace(subject), uid: subject.uid };
  }
  const type = resourceNamed(apiVersion, resource);
  const isThere = subject.kind === 'Namespace' && (namespace === undefined || namespace === subject.name);
  return !isThere || type === undefined || name === undefined
    ? refuse(
        'invalid',
        'The playbook did not name one object of the namespace. Nothing is changed; correct the playbook.',
      )
    : { kind: 'which', resource: type, namespace: subject.name, name, uid };
}

function subjectPlace({ namespace, name }: ProposedAction['subject']): Pick<WhichObject, 'namespace' | 'name'> {
  return { namespace, name };
}

/** `v1` or `example.com/v1` and a plural. */
function resourceNamed(apiVersion: string, resource = ''): ResourceType | undefined {
  const [version = '', group = '', ...rest] = apiVersion.split('/').toReversed();
  return rest.length === 0 ? namespacedResource({ group, version, resource }) : undefined;
}

/** An object of a namespace is touched only while it is the very namespace that was diagnosed. */
async function placeProblem(
  { subject }: ProposedAction,
  { resource }: WhichObject,
  context: ActionContext,
): Promise<Refusal | undefined> {
  if (subject.kind !== 'Namespace' || resource.kind === 'Namespace') {
    return undefined;
  }
  const known = await lookUp(context, {
    resource: resourceOf('Namespace'),
    namespace: '',
    name: subject.name,
    uid: subject.uid,
  });
  return known.kind === 'refused' ? known : undefined;
}

/** Whether a container of a pod still runs, so that it waits for more than a finalizer. */
export function stillRuns(target: FinalizerTarget): boolean {
  const { status = {} } = target.resource.kind === 'Pod' ? asKube<KubePod>(target.object) : {};
  const containers = [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])];
  return containers.some(({ state }) => state?.running !== undefined);
}
