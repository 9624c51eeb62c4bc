import { describe, expect, it } from 'vitest';
import type { Surface } from '../../../../src/sim/slack/validation/block-schemas.ts';
import { checkBlocks } from '../../../../src/sim/slack/validation/blocks.ts';

type Fields = Readonly<Record<string, unknown>>;

function plain(length: number, emoji = false) {
  return { type: 'plain_text', text: 'x'.repeat(length), ...(emoji ? { emoji } : {}) };
}

function mrkdwn(length: number) {
  return { type: 'mrkdwn', text: 'x'.repeat(length) };
}

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

function section(fields: Fields = {}) {
  return { type: 'section', text: mrkdwn(1), ...fields };
}

function button(fields: Fields = {}) {
  return { type: 'button', text: plain(1), action_id: 'a', ...fields };
}

function actions(...elements: unknown[]) {
  return { type: 'actions', elements };
}

function buttons(count: number) {
  return times(count, (index) => button({ action_id: `a${index}` }));
}

function option(fields: Fields = {}) {
  return { text: plain(1), value: 'v', ...fields };
}

function options(count: number) {
  return times(count, (index) => option({ value: `v${index}` }));
}

function confirm(fields: Fields = {}) {
  return { title: plain(1), text: plain(1), confirm: plain(1), deny: plain(1), ...fields };
}

function table(rows: unknown, fields: Fields = {}) {
  return { type: 'table', rows, ...fields };
}

function rows(count: number, cells: number, length = 1) {
  return times(count, () => times(cells, () => ({ type: 'raw_text', text: 'x'.repeat(length) })));
}

function richText(...elements: unknown[]) {
  return { type: 'rich_text', elements };
}

function preformatted(...elements: unknown[]) {
  return richText({ type: 'rich_text_preformatted', elements });
}

function container(fields: Fields = {}) {
  return { type: 'container', title: plain(1), child_blocks: [section()], ...fields };
}

function task(fields: Fields = {}) {
  return { type: 'task_card', task_id: '1', title: 't', status: 'complete', ...fields };
}

function input(element: Fields, fields: Fields = {}) {
  return { type: 'input', label: plain(1), element, ...fields };
}

const typed = { type: 'plain_text_input', action_id: 'v' };
const menu = { type: 'static_select', action_id: 's' };
const card = { type: 'card', title: mrkdwn(1) };
const feedback = { text: plain(1), value: 'up' };

/** What is checked, something that is accepted, and something just beyond it that is refused, at which place. */
const RULES: readonly (readonly [string, unknown[], unknown[], string])[] = [
  ['blocks of a message', times(50, () => section()), times(51, () => section()), '/blocks'],
  ['section.text, most', [section({ text: mrkdwn(3000) })], [section({ text: mrkdwn(3001) })], '/blocks/0/text/text'],
  ['section.text, least', [section({ text: mrkdwn(1) })], [section({ text: mrkdwn(0) })], '/blocks/0/text/text'],
  [
    'characters, not UTF-16 units',
    [section({ text: { type: 'mrkdwn', text: '🔥'.repeat(3000) } })],
    [section({ text: { type: 'mrkdwn', text: '🔥'.repeat(3001) } })],
    '/blocks/0/text/text',
  ],
  ['section without text and fields', [{ type: 'section', fields: [plain(1)] }], [{ type: 'section' }], '/blocks/0'],
  [
    'section.fields, number',
    [section({ fields: times(10, () => plain(1)) })],
    [section({ fields: times(11, () => plain(1)) })],
    '/blocks/0/fields',
  ],
  [
    'section.fields, length',
    [section({ fields: [plain(2000)] })],
    [section({ fields: [plain(2001)] })],
    '/blocks/0/fields/0/text',
  ],
  ['section.fields, none', [section({ fields: [plain(1)] })], [section({ fields: [] })], '/blocks/0/fields'],
  ['unknown fields', [section({ expand: true })], [section({ colour: 'red' })], '/blocks/0'],
  [
    'emoji belongs to plain_text',
    [section({ text: plain(1, true) })],
    [section({ text: { ...mrkdwn(1), emoji: true } })],
    '/blocks/0/text',
  ],
  [
    'verbatim belongs to mrkdwn',
    [section({ text: { ...mrkdwn(1), verbatim: true } })],
    [section({ text: { ...plain(1), verbatim: true } })],
    '/blocks/0/text',
  ],
  ['accessory', [section({ accessory: button() })], [section({ accessory: typed })], '/blocks/0/accessory/type'],
  [
    'header, length',
    [{ type: 'header', text: plain(150) }],
    [{ type: 'header', text: plain(151) }],
    '/blocks/0/text/text',
  ],
  [
    'header, plain_text',
    [{ type: 'header', text: plain(1) }],
    [{ type: 'header', text: mrkdwn(1) }],
    '/blocks/0/text/type',
  ],
  [
    'context, elements',
    [{ type: 'context', elements: times(10, () => plain(1)) }],
    [{ type: 'context', elements: times(11, () => plain(1)) }],
    '/blocks/0/elements',
  ],
  [
    'context, none',
    [{ type: 'context', elements: [plain(1)] }],
    [{ type: 'context', elements: [] }],
    '/blocks/0/elements',
  ],
  ['actions, elements', [actions(...buttons(25))], [actions(...buttons(26))], '/blocks/0/elements'],
  ['actions, none', [actions(button())], [actions()], '/blocks/0/elements'],
  ['actions, kind', [actions(button())], [actions(mrkdwn(1))], '/blocks/0/elements/0/type'],
  [
    'button.text',
    [actions(button({ text: plain(75) }))],
    [actions(button({ text: plain(76) }))],
    '/blocks/0/elements/0/text/text',
  ],
  [
    'button.text, plain_text',
    [actions(button({ text: plain(1) }))],
    [actions(button({ text: mrkdwn(1) }))],
    '/blocks/0/elements/0/text/type',
  ],
  [
    'button.accessibility_label',
    [actions(button({ accessibility_label: 'x'.repeat(75) }))],
    [actions(button({ accessibility_label: 'x'.repeat(76) }))],
    '/blocks/0/elements/0/accessibility_label',
  ],
  [
    'button.value',
    [actions(button({ value: 'x'.repeat(2000) }))],
    [actions(button({ value: 'x'.repeat(2001) }))],
    '/blocks/0/elements/0/value',
  ],
  [
    'button.url',
    [actions(button({ url: `https://a/${'x'.repeat(2990)}` }))],
    [actions(button({ url: `https://a/${'x'.repeat(2991)}` }))],
    '/blocks/0/elements/0/url',
  ],
  [
    'button.url, scheme',
    [actions(button({ url: 'https://a' }))],
    [actions(button({ url: 'javascript:alert(1)' }))],
    '/blocks/0/elements/0/url',
  ],
  [
    'button.style',
    [actions(button({ style: 'danger' }))],
    [actions(button({ style: 'warning' }))],
    '/blocks/0/elements/0/style',
  ],
  [
    'action_id, length',
    [actions(button({ action_id: 'x'.repeat(255) }))],
    [actions(button({ action_id: 'x'.repeat(256) }))],
    '/blocks/0/elements/0/action_id',
  ],
  [
    'action_id, unique in its block',
    [actions(button(), button({ action_id: 'b' }))],
    [actions(button(), button())],
    '/blocks/0/elements',
  ],
  [
    'block_id, length',
    [section({ block_id: 'x'.repeat(255) })],
    [section({ block_id: 'x'.repeat(256) })],
    '/blocks/0/block_id',
  ],
  [
    'block_id, unique',
    [section({ block_id: 'a' }), section({ block_id: 'b' })],
    [section({ block_id: 'a' }), section({ block_id: 'a' })],
    '/blocks/1/block_id',
  ],
  [
    'confirm.title',
    [actions(button({ confirm: confirm({ title: plain(100) }) }))],
    [actions(button({ confirm: confirm({ title: plain(101) }) }))],
    '/blocks/0/elements/0/confirm/title/text',
  ],
  [
    'confirm.text',
    [actions(button({ confirm: confirm({ text: mrkdwn(300) }) }))],
    [actions(button({ confirm: confirm({ text: mrkdwn(301) }) }))],
    '/blocks/0/elements/0/confirm/text/text',
  ],
  [
    'confirm.confirm',
    [actions(button({ confirm: confirm({ confirm: plain(30) }) }))],
    [actions(button({ confirm: confirm({ confirm: plain(31) }) }))],
    '/blocks/0/elements/0/confirm/confirm/text',
  ],
  [
    'confirm.deny',
    [actions(button({ confirm: confirm({ deny: plain(30) }) }))],
    [actions(button({ confirm: confirm({ deny: plain(31) }) }))],
    '/blocks/0/elements/0/confirm/deny/text',
  ],
  [
    'overflow, options',
    [actions({ type: 'overflow', options: options(5) })],
    [actions({ type: 'overflow', options: options(6) })],
    '/blocks/0/elements/0/options',
  ],
  [
    'checkboxes, options',
    [actions({ type: 'checkboxes', options: options(10) })],
    [actions({ type: 'checkboxes', options: options(11) })],
    '/blocks/0/elements/0/options',
  ],
  [
    'radio_buttons, options',
    [actions({ type: 'radio_buttons', options: options(10) })],
    [actions({ type: 'radio_buttons', options: options(11) })],
    '/blocks/0/elements/0/options',
  ],
  [
    'static_select, options',
    [actions({ ...menu, options: options(100) })],
    [actions({ ...menu, options: options(101) })],
    '/blocks/0/elements/0/options',
  ],
  [
    'static_select, options or groups',
    [actions({ ...menu, option_groups: [{ label: plain(75), options: options(1) }] })],
    [actions(menu)],
    '/blocks/0/elements/0',
  ],
  [
    'option.text',
    [actions({ ...menu, options: [option({ text: plain(75) })] })],
    [actions({ ...menu, options: [option({ text: plain(76) })] })],
    '/blocks/0/elements/0/options/0/text/text',
  ],
  [
    'option.value',
    [actions({ ...menu, options: [option({ value: 'x'.repeat(150) })] })],
    [actions({ ...menu, options: [option({ value: 'x'.repeat(151) })] })],
    '/blocks/0/elements/0/options/0/value',
  ],
  [
    'option.description',
    [actions({ ...menu, options: [option({ description: plain(75) })] })],
    [actions({ ...menu, options: [option({ description: plain(76) })] })],
    '/blocks/0/elements/0/options/0/description/text',
  ],
  [
    'placeholder',
    [actions({ ...menu, options: options(1), placeholder: plain(150) })],
    [actions({ ...menu, options: options(1), placeholder: plain(151) })],
    '/blocks/0/elements/0/placeholder/text',
  ],
  [
    'datepicker',
    [actions({ type: 'datepicker', initial_date: '2026-11-02' })],
    [actions({ type: 'datepicker', initial_date: '2 Nov' })],
    '/blocks/0/elements/0/initial_date',
  ],
  [
    'input.label',
    [input(typed, { label: plain(2000) })],
    [input(typed, { label: plain(2001) })],
    '/blocks/0/label/text',
  ],
  ['input.hint', [input(typed, { hint: plain(2000) })], [input(typed, { hint: plain(2001) })], '/blocks/0/hint/text'],
  ['input.element', [input(typed)], [input(button())], '/blocks/0/element/type'],
  [
    'plain_text_input.max_length',
    [input({ ...typed, max_length: 3000 })],
    [input({ ...typed, max_length: 3001 })],
    '/blocks/0/element/max_length',
  ],
  [
    'image, source',
    [{ type: 'image', alt_text: 'a', image_url: 'https://a/b.png' }],
    [{ type: 'image', alt_text: 'a' }],
    '/blocks/0',
  ],
  [
    'image.alt_text',
    [{ type: 'image', alt_text: 'x'.repeat(2000), image_url: 'https://a' }],
    [{ type: 'image', alt_text: 'x'.repeat(2001), image_url: 'https://a' }],
    '/blocks/0/alt_text',
  ],
  [
    'rich_text preformatted holds text',
    [preformatted({ type: 'text', text: '<!channel>' })],
    [preformatted({ type: 'user', user_id: 'U1' })],
    '/blocks/0/elements/0/elements/0/type',
  ],
  [
    'rich_text, empty text',
    [preformatted({ type: 'text', text: 'x' })],
    [preformatted({ type: 'text', text: '' })],
    '/blocks/0/elements/0/elements/0/text',
  ],
  [
    'rich_text, list style',
    [richText({ type: 'rich_text_list', style: 'bullet', elements: [{ type: 'rich_text_section', elements: [] }] })],
    [richText({ type: 'rich_text_list', elements: [] })],
    '/blocks/0/elements/0/elements',
  ],
  [
    'rich_text, broadcast range',
    [richText({ type: 'rich_text_section', elements: [{ type: 'broadcast', range: 'here' }] })],
    [richText({ type: 'rich_text_section', elements: [{ type: 'broadcast', range: 'all' }] })],
    '/blocks/0/elements/0/elements/0/range',
  ],
  ['table, rows', [table(rows(100, 1))], [table(rows(101, 1))], '/blocks/0/rows'],
  ['table, cells', [table(rows(1, 20))], [table(rows(1, 21))], '/blocks/0/rows/0'],
  ['table, empty cell', [table(rows(1, 1, 1))], [table(rows(1, 1, 0))], '/blocks/0/rows/0/0/text'],
  ['table, equal rows', [table(rows(2, 2))], [table([...rows(1, 2), ...rows(1, 1)])], '/blocks/0/rows'],
  [
    'table, column_settings',
    [table(rows(1, 1), { column_settings: times(20, () => ({ is_wrapped: true })) })],
    [table(rows(1, 1), { column_settings: times(21, () => ({ is_wrapped: true })) })],
    '/blocks/0/column_settings',
  ],
  ['table, all characters', [table(rows(10, 10, 100))], [table(rows(10, 10, 101))], '/blocks'],
  ['table, one a message', [table(rows(1, 1))], [table(rows(1, 1)), table(rows(1, 1))], '/blocks'],
  [
    'data_table shares that one',
    [{ type: 'data_table', caption: 'c', rows: rows(1, 1) }],
    [table(rows(1, 1)), { type: 'data_table', caption: 'c', rows: rows(1, 1) }],
    '/blocks',
  ],
  [
    'container, children',
    [container({ child_blocks: times(10, () => section()) })],
    [container({ child_blocks: times(11, () => section()) })],
    '/blocks/0/child_blocks',
  ],
  [
    'container, kinds of children',
    [
      container({
        child_blocks: [section(), { type: 'divider' }, actions(button()), { type: 'context', elements: [plain(1)] }],
      }),
    ],
    [container({ child_blocks: [table(rows(1, 1))] })],
    '/blocks/0/child_blocks/0/type',
  ],
  ['container.title', [container({ title: plain(150) })], [container({ title: plain(151) })], '/blocks/0/title/text'],
  [
    'container.subtitle',
    [container({ subtitle: mrkdwn(150) })],
    [container({ subtitle: mrkdwn(151) })],
    '/blocks/0/subtitle/text',
  ],
  ['container without title', [container()], [{ type: 'container', child_blocks: [section()] }], '/blocks/0'],
  [
    'container, collapsed needs collapsible',
    [container({ default_collapsed: true, is_collapsible: true })],
    [container({ default_collapsed: true })],
    '/blocks/0',
  ],
  [
    'plan',
    [{ type: 'plan', title: 't', tasks: [task()] }],
    [{ type: 'plan', title: 't', tasks: [task({ status: 'done' })] }],
    '/blocks/0/tasks/0/status',
  ],
  [
    'task_card',
    [task({ details: preformatted({ type: 'text', text: 'x' }) })],
    [{ type: 'task_card', title: 't', status: 'error' }],
    '/blocks/0/task_id',
  ],
  [
    'markdown',
    [{ type: 'markdown', text: 'x'.repeat(12_000) }],
    [{ type: 'markdown', text: 'x'.repeat(12_001) }],
    '/blocks/0/text',
  ],
  ['card', [{ ...card, body: mrkdwn(200) }], [{ ...card, body: mrkdwn(201) }], '/blocks/0/body/text'],
  [
    'carousel',
    [{ type: 'carousel', elements: times(10, () => card) }],
    [{ type: 'carousel', elements: times(11, () => card) }],
    '/blocks/0/elements',
  ],
  [
    'context_actions',
    [
      {
        type: 'context_actions',
        elements: [{ type: 'feedback_buttons', positive_button: feedback, negative_button: feedback }],
      },
    ],
    [{ type: 'context_actions', elements: [button()] }],
    '/blocks/0/elements/0/type',
  ],
  ['a block is an object', [section()], ['section'], '/blocks/0'],
  ['a block has a known type', [section()], [{ type: 'secton' }], '/blocks/0/type'],
];

describe('checkBlocks', () => {
  it.each(RULES)('%s', (_rule, accepted, refused, pointer) => {
    expect(checkBlocks(accepted, 'message')).toEqual([]);
    expect(checkBlocks(refused, 'message').map((problem) => problem.pointer)).toContain(pointer);
  });

  it.each([
    ['modal', 100],
    ['home', 100],
  ] as const)('takes 100 blocks in a %s', (surface, most) => {
    expect(
      checkBlocks(
        times(most, () => section()),
        surface,
      ),
    ).toEqual([]);
    expect(
      checkBlocks(
        times(most + 1, () => section()),
        surface,
      ),
    ).toEqual([{ pointer: '/blocks', message: 'no more than 100 items allowed' }]);
  });
});

const SAMPLES: Readonly<Record<string, unknown>> = {
  section: section(),
  divider: { type: 'divider' },
  header: { type: 'header', text: plain(1) },
  context: { type: 'context', elements: [plain(1)] },
  actions: actions(button()),
  image: { type: 'image', alt_text: 'a', image_url: 'https://a' },
  rich_text: preformatted({ type: 'text', text: 'x' }),
  input: input(typed),
  table: table(rows(1, 1)),
  data_table: { type: 'data_table', caption: 'c', rows: rows(1, 1) },
  container: container(),
  plan: { type: 'plan', title: 't' },
  task_card: task(),
  markdown: { type: 'markdown', text: 'x' },
  card,
  carousel: { type: 'carousel', elements: [card] },
  context_actions: {
    type: 'context_actions',
    elements: [{ type: 'feedback_buttons', positive_button: feedback, negative_button: feedback }],
  },
  alert: { type: 'alert', text: mrkdwn(1), level: 'error' },
  data_visualization: { type: 'data_visualization' },
  file: { type: 'file', source: 'remote', external_id: 'x' },
  video: { type: 'video', alt_text: 'a', title: plain(1), video_url: 'https://a', thumbnail_url: 'https://a' },
};

const ALLOWED: Readonly<Record<string, readonly Surface[]>> = {
  section: ['message', 'modal', 'home'],
  divider: ['message', 'modal', 'home'],
  header: ['message', 'modal', 'home'],
  context: ['message', 'modal', 'home'],
  actions: ['message', 'modal', 'home'],
  image: ['message', 'modal', 'home'],
  rich_text: ['message', 'modal', 'home'],
  input: ['message', 'modal', 'home'],
  table: ['message'],
  data_table: ['message'],
  container: ['message', 'home'],
  plan: ['message'],
  task_card: ['message'],
  markdown: ['message'],
  card: ['message', 'home'],
  carousel: ['message', 'home'],
  context_actions: ['message'],
  alert: ['modal', 'home'],
  data_visualization: ['message'],
  file: [],
  video: [],
};

describe('surfaces', () => {
  it.each(Object.keys(SAMPLES))('%s', (type) => {
    const surfaces = (['message', 'modal', 'home'] as const).filter(
      (surface) => checkBlocks([SAMPLES[type]], surface).length === 0,
    );

    expect(surfaces).toEqual(ALLOWED[type]);
  });
});
