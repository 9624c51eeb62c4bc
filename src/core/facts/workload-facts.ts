import type { PlainValue } from '../expression/cel.ts';
import type { SubjectKind } from '../subject/kinds.ts';
import { type EventFact, eventFacts } from './events.ts';
import { finalizersOf } from './finalizers.ts';
import { asKube, type KubeCondition, type KubeEvent, type KubePodSpec, type KubeWorkload } from './kube-types.ts';
import { conditionMap, isLaterRevision, objectFact, withoutBulk } from './object-fact.ts';
import type { PodFacts } from './pod-facts.ts';
import { normaliseText } from './text.ts';
import { secondsBetween } from './time.ts';
import { ended, type WorkloadSource, type WorkloadState, workloadState } from './workload-state.ts';

export interface WorkloadFacts extends WorkloadSource {
  readonly workload: KubeWorkload;
  readonly about: readonly EventFact[];
  readonly state: WorkloadState;
  /** What the API server answered when the controller tried to create pods. */
  readonly refusals: readonly string[];
}

/** Derives the facts of a workload. */
export function workloadFacts(source: WorkloadSource): WorkloadFacts {
  const workload = asKube<KubeWorkload>(source.raw);
  const about = eventFacts(
    source.events.map((event) => asKube<KubeEvent>(event)),
    source.now,
  );
  const refusals = refusalsOf(workload, source, about);
  return { ...source, workload, about, refusals, state: workloadState(source, about, refusals) };
}

/** The same facts under the names that expressions use. */
export function workloadScope(facts: WorkloadFacts): { readonly [name: string]: PlainValue } {
  const children = facts.children.map(objectFact);
  const workload = withoutBulk(facts.raw);
  return {
    workload,
    object: workload,
    heldBy: finalizersOf(facts.raw) as unknown as PlainValue,
    template: podTemplate(facts.workload) as PlainValue,
    events: facts.about as unknown as PlainValue,
    conditions: conditionMap(facts.workload.status?.conditions),
    state: { ...facts.state },
    refusals: facts.refusals,
    children,
    hasOlderRevision: isLaterRevision(children[0]),
    pods: facts.pods.map((pod) => ({
      name: pod.pod.metadata?.name ?? '',
      node: pod.pod.spec?.nodeName ?? '',
      ready: pod.state.ready,
      status: pod.state.status,
      verdict: pod.state.verdict,
      created: pod.pod.metadata?.creationTimestamp ?? '',
      phase: pod.pod.status?.phase ?? '',
      revision: revisionOf(pod),
    })),
  };
}

/** Which template a pod was made from: the hash that its controller puts on it. */
function revisionOf({ pod }: PodFacts): string {
  const labels = pod.metadata?.labels ?? {};
  return labels['controller-revision-hash'] ?? labels['pod-template-hash'] ?? '';
}

function podTemplate(workload: KubeWorkload): { readonly spec?: KubePodSpec } {
  return workload.spec?.template ?? workload.spec?.jobTemplate?.spec?.template ?? {};
}

/** Events that belong to one attempt; older ones may tell of something that was repaired since. */
const SAME_ATTEMPT_SECONDS = 30;

/**
 * Why no pod is made now. ReplicaSets say it in a condition that goes away with the problem; other controllers only in
 * events, which are believed while no pod was created after them and pods are still wanted.
 */
function refusalsOf(workload: KubeWorkload, source: WorkloadSource, events: readonly EventFact[]): readonly string[] {
  const objects = [workload, ...source.children.slice(0, 2).map((child) => asKube<KubeWorkload>(child))];
  const conditions = objects
    .flatMap((object): readonly KubeCondition[] => object.status?.conditions ?? [])
    .filter(saysRefused)
    .map((item) => normaliseText(item.message));
  const texts = hasFailureCondition(source.kind) ? conditions : refusedInEvents(workload, source, events);
  return [...new Set(texts)].filter((text) => text !== '');
}

function hasEnded(job: KubeWorkload): boolean {
  return ended(job, 'Complete') || ended(job, 'Failed');
}

/** No pod could be made, or not even the ReplicaSet for it. */
function saysRefused({ type, status, reason }: KubeCondition): boolean {
  return (
    (type === 'ReplicaFailure' && status === 'True') ||
    (type === 'Progressing' && status === 'False' && reason === 'ReplicaSetCreateError')
  );
}

function hasFailureCondition(kind: SubjectKind): boolean {
  return kind === 'Deployment' || kind === 'ReplicaSet';
}

function refusedInEvents(
  workload: KubeWorkload,
  { kind, pods, children }: WorkloadSource,
  events: readonly EventFact[],
): readonly string[] {
  const over = kind === 'CronJob' ? children.map((child) => asKube<KubeWorkload>(child)).filter(hasEnded) : [];
  const refused = events.filter(
    ({ reason, ageSeconds, object }) =>
      reason === 'FailedCreate' && ageSeconds < 3600 && !over.some(({ metadata }) => metadata?.uid === object.uid),
  );
  const newest = refused[0];
  const living = pods.filter(({ pod }) => pod.status?.phase !== 'Failed' && pod.status?.phase !== 'Succeeded');
  const enough = kind === 'DaemonSet' && living.length >= (workload.status?.desiredNumberScheduled ?? 1);
  // Nodes are served independently of each other: a pod on one proves nothing about the next.
  const overtaken =
    kind !== 'DaemonSet' && pods.some(({ pod }) => (pod.metadata?.creationTimestamp ?? '') > (newest?.last ?? ''));
  if (newest === undefined || enough || overtaken) {
    return [];
  }
  return refused
    .filter((event) => (secondsBetween(event.last, newest.last) ?? 0) <= SAME_ATTEMPT_SECONDS)
    .map((event) => event.message);
}
