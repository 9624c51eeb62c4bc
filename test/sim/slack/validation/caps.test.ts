import { describe, expect, it } from 'vitest';
import type { SlackObject } from '../../../../src/sim/slack/store/records.ts';
import { messageOverCaps, viewOverCaps } from '../../../../src/sim/slack/validation/caps.ts';

function message(fields: Readonly<Record<string, unknown>>) {
  return { text: 'fallback', blocks: [] as SlackObject[], attachments: [], ...fields };
}

function withBlock(block: SlackObject) {
  return message({ blocks: [block] });
}

function mrkdwn(length: number) {
  return { type: 'mrkdwn', text: 'x'.repeat(length) };
}

function times<T>(count: number, make: () => T): T[] {
  return Array.from({ length: count }, make);
}

function button(fields: Readonly<Record<string, unknown>> = {}): SlackObject {
  return {
    type: 'button',
    text: { type: 'plain_text', text: 'Go' },
    accessibility_label: 'Go',
    value: 'c_01J8:v7',
    ...fields,
  };
}

function actions(...elements: SlackObject[]) {
  return withBlock({ type: 'actions', elements });
}

function label(length: number) {
  return { type: 'plain_text', text: 'x'.repeat(length) };
}

function overflow(value = 'share') {
  return { type: 'overflow', options: [{ text: label(1), value }] };
}

function table(rows: number, columns: number, length = 1) {
  return withBlock({
    type: 'table',
    rows: times(rows, () => times(columns, () => ({ type: 'raw_text', text: 'x'.repeat(length) }))),
  });
}

function sections(count: number, length: number) {
  return message({ blocks: times(count, () => ({ type: 'section', text: mrkdwn(length) })) });
}

describe('messageOverCaps', () => {
  it.each([
    [
      'fallback text',
      message({ text: 'x'.repeat(300), blocks: [{ type: 'divider' }] }),
      message({ text: 'x'.repeat(301), blocks: [{ type: 'divider' }] }),
    ],
    [
      'fallback text is set',
      message({ blocks: [{ type: 'divider' }] }),
      message({ text: '', blocks: [{ type: 'divider' }] }),
    ],
    ['plain text', message({ text: 'x'.repeat(3500) }), message({ text: 'x'.repeat(3501) })],
    ['section text', sections(1, 2800), sections(1, 2801)],
    ['all text', sections(4, 2500), sections(4, 2501)],
    ['bytes', sections(4, 2400), sections(50, 200)],
    [
      'fields, number',
      withBlock({ type: 'section', fields: times(6, () => mrkdwn(1)) }),
      withBlock({ type: 'section', fields: times(7, () => mrkdwn(1)) }),
    ],
    [
      'fields, length',
      withBlock({ type: 'section', fields: [mrkdwn(300)] }),
      withBlock({ type: 'section', fields: [mrkdwn(301)] }),
    ],
    [
      'context, number',
      withBlock({ type: 'context', elements: times(4, () => mrkdwn(1)) }),
      withBlock({ type: 'context', elements: times(5, () => mrkdwn(1)) }),
    ],
    [
      'context, length',
      withBlock({ type: 'context', elements: [mrkdwn(300)] }),
      withBlock({ type: 'context', elements: [mrkdwn(301)] }),
    ],
    ['buttons', actions(...times(4, () => button()), overflow()), actions(...times(5, () => button()))],
    ['overflow menus', actions(overflow()), actions(overflow(), overflow())],
    ['button text', actions(button({ text: label(22) })), actions(button({ text: label(23) }))],
    ['accessibility_label', actions(button()), actions(button({ accessibility_label: undefined }))],
    ['button value, length', actions(button({ value: 'x'.repeat(64) })), actions(button({ value: 'x'.repeat(65) }))],
    [
      'button value, opaque',
      actions(button({ value: 'c_1:v2.x-y' })),
      actions(button({ value: 'kubectl delete pod' })),
    ],
    ['option value', actions(overflow('share')), actions(overflow('{"verb":"x"}'))],
    ['table, rows', table(8, 1), table(9, 1)],
    ['table, columns', table(1, 3), table(1, 4)],
    ['table, cell', table(1, 1, 60), table(1, 1, 61)],
    ['header', withBlock({ type: 'divider' }), withBlock({ type: 'header', text: label(1) })],
    ['attachments', message({ attachments: [{}] }), message({ attachments: [{}, {}] })],
    ['metadata', message({ metadata: { id: 'x'.repeat(1000) } }), message({ metadata: { id: 'x'.repeat(1020) } })],
    [
      'inside a container',
      withBlock({ type: 'container', child_blocks: [{ type: 'section', text: mrkdwn(2800) }] }),
      withBlock({ type: 'container', child_blocks: [{ type: 'section', text: mrkdwn(2801) }] }),
    ],
  ])('%s', (_cap, accepted, refused) => {
    expect(messageOverCaps(accepted)).toEqual([]);
    expect(messageOverCaps(refused)).toHaveLength(1);
  });
});

describe('viewOverCaps', () => {
  it('limits the blocks of the Home tab, and private_metadata to ids', () => {
    const blocks = (count: number) => times(count, () => ({ type: 'divider' }));

    expect(viewOverCaps({ type: 'home' }, blocks(60))).toEqual([]);
    expect(viewOverCaps({ type: 'home' }, blocks(61))).toEqual(['/view/blocks: 61 blocks, the cap is 60']);
    expect(viewOverCaps({ type: 'modal' }, blocks(61))).toEqual([]);
    expect(viewOverCaps({ type: 'modal', private_metadata: 'x'.repeat(128) }, [])).toEqual([]);
    expect(viewOverCaps({ type: 'modal', private_metadata: 'x'.repeat(129) }, [])).toHaveLength(1);
  });
});
