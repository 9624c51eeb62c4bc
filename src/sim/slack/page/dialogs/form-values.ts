import type { PageBlock, PageInputValue, PageViewValues } from '../../page-api.ts';
import { type BlockObject, blockObject, type ElementObject } from '../blocks/model.ts';

/** What the inputs of a view hold when it opens. Inputs that stay in an updated view keep what was typed. */
export function viewValues(blocks: readonly PageBlock[], before: PageViewValues = {}): PageViewValues {
  const values: Record<string, Record<string, PageInputValue>> = {};
  for (const block of blocks.map(blockObject)) {
    const { block_id: blockId = '' } = block;
    for (const element of inputsOf(block)) {
      const actionId = element.action_id ?? '';
      const kept = before[blockId]?.[actionId];
      const value = kept?.type === element.type ? kept : initialValue(element);
      values[blockId] = { ...values[blockId], [actionId]: value };
    }
  }
  return values;
}

function inputsOf({ type, element, accessory, elements = [] }: BlockObject): readonly ElementObject[] {
  const all = [element, accessory, ...(type === 'actions' ? elements : [])];
  return all.filter((one) => one !== undefined).filter(hasState);
}

/** The same values with one of them changed. */
export function withValue(
  values: PageViewValues,
  [blockId, actionId]: readonly [string, string],
  value: PageInputValue,
): PageViewValues {
  return { ...values, [blockId]: { ...values[blockId], [actionId]: value } };
}

/** As they are sent: what was left empty is null. */
export function sentValues(values: PageViewValues): PageViewValues {
  return Object.fromEntries(
    Object.entries(values).map(([blockId, actions]) => [
      blockId,
      Object.fromEntries(
        Object.entries(actions).map(([actionId, value]) => [
          actionId,
          value.value === '' ? { ...value, value: null } : value,
        ]),
      ),
    ]),
  );
}

function hasState({ type }: ElementObject): boolean {
  return !['button', 'workflow_button', 'icon_button', 'overflow', 'image', 'feedback_buttons'].includes(type);
}

function initialValue(element: ElementObject): PageInputValue {
  const { type } = element;
  switch (type) {
    case 'static_select':
    case 'external_select':
    case 'radio_buttons':
      return { type, selected_option: element.initial_option ?? null };
    case 'checkboxes':
    case 'multi_static_select':
      return { type, selected_options: element.initial_options ?? [] };
    case 'users_select':
      return { type, selected_user: element.initial_user ?? null };
    case 'channels_select':
      return { type, selected_channel: element.initial_channel ?? null };
    case 'conversations_select':
      return { type, selected_conversation: element.initial_conversation ?? null };
    case 'datepicker':
      return { type, selected_date: element.initial_date ?? null };
    case 'timepicker':
      return { type, selected_time: element.initial_time ?? null };
    default:
      return { type, value: element.initial_value ?? null };
  }
}
