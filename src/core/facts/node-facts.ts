import type { PlainValue } from '../expression/cel.ts';
import type { Subject } from '../subject/subject.ts';
import { type EventFact, eventFacts } from './events.ts';
import { finalizersOf } from './finalizers.ts';
import type { JsonObject } from './json.ts';
import { asKube, type KubeCondition, type KubeEvent, type KubeNode } from './kube-types.ts';
import { leaseScope, type NodeLeaseFact } from './node-lease.ts';
import { conditionMap, nodeObjectFact, withoutBulk } from './object-fact.ts';
import { formatClock, formatSpan, secondsBetween } from './time.ts';

/** How a node stands. */
export interface NodeState {
  readonly verdict: 'healthy' | 'starting' | 'stopping' | 'trouble';
  /** As `kubectl get nodes` prints it, with what it leaves out. */
  readonly status: string;
  /** RFC 3339: since when it stands like this, if a condition tells. */
  readonly since?: string;
  readonly ready: boolean;
  readonly cordoned: boolean;
  /** Pressure conditions that are true: `DiskPressure` … */
  readonly pressures: readonly string[];
  /** What is wrong, for people; empty for a node that works. */
  readonly troubles: readonly string[];
  readonly ageSeconds: number;
}

/** Everything that is known about a node before further facts are read. */
export interface NodeFacts {
  readonly subject: Subject;
  readonly raw: JsonObject;
  readonly now: string;
  readonly state: NodeState;
  readonly conditions: readonly KubeCondition[];
  readonly events: readonly EventFact[];
  /** Undefined when it could not be read. */
  readonly lease: NodeLeaseFact | undefined;
}

const PRESSURES = ['MemoryPressure', 'DiskPressure', 'PIDPressure'];
/** A node that has just joined is not ready before its network is. */
const JOINING_SECONDS = 180;
/** Clocks that differ by less do no harm. */
const MOST_SKEW_SECONDS = 60;
/** A kubelet whose lease is older than this is called Unknown by the control plane; later it should have been. */
const STALE_SECONDS = 120;

/** Derives the facts of a node. `events` are those that name it; `now` is the API server's clock. */
export function nodeFacts(
  raw: JsonObject,
  read: { readonly events: readonly JsonObject[]; readonly lease: NodeLeaseFact | undefined; readonly now: string },
): NodeFacts {
  const { metadata = {}, status = {} } = asKube<KubeNode>(raw);
  const { name = '', uid = '' } = metadata;
  const { now, lease } = read;
  const events = read.events.map((event) => asKube<KubeEvent>(event)).filter((event) => isAbout(event, name, uid));
  return {
    subject: { kind: 'Node', namespace: '', name, uid },
    raw,
    now,
    lease,
    conditions: status.conditions ?? [],
    events: eventFacts(events, now),
    state: nodeState(asKube<KubeNode>(raw), {
      lease,
      now,
      wasReady: events.some(({ reason }) => reason === 'NodeReady'),
    }),
  };
}

/** Kubelets write the name of the node where the uid belongs, or nothing; the node controller writes the uid. */
function isAbout({ involvedObject = {} }: KubeEvent, name: string, uid: string): boolean {
  return [undefined, '', name, uid].includes(involvedObject.uid);
}

interface NodeSigns {
  readonly lease: NodeLeaseFact | undefined;
  readonly now: string;
  /** An event says so. */
  readonly wasReady: boolean;
}

function nodeState(node: KubeNode, { lease, now, wasReady }: NodeSigns): NodeState {
  const conditions = node.status?.conditions ?? [];
  const ready = conditions.find(({ type }) => type === 'Ready');
  const pressures = PRESSURES.filter((name) => isTrue(conditions, name));
  const ageSeconds = secondsBetween(node.metadata?.creationTimestamp, now) ?? 0;
  const cordoned = node.spec?.unschedulable ?? false;
  const troubles = troublesOf(conditions, pressures, lease);
  const first = conditions.find(({ type }) => type === (ready?.status === 'True' ? pressures[0] : 'Ready')) ?? ready;
  const since = first?.lastTransitionTime;
  return {
    verdict: verdictOf(node, troubles, !wasReady && ageSeconds < JOINING_SECONDS),
    status: [readyWord(ready), ...pressures, ...(cordoned ? ['SchedulingDisabled'] : [])].join(', '),
    ...(since === undefined ? {} : { since }),
    ready: ready?.status === 'True',
    cordoned,
    pressures,
    troubles,
    ageSeconds,
  };
}

function verdictOf(node: KubeNode, troubles: readonly string[], isJoining: boolean): NodeState['verdict'] {
  if (node.metadata?.deletionTimestamp !== undefined) {
    return 'stopping';
  }
  if (troubles.length === 0) {
    return 'healthy';
  }
  const ready = node.status?.conditions?.find(({ type }) => type === 'Ready');
  return ready?.status === 'False' && isJoining ? 'starting' : 'trouble';
}

function readyWord(ready: KubeCondition | undefined): string {
  if (ready?.status === 'True') {
    return 'Ready';
  }
  return ready?.status === 'False' ? 'NotReady' : 'Ready unknown';
}

function isTrue(conditions: readonly KubeCondition[], name: string): boolean {
  return conditions.some(({ type, status }) => type === name && status === 'True');
}

function troublesOf(
  conditions: readonly KubeCondition[],
  pressures: readonly string[],
  lease: NodeLeaseFact | undefined,
): readonly string[] {
  const ready = conditions.find(({ type }) => type === 'Ready');
  const said = ready?.message === undefined || ready.message === '' ? '' : `: ${ready.message}`;
  return [
    ...(ready?.status === 'True' ? [] : [`Ready ${ready?.status ?? 'is not reported'}${said}`]),
    ...pressures.map((name) => `${name} True`),
    ...(isTrue(conditions, 'NetworkUnavailable') ? ['NetworkUnavailable True'] : []),
    ...(ready?.status === 'True' ? leaseTroubles(lease) : []),
  ];
}

function leaseTroubles(lease: NodeLeaseFact | undefined): readonly string[] {
  const { ageSeconds = 0, skewSeconds = 0 } = lease ?? {};
  return [
    ...(Math.abs(skewSeconds) > MOST_SKEW_SECONDS
      ? [`its clock is ${formatSpan(Math.abs(skewSeconds))} ${skewSeconds > 0 ? 'ahead' : 'behind'}`]
      : []),
    ...(ageSeconds > STALE_SECONDS ? [`Ready, but its lease was last renewed ${formatSpan(ageSeconds)} ago`] : []),
  ];
}

/** The facts under the names that expressions use; `lease` is empty when it could not be read. */
export function nodeScope(facts: NodeFacts): Readonly<Record<string, PlainValue>> {
  return {
    subject: { ...facts.subject },
    now: facts.now,
    object: withoutBulk(facts.raw),
    node: nodeObjectFact(facts.raw),
    heldBy: finalizersOf(facts.raw) as unknown as PlainValue,
    events: facts.events as unknown as PlainValue,
    conditions: conditionMap(facts.conditions),
    state: { ...facts.state },
    // Without `exists`, expressions that depend on it cannot tell.
    lease: facts.lease === undefined ? {} : leaseScope(facts.lease),
  };
}

/** What was looked at when nothing is wrong with a node. */
export function checkedNode({ state, conditions, lease, now }: NodeFacts): readonly string[] {
  const ready = conditions.find(({ type }) => type === 'Ready')?.lastTransitionTime;
  return [
    ready === undefined ? state.status : `${state.status} since ${formatClock(ready, now)}`,
    ...(state.pressures.length === 0 ? ['no memory, disk or PID pressure'] : []),
    ...(lease?.ageSeconds === undefined ? [] : [`lease renewed ${formatSpan(lease.ageSeconds)} ago`]),
    ...(state.cordoned ? ['cordoned: it takes no new pods until somebody uncordons it'] : []),
  ];
}

/** What stands in the API when no playbook can name the cause. */
export function seenOfNode({ state, events }: NodeFacts): readonly string[] {
  const warnings = events.filter((event) => event.type === 'Warning').slice(0, 3);
  return [...state.troubles, ...warnings.map((event) => `event ${event.reason}: ${event.message}`)];
}
