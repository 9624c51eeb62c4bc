import type { Diagnosis, Verdict } from '../core/diagnosis/diagnosis.ts';
import type { RootCause } from '../core/diagnosis/finding.ts';
import { checkedPod, focusOn, seenOfPod, summarisePod } from '../core/diagnosis/pod-summary.ts';
import { rankFindings } from '../core/diagnosis/rank.ts';
import { type PlainValue, type Scope, toScope } from '../core/expression/cel.ts';
import type { JsonObject } from '../core/facts/json.ts';
import { asKube, type KubeEvent, type KubeOwnerReference } from '../core/facts/kube-types.ts';
import { isLaterRevision, nodeObjectFact, objectFact } from '../core/facts/object-fact.ts';
import { type PodFacts, podFacts, podScope } from '../core/facts/pod-facts.ts';
import type { CompiledPlaybook } from '../core/playbook/compiled.ts';
import { findResourceType, resourceOf } from '../core/subject/kinds.ts';
import type { SubjectQuery } from '../core/subject/subject.ts';
import type { GetResult } from '../ports/cluster-reader.ts';
import { investigate } from './investigate.ts';
import type { Reads } from './reads.ts';

/** What every diagnosis works with. */
export interface DiagnosisContext {
  readonly reads: Reads;
  readonly playbooks: readonly CompiledPlaybook[];
  /** The API server's clock, RFC 3339. */
  readonly now: () => string;
  /** How many objects were followed to get here. */
  readonly depth: number;
  /** Diagnoses an object that a finding depends on, within the same reads; absent where that would lead too far. */
  readonly follow?: (target: Required<SubjectQuery>) => Promise<RootCause | undefined>;
}

/** Judges a pod that was read already; only a pod in trouble costs further requests. */
export async function diagnosePod(
  raw: JsonObject,
  events: readonly JsonObject[],
  context: DiagnosisContext,
): Promise<Diagnosis> {
  const now = context.now();
  const facts = podFacts(raw, events, now);
  const base = summarisePod(facts, now);
  if (facts.state.verdict !== 'trouble') {
    return { ...base, verdict: facts.state.verdict, past: facts.past, checked: checkedPod(facts) };
  }
  const scope = await baseScope(facts, context, now);
  const { namespace, name } = base.subject;
  const { findings, considered } = await investigate({
    subject: { kind: 'Pod', namespace, name },
    base: scope,
    playbooks: context.playbooks,
    reads: context.reads,
    ...(context.follow === undefined ? {} : { follow: context.follow }),
  });
  const { possible, ...ranking } = rankFindings(findings);
  const verdict: Verdict = ranking.primary === undefined ? 'unknown' : 'cause';
  const seen =
    verdict === 'unknown' ? [...possible.map((finding) => `possible: ${finding.cause}`), ...seenOfPod(facts)] : [];
  const focus = focusOn(base, facts, ranking.primary?.container);
  return { ...focus, ...ranking, verdict, considered, seen, unread: context.reads.unread() };
}

/** Reads a pod and its events, in parallel; the events of an earlier pod of the same name are left out. */
export async function readPod(
  query: Pick<SubjectQuery, 'namespace' | 'name'>,
  reads: Reads,
): Promise<{ readonly pod: GetResult; readonly events: readonly JsonObject[] }> {
  const [pod, events] = await Promise.all([
    reads.get({ resource: resourceOf('Pod'), namespace: query.namespace, name: query.name }),
    readEvents('Pod', query, reads),
  ]);
  const uid = pod.kind === 'found' ? metadata(pod.object)?.['uid'] : undefined;
  return { pod, events: events.filter((event) => aboutUid(event) === uid) };
}

/** Events that name an object; filtering by uid is up to the caller, since old kubelets write other uids for nodes. */
export async function readEvents(
  kind: string,
  { namespace, name }: Pick<SubjectQuery, 'namespace' | 'name'>,
  reads: Reads,
): Promise<readonly JsonObject[]> {
  const fieldSelector = `involvedObject.name=${name},involvedObject.kind=${kind}`;
  const result = await reads.list({ resource: resourceOf('Event'), namespace, fieldSelector });
  return result.kind === 'found' ? result.objects : [];
}

/** The uid of the object that an event is about. */
export function aboutUid(event: JsonObject): string | undefined {
  return asKube<KubeEvent>(event).involvedObject?.uid;
}

function metadata(object: JsonObject): JsonObject | undefined {
  return object['metadata'] as JsonObject | undefined;
}

async function baseScope(facts: PodFacts, context: DiagnosisContext, now: string): Promise<Scope> {
  const { metadata: meta = {}, spec = {} } = facts.pod;
  const namespace = meta.namespace ?? '';
  const reference = meta.ownerReferences?.find((owner) => owner.controller === true);
  const [owner, node] = await Promise.all([
    // The owners of a pod that was only followed would cost requests that its own playbooks need.
    context.depth > 0 ? namedOwner(reference) : readOwner(reference, namespace, context.reads),
    spec.nodeName === undefined || spec.nodeName === ''
      ? undefined
      : context.reads.get({ resource: resourceOf('Node'), name: spec.nodeName }),
  ]);
  const parent = owner.references.find((candidate) => candidate.controller === true);
  const controller = parent === undefined ? owner : await readOwner(parent, namespace, context.reads);
  const plain: Record<string, PlainValue> = {
    ...podScope(facts),
    subject: { kind: 'Pod', namespace, name: meta.name ?? '', uid: meta.uid ?? '' },
    now,
    owner: owner.fact,
    controller: controller.fact,
    node: nodeFact(spec.nodeName ?? '', node),
    hasOlderRevision: isLaterRevision(owner.fact),
  };
  return toScope(plain);
}

interface OwnerRead {
  readonly fact: PlainValue;
  readonly references: readonly KubeOwnerReference[];
}

function namedOwner(reference: KubeOwnerReference | undefined): OwnerRead {
  const { kind = '', name = '' } = reference ?? {};
  return { fact: { kind, name, ...(reference === undefined ? { exists: false } : {}) }, references: [] };
}

async function readOwner(
  reference: KubeOwnerReference | undefined,
  namespace: string,
  reads: Reads,
): Promise<OwnerRead> {
  if (reference === undefined) {
    return { fact: { exists: false, kind: '', name: '' }, references: [] };
  }
  const { kind = '', name = '' } = reference;
  const resource = findResourceType(kind);
  const result = resource === undefined ? undefined : await reads.get({ resource, namespace, name });
  if (result?.kind !== 'found') {
    // Without `exists`, expressions that depend on it cannot tell.
    return { fact: { kind, name, ...(result?.kind === 'missing' ? { exists: false } : {}) }, references: [] };
  }
  const owners = metadata(result.object)?.['ownerReferences'] ?? [];
  return { fact: { ...objectFact(result.object), kind, name }, references: owners as readonly KubeOwnerReference[] };
}

function nodeFact(name: string, result: GetResult | undefined): PlainValue {
  if (result?.kind !== 'found') {
    return { name, ...(result === undefined || result.kind === 'missing' ? { exists: false } : {}) };
  }
  return { ...nodeObjectFact(result.object), name };
}
