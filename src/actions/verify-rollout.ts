import type { JsonObject } from '../core/facts/json.ts';
import { amountText } from '../core/facts/text.ts';
import { resourceOf } from '../core/subject/kinds.ts';
import type { Acted, ActionContext, EffectSeen, Verification } from './action.ts';
import { presenceOf } from './look-up.ts';
import { isRolledOut, rolloutUnderWay } from './rollout-state.ts';
import { countsOf } from './workload-counts.ts';
import type { WorkloadType } from './workload-target.ts';

/** How the template of a workload stands to the change: as it became, as it was, or neither. */
export type TemplateState = 'new' | 'old' | 'other';

/** Whether a change of a template was made. */
export async function templateSeen(
  acted: Acted,
  context: ActionContext,
  stateOf: (raw: JsonObject) => TemplateState | Promise<TemplateState>,
): Promise<EffectSeen> {
  const there = await presenceOf(context, { resource: resourceOf(acted.target.kind), ...acted.target });
  if (there.kind === 'unreadable') {
    return 'cannot-tell';
  }
  if (there.kind !== 'same') {
    return 'changed';
  }
  const state = await stateOf(there.object);
  return state === 'new' ? 'made' : state === 'old' ? 'not-made' : 'changed';
}

/** Whether every pod has the template of the change and serves. */
export async function verifyRollout(
  { target }: Acted,
  context: ActionContext,
  stateOf: (raw: JsonObject) => TemplateState | Promise<TemplateState>,
): Promise<Verification> {
  const { kind, namespace, name } = target;
  const title = `${kind} ${name}`;
  const there = await presenceOf(context, { resource: resourceOf(kind), ...target });
  if (there.kind === 'unreadable') {
    return { kind: 'waiting', says: `${title} could not be read: ${there.message}` };
  }
  if (there.kind !== 'same') {
    return { kind: 'failed', says: `${title} was deleted in the meantime` };
  }
  if ((await stateOf(there.object)) !== 'new') {
    return { kind: 'failed', says: `somebody else changed the pod template of ${title} in the meantime` };
  }
  // The targets of these actions are of such a kind.
  const type = kind as WorkloadType;
  const { desired, ready } = countsOf(type, there.object);
  if (isRolledOut(type, there.object)) {
    const says = `every pod of ${title} (${desired}) has this template and is Ready`;
    return { kind: 'helped', says, object: { kind: type, namespace, name } };
  }
  const open =
    rolloutUnderWay(type, there.object) ??
    `${ready} of ${amountText(desired, 'pod')} ${ready === 1 ? 'is' : 'are'} Ready`;
  return { kind: 'waiting', says: `${title}: ${open}` };
}
