import type {
  ActionsBlock,
  Button,
  ContextBlock,
  MrkdwnElement,
  Overflow,
  PlainTextElement,
  PlanBlock,
  RichTextBlock,
  SectionBlock,
  TableBlock,
  TaskCardBlock,
} from '@slack/types';
import { printable } from '../../../core/facts/text.ts';
import { plainWords } from './mrkdwn.ts';

/** A line of mrkdwn fields: its label in bold above its value. */
export interface Field {
  readonly label: string;
  /** Mrkdwn. */
  readonly value: string;
}

/** A plan whose tasks are all ours. */
export interface TaskPlan extends PlanBlock {
  readonly tasks: TaskCardBlock[];
}

/** One thing of a plan. */
export interface Task {
  /** Plain text. */
  readonly title: string;
  readonly status: TaskCardBlock['status'];
}

/** Mrkdwn in which Slack parses nothing but what we wrote: no names, no bare addresses. */
function mrkdwnText(text: string): MrkdwnElement {
  return { type: 'mrkdwn', text, verbatim: true };
}

/** Text that is shown as it is; colons make no emoji. */
export function plainText(text: string): PlainTextElement {
  return { type: 'plain_text', text, emoji: false };
}

/** A section of mrkdwn. */
export function section(id: string, text: string): SectionBlock {
  return { type: 'section', block_id: id, text: mrkdwnText(text) };
}

/** Short facts in two columns. */
export function fieldsSection(id: string, fields: readonly Field[]): SectionBlock {
  const shown = fields.filter(({ value }) => value !== '');
  return { type: 'section', block_id: id, fields: shown.map(({ label, value }) => mrkdwnText(`*${label}*\n${value}`)) };
}

/** Small print of mrkdwn elements. */
export function context(id: string, elements: readonly string[]): ContextBlock {
  return { type: 'context', block_id: id, elements: elements.map(mrkdwnText) };
}

/** Lines shown exactly as they are, in a box; Slack parses nothing in it. */
export function preformatted(id: string, lines: readonly string[]): RichTextBlock {
  const text = printable(lines.join('\n')).replaceAll('\t', '  ');
  return {
    type: 'rich_text',
    block_id: id,
    elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text }] }],
  };
}

/** A table of plain cells, the first row its head. */
export function table(id: string, rows: readonly (readonly string[])[]): TableBlock {
  return {
    type: 'table',
    block_id: id,
    column_settings: (rows[0] ?? []).map(() => ({ is_wrapped: true })),
    rows: rows.map((row) => row.map((cell) => ({ type: 'raw_text', text: plainWords(cell) }))),
  };
}

/** Tasks with their state below a title; both are plain text. */
export function plan(id: string, title: string, tasks: readonly Task[]): TaskPlan {
  return {
    type: 'plan',
    block_id: id,
    title: plainWords(title) || '–',
    tasks: tasks.map((task, index) => ({
      type: 'task_card',
      task_id: `${index + 1}`,
      title: plainWords(task.title) || '–',
      status: task.status,
    })),
  };
}

/** A row of buttons and at most one menu. */
export function actions(id: string, elements: readonly (Button | Overflow)[]): ActionsBlock {
  return { type: 'actions', block_id: id, elements: [...elements] };
}

/** A button; `spoken` is what a screen reader says, `value` an opaque id. */
export function button(options: {
  readonly action: string;
  readonly label: string;
  readonly spoken: string;
  readonly value: string;
  /** At most one of a message: what most people will want, or what cannot be taken back. */
  readonly style?: 'primary' | 'danger';
}): Button {
  return {
    type: 'button',
    action_id: options.action,
    text: plainText(plainWords(options.label) || '–'),
    accessibility_label: plainWords(options.spoken),
    value: options.value,
    ...(options.style === undefined ? {} : { style: options.style }),
  };
}

/** A menu behind three dots. */
export function overflow(
  action: string,
  options: readonly { readonly label: string; readonly value: string }[],
): Overflow {
  return {
    type: 'overflow',
    action_id: action,
    options: options.map(({ label, value }) => ({ text: plainText(label), value })),
  };
}
