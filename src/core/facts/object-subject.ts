import type { PlainValue } from '../expression/cel.ts';
import type { SubjectKind } from '../subject/kinds.ts';
import type { Subject } from '../subject/subject.ts';
import { type EventFact, eventFacts } from './events.ts';
import { finalizersOf } from './finalizers.ts';
import type { JsonObject } from './json.ts';
import { asKube, type KubeCondition, type KubeEvent, type KubeObject } from './kube-types.ts';
import { conditionMap, withoutBulk } from './object-fact.ts';

interface StatusObject extends KubeObject {
  readonly status?: { readonly phase?: string; readonly conditions?: readonly KubeCondition[] };
}

/** What is known about a subject that has no pods of its own. */
export interface ObjectSubjectFacts {
  readonly subject: Subject;
  readonly raw: JsonObject;
  readonly now: string;
  /** `status.phase`, or `exists` for kinds without one. */
  readonly status: string;
  /** The object says itself that it is not usable yet or any more. */
  readonly waiting: boolean;
  readonly stopping: boolean;
  readonly conditions: readonly KubeCondition[];
  seen(events: readonly JsonObject[]): readonly string[];
}

/** Derives the facts of a claim, an Ingress and the like. `now` is RFC 3339. */
export function objectSubjectFacts(kind: SubjectKind, raw: JsonObject, now: string): ObjectSubjectFacts {
  const { metadata = {}, status = {} } = asKube<StatusObject>(raw);
  const { namespace = '', name = '', uid = '' } = metadata;
  const stopping = metadata.deletionTimestamp !== undefined;
  return {
    subject: { kind, namespace, name, uid },
    raw,
    now,
    status: stopping ? 'Terminating' : (status.phase ?? 'exists'),
    stopping,
    waiting: status.phase === 'Pending' || status.phase === 'Lost',
    conditions: status.conditions ?? [],
    seen: (events) =>
      factsOf(events, now)
        .slice(0, 3)
        .map((event) => `event ${event.reason}: ${event.message}`),
  };
}

/** The same facts under the names that expressions use. */
export function objectScope(
  facts: ObjectSubjectFacts,
  events: readonly JsonObject[],
): Readonly<Record<string, PlainValue>> {
  return {
    subject: { ...facts.subject },
    now: facts.now,
    object: withoutBulk(facts.raw),
    heldBy: finalizersOf(facts.raw) as unknown as PlainValue,
    events: factsOf(events, facts.now) as unknown as PlainValue,
    conditions: conditionMap(facts.conditions),
    state: {},
  };
}

function factsOf(events: readonly JsonObject[], now: string): readonly EventFact[] {
  return eventFacts(
    events.map((event) => asKube<KubeEvent>(event)),
    now,
  );
}
