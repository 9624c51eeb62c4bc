import { asKube, type KubeLabelSelector, type KubeObject } from '../core/facts/kube-types.ts';
import { selectorMatches } from '../core/facts/nodes.ts';
import { amountText } from '../core/facts/text.ts';
import { resourceOf } from '../core/subject/kinds.ts';
import type { ActionContext, Refusal } from './action.ts';
import { refuse, unproven } from './refuse.ts';

/** What a change takes away from a workload for a while. */
export interface Taking {
  /** `Deployment web`, for people. */
  readonly title: string;
  readonly namespace: string;
  readonly desired: number;
  readonly ready: number;
  /** The fewest Ready pods while the change is made. */
  readonly left: number;
  /** Labels of its pods. */
  readonly labels: Readonly<Record<string, string>>;
}

interface KubeBudget extends KubeObject {
  readonly spec?: { readonly selector?: KubeLabelSelector; readonly minAvailable?: number | string };
  readonly status?: { readonly desiredHealthy?: number; readonly disruptionsAllowed?: number };
}

/**
 * Refuses what would leave a workload with fewer than half of its pods or with fewer than its PodDisruptionBudget wants.
 * Nothing is asked when no Ready pod goes.
 */
export async function guardWorkload(taking: Taking, context: ActionContext): Promise<Refusal | undefined> {
  const { title, namespace, desired, ready, left, labels } = taking;
  if (left >= ready) {
    return undefined;
  }
  if (left * 2 < desired) {
    return refuse(
      'unsafe',
      `${title} has ${ready} of ${amountText(desired, 'pod')} Ready and would be left with ${left}, fewer than half. Bring its other pods back or add replicas first.`,
    );
  }
  const budgets = await context.reader.list({ resource: resourceOf('PodDisruptionBudget'), namespace });
  if (budgets.kind === 'unreadable') {
    return unproven(`The PodDisruptionBudgets of ${namespace}`, budgets.message);
  }
  if (budgets.truncated) {
    return unproven(`The PodDisruptionBudgets of ${namespace}`, 'there are too many');
  }
  const against = budgets.objects
    .map((object) => asKube<KubeBudget>(object))
    .filter(({ spec }) => spec?.selector !== undefined && selectorMatches(spec.selector, labels))
    // A budget that was not counted yet allows nothing.
    .find(({ status }) => left < (status?.desiredHealthy ?? desired));
  return against === undefined ? undefined : refuse('unsafe', budgetWords(against, taking));
}

/** What a budget wants, and what would make room for the change. */
function budgetWords(
  { metadata, spec, status }: KubeBudget,
  { title, namespace, desired, ready, left }: Taking,
): string {
  const budget = `PodDisruptionBudget ${namespace}/${metadata?.name ?? ''}`;
  const wanted = status?.desiredHealthy;
  if (wanted === undefined) {
    return `${budget} has not counted the pods of ${title} yet, so it allows nothing. Wait a minute, then ask again.`;
  }
  const against = `${budget} wants ${amountText(wanted, 'pod')} Ready. ${title} has ${ready} of ${amountText(desired, 'pod')} Ready and would be left with ${left}.`;
  if (ready < desired) {
    return `${against} Wait until its other pods are Ready, or find out why they are not; then ask again.`;
  }
  const change = 'let whoever owns the budget allow more';
  return typeof spec?.minAvailable === 'number' && !title.startsWith('DaemonSet ')
    ? `${against} All of them are Ready, so waiting does not help: scale it up to ${wanted + ready - left}, or ${change}.`
    : `${against} All of them are Ready, so waiting does not help: ${change}.`;
}
