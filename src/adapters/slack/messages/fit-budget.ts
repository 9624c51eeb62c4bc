import type { ActionsBlock, ActionsBlockElement, MrkdwnElement, PlainTextElement } from '@slack/types';
import { MOST_EVIDENCE_CHARS } from '../../../core/chat/evidence-size.ts';
import { context } from './blocks.ts';
import { cutMrkdwn, cutPlain } from './mrkdwn.ts';
import type { MessageBlock, RenderedMessage } from './rendered-message.ts';

/** Slack's own limits are higher; the distance keeps a message valid when Slack counts otherwise than we do. */
export const CAPS = {
  totalChars: 10_000,
  jsonBytes: 12_000,
  section: 2_800,
  title: 150,
  mechanism: 500,
  proof: 600,
  evidence: MOST_EVIDENCE_CHARS,
  fields: 6,
  field: 300,
  contextElements: 4,
  context: 300,
  rows: 8,
  columns: 3,
  cell: 60,
  tasks: 12,
  button: 22,
  spoken: 75,
  optionLabel: 75,
  fallback: 300,
  plain: 3_500,
} as const;

/** Tried one after the other until everything together fits; characters of four bytes need the small ones. */
const SCALES = [1, 0.75, 0.5, 0.35, 0.25, 0.15, 0.1];

/** How a message is made to fit. */
export interface FitOptions {
  /** Mrkdwn that says where the rest is; added to the small print when something was cut. */
  readonly rest?: string;
  /** Something was cut before already. */
  readonly shortened?: boolean;
}

/** Blocks within their limits, and whether something was left out for it. */
export interface Fitted {
  readonly blocks: readonly MessageBlock[];
  readonly cut: boolean;
}

/** Shortens a message until each part and all of it together is within the limits; deterministic. */
export function fitBudget(message: RenderedMessage, options: FitOptions = {}): RenderedMessage {
  const { blocks } = message;
  if (blocks === undefined) {
    return { text: cutMrkdwn(message.text, CAPS.plain) };
  }
  const text = cutMrkdwn(message.text, CAPS.fallback);
  const first = fitBlocks(blocks, text);
  const told = options.rest !== undefined && (first.cut || options.shortened === true);
  return { text, blocks: told ? fitBlocks(withNote(blocks, options.rest), text).blocks : first.blocks };
}

/** How much all blocks together may hold. */
export interface Totals {
  readonly chars: number;
  readonly bytes: number;
}

const MESSAGE: Totals = { chars: CAPS.totalChars, bytes: CAPS.jsonBytes };
/** Slack takes 250,000 bytes of a view. */
export const VIEW: Totals = { chars: 40_000, bytes: 120_000 };

/** The same for blocks alone, as a view has them. */
export function fitBlocks(blocks: readonly MessageBlock[], text = '', totals: Totals = MESSAGE): Fitted {
  let fitted: Fitted = { blocks, cut: false };
  for (const scale of SCALES) {
    fitted = atScale(blocks, scale);
    if (isWithin({ text, blocks: fitted.blocks }, totals)) {
      return fitted;
    }
  }
  return fitted;
}

type Trim = (text: string, cap: number, kind?: 'mrkdwn' | 'plain') => string;

function atScale(blocks: readonly MessageBlock[], scale: number): Fitted {
  let cut = false;
  const trim: Trim = (text, cap, kind = 'mrkdwn') => {
    const limit = cap > CAPS.spoken ? Math.floor(cap * scale) : cap;
    const kept = kind === 'mrkdwn' ? cutMrkdwn(text, limit) : cutPlain(text, limit);
    // Labels of buttons are names; what they stand for is said elsewhere.
    cut ||= kept !== text && cap !== CAPS.button && cap !== CAPS.spoken;
    return kept;
  };
  return { blocks: blocks.map((block) => fitBlock(block, trim)), cut };
}

function fitBlock(block: MessageBlock, trim: Trim): MessageBlock {
  switch (block.type) {
    case 'section':
      return {
        ...block,
        ...(block.text === undefined ? {} : { text: fitText(block.text, CAPS.section, trim) }),
        ...(block.fields === undefined
          ? {}
          : { fields: block.fields.slice(0, CAPS.fields).map((field) => fitText(field, CAPS.field, trim)) }),
      };
    case 'context':
      return {
        ...block,
        elements: block.elements
          .slice(0, CAPS.contextElements)
          .map((element) =>
            element.type === 'mrkdwn' || element.type === 'plain_text' ? fitText(element, CAPS.context, trim) : element,
          ),
      };
    case 'actions':
      return fitActions(block, trim);
    case 'rich_text':
      return fitRichText(block, trim);
    case 'plan':
      return {
        ...block,
        title: trim(block.title, CAPS.title, 'plain'),
        tasks: block.tasks
          .slice(0, CAPS.tasks)
          .map((task) => ({ ...task, title: trim(task.title, CAPS.title, 'plain') })),
      };
    case 'table':
      return { ...block, rows: block.rows.slice(0, CAPS.rows).map((row) => fitRow(row, trim)) };
  }
}

function fitText<T extends MrkdwnElement | PlainTextElement>(text: T, cap: number, trim: Trim): T {
  return { ...text, text: trim(text.text, cap, text.type === 'mrkdwn' ? 'mrkdwn' : 'plain') };
}

function fitActions(block: ActionsBlock, trim: Trim): ActionsBlock {
  return { ...block, elements: block.elements.map((element) => fitElement(element, trim)) };
}

function fitElement(element: ActionsBlockElement, trim: Trim): ActionsBlockElement {
  if (element.type === 'overflow') {
    const options = element.options.map((option) => ({
      ...option,
      text: fitText(option.text, CAPS.optionLabel, trim),
    }));
    return { ...element, options };
  }
  if (element.type !== 'button') {
    return element;
  }
  const spoken = element.accessibility_label ?? element.text.text;
  return {
    ...element,
    text: fitText(element.text, CAPS.button, trim),
    accessibility_label: trim(spoken, CAPS.spoken, 'plain'),
  };
}

function fitRichText(
  block: Extract<MessageBlock, { type: 'rich_text' }>,
  trim: Trim,
): Extract<MessageBlock, { type: 'rich_text' }> {
  const cap = block.block_id?.endsWith(':proof') === true ? CAPS.proof : CAPS.evidence;
  const elements = block.elements.map((element) =>
    element.type === 'rich_text_preformatted'
      ? {
          ...element,
          elements: element.elements.map((part) =>
            part.type === 'text' ? { ...part, text: trim(part.text, cap, 'plain') } : part,
          ),
        }
      : element,
  );
  return { ...block, elements };
}

type Row = Extract<MessageBlock, { type: 'table' }>['rows'][number];

function fitRow(row: Row, trim: Trim): Row {
  return row
    .slice(0, CAPS.columns)
    .map((cell) => (cell.type === 'raw_text' ? { ...cell, text: trim(cell.text, CAPS.cell, 'plain') || '–' } : cell));
}

function withNote(blocks: readonly MessageBlock[], note: string | undefined): readonly MessageBlock[] {
  const last = blocks.at(-1);
  if (note === undefined || last?.type !== 'context') {
    return blocks;
  }
  const noted = context('', [note]).elements;
  return [...blocks.slice(0, -1), { ...last, elements: [...last.elements, ...noted] }];
}

function isWithin(message: RenderedMessage, { chars, bytes }: Totals): boolean {
  return textLength(message) <= chars && Buffer.byteLength(JSON.stringify(message)) <= bytes;
}

/** Characters of all that is shown, as Slack's limit on a message counts them. */
function textLength(value: unknown): number {
  if (typeof value !== 'object' || value === null) {
    return 0;
  }
  return Object.entries(value).reduce(
    (sum, [key, part]) => sum + (key === 'text' && typeof part === 'string' ? part.length : textLength(part)),
    0,
  );
}
