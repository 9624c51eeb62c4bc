import type { JsonObject } from '../../core/facts/json.ts';
import { compileLabelSelector } from '../../core/recording/label-selector.ts';
import { childOf, childrenOf, textAt } from '../../core/recording/object-parts.ts';
import { resourceOf } from '../../core/subject/kinds.ts';
import { type Answer, jsonAnswer } from './answer.ts';
import { type DeleteOptions, deleteOptions, deleteWith } from './delete-object.ts';
import { readObject } from './posted-body.ts';
import { badRequest, failure, objectNotFound } from './status-answer.ts';
import { currentObject, storeObject, timeText, type Writing } from './writing.ts';

const BUDGET = resourceOf('PodDisruptionBudget');
const SEVERAL = 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';
const FORBIDDEN_NOW = "Cannot evict pod as it would violate the pod's disruption budget.";

/** Answers POST of an Eviction: the budget of the pod decides, then the pod is deleted. */
export function evictAnswer(writing: Writing): Answer {
  const options = readEviction(writing);
  if ('status' in options) {
    return options;
  }
  const pod = currentObject(writing);
  if (pod === undefined) {
    return objectNotFound({ group: '', resource: 'pods', name: writing.request.name });
  }
  const tried = { ...writing, dryRun: writing.dryRun || options.dryRun };
  const budgets = ignoresBudgets(pod) ? [] : budgetsOf(pod, tried);
  const refused = budgets.length > 1 ? failure({ code: 500, message: SEVERAL }) : refusal(budgets, pod);
  if (refused !== undefined) {
    return refused;
  }
  const deleted = deleteWith(tried, options);
  if (deleted.status !== 200) {
    return deleted;
  }
  if (!tried.dryRun) {
    spend(
      budgets.filter(() => isReady(pod)),
      tried,
    );
  }
  return jsonAnswer({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }, 201);
}

function readEviction({ posted, request }: Writing): DeleteOptions | Answer {
  const read = readObject('Eviction', posted);
  if (!read.ok) {
    return read.answer;
  }
  const named = textAt(childOf(read.object, 'metadata'), 'name');
  return named === '' || named === request.name
    ? deleteOptions(childOf(read.object, 'deleteOptions'))
    : badRequest('name in URL does not match name in Eviction object');
}

function refusal([budget]: readonly JsonObject[], pod: JsonObject): Answer | undefined {
  const forbidden = budget === undefined ? undefined : forbids(budget, pod);
  if (forbidden === undefined) {
    return undefined;
  }
  const details = { causes: [{ reason: 'DisruptionBudget', message: forbidden }] };
  return failure({ code: 429, reason: 'TooManyRequests', message: FORBIDDEN_NOW, details });
}

function ignoresBudgets(pod: JsonObject): boolean {
  const phase = textAt(childOf(pod, 'status'), 'phase');
  return (
    ['Succeeded', 'Failed', 'Pending'].includes(phase) || childOf(pod, 'metadata')['deletionTimestamp'] !== undefined
  );
}

function budgetsOf(pod: JsonObject, { world, request }: Writing): readonly JsonObject[] {
  return world.objects
    .list(BUDGET, request.namespace)
    .map((stored) => world.timeline.present(stored))
    .filter((budget) => selectedBy(budget, pod));
}

/** Whether a budget counts a pod; an empty selector chooses all. */
export function selectedBy(budget: JsonObject, pod: JsonObject): boolean {
  const selector = childOf(childOf(budget, 'spec'), 'selector');
  const equal = Object.entries(childOf(selector, 'matchLabels')).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : ''}`,
  );
  const sets = childrenOf(selector, 'matchExpressions').map(expressionText);
  const compiled = compileLabelSelector([...equal, ...sets].join(','));
  return compiled.ok && compiled.matches(pod);
}

function expressionText(expression: JsonObject): string {
  const [key, operator] = [textAt(expression, 'key'), textAt(expression, 'operator')];
  const { values } = expression;
  const list = `(${(Array.isArray(values) ? values : []).join(',')})`;
  const texts: Readonly<Record<string, string>> = {
    In: `${key} in ${list}`,
    NotIn: `${key} notin ${list}`,
    Exists: key,
    DoesNotExist: `!${key}`,
  };
  return texts[operator] ?? key;
}

/** Why a budget does not let a pod go; undefined when it does. */
function forbids(budget: JsonObject, pod: JsonObject): string | undefined {
  const [metadata, status] = [childOf(budget, 'metadata'), childOf(budget, 'status')];
  const name = textAt(metadata, 'name');
  const [healthy, desired] = [countAt(status, 'currentHealthy'), countAt(status, 'desiredHealthy')];
  const always = textAt(childOf(budget, 'spec'), 'unhealthyPodEvictionPolicy') === 'AlwaysAllow';
  if (!isReady(pod) && (always || (desired > 0 && healthy >= desired))) {
    return undefined;
  }
  if (countAt(status, 'observedGeneration') < countAt(metadata, 'generation')) {
    return `The disruption budget ${name} is still being processed by the server.`;
  }
  return countAt(status, 'disruptionsAllowed') > 0
    ? undefined
    : `The disruption budget ${name} needs ${desired} healthy pods and has ${healthy} currently`;
}

function countAt(object: JsonObject, key: string): number {
  const count = object[key];
  return typeof count === 'number' ? count : 0;
}

/** Whether a pod is Ready. */
export function isReady(pod: JsonObject): boolean {
  return childrenOf(childOf(pod, 'status'), 'conditions').some(
    (condition) => textAt(condition, 'type') === 'Ready' && textAt(condition, 'status') === 'True',
  );
}

function spend(budgets: readonly JsonObject[], { world, request }: Writing): void {
  const time = timeText(world.timeline.now());
  for (const budget of budgets) {
    const status = childOf(budget, 'status');
    const disruptedPods = { ...childOf(status, 'disruptedPods'), [request.name]: time };
    const disruptionsAllowed = countAt(status, 'disruptionsAllowed') - 1;
    storeObject(world, { ...budget, status: { ...status, disruptionsAllowed, disruptedPods } });
  }
}
