import { type HelperFunction, isPlainList, type PlainValue } from '../expression/cel.ts';
import { backoffBeforeRestart } from '../facts/backoff.ts';
import { errorLine, speaksOfTrouble } from '../facts/error-line.ts';
import { finalizerControllers } from '../facts/finalizer-controllers.ts';
import { knownFinalizer } from '../facts/finalizers.ts';
import { parseImage, sameRepository } from '../facts/image.ts';
import type { JsonObject } from '../facts/json.ts';
import { asKube, type KubeNode, type KubeObject, type KubePod } from '../facts/kube-types.ts';
import { logMessage } from '../facts/log-line.ts';
import { nearestNames } from '../facts/nearest.ts';
import { similarKeys } from '../facts/node-requirements.ts';
import { effectiveRequests, nodeFits, requestedOn, selectorMatches, selectorQuery } from '../facts/nodes.ts';
import { placement } from '../facts/placement.ts';
import { type ProbeSpec, probeFailure } from '../facts/probe-failure.ts';
import { formatQuantity, parseQuantity } from '../facts/quantity.ts';
import { roomOn } from '../facts/room.ts';
import { mentionedServices } from '../facts/service-mentions.ts';
import { amountText, lastLine, listWords, printable, shellWords, shorten } from '../facts/text.ts';
import { formatClock, formatSpan, secondsBetween } from '../facts/time.ts';
import { spreadOver } from '../facts/topology-spread.ts';
import { topOwner } from '../triage/top-owner.ts';

const SIGNALS: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  15: 'SIGTERM',
};

/** The functions that expressions may call besides CEL's own; `docs/playbooks.md` describes each. */
export const HELPER_FUNCTIONS: readonly HelperFunction[] = [
  helper('quantity', 1, (text) => parseQuantity(typeof text === 'number' ? text : string(text))),
  helper('formatQuantity', 2, (value, resource) => formatQuantity(number(value), string(resource))),
  helper('secondsBetween', 2, (from, to) => secondsBetween(string(from), string(to))),
  helper('span', 1, (seconds) => formatSpan(number(seconds))),
  helper('clock', 2, (time, now) => formatClock(string(time), string(now))),
  helper('nearest', 2, (name, names) => nearestNames(string(name), strings(names))),
  helper('didYouMean', 2, (name, names) => didYouMean(string(name), strings(names))),
  helper('words', 1, (items) => listWords(strings(items))),
  helper('amount', 2, (count, noun) => amountText(number(count), string(noun))),
  helper('flatten', 1, (lists) => list(lists).flatMap((inner) => (isPlainList(inner) ? inner : []))),
  helper('distinct', 1, (items) => [...new Set(list(items))]),
  helper('lastLine', 1, (text) => lastLine(string(text))),
  helper('lastLines', 2, (lines, most) =>
    list(lines)
      .slice(-Math.max(1, number(most)))
      .toReversed(),
  ),
  helper('errorLine', 1, (lines) => errorLine(strings(lines))),
  helper('logMessage', 1, (line) => logMessage(string(line))),
  helper('speaksOfTrouble', 1, (line) => speaksOfTrouble(string(line))),
  helper('probeFailure', 2, (probe, output) => ({ ...probeFailure((probe ?? {}) as ProbeSpec, string(output)) })),
  helper('shorten', 2, (text, length) => shorten(printable(string(text)), number(length))),
  helper('shellWords', 1, (items) => shellWords(strings(items))),
  helper('image', 1, (reference) => ({ ...parseImage(string(reference)) })),
  helper('sameRepository', 2, (a, b) => sameRepository(string(a), string(b))),
  helper('signalName', 1, (signal) => SIGNALS[number(signal)] ?? `signal ${number(signal)}`),
  helper('backoffLadder', 1, (restarts) => ladder(number(restarts))),
  helper('backoffBefore', 1, (restart) => backoffBeforeRestart(number(restart))),
  helper('requests', 1, (pod) => effectiveRequests(asPod(pod).spec ?? {})),
  helper('requestedOn', 1, (pods) => requestedOn(objects<KubePod>(pods))),
  helper('nodeFits', 2, (pod, nodes) => fact(nodeFits(asPod(pod), objects<KubeNode>(nodes)))),
  helper('placement', 2, (pod, nodes) => fact(placement(asPod(pod), objects<KubeNode>(nodes)))),
  helper('roomOn', 3, (pod, node, pods) => fact(roomOn(asPod(pod), one<KubeNode>(node), objects<KubePod>(pods)))),
  helper('spreadOver', 4, (pod, constraint, nodes, pods) =>
    fact(spreadOver(asPod(pod), constraint as object, objects<KubeNode>(nodes), objects<KubePod>(pods))),
  ),
  helper('similarKeys', 2, (key, nodes) =>
    similarKeys(
      string(key),
      objects<KubeNode>(nodes).map((node) => ({ labels: node.metadata?.labels ?? {} })),
    ),
  ),
  helper('selectorQuery', 1, (selector) => selectorQuery(selector as object)),
  helper('selects', 2, (selector, labels) =>
    selectorMatches(selector as object, labels as Readonly<Record<string, string>>),
  ),
  helper('knownFinalizer', 1, (name) => ({ ...knownFinalizer(string(name)) })),
  helper('finalizerControllers', 3, (name, manager, workloads) =>
    fact(finalizerControllers(string(name), string(manager), objects<JsonObject>(workloads))),
  ),
  helper('workloadOf', 1, (pod) => workloadOf(one<JsonObject>(pod))),
  helper('mentionedServices', 3, (texts, services, namespace) =>
    mentionedServices(strings(texts), list(services).map(nameAndNamespace), string(namespace)).map((found) => ({
      ...found,
    })),
  ),
];

function helper(name: string, arity: number, call: HelperFunction['call']): HelperFunction {
  return { name, arity, call };
}

/** `; "app-config" does`, to follow "does not exist"; empty when nothing is close. */
function didYouMean(name: string, names: readonly string[]): string {
  const near = nearestNames(name, names).slice(0, 3);
  if (near.length === 0) {
    return '';
  }
  return `; ${listWords(near.map((item) => `\`${item}\``))} ${near.length === 1 ? 'does' : 'do'}`;
}

function ladder(restarts: number): string {
  const steps = Array.from({ length: Math.min(restarts + 1, 8) }, (_, index) => backoffBeforeRestart(index + 1));
  return steps.join(', ');
}

function string(value: PlainValue): string {
  if (typeof value !== 'string') {
    throw new TypeError('a text is needed');
  }
  return value;
}

function number(value: PlainValue): number {
  if (typeof value !== 'number') {
    throw new TypeError('a number is needed');
  }
  return value;
}

function list(value: PlainValue): readonly PlainValue[] {
  if (!isPlainList(value)) {
    throw new TypeError('a list is needed');
  }
  return value;
}

function strings(value: PlainValue): readonly string[] {
  return list(value).filter((item) => typeof item === 'string');
}

/** Facts are plain data by construction; their interfaces only lack an index signature. */
function fact(value: unknown): PlainValue {
  return value as PlainValue;
}

function asPod(value: PlainValue): KubePod {
  return value as unknown as KubePod;
}

function one<T extends object>(value: PlainValue): T {
  const [item] = objects<T>([value]);
  if (item === undefined) {
    throw new TypeError('an object is needed');
  }
  return item;
}

/** Raw objects, or the items of a list fact, which carry them as `object`. */
function objects<T extends object>(value: PlainValue): readonly T[] {
  return list(value).map((item) => {
    const map = item as { readonly object?: unknown };
    return (map.object ?? map) as T;
  });
}

/** The key of the workload that a pod belongs to, or of the pod itself. */
function workloadOf(pod: JsonObject): string {
  const { name = '', namespace = '' } = asKube<KubeObject>(pod).metadata ?? {};
  const owner = topOwner(pod) ?? { kind: 'Pod', name };
  return `${owner.kind} ${namespace}/${owner.name}`;
}

function nameAndNamespace(value: PlainValue): { name: string; namespace: string } {
  const { name, namespace } = value as { readonly name?: PlainValue; readonly namespace?: PlainValue };
  return { name: string(name), namespace: string(namespace) };
}
