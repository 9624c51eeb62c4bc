import type { JsonObject } from '../core/facts/json.ts';
import { asKube, type KubeCondition, type KubeObject } from '../core/facts/kube-types.ts';
import { listWords } from '../core/facts/text.ts';
import { formatSpan, secondsBetween } from '../core/facts/time.ts';
import { childOf } from '../core/recording/object-parts.ts';
import { canonicalJson } from '../core/remediation/canonical-json.ts';
import { kubectlWithBody, planTitle, rawPath } from '../core/remediation/kubectl-line.ts';
import type { ProposedAction } from '../core/remediation/proposed-action.ts';
import type { PlanWords } from '../core/remediation/remediation.ts';
import { resourceOf } from '../core/subject/kinds.ts';
import type { WriteRequest } from '../ports/cluster-writer.ts';
import type { Acted, Action, ActionContext, EffectSeen, Inspection, Refusal, Verification } from './action.ts';
import { lookUp, presenceOf } from './look-up.ts';
import { NO_PARAMETERS, readParameters, subjectProblem } from './parameters.ts';
import { quote, refuse, unproven } from './refuse.ts';

interface KubeNamespace extends KubeObject {
  readonly spec?: { readonly finalizers?: readonly string[] };
  readonly status?: { readonly phase?: string; readonly conditions?: readonly KubeCondition[] };
}

interface KubeApiService extends KubeObject {
  readonly status?: { readonly conditions?: readonly KubeCondition[] };
}

const NAMESPACE = resourceOf('Namespace');
const FINALIZER = 'kubernetes';
const PATIENCE_SECONDS = 15 * 60;
/** Before the act the listing is made twice, so far apart. */
const AGAIN_MS = 5000;
/** Each says, when it is True, what still holds the namespace (`core/v1` NamespaceConditionType). */
const HOLDING = [
  'NamespaceDeletionDiscoveryFailure',
  'NamespaceDeletionGroupVersionParsingFailure',
  'NamespaceDeletionContentFailure',
  'NamespaceContentRemaining',
  'NamespaceFinalizersRemaining',
];
const NEVER = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

/** R-NS-FINALIZE (T3): removes the finalizer `kubernetes` of a namespace that is proven empty, in place of a namespace controller that does not. */
export const namespaceFinalize: Action = {
  code: 'R-NS-FINALIZE',
  conditional: true,
  inspect,
  seen,
  verify,
};

async function inspect(input: ProposedAction, context: ActionContext): Promise<Inspection> {
  const parameters = readParameters(NO_PARAMETERS, input);
  const invalid = subjectProblem(input, ['Namespace']) ?? (parameters.kind === 'refused' ? parameters : undefined);
  if (invalid !== undefined) {
    return invalid;
  }
  const { name, uid } = input.subject;
  const known = await lookUp(context, { resource: NAMESPACE, namespace: '', name, uid });
  if (known.kind === 'refused') {
    return known;
  }
  const problem =
    namespaceProblem(asKube<KubeNamespace>(known.object), context.now()) ?? (await proveEmpty(name, context));
  if (problem !== undefined) {
    return problem;
  }
  const request = finalizeRequest(name, known.object);
  const since = known.metadata.deletionTimestamp ?? '';
  return {
    kind: 'possible',
    target: { kind: 'Namespace', group: '', namespace: '', name, uid },
    tier: 'T3',
    effect: { kind: 'kubernetes', request },
    fingerprint: canonicalJson({ action: 'R-NS-FINALIZE', uid, since, finalizers: finalizersOf(known.object) }),
    words: wordsOf(name, request, secondsBetween(since, context.now().toISOString()) ?? 0),
    rights: [{ verb: 'update', group: '', resource: 'namespaces', subresource: 'finalize', namespace: '', name }],
    before: {},
  };
}

/** What the namespace itself says against it, or nothing. */
function namespaceProblem({ metadata = {}, spec = {}, status = {} }: KubeNamespace, now: Date): Refusal | undefined {
  const { name = '', finalizers = [] } = metadata;
  const since = secondsBetween(metadata.deletionTimestamp, now.toISOString());
  return (
    youngProblem(name, since) ?? heldProblem(name, finalizers, status.conditions) ?? freeProblem(name, spec.finalizers)
  );
}

function freeProblem(name: string, finalizers: readonly string[] = []): Refusal | undefined {
  return finalizers.includes(FINALIZER)
    ? undefined
    : refuse('changed', `Namespace ${name} does not have the finalizer \`kubernetes\` any more. Diagnose it again.`);
}

function youngProblem(name: string, since: number | undefined): Refusal | undefined {
  if (NEVER.includes(name)) {
    return refuse('unsafe', `Namespace ${name} belongs to Kubernetes itself. Find out who deletes it.`);
  }
  if (since === undefined) {
    return refuse('changed', `Namespace ${name} is not being deleted. Nothing is left to change.`);
  }
  return since > PATIENCE_SECONDS
    ? undefined
    : refuse(
        'unsafe',
        `The deletion of namespace ${name} was asked for only ${formatSpan(since)} ago. Wait until that is more than ${formatSpan(PATIENCE_SECONDS)}.`,
      );
}

function heldProblem(
  name: string,
  finalizers: readonly string[],
  conditions: readonly KubeCondition[] = [],
): Refusal | undefined {
  const holding = HOLDING.filter((type) =>
    conditions.some((condition) => condition.type === type && condition.status !== 'False'),
  );
  if (holding.length > 0) {
    return refuse(
      'unsafe',
      `The namespace controller says what holds ${name} (${listWords(holding, 3)}); finalizing would leave it behind in the storage. Repair that, and the namespace goes by itself.`,
    );
  }
  return finalizers.length > 0
    ? refuse(
        'unsafe',
        `Other finalizers hold ${name} in its metadata, so that finalizing would not help. Look for the controllers that set them.`,
      )
    : undefined;
}

/** Why it is not proven that nothing is stored under the namespace, or nothing. */
async function proveEmpty(name: string, context: ActionContext): Promise<Refusal | undefined> {
  const down = await brokenApi(context);
  const first = down ?? (await contentProblem(name, context));
  if (first !== undefined || context.purpose === 'propose') {
    return first;
  }
  await context.pause(AGAIN_MS);
  return contentProblem(name, context);
}

/** An API group that does not answer could hold objects of the namespace. */
async function brokenApi(context: ActionContext): Promise<Refusal | undefined> {
  const read = await context.reader.list({ resource: resourceOf('APIService') });
  if (read.kind === 'unreadable' || read.truncated) {
    return unproven('The APIServices', read.kind === 'unreadable' ? read.message : 'there are too many');
  }
  const broken = read.objects
    .map((object) => asKube<KubeApiService>(object))
    .find(({ status }) => !status?.conditions?.some(({ type, status: is }) => type === 'Available' && is === 'True'));
  return broken === undefined
    ? undefined
    : refuse(
        'unsafe',
        `APIService ${broken.metadata?.name ?? ''} is not available, so nobody can tell what it keeps in the namespace. Repair it or, if it was uninstalled on purpose, delete it.`,
      );
}

async function contentProblem(name: string, context: ActionContext): Promise<Refusal | undefined> {
  const { found, empty, unseen } = await context.content.contentOf(name);
  if (unseen.length > 0 || (found.length === 0 && empty === 0)) {
    return refuse(
      'unproven',
      `Not everything that namespace ${name} could hold can be listed (${quote(unseen[0] ?? 'no kind of object could be listed')}), so it is not proven to be empty. Give the executor the right to list it, or look at it by hand.`,
    );
  }
  const kinds = found.map(({ resource, group }) => (group === '' ? resource : `${resource}.${group}`));
  return found.length === 0
    ? undefined
    : refuse(
        'unsafe',
        `Namespace ${name} still holds ${listWords(kinds, 4)}; finalizing would leave them behind in the storage. Delete them first.`,
      );
}

function finalizersOf(raw: JsonObject): readonly string[] {
  return asKube<KubeNamespace>(raw).spec?.finalizers ?? [];
}

/** The namespace as it was read, so that any other change of it in between is a conflict. */
function finalizeRequest(name: string, raw: JsonObject): WriteRequest {
  const { managedFields: _, ...metadata } = childOf(raw, 'metadata');
  const finalizers = finalizersOf(raw).filter((finalizer) => finalizer !== FINALIZER);
  const body = { ...raw, apiVersion: 'v1', kind: 'Namespace', metadata, spec: { ...childOf(raw, 'spec'), finalizers } };
  return {
    verb: 'update',
    path: ['api', 'v1', 'namespaces', name, 'finalize'],
    contentType: 'application/json',
    body,
  };
}

async function seen({ target }: Acted, context: ActionContext): Promise<EffectSeen> {
  const there = await presenceOf(context, { resource: NAMESPACE, ...target });
  if (there.kind === 'unreadable') {
    return 'cannot-tell';
  }
  return there.kind === 'same' && finalizersOf(there.object).includes(FINALIZER) ? 'not-made' : 'made';
}

async function verify({ target }: Acted, context: ActionContext): Promise<Verification> {
  const there = await presenceOf(context, { resource: NAMESPACE, ...target });
  if (there.kind === 'unreadable') {
    return { kind: 'waiting', says: `namespace ${target.name} could not be read: ${there.message}` };
  }
  return there.kind === 'same'
    ? { kind: 'waiting', says: `namespace ${target.name} is still there` }
    : { kind: 'helped', says: `namespace ${target.name} is gone` };
}

function wordsOf(name: string, { path, body }: WriteRequest, seconds: number): PlanWords {
  const { metadata = {} } = 'metadata' in body ? body : {};
  const { uid, resourceVersion } = metadata as { readonly uid?: string; readonly resourceVersion?: string };
  const short = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, uid, resourceVersion },
    spec: { finalizers: [] },
  };
  return {
    title: planTitle(`finalize namespace ${name}`),
    steps: [
      `Stop unless namespace ${name} still has the uid ${uid ?? ''}, hangs, no condition holds it, and every kind of object was listed twice and is empty.`,
      'Send the update as a dry run.',
      'Remove the finalizer `kubernetes`, on the condition of its uid and resourceVersion.',
      'Wait until the namespace is gone.',
    ],
    commands: [kubectlWithBody(short, 'replace', '--raw', rawPath(path))],
    touches: `Namespace ${name}, whose deletion was asked for ${formatSpan(seconds)} ago and which holds nothing.`,
    risk: 'The namespace controller, whose last step this is, does not work; until it is repaired no other namespace can be deleted either.',
    undo: 'It cannot be undone; the namespace can be created anew.',
    danger: `It skips the clean-up of namespace ${name}: whatever is still stored under it can be reached no more, and comes back when a namespace of this name is created.`,
  };
}
