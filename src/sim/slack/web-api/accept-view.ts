import type { SimState } from '../state.ts';
import type { ViewRecord } from '../store/records.ts';
import type { NewView } from '../store/views.ts';
import { viewOverCaps } from '../validation/caps.ts';
import { objectsOf } from '../validation/content.ts';
import { fillIds } from '../validation/fill-ids.ts';
import { unexpectedReferences } from '../validation/mentions.ts';
import { describeProblem } from '../validation/problem.ts';
import { checkView } from '../validation/view.ts';
import { isTyped } from '../validation/walk.ts';
import { ApiRefusal, invalidArguments } from './refusal.ts';

const MOST_BYTES = 250_000;

/** What a view is checked for. */
export interface ViewTarget {
  readonly type: 'modal' | 'home';
  readonly user: string;
  /** The view that is replaced; it may keep its `external_id`. */
  readonly current?: ViewRecord;
}

/** The view that the app sent, checked as Slack does (throws) and against the caps (noted as problems). */
export function acceptView(state: SimState, view: unknown, { type, user, current }: ViewTarget): NewView {
  const problems = checkView(view, type);
  if (problems.length > 0 || !isTyped(view)) {
    throw invalidArguments(...problems.map(describeProblem));
  }
  if (Buffer.byteLength(JSON.stringify(view)) > MOST_BYTES) {
    throw new ApiRefusal('view_too_large', { isMistake: true });
  }
  const externalId = view['external_id'];
  const owner = typeof externalId === 'string' && externalId !== '' ? state.views.findExternal(externalId) : undefined;
  if (owner !== undefined && owner.id !== current?.id) {
    throw new ApiRefusal('duplicate_external_id', { isMistake: true });
  }
  const blocks = objectsOf(view['blocks']);
  const found = [...viewOverCaps(view, blocks), ...unexpectedReferences({ text: '', blocks }, state.allowed)];
  state.problems.push(...found.map((problem) => `${type} view for ${user}: ${problem}`));
  return { user, view, blocks: fillIds(blocks, state.ids) };
}
