import type { SlackObject } from '../store/records.ts';
import { isObject, isTyped, visibleLength, walk } from './walk.ts';

const MOST_TEXT = 10_000;
const MOST_JSON_BYTES = 12_000;
const MOST_METADATA_BYTES = 1024;
const MOST_FALLBACK = 300;
const MOST_PLAIN = 3500;
const MOST_HOME_BLOCKS = 60;
// Ids and a digest, nothing that means something by itself.
const MOST_PRIVATE_METADATA = 128;
const OPAQUE = /^[\w.:-]{1,64}$/;

/** What a message says, for the check of its size. */
export interface CappedMessage {
  readonly text: string;
  readonly blocks: readonly SlackObject[];
  readonly attachments: readonly SlackObject[];
  readonly metadata?: unknown;
}

/** Where a message that Slack accepts is larger than Kubewhy allows itself. */
export function messageOverCaps(message: CappedMessage): readonly string[] {
  const { text, blocks, attachments, metadata } = message;
  const fallback = blocks.length > 0 ? MOST_FALLBACK : MOST_PLAIN;
  return [
    ...over('text', characters(text), fallback, 'characters'),
    ...(text === '' ? ['text: empty, so notifications and screen readers have nothing'] : []),
    ...over('all text', visibleLength(blocks), MOST_TEXT, 'characters'),
    ...over('blocks', Buffer.byteLength(JSON.stringify(blocks)), MOST_JSON_BYTES, 'bytes'),
    ...over('attachments', attachments.length, 1, 'attachments'),
    ...over('metadata', Buffer.byteLength(JSON.stringify(metadata ?? '')), MOST_METADATA_BYTES - 1, 'bytes'),
    ...blocks.flatMap((block, index) =>
      block.type === 'header' ? [`/blocks/${index}: header is not for messages`] : [],
    ),
    ...blocksOverCaps(blocks, '/blocks'),
  ];
}

/** The same for a modal or Home tab. */
export function viewOverCaps(view: SlackObject, blocks: readonly SlackObject[]): readonly string[] {
  const privateMetadata = typeof view['private_metadata'] === 'string' ? view['private_metadata'] : '';
  return [
    ...(view.type === 'home' ? over('/view/blocks', blocks.length, MOST_HOME_BLOCKS, 'blocks') : []),
    ...over('/view/private_metadata', characters(privateMetadata), MOST_PRIVATE_METADATA, 'characters'),
    ...blocksOverCaps(blocks, '/view/blocks'),
  ];
}

function blocksOverCaps(blocks: readonly SlackObject[], start: string): readonly string[] {
  const found: string[] = [];
  for (const { object, pointer } of walk(blocks, start)) {
    const rule = isTyped(object) ? RULES[object.type] : undefined;
    found.push(...(rule?.(object, pointer) ?? []));
    found.push(...optionOverCaps(object, pointer));
  }
  return found;
}

type Rule = (object: Readonly<Record<string, unknown>>, pointer: string) => readonly string[];

const RULES: Readonly<Record<string, Rule>> = {
  section: (section, pointer) => [
    ...over(`${pointer}/text`, textLength(section['text']), 2800, 'characters'),
    ...textsOverCaps(section['fields'], `${pointer}/fields`, 6, 300),
  ],
  context: (context, pointer) => textsOverCaps(context['elements'], `${pointer}/elements`, 4, 300),
  actions: (actions, pointer) => {
    const elements = listOf(actions['elements']).filter(isTyped);
    const overflows = elements.filter(({ type }) => type === 'overflow').length;
    return [
      ...over(pointer, elements.length - overflows, 4, 'buttons'),
      ...over(pointer, overflows, 1, 'overflow menus'),
    ];
  },
  button: (button, pointer) => [
    ...over(`${pointer}/text`, textLength(button['text']), 22, 'characters'),
    ...(typeof button['accessibility_label'] === 'string' ? [] : [`${pointer}: accessibility_label is missing`]),
    ...opaque(button['value'], `${pointer}/value`),
  ],
  table: (table, pointer) => {
    const rows = listOf(table['rows']).map(listOf);
    return [
      ...over(`${pointer}/rows`, rows.length, 8, 'rows'),
      ...over(`${pointer}/rows`, Math.max(0, ...rows.map(({ length }) => length)), 3, 'columns'),
      ...rows.flat().flatMap((cell) => over(`${pointer}/rows`, visibleLength([cell]), 60, 'characters in a cell')),
    ];
  },
};

function optionOverCaps(object: Readonly<Record<string, unknown>>, pointer: string): readonly string[] {
  const isOption = object['type'] === undefined && isObject(object['text']) && 'value' in object;
  return isOption ? opaque(object['value'], `${pointer}/value`) : [];
}

function opaque(value: unknown, pointer: string): readonly string[] {
  const fine = value === undefined || (typeof value === 'string' && OPAQUE.test(value));
  return fine ? [] : [`${pointer}: must be an opaque id of at most 64 characters`];
}

function textsOverCaps(texts: unknown, pointer: string, most: number, length: number): readonly string[] {
  const list = listOf(texts);
  return [
    ...over(pointer, list.length, most, 'items'),
    ...list.flatMap((item, index) => over(`${pointer}/${index}`, textLength(item), length, 'characters')),
  ];
}

function over(what: string, count: number, most: number, unit: string): readonly string[] {
  return count > most ? [`${what}: ${count} ${unit}, the cap is ${most}`] : [];
}

function textLength(value: unknown): number {
  return isObject(value) && typeof value['text'] === 'string' ? characters(value['text']) : 0;
}

function characters(text: string): number {
  return Array.from(text).length;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
