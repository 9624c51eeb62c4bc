import { describe, expect, it } from 'vitest';
import { sentValues, viewValues, withValue } from '../../../../src/sim/slack/page/dialogs/form-values.ts';
import type { PageBlock } from '../../../../src/sim/slack/page-api.ts';

const option = { text: { type: 'plain_text', text: 'One' }, value: '1' };

function input(blockId: string, element: object): PageBlock {
  return { type: 'input', block_id: blockId, label: { type: 'plain_text', text: 'L' }, element };
}

describe('the inputs of a view', () => {
  it('begin with what the app says', () => {
    const values = viewValues([
      input('a', { type: 'plain_text_input', action_id: 'x', initial_value: 'typed' }),
      input('b', { type: 'static_select', action_id: 'x', options: [option], initial_option: option }),
      input('c', { type: 'checkboxes', action_id: 'x', options: [option] }),
      { type: 'actions', block_id: 'd', elements: [{ type: 'button', action_id: 'y' }] },
    ]);

    expect(values).toEqual({
      a: { x: { type: 'plain_text_input', value: 'typed' } },
      b: { x: { type: 'static_select', selected_option: option } },
      c: { x: { type: 'checkboxes', selected_options: [] } },
    });
  });

  it('keep what was typed when the view is updated', () => {
    const blocks = [input('a', { type: 'plain_text_input', action_id: 'x' })];
    const typed = withValue(viewValues(blocks), ['a', 'x'], { type: 'plain_text_input', value: 'mine' });

    const values = viewValues([...blocks, input('b', { type: 'plain_text_input', action_id: 'x' })], typed);

    expect(values).toEqual({
      a: { x: { type: 'plain_text_input', value: 'mine' } },
      b: { x: { type: 'plain_text_input', value: null } },
    });
  });

  it('are sent as null when they are empty', () => {
    expect(sentValues({ a: { x: { type: 'plain_text_input', value: '' } } })).toEqual({
      a: { x: { type: 'plain_text_input', value: null } },
    });
  });
});
