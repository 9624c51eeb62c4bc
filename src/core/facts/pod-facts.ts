import type { PlainValue } from '../expression/cel.ts';
import { type ContainerFact, containerFacts } from './containers.ts';
import { type EventFact, eventFacts } from './events.ts';
import { finalizersOf } from './finalizers.ts';
import type { JsonObject } from './json.ts';
import { asKube, type KubeEvent, type KubePod } from './kube-types.ts';
import { conditionMap, withoutBulk } from './object-fact.ts';
import { type MountFact, mountsOf, type ReferenceFact, referencesOf } from './references.ts';
import { type FailedScheduling, parseFailedScheduling, schedulingClass } from './scheduler-message.ts';
import { condition, type PodState, pastTrouble, podState } from './symptoms.ts';

/** Everything derived from a pod and its events. */
export interface PodFacts {
  readonly pod: KubePod;
  readonly raw: JsonObject;
  readonly events: readonly EventFact[];
  readonly containers: readonly ContainerFact[];
  readonly state: PodState;
  readonly references: readonly ReferenceFact[];
  readonly mounts: readonly MountFact[];
  readonly past: readonly string[];
}

/** Derives the facts of a pod. `now` is the API server's clock, RFC 3339. */
export function podFacts(raw: JsonObject, events: readonly JsonObject[], now: string): PodFacts {
  const pod = asKube<KubePod>(raw);
  const about = eventFacts(
    events.map((event) => asKube<KubeEvent>(event)),
    now,
  );
  const containers = containerFacts(pod, about, now);
  const source = { pod, containers, events: about, now };
  return {
    pod,
    raw,
    events: about,
    containers,
    state: podState(source),
    references: referencesOf(pod),
    mounts: mountsOf(pod),
    past: pastTrouble(source),
  };
}

/** The same facts under the names that expressions use. */
export function podScope(facts: PodFacts): { readonly [name: string]: PlainValue } {
  const pod = withoutBulk(facts.raw);
  return {
    pod,
    object: pod,
    heldBy: plain(finalizersOf(facts.raw)),
    events: plain(facts.events),
    conditions: conditionMap(facts.pod.status?.conditions),
    containers: plain(facts.containers),
    state: plain(facts.state),
    references: plain(facts.references),
    mounts: plain(facts.mounts),
    scheduling: schedulingFact(facts),
  };
}

/** Facts are plain data by construction; their interfaces only lack an index signature. */
function plain(value: unknown): PlainValue {
  return value as PlainValue;
}

function schedulingFact(facts: PodFacts): PlainValue {
  const scheduled = condition(facts.pod, 'PodScheduled');
  const event = facts.events.find((item) => item.reason === 'FailedScheduling');
  const message = scheduled?.status === 'False' ? (scheduled.message ?? event?.message ?? '') : '';
  const parsed = parseFailedScheduling(message);
  const reasons = (parsed?.reasons ?? []).map((item) => ({ ...item, class: schedulingClass(item.reason) }));
  const preFilter = parsed === undefined ? message : (parsed.preFilter ?? '');
  const classes = [...reasons.map((item) => item.class), ...(preFilter === '' ? [] : [schedulingClass(preFilter)])];
  return {
    message,
    total: parsed?.total ?? 0,
    preFilter,
    reasons,
    classes: [...new Set(classes)],
    preemption: preemptionText(parsed?.preemption ?? null),
  };
}

function preemptionText(preemption: FailedScheduling['preemption']): string {
  if (preemption === null) {
    return '';
  }
  return 'text' in preemption
    ? preemption.text
    : preemption.reasons.map((item) => `${item.count} ${item.reason}`).join(', ');
}
