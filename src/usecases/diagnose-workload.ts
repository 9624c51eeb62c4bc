import type { Diagnosis, Verdict } from '../core/diagnosis/diagnosis.ts';
import type { Finding } from '../core/diagnosis/finding.ts';
import { type Ranking, rankFindings } from '../core/diagnosis/rank.ts';
import { checkedWorkload, seenOfWorkload, summariseWorkload } from '../core/diagnosis/workload-summary.ts';
import { type PlainValue, type Scope, toScope } from '../core/expression/cel.ts';
import type { JsonObject } from '../core/facts/json.ts';
import { asKube, type KubeObject, type KubeWorkload } from '../core/facts/kube-types.ts';
import { selectorQuery } from '../core/facts/nodes.ts';
import { type PodFacts, podFacts } from '../core/facts/pod-facts.ts';
import { type WorkloadFacts, workloadFacts, workloadScope } from '../core/facts/workload-facts.ts';
import { isLeftover } from '../core/facts/workload-state.ts';
import { resourceOf, type WorkloadKind } from '../core/subject/kinds.ts';
import type { Subject } from '../core/subject/subject.ts';
import { aboutUid, type DiagnosisContext, diagnosePod, readEvents } from './diagnose-pod.ts';
import { investigate } from './investigate.ts';

/** Pods of one workload that are looked at; more are counted by the workload's own status. */
const MOST_PODS = 100;

/** Judges a workload that was read already: itself, what it made, and the pod that shows its trouble best. */
export async function diagnoseWorkload(
  kind: WorkloadKind,
  raw: JsonObject,
  context: DiagnosisContext,
): Promise<Diagnosis> {
  const facts = await readWorkload(kind, raw, context);
  const base = summariseWorkload(facts, context.now());
  const bad = worstPod(facts);
  if (facts.state.verdict !== 'trouble') {
    return withoutTrouble(facts, { ...base, verdict: facts.state.verdict }, context.reads.unread());
  }
  const { namespace, name } = base.subject;
  const own = await investigate({
    subject: { kind, namespace, name },
    base: workloadBase(facts, base.subject, context.now()),
    playbooks: facts.workload.metadata?.deletionTimestamp === undefined ? context.playbooks : ofDeletion(context),
    reads: context.reads,
  });
  const pod = bad === undefined ? undefined : await diagnoseOnePod(bad, context);
  const findings = [...own.findings, ...(pod === undefined ? [] : findingsOf(pod))];
  const { possible: _, ...ranking } = withOutcome(rankFindings(findings), own.findings);
  const verdict: Verdict = ranking.primary === undefined ? 'unknown' : 'cause';
  const seen = verdict === 'unknown' ? [`status: ${facts.state.status}`, ...(pod?.seen ?? seenOfWorkload(facts))] : [];
  return {
    ...base,
    ...ranking,
    ...(pod?.container === undefined ? {} : { container: pod.container }),
    ...(pod === undefined ? {} : { pod: podShare(pod, facts.pods) }),
    verdict,
    seen,
    considered: [...own.considered, ...(pod?.considered ?? [])],
    unread: context.reads.unread(),
  };
}

/** A rollout or a schedule of what is being deleted matters to nobody. */
function ofDeletion({ playbooks }: DiagnosisContext): DiagnosisContext['playbooks'] {
  return playbooks.filter(({ stage }) => stage === 'delete');
}

function withoutTrouble(facts: WorkloadFacts, base: Diagnosis, unread: readonly string[]): Diagnosis {
  // A schedule has no counters: only its Jobs and events tell that nothing is wrong.
  const unproven = facts.kind === 'CronJob' && unread.length > 0;
  return {
    ...base,
    verdict: unproven ? 'unknown' : base.verdict,
    seen: unproven ? [`status: ${facts.state.status}`] : [],
    checked: unproven ? [] : checkedWorkload(facts),
    unread,
    past: facts.pods.flatMap(pastOf).slice(0, 3),
  };
}

async function readWorkload(kind: WorkloadKind, raw: JsonObject, context: DiagnosisContext): Promise<WorkloadFacts> {
  const workload = asKube<KubeWorkload>(raw);
  const { namespace = '', name = '', uid = '' } = workload.metadata ?? {};
  const [events, children] = await Promise.all([
    readEvents(kind, { namespace, name }, context.reads),
    readChildren(kind, workload, context),
  ]);
  const newest = children[0] === undefined ? undefined : asKube<KubeWorkload>(children[0]);
  const [childEvents, pods] = await Promise.all([
    newest === undefined
      ? []
      : readEvents(
          kind === 'CronJob' ? 'Job' : 'ReplicaSet',
          { namespace, name: newest.metadata?.name ?? '' },
          context.reads,
        ),
    readPods(kind, workload, children, context),
  ]);
  const uids = new Set([uid, newest?.metadata?.uid]);
  return workloadFacts({
    kind,
    raw,
    events: [...events, ...childEvents].filter((event) => uids.has(aboutUid(event))),
    children,
    pods,
    now: context.now(),
  });
}

/** ReplicaSets of a Deployment that are wanted or newest, Jobs of a CronJob; newest first. */
async function readChildren(
  kind: WorkloadKind,
  workload: KubeWorkload,
  context: DiagnosisContext,
): Promise<readonly JsonObject[]> {
  if (kind !== 'Deployment' && kind !== 'CronJob') {
    return [];
  }
  const selector = kind === 'Deployment' ? { labelSelector: selectorQuery(workload.spec?.selector ?? {}) } : {};
  const result = await context.reads.list({
    resource: resourceOf(kind === 'Deployment' ? 'ReplicaSet' : 'Job'),
    namespace: workload.metadata?.namespace ?? '',
    ...selector,
  });
  const objects = result.kind === 'found' ? result.objects : [];
  return objects.filter((object) => isOwnedBy(object, [workload.metadata?.uid ?? ''])).toSorted(newestFirst);
}

function isOwnedBy(object: JsonObject, uids: readonly string[]): boolean {
  const owners = asKube<KubeObject>(object).metadata?.ownerReferences ?? [];
  return owners.some((owner) => uids.includes(owner.uid ?? ''));
}

function newestFirst(a: JsonObject, b: JsonObject): number {
  const time = (object: JsonObject): number =>
    Date.parse(asKube<KubeObject>(object).metadata?.creationTimestamp ?? '') || 0;
  return time(b) - time(a);
}

async function readPods(
  kind: WorkloadKind,
  workload: KubeWorkload,
  children: readonly JsonObject[],
  context: DiagnosisContext,
): Promise<readonly PodFacts[]> {
  const source = kind === 'CronJob' ? (children[0] === undefined ? {} : asKube<KubeWorkload>(children[0])) : workload;
  const selector = source.spec?.selector;
  if (selector === undefined) {
    return [];
  }
  const result = await context.reads.list({
    resource: resourceOf('Pod'),
    namespace: workload.metadata?.namespace ?? '',
    labelSelector: selectorQuery(selector),
    limit: MOST_PODS,
  });
  const objects = result.kind === 'found' ? result.objects : [];
  const uids = [workload, ...children.map((child) => asKube<KubeWorkload>(child))].map(
    (object) => object.metadata?.uid ?? '',
  );
  return objects
    .filter((object) => isOwnedBy(object, uids))
    .toSorted(newestFirst)
    .map((object) => podFacts(object, [], context.now()));
}

/** The newest pod in trouble: rather one whose container fails than one that is stuck before, rather placed than not. */
function worstPod(facts: WorkloadFacts): PodFacts | undefined {
  const { pods } = facts;
  const complete = facts.state.ready >= facts.state.desired;
  const bad = pods.filter((pod) => pod.state.verdict === 'trouble' && !isLeftover(pod, facts, complete));
  if (facts.workload.metadata?.deletionTimestamp !== undefined) {
    return bad.find(({ pod }) => pod.metadata?.deletionTimestamp !== undefined);
  }
  if (facts.kind === 'CronJob' && facts.state.paused) {
    return bad.find((pod) => pod.pod.status?.phase !== 'Failed');
  }
  return (
    bad.find((pod) => pod.containers.some((container) => container.failing)) ??
    bad.find((pod) => pod.state.scheduled) ??
    bad[0] ??
    pods.find((pod) => pod.state.verdict === 'starting')
  );
}

async function diagnoseOnePod(facts: PodFacts, context: DiagnosisContext): Promise<Diagnosis> {
  const { namespace = '', name = '', uid } = facts.pod.metadata ?? {};
  const events = await readEvents('Pod', { namespace, name }, context.reads);
  return diagnosePod(
    facts.raw,
    events.filter((event) => aboutUid(event) === uid),
    context,
  );
}

/** What became of the rollout or the Job is never a separate trouble: whatever is the cause has brought it about. */
function withOutcome(ranking: Ranking, own: readonly Finding[]): Ranking {
  const { primary, others, consequences } = ranking;
  const outcome = own.filter(
    ({ stage, role, state }) =>
      stage === 'rollout' && role !== 'modifier' && (state === 'confirmed' || state === 'likely'),
  );
  if (primary === undefined || primary.stage === 'rollout') {
    return ranking;
  }
  return {
    ...ranking,
    others: others.filter((finding) => !outcome.includes(finding)),
    consequences: [...consequences, ...outcome.filter((finding) => !consequences.includes(finding))],
  };
}

function findingsOf(pod: Diagnosis): Diagnosis['others'] {
  const primary = pod.primary === undefined ? [] : [pod.primary];
  return [...primary, ...pod.alternatives, ...pod.others, ...pod.consequences, ...pod.modifiers];
}

function podShare(pod: Diagnosis, pods: readonly PodFacts[]): NonNullable<Diagnosis['pod']> {
  const alike = pods.filter((other) => other.state.verdict === 'trouble' && other.state.status === pod.status).length;
  return { name: pod.subject.name, alike: Math.max(1, alike), total: pods.length };
}

function pastOf(pod: PodFacts): readonly string[] {
  return pod.past.map((text) => `${pod.pod.metadata?.name ?? ''}: ${text}`);
}

function workloadBase(facts: WorkloadFacts, subject: Subject, now: string): Scope {
  const plain: Record<string, PlainValue> = {
    ...workloadScope(facts),
    subject: { ...subject },
    now,
  };
  return toScope(plain);
}
