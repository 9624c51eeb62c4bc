import { asKube, type KubeLabelSelector, type KubeObject } from '../core/facts/kube-types.ts';
import { selectorMatches } from '../core/facts/nodes.ts';
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
  readonly spec?: { readonly selector?: KubeLabelSelector };
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
      `${title} has ${ready} of ${desired} pods Ready and would be left with ${left}, fewer than half. Bring its other pods back or add replicas first.`,
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
  return against === undefined
    ? undefined
    : refuse(
        'unsafe',
        `${title} would be left with ${left} Ready pods, fewer than PodDisruptionBudget ${against.metadata?.name ?? ''} wants (${against.status?.desiredHealthy ?? desired}). Bring its other pods back or add replicas first.`,
      );
}
