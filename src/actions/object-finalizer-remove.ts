import { knownFinalizer } from '../core/facts/finalizers.ts';
import { asKube, type KubeObject } from '../core/facts/kube-types.ts';
import { listWords, shorten } from '../core/facts/text.ts';
import { canonicalJson } from '../core/remediation/canonical-json.ts';
import { kubectl, planTitle } from '../core/remediation/kubectl-line.ts';
import type { ProposedAction } from '../core/remediation/proposed-action.ts';
import type { PlanWords } from '../core/remediation/remediation.ts';
import { namespacedResource } from '../core/subject/any-resource.ts';
import { RESOURCE_TYPES, type ResourceType } from '../core/subject/kinds.ts';
import { subjectPath } from '../core/subject/subject.ts';
import type { Acted, Action, ActionContext, EffectSeen, Inspection, Refusal, Verification } from './action.ts';
import { type Absence, proveAbsence } from './finalizer-proof.ts';
import { type FinalizerTarget, readFinalizerTarget, stillRuns } from './finalizer-target.ts';
import { presenceOf } from './look-up.ts';
import { refuse } from './refuse.ts';
import { jsonPatchRequest } from './requests.ts';

/** R-OBJ-FINALIZER-REMOVE (T3): removes one named finalizer from one object, whose controller is proven absent. */
export const objectFinalizerRemove: Action = {
  code: 'R-OBJ-FINALIZER-REMOVE',
  conditional: true,
  heals: false,
  inspect,
  seen,
  verify,
};

/** Domains of Kubernetes and of cloud providers, whose controllers guard volumes, load balancers and machines. */
const GUARDED = ['kubernetes.io', 'k8s.io', 'k8s.aws', 'gke.io', 'karpenter.sh'];
const LONGEST_FINALIZER = 100;

async function inspect(input: ProposedAction, context: ActionContext): Promise<Inspection> {
  const target = await readFinalizerTarget(input, context);
  if (target.kind === 'refused') {
    return target;
  }
  const proof = heldProblem(target) ?? (await proveAbsence(target, context));
  if (proof.kind === 'refused') {
    return proof;
  }
  const { finalizer, resource, namespace, name, uid, metadata } = target;
  const index = (metadata.finalizers ?? []).indexOf(finalizer);
  const path = `/metadata/finalizers/${index}`;
  const request = jsonPatchRequest(pathOf(target), uid, [
    { op: 'test', path, value: finalizer },
    { op: 'remove', path },
  ]);
  return {
    kind: 'possible',
    target: { kind: resource.kind, group: resource.group, namespace, name, uid },
    tier: 'T3',
    effect: { kind: 'kubernetes', request },
    fingerprint: canonicalJson({ action: 'R-OBJ-FINALIZER-REMOVE', uid, finalizer, all: metadata.finalizers ?? [] }),
    words: wordsOf(target, proof, request.body),
    rights: [{ verb: 'patch', group: resource.group, resource: resource.resource, subresource: '', namespace, name }],
    before: { finalizer, group: resource.group, version: resource.version, resource: resource.resource },
  };
}

/** What the object and the finalizer themselves say against it, or nothing. */
function heldProblem(target: FinalizerTarget): Refusal | undefined {
  const { finalizer, metadata } = target;
  const guarded = guardedBy(finalizer);
  if (guarded !== undefined) {
    return refuse(
      'unsafe',
      `The finalizer ${finalizer} protects ${guarded}, and Kubewhy never removes such a one. Repair the controller that removes it.`,
    );
  }
  if (metadata.deletionTimestamp === undefined) {
    return refuse('changed', 'The object is not being deleted, so nothing waits for the finalizer. Diagnose it again.');
  }
  if (!(metadata.finalizers ?? []).includes(finalizer)) {
    return refuse('changed', 'The object does not have the finalizer any more. Diagnose it again.');
  }
  return stillRuns(target)
    ? refuse(
        'unsafe',
        'A container of the pod still runs, so it waits for more than the finalizer. Ask why it does not end.',
      )
    : undefined;
}

/** What a finalizer that is never removed protects; undefined for others. */
function guardedBy(finalizer: string): string | undefined {
  const known = knownFinalizer(finalizer);
  if (known.guards !== '') {
    return known.guards;
  }
  const [domain = ''] = finalizer.split('/');
  const isGuarded = GUARDED.some((one) => domain === one || domain.endsWith(`.${one}`));
  return isGuarded || known.core || finalizer === 'kubernetes'
    ? 'what Kubernetes or a cloud provider keeps'
    : undefined;
}

function pathOf({ resource, namespace, name }: FinalizerTarget): readonly string[] {
  const group = resource.group === '' ? ['api'] : ['apis', resource.group];
  return [...group, resource.version, ...(namespace === '' ? [] : ['namespaces', namespace]), resource.resource, name];
}

type Look =
  | { readonly kind: 'unreadable'; readonly message: string }
  | { readonly kind: 'gone' }
  | { readonly kind: 'there'; readonly finalizers: readonly string[] };

async function look({ target, before }: Acted, context: ActionContext): Promise<Look> {
  const resource = resourceBefore(before);
  if (resource === undefined) {
    return { kind: 'unreadable', message: 'its kind is not known any more' };
  }
  const there = await presenceOf(context, { resource, ...target, metadataOnly: true });
  if (there.kind === 'unreadable') {
    return there;
  }
  return there.kind === 'same'
    ? { kind: 'there', finalizers: asKube<KubeObject>(there.object).metadata?.finalizers ?? [] }
    : { kind: 'gone' };
}

function resourceBefore({ group = '', version = '', resource = '' }: Acted['before']): ResourceType | undefined {
  const tabled = RESOURCE_TYPES.find((type) => type.group === group && type.resource === resource);
  return tabled ?? namespacedResource({ group, version, resource });
}

async function seen(acted: Acted, context: ActionContext): Promise<EffectSeen> {
  const now = await look(acted, context);
  if (now.kind === 'unreadable') {
    return 'cannot-tell';
  }
  return now.kind === 'there' && now.finalizers.includes(acted.before['finalizer'] ?? '') ? 'not-made' : 'made';
}

async function verify(acted: Acted, context: ActionContext): Promise<Verification> {
  const { kind, namespace, name } = acted.target;
  const title = `${kind} ${subjectPath({ namespace, name })}`;
  const now = await look(acted, context);
  if (now.kind === 'unreadable') {
    return { kind: 'waiting', says: `${title} could not be read: ${now.message}` };
  }
  if (now.kind === 'gone') {
    return { kind: 'helped', says: `${title} is gone${restWords(acted)}` };
  }
  if (now.finalizers.includes(acted.before['finalizer'] ?? '')) {
    return { kind: 'failed', says: `${title} has the finalizer still or again` };
  }
  if (now.finalizers.length > 0) {
    return {
      kind: 'helped',
      says: `the finalizer is gone; ${title} now waits for ${shorten(listWords(now.finalizers, 3), 200)}`,
    };
  }
  return kind === 'Namespace'
    ? { kind: 'helped', says: `the finalizer is gone; the namespace controller can end ${title}` }
    : { kind: 'waiting', says: `${title} has no finalizer any more and is about to go` };
}

/** One object of a namespace may not be all that holds it. */
function restWords({ input: { subject }, target }: Acted): string {
  return subject.kind === 'Namespace' && target.kind !== 'Namespace'
    ? `; namespace ${subject.name} goes by itself once nothing else is left in it`
    : '';
}

function wordsOf(target: FinalizerTarget, { says }: Absence, body: unknown): PlanWords {
  const { finalizer, resource, namespace, name, uid, metadata } = target;
  const plural =
    resource.group === '' ? resource.resource : `${resource.resource}.${resource.version}.${resource.group}`;
  const others = (metadata.finalizers ?? []).filter((one) => one !== finalizer);
  const { known, owner } = knownFinalizer(finalizer);
  return {
    title: planTitle(
      `remove finalizer ${shorten(finalizer, LONGEST_FINALIZER)} from ${resource.kind} ${subjectPath({ namespace, name })}`,
    ),
    steps: [
      `Stop unless the object still has the uid ${uid}, is being deleted and has these finalizers, and it is still proven that their controller is absent: ${says}.`,
      'Send the patch as a dry run.',
      'Remove the one finalizer, on the condition of the uid and of its place.',
      'Look whether the object goes.',
    ],
    commands: [kubectl(namespace, 'patch', plural, name, '--type=json', '-p', JSON.stringify(body))],
    touches: `${resource.kind} ${subjectPath({ namespace, name })}, which is being deleted${others.length === 0 ? ' and goes at once' : `; it goes on waiting for ${shorten(listWords(others, 3), 200)}`}.`,
    risk: `Nobody does what ${known ? owner : 'the controller of the finalizer'} would have done before the object goes.`,
    undo: 'It cannot be undone: nobody can give a finalizer to an object that is being deleted.',
    danger: `Whatever ${finalizer} promises to clean up outside of Kubernetes (a disk, a load balancer, an account) stays behind; make sure that it is cleaned up.`,
  };
}
