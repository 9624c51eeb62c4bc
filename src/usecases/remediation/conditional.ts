import type { Execution } from './execution.ts';

/** Whether it may be sent twice: the plan that was approved and the action of this version must both say so. */
export function isConditional({ plan, action }: Pick<Execution, 'plan' | 'action'>): boolean {
  return plan.conditional && action.conditional;
}
