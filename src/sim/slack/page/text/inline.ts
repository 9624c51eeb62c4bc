import type { RichTextSectionElement } from 'slack-blocks-to-jsx';
import type { InlineStyle } from './inline-style.ts';
import { parseToken } from './token.ts';

/** How a line of text is read. */
export interface InlineOptions {
  readonly verbatim?: boolean;
  /** Inside a code block: no styles, no emoji, no addresses. */
  readonly code?: boolean;
  /** A plain text: emoji only, and nothing is escaped in it. */
  readonly plain?: boolean;
}

interface Found {
  readonly elements: readonly RichTextSectionElement[];
  /** Where the text goes on. */
  readonly end: number;
}

interface Scan {
  readonly text: string;
  readonly style: InlineStyle;
  readonly options: InlineOptions;
  /** How many styles may still be nested. */
  readonly depth: number;
}

const STYLES: Readonly<Record<string, InlineStyle>> = {
  '*': { bold: true },
  _: { italic: true },
  '~': { strike: true },
};
const EMOJI = /:([a-z0-9_+'-]{1,80}):/y;
const ADDRESS = /https?:\/\/[^\s<>|"'`*]+[^\s<>|"'`*.,:;!?)\]}]/y;
const WORD = /[\p{L}\p{N}]/u;
const SPACE = /\s/;
const MOST_NESTING = 4;

/** A text as the elements of a rich text section. */
export function parseInline(text: string, options: InlineOptions): RichTextSectionElement[] {
  return merged(scanAll({ text, style: {}, options, depth: MOST_NESTING }));
}

function scanAll(scan: Scan): RichTextSectionElement[] {
  const elements: RichTextSectionElement[] = [];
  let at = 0;
  while (at < scan.text.length) {
    const found = findMarkup(scan, at);
    if (found === undefined) {
      elements.push(textElement(scan.text.charAt(at), scan));
      at += 1;
    } else {
      elements.push(...found.elements);
      at = found.end;
    }
  }
  return elements;
}

function findMarkup(scan: Scan, at: number): Found | undefined {
  const { text, options } = scan;
  const character = text.charAt(at);
  if (options.plain === true) {
    return character === ':' ? findEmoji(scan, at) : undefined;
  }
  switch (character) {
    case '<':
      return findToken(scan, at);
    case '&':
      return findEntity(scan, at);
    default:
      return options.code === true ? undefined : findStyled(scan, at, character);
  }
}

function findStyled(scan: Scan, at: number, character: string): Found | undefined {
  switch (character) {
    case '`':
      return findCode(scan, at);
    case ':':
      return findEmoji(scan, at);
    case 'h':
      return findAddress(scan, at);
    case '*':
    case '_':
    case '~':
      return findEmphasis(scan, at, character);
    default:
      return undefined;
  }
}

function findToken({ text, style }: Scan, at: number): Found | undefined {
  const close = text.indexOf('>', at);
  if (close === -1) {
    return undefined;
  }
  const element = parseToken(text.slice(at + 1, close), style);
  return element === undefined ? undefined : { elements: [element], end: close + 1 };
}

function findEntity(scan: Scan, at: number): Found | undefined {
  const entity = /&(?:amp|lt|gt);/y;
  entity.lastIndex = at;
  const name = entity.exec(scan.text)?.[0];
  return name === undefined ? undefined : { elements: [textElement(decode(name), scan)], end: at + name.length };
}

function findCode(scan: Scan, at: number): Found | undefined {
  const { text, style } = scan;
  const close = text.indexOf('`', at + 1);
  const content = text.slice(at + 1, close);
  if (close === -1 || content.trim() === '' || content.includes('\n')) {
    return undefined;
  }
  const inside = { ...scan, text: content, style: { ...style, code: true }, options: { code: true } } as const;
  return { elements: scanAll(inside), end: close + 1 };
}

function findEmoji({ text }: Scan, at: number): Found | undefined {
  EMOJI.lastIndex = at;
  const match = EMOJI.exec(text);
  const name = match?.[1];
  // A time such as 12:30:45 is no emoji.
  if (match === null || name === undefined || /^\d+$/.test(name)) {
    return undefined;
  }
  return { elements: [{ type: 'emoji', name }], end: at + match[0].length };
}

function findAddress({ text, style, options }: Scan, at: number): Found | undefined {
  ADDRESS.lastIndex = at;
  const url = options.verbatim === true ? undefined : ADDRESS.exec(text)?.[0];
  if (url === undefined || WORD.test(text.charAt(at - 1))) {
    return undefined;
  }
  return { elements: [{ type: 'link', url: decode(url), text: decode(url), style }], end: at + url.length };
}

function findEmphasis(scan: Scan, at: number, mark: string): Found | undefined {
  const { text, style, depth } = scan;
  if (depth === 0 || WORD.test(text.charAt(at - 1)) || SPACE.test(text.charAt(at + 1))) {
    return undefined;
  }
  const close = closingMark(text, at + 1, mark);
  if (close === -1) {
    return undefined;
  }
  const inside = { ...scan, text: text.slice(at + 1, close), style: { ...style, ...STYLES[mark] }, depth: depth - 1 };
  return { elements: scanAll(inside), end: close + 1 };
}

/** Where the style ends: on the same line, after a character, before no letter, and not inside code or a token. */
function closingMark(text: string, from: number, mark: string): number {
  for (let at = from; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '\n') {
      return -1;
    }
    if (character === mark && at > from && !SPACE.test(text.charAt(at - 1)) && !WORD.test(text.charAt(at + 1))) {
      return at;
    }
    at = skipped(text, at, character);
  }
  return -1;
}

function skipped(text: string, at: number, character: string): number {
  if (character !== '`' && character !== '<') {
    return at;
  }
  const end = text.indexOf(character === '`' ? '`' : '>', at + 1);
  return end === -1 || text.slice(at, end).includes('\n') ? at : end;
}

function textElement(text: string, { style }: Scan): RichTextSectionElement {
  return Object.keys(style).length === 0 ? { type: 'text', text } : { type: 'text', text, style };
}

function decode(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** Neighbours with the same style as one element. */
function merged(elements: readonly RichTextSectionElement[]): RichTextSectionElement[] {
  const result: RichTextSectionElement[] = [];
  for (const element of elements) {
    const last = result.at(-1);
    const joins =
      last?.type === 'text' && element.type === 'text' && JSON.stringify(last.style) === JSON.stringify(element.style);
    if (joins) {
      result[result.length - 1] = { ...last, text: last.text + element.text };
    } else {
      result.push(element);
    }
  }
  return result;
}
