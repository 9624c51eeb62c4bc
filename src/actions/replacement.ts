import { asKube, type KubePod } from '../core/facts/kube-types.ts';
import { selectorQuery } from '../core/facts/nodes.ts';
import { findResourceType, resourceOf } from '../core/subject/kinds.ts';
import { topOwner } from '../core/triage/top-owner.ts';
import type { Acted, ActionContext, EffectSeen, Refusal, Verification } from './action.ts';
import { presenceOf } from './look-up.ts';
import type { OwnerObject } from './pod-owner.ts';
import { isReady, isSteadilyReady, podWords } from './pod-state.ts';
import { controllerOf, type PodTarget } from './pod-target.ts';
import { quote, unproven } from './refuse.ts';
import { countsOf, type WorkloadCounts } from './workload-counts.ts';

const POD = resourceOf('Pod');

/** What is noted of a workload before one of its pods goes, so that its new pods can be told from the others. */
export async function beforeReplacement(
  { pod, namespace }: PodTarget,
  { kind, name, uid, raw }: OwnerObject,
  context: ActionContext,
): Promise<{ readonly kind: 'before'; readonly before: Readonly<Record<string, string>> } | Refusal> {
  const pods = await podsOf({ kind, name, namespace }, countsOf(kind, raw), context);
  if (pods.kind === 'unreadable') {
    return unproven(`The pods of ${kind} ${name}`, pods.message);
  }
  const newest = [pod, ...pods.pods].map(({ metadata }) => metadata?.creationTimestamp ?? '').toSorted();
  return {
    kind: 'before',
    before: { workloadKind: kind, workload: name, workloadUid: uid, newest: newest.at(-1) ?? '' },
  };
}

/** Whether a pod that was to be deleted is on its way out. */
export async function podGone({ target }: Acted, context: ActionContext): Promise<EffectSeen> {
  const there = await presenceOf(context, { resource: POD, ...target });
  switch (there.kind) {
    case 'unreadable':
      return 'cannot-tell';
    case 'same':
      return asKube<KubePod>(there.object).metadata?.deletionTimestamp === undefined ? 'not-made' : 'made';
    default:
      return 'made';
  }
}

/** Whether the pod went and its workload has a new one that is Ready, or has all it wants. */
export async function verifyReplacement(acted: Acted, context: ActionContext): Promise<Verification> {
  const { target, before } = acted;
  const { workloadKind = '', workload = '', workloadUid = '' } = before;
  const there = await presenceOf(context, { resource: POD, ...target });
  if (there.kind === 'unreadable') {
    return { kind: 'waiting', says: `the pod could not be read: ${there.message}` };
  }
  if (there.kind === 'same') {
    return { kind: 'waiting', says: `${target.name} is still there (${podWords(asKube<KubePod>(there.object))})` };
  }
  const resource = findResourceType(workloadKind);
  if (resource === undefined) {
    return { kind: 'helped', says: `${target.name} is gone` };
  }
  const owner = await presenceOf(context, { resource, namespace: target.namespace, name: workload, uid: workloadUid });
  if (owner.kind === 'unreadable') {
    return { kind: 'waiting', says: `${workloadKind} ${workload} could not be read: ${owner.message}` };
  }
  return owner.kind === 'same'
    ? newPods(acted, countsOf(workloadKind, owner.object), context)
    : { kind: 'helped', says: `${target.name} is gone, and so is ${workloadKind} ${workload}` };
}

async function newPods(
  { target, before }: Acted,
  counts: WorkloadCounts,
  context: ActionContext,
): Promise<Verification> {
  const { workloadKind: kind = '', workload: name = '', newest = '' } = before;
  const read = await podsOf({ kind, name, namespace: target.namespace }, counts, context);
  if (read.kind === 'unreadable') {
    return { kind: 'waiting', says: `the pods of ${kind} ${name} could not be read: ${read.message}` };
  }
  const others = read.pods.filter(({ metadata }) => metadata?.uid !== target.uid);
  const fresh = others.filter(({ metadata }) => (metadata?.creationTimestamp ?? '') > newest);
  const serving = fresh.find((pod) => isSteadilyReady(pod, context.now()) || pod.status?.phase === 'Succeeded');
  if (serving !== undefined) {
    return helpedBy(serving, target.namespace);
  }
  const ready = others.filter((pod) => isSteadilyReady(pod, context.now())).length;
  return ready >= counts.desired
    ? { kind: 'helped', says: `${target.name} is gone, and ${enoughWords(`${kind} ${name}`, counts.desired)}` }
    : {
        kind: 'waiting',
        says: freshWords(fresh[0]) ?? `${target.name} is gone; ${kind} ${name} has not made a new pod yet`,
      };
}

function enoughWords(title: string, desired: number): string {
  return desired === 0 ? `${title} wants no pods` : `every pod of ${title} (${desired}) is Ready`;
}

function freshWords(pod: KubePod | undefined): string | undefined {
  return pod === undefined
    ? undefined
    : `${pod.metadata?.name ?? ''} is ${podWords(pod)}${isReady(pod) ? ', since a moment' : ''}`;
}

function helpedBy(pod: KubePod, namespace: string): Verification {
  const name = pod.metadata?.name ?? '';
  const says = pod.status?.phase === 'Succeeded' ? `${name} did its work` : `${name} is Ready`;
  return { kind: 'helped', says, object: { kind: 'Pod', namespace, name } };
}

interface Workload {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

async function podsOf(
  { kind, name, namespace }: Workload,
  { selector }: WorkloadCounts,
  context: ActionContext,
): Promise<
  | { readonly kind: 'found'; readonly pods: readonly KubePod[] }
  | { readonly kind: 'unreadable'; readonly message: string }
> {
  const query = selector === undefined ? {} : { labelSelector: selectorQuery(selector) };
  const result = await context.reader.list({ resource: POD, namespace, ...query });
  if (result.kind === 'unreadable') {
    return { kind: 'unreadable', message: quote(result.message) };
  }
  const own = result.objects.filter((object) =>
    [topOwner(object), controllerOf(asKube<KubePod>(object))].some(
      (owner) => owner?.name === name && owner.kind === kind,
    ),
  );
  return { kind: 'found', pods: own.map((object) => asKube<KubePod>(object)) };
}
