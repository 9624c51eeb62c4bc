import type { PlainValue } from '../expression/cel.ts';
import type { Subject } from '../subject/subject.ts';
import { finalizersOf } from './finalizers.ts';
import type { JsonObject } from './json.ts';
import { asKube, type KubeCondition, type KubeObject } from './kube-types.ts';
import { failedGroups, remainingContent, remainingFinalizers } from './namespace-content.ts';
import { conditionMap, objectFact, withoutBulk } from './object-fact.ts';
import { oneLine, shorten } from './text.ts';
import { formatSpan, secondsBetween } from './time.ts';

interface KubeNamespace extends KubeObject {
  readonly status?: { readonly phase?: string; readonly conditions?: readonly KubeCondition[] };
}

/** How a namespace stands. */
export interface NamespaceState {
  readonly verdict: 'healthy' | 'stopping' | 'trouble';
  /** `Active`, `Terminating`. */
  readonly status: string;
  /** RFC 3339: when its deletion was asked for. */
  readonly since?: string;
  /** Since then; 0 when it is not being deleted. */
  readonly deletingSeconds: number;
  readonly ageSeconds: number;
  /** It takes longer than the controller needs when it works: playbooks look at it, though it may still be under way. */
  readonly slow: boolean;
  /** Conditions that are true, with what they say; nothing of it for a namespace that is not being deleted. */
  readonly troubles: readonly string[];
}

/** A pod of a namespace that is being deleted. */
export interface EndingPod {
  readonly name: string;
  /** Its own deletion was asked for. */
  readonly deleted: boolean;
  /** Past the end of its grace period and the time that a kubelet needs; 0 while it may still end by itself. */
  readonly overdueSeconds: number;
  readonly finalizers: readonly string[];
}

/** What is known about a namespace before further facts are read. */
export interface NamespaceFacts {
  readonly subject: Subject;
  readonly raw: JsonObject;
  readonly now: string;
  readonly state: NamespaceState;
  readonly conditions: readonly KubeCondition[];
  /** Undefined when they could not be read. */
  readonly pods: readonly EndingPod[] | undefined;
}

/** The namespace controller looks again after seconds; what it says is not final before. */
const FIRST_LOOK_SECONDS = 20;
/** Finalizers and the controller itself may take so long. */
const PATIENCE_SECONDS = 60;
/** A kubelet may take so long beyond the grace period. */
const POD_SLACK_SECONDS = 30;
/** After the last pod is gone the controller may come back as late as half of the grace period of the pods. */
const LATE_RETURN_SECONDS = 900;
/** Conditions that say that the controller could not do its work. */
const FAILURES = [
  'NamespaceDeletionDiscoveryFailure',
  'NamespaceDeletionGroupVersionParsingFailure',
  'NamespaceDeletionContentFailure',
];
const REMAINDERS = ['NamespaceContentRemaining', 'NamespaceFinalizersRemaining'];

/** Derives the facts of a namespace. `pods` are those that are left in it while it is deleted; `now` is RFC 3339. */
export function namespaceFacts(raw: JsonObject, pods: readonly JsonObject[] | undefined, now: string): NamespaceFacts {
  const { metadata = {}, status = {} } = asKube<KubeNamespace>(raw);
  const conditions = status.conditions ?? [];
  const ending = pods?.map((pod) => endingPod(pod, now));
  return {
    subject: { kind: 'Namespace', namespace: '', name: metadata.name ?? '', uid: metadata.uid ?? '' },
    raw,
    now,
    conditions,
    pods: ending,
    state: stateOf(asKube<KubeNamespace>(raw), ending ?? [], now),
  };
}

function endingPod(pod: JsonObject, now: string): EndingPod {
  const { name = '', deletionTimestamp, finalizers = [] } = asKube<KubeObject>(pod).metadata ?? {};
  const late = secondsBetween(deletionTimestamp, now) ?? 0;
  return {
    name,
    deleted: deletionTimestamp !== undefined,
    overdueSeconds: Math.max(0, late - POD_SLACK_SECONDS),
    finalizers,
  };
}

function stateOf(
  { metadata = {}, status = {} }: KubeNamespace,
  pods: readonly EndingPod[],
  now: string,
): NamespaceState {
  const { deletionTimestamp: since, creationTimestamp } = metadata;
  const conditions = status.conditions ?? [];
  const ageSeconds = Math.max(0, secondsBetween(creationTimestamp, now) ?? 0);
  if (since === undefined) {
    return {
      verdict: 'healthy',
      status: status.phase ?? 'Active',
      deletingSeconds: 0,
      ageSeconds,
      slow: false,
      troubles: [],
    };
  }
  const deletingSeconds = Math.max(0, secondsBetween(since, now) ?? 0);
  const { look, stuck } = patienceWith(conditions, pods);
  return {
    verdict: deletingSeconds > stuck ? 'trouble' : 'stopping',
    slow: deletingSeconds > look,
    status: 'Terminating',
    since,
    deletingSeconds,
    ageSeconds,
    troubles: conditions
      .filter(({ status: is }) => is === 'True')
      .map(({ type = '', message = '' }) => `${type}: ${shorten(oneLine(message), 300)}`),
  };
}

/** Seconds: from when on such a deletion is looked at, and from when on it is certainly not simply under way. */
interface Patience {
  readonly look: number;
  readonly stuck: number;
}

function patienceWith(conditions: readonly KubeCondition[], pods: readonly EndingPod[]): Patience {
  const failing = FAILURES.some((type) => isTrue(conditions, type));
  const isDiscovery = failing && FAILURES.slice(0, 2).some((type) => isTrue(conditions, type));
  const podsEnd = pods.length > 0 && pods.every(({ deleted, overdueSeconds }) => deleted && overdueSeconds === 0);
  if (podsEnd && !isDiscovery) {
    return { look: Number.POSITIVE_INFINITY, stuck: Number.POSITIVE_INFINITY };
  }
  const written = FAILURES.some((type) => conditions.some((one) => one.type === type));
  const left = pods.length > 0 || REMAINDERS.some((type) => isTrue(conditions, type));
  if (written && !failing && !left) {
    return { look: PATIENCE_SECONDS, stuck: LATE_RETURN_SECONDS };
  }
  const patience = failing ? FIRST_LOOK_SECONDS : PATIENCE_SECONDS;
  return { look: patience, stuck: patience };
}

function isTrue(conditions: readonly KubeCondition[], type: string): boolean {
  return conditions.some((one) => one.type === type && one.status === 'True');
}

interface Content {
  readonly items: ReturnType<typeof remainingContent>;
  readonly finalizers: ReturnType<typeof remainingFinalizers>;
  readonly groups: ReturnType<typeof failedGroups>;
}

/** What the conditions that are true say, taken apart. */
function contentOf(conditions: readonly KubeCondition[]): Content {
  const said = (type: string | undefined): string =>
    conditions.find((one) => one.type === type && one.status === 'True')?.message ?? '';
  return {
    items: remainingContent(said(REMAINDERS[0])),
    finalizers: remainingFinalizers(said(REMAINDERS[1])),
    groups: failedGroups(said(FAILURES[0])),
  };
}

/** Since 1.33 pods are deleted before all else, and as long as they may end by themselves no condition speaks of them. */
function withPods(content: Content, pods: readonly EndingPod[]): Content {
  const named = content.items.some(({ resource, group }) => resource === 'pods' && group === '');
  const item = { resource: 'pods', group: '', name: 'pods', count: pods.length };
  return named || pods.length === 0 ? content : { ...content, items: [item, ...content.items] };
}

/** The facts under the names that expressions use; `pods` is left out when it could not be read. */
export function namespaceScope(facts: NamespaceFacts): Readonly<Record<string, PlainValue>> {
  const { pods, raw } = facts;
  return {
    subject: { ...facts.subject },
    now: facts.now,
    object: withoutBulk(raw),
    namespace: objectFact(raw),
    heldBy: finalizersOf(raw) as unknown as PlainValue,
    events: [],
    conditions: conditionMap(facts.conditions),
    content: withPods(contentOf(facts.conditions), pods ?? []) as unknown as PlainValue,
    state: { ...facts.state },
    ...(pods === undefined ? {} : { pods: pods as unknown as PlainValue }),
  };
}

/** What was looked at when nothing is wrong with a namespace. */
export function checkedNamespace({ state, pods = [] }: NamespaceFacts): readonly string[] {
  if (state.verdict === 'healthy') {
    return [`phase ${state.status}`, 'it is not being deleted'];
  }
  const ending = pods.filter(({ deleted }) => deleted).length;
  return [
    `deletion asked for ${formatSpan(state.deletingSeconds)} ago`,
    ...(ending === 0 ? [] : [`${ending} ${ending === 1 ? 'pod' : 'pods'} within the grace period`]),
    ...(state.troubles.length === 0 ? ['no condition speaks of a problem'] : state.troubles),
  ];
}

/** What stands in the API when no playbook can name the cause. */
export function seenOfNamespace({ state }: NamespaceFacts): readonly string[] {
  return [`deletion asked for ${formatSpan(state.deletingSeconds)} ago`, ...state.troubles];
}
