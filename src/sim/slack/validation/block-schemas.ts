import { z } from 'zod';
import { accessory, actionElement, button, contextAction, contextElement, image, inputElement } from './elements.ts';
import { richText } from './rich-text.ts';
import { address, anyText, id, mrkdwn, plainText, text } from './texts.ts';

const blockId = id.optional();

const section = z
  .strictObject({
    type: z.literal('section'),
    block_id: blockId,
    text: anyText(3000).optional(),
    fields: z.array(anyText(2000)).min(1).max(10).optional(),
    accessory: accessory.optional(),
    expand: z.boolean().optional(),
  })
  .refine((value) => value.text !== undefined || value.fields !== undefined, 'text or fields is needed');

const divider = z.strictObject({ type: z.literal('divider'), block_id: blockId });
const context = z.strictObject({
  type: z.literal('context'),
  block_id: blockId,
  elements: z.array(contextElement).min(1).max(10),
});
const actions = z.strictObject({
  type: z.literal('actions'),
  block_id: blockId,
  elements: z.array(actionElement).min(1).max(25),
});

const header = z.strictObject({ type: z.literal('header'), block_id: blockId, text: plainText(150) });
const imageBlock = z
  .strictObject({
    type: z.literal('image'),
    block_id: blockId,
    alt_text: text(2000),
    title: plainText(2000).optional(),
    image_url: address(3000).optional(),
    slack_file: z.strictObject({ id: text(255).optional(), url: address(3000).optional() }).optional(),
  })
  .refine((value) => (value.image_url === undefined) !== (value.slack_file === undefined), 'image_url or slack_file');
const input = z.strictObject({
  type: z.literal('input'),
  block_id: blockId,
  label: plainText(2000),
  hint: plainText(2000).optional(),
  element: inputElement,
  optional: z.boolean().optional(),
  dispatch_action: z.boolean().optional(),
});

const cell = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('raw_text'), text: text(10_000) }),
  z.strictObject({ type: z.literal('raw_number'), value: z.number(), text: text(10_000).optional() }),
  richText,
]);
const rows = z
  .array(z.array(cell).min(1).max(20))
  .min(1)
  .max(100)
  .refine((all) => new Set(all.map((row) => row.length)).size === 1, 'all rows must have the same number of cells');
const column = z.strictObject({
  align: z.enum(['left', 'center', 'right']).optional(),
  is_wrapped: z.boolean().optional(),
});
const table = z.strictObject({
  type: z.literal('table'),
  block_id: blockId,
  column_settings: z.array(column.nullable()).max(20).optional(),
  rows,
});
const dataTable = z.strictObject({
  type: z.literal('data_table'),
  block_id: blockId,
  caption: text(2000),
  rows,
  page_size: z.number().int().min(1).max(100).optional(),
  row_header_column_index: z.number().int().min(0).optional(),
});

const container = z
  .strictObject({
    type: z.literal('container'),
    block_id: blockId,
    title: plainText(150).optional(),
    rich_text_title: richText.optional(),
    subtitle: anyText(150).optional(),
    child_blocks: z
      .array(z.discriminatedUnion('type', [section, context, divider, actions]))
      .min(1)
      .max(10),
    width: z.enum(['narrow', 'standard', 'wide', 'full']).optional(),
    icon: image.optional(),
    is_collapsible: z.boolean().optional(),
    default_collapsed: z.boolean().optional(),
    has_header_divider: z.boolean().optional(),
  })
  .refine((value) => value.title !== undefined || value.rich_text_title !== undefined, 'a title is needed')
  .refine((value) => value.default_collapsed !== true || value.is_collapsible === true, 'is_collapsible is needed');

const taskCard = z.strictObject({
  type: z.literal('task_card'),
  block_id: blockId,
  task_id: text(255),
  title: text(3000),
  details: richText.optional(),
  output: richText.optional(),
  sources: z.array(z.strictObject({ type: z.literal('url'), url: address(3000), text: text(3000) })).optional(),
  status: z.enum(['pending', 'in_progress', 'complete', 'error']),
});
const plan = z.strictObject({
  type: z.literal('plan'),
  block_id: blockId,
  title: text(3000),
  tasks: z.array(taskCard).optional(),
});

const card = z
  .strictObject({
    type: z.literal('card'),
    block_id: blockId,
    hero_image: image.optional(),
    icon: image.optional(),
    title: mrkdwn(150).optional(),
    subtitle: mrkdwn(150).optional(),
    body: mrkdwn(200).optional(),
    actions: z.array(button).min(1).optional(),
  })
  .refine(
    (value) => [value.hero_image, value.title, value.actions, value.body].some((part) => part !== undefined),
    'hero_image, title, actions or body is needed',
  );

/** Every block that an app may send somewhere; which surface takes which is in {@link SURFACES}. */
export const block = z.discriminatedUnion('type', [
  section,
  divider,
  context,
  actions,
  header,
  imageBlock,
  input,
  richText,
  table,
  dataTable,
  container,
  taskCard,
  plan,
  card,
  z.strictObject({ type: z.literal('carousel'), block_id: blockId, elements: z.array(card).min(1).max(10) }),
  z.strictObject({ type: z.literal('markdown'), block_id: blockId, text: text(12_000) }),
  z.strictObject({
    type: z.literal('context_actions'),
    block_id: blockId,
    elements: z.array(contextAction).min(1).max(5),
  }),
  z.strictObject({
    type: z.literal('alert'),
    block_id: blockId,
    text: anyText(200),
    level: z.enum(['default', 'info', 'warning', 'error', 'success']).optional(),
  }),
  z.looseObject({ type: z.literal('data_visualization'), block_id: blockId }),
]);

/** Where blocks are shown. */
export type Surface = 'message' | 'modal' | 'home';

const EVERYWHERE: readonly Surface[] = ['message', 'modal', 'home'];

/** The surfaces of each block type; a type that is missing is sent by nobody. */
export const SURFACES: Readonly<Record<string, readonly Surface[]>> = {
  section: EVERYWHERE,
  divider: EVERYWHERE,
  header: EVERYWHERE,
  context: EVERYWHERE,
  actions: EVERYWHERE,
  image: EVERYWHERE,
  rich_text: EVERYWHERE,
  input: EVERYWHERE,
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
};
