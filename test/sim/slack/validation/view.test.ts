import { describe, expect, it } from 'vitest';
import { checkView } from '../../../../src/sim/slack/validation/view.ts';

const INPUT = {
  type: 'input',
  label: { type: 'plain_text', text: 'Reason' },
  element: { type: 'plain_text_input', action_id: 'v' },
};

function plain(length: number) {
  return { type: 'plain_text', text: 'x'.repeat(length) };
}

function modal(fields: Readonly<Record<string, unknown>> = {}) {
  return { type: 'modal', title: plain(1), blocks: [{ type: 'divider' }], ...fields };
}

describe('checkView', () => {
  it.each([
    ['title', modal({ title: plain(24) }), modal({ title: plain(25) }), '/view/title/text'],
    ['title is needed', modal(), { type: 'modal', blocks: [] }, '/view/title'],
    ['submit', modal({ submit: plain(24) }), modal({ submit: plain(25) }), '/view/submit/text'],
    ['close', modal({ close: plain(24) }), modal({ close: plain(25) }), '/view/close/text'],
    [
      'private_metadata',
      modal({ private_metadata: 'x'.repeat(3000) }),
      modal({ private_metadata: 'x'.repeat(3001) }),
      '/view/private_metadata',
    ],
    [
      'callback_id',
      modal({ callback_id: 'x'.repeat(255) }),
      modal({ callback_id: 'x'.repeat(256) }),
      '/view/callback_id',
    ],
    [
      'external_id',
      modal({ external_id: 'x'.repeat(255) }),
      modal({ external_id: 'x'.repeat(256) }),
      '/view/external_id',
    ],
    ['an input needs submit', modal({ blocks: [INPUT], submit: plain(1) }), modal({ blocks: [INPUT] }), '/view/submit'],
    ['unknown fields', modal({ clear_on_close: true }), modal({ size: 'large' }), '/view'],
    ['blocks', modal(), modal({ blocks: [{ type: 'table', rows: [] }] }), '/view/blocks/0/type'],
  ])('modal: %s', (_rule, accepted, refused, pointer) => {
    expect(checkView(accepted, 'modal')).toEqual([]);
    expect(checkView(refused, 'modal').map((problem) => problem.pointer)).toContain(pointer);
  });

  it('takes a Home tab, which has no title', () => {
    const home = { type: 'home', blocks: [{ type: 'divider' }], private_metadata: 'x' };

    expect(checkView(home, 'home')).toEqual([]);
    expect(checkView({ ...home, title: plain(1) }, 'home')).not.toEqual([]);
    expect(checkView(home, 'modal')).not.toEqual([]);
    expect(checkView('text', 'home')).not.toEqual([]);
  });
});
