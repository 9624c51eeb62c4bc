import { createPaint, type Paint, type Tone } from './paint.ts';
import { padEnd, textWidth } from './text-width.ts';
import { wrapText } from './wrap.ts';

/** How text is laid out. */
export interface PageOptions {
  /** Columns of the terminal; default 80. */
  readonly width?: number;
  readonly color?: boolean;
}

/** A text beside a label; `mark` stands before its first line, `after` behind its last one where there is room. */
export interface Item {
  readonly text: string;
  readonly mark?: string;
  readonly after?: string;
  readonly tone?: Tone;
}

/** A label with its items; left out when it has none. */
export interface Section {
  readonly label: string;
  readonly items: readonly Item[];
}

/** Lays out labelled texts within the width of a terminal. */
export interface Page {
  readonly width: number;
  readonly paint: Paint;
  section(section: Section): readonly string[];
}

const NARROWEST = 30;
const LABEL_INDENT = '  ';
const LABEL_WIDTH = 8;
const TAIL_GAP = '   ';
/** Lines of one item; a longer text is in the structured output. */
const MOST_LINES = 20;

/** Creates a page; every text that it lays out is made printable. */
export function createPage({ width = 80, color = false }: PageOptions): Page {
  const columns = Math.max(NARROWEST, Math.floor(width));
  const paint = createPaint(color);
  return {
    width: columns,
    paint,
    section: ({ label, items }) => {
      const room = columns - LABEL_INDENT.length - LABEL_WIDTH;
      const lines = items.filter(({ text }) => text.trim() !== '').flatMap((item) => itemLines(item, room, paint));
      return lines.map((line, index) => {
        const head = index === 0 ? paint('quiet', padEnd(label, LABEL_WIDTH)) : ' '.repeat(LABEL_WIDTH);
        return line === '' && index > 0 ? '' : `${LABEL_INDENT}${head}${line}`;
      });
    },
  };
}

/** Items without marks. */
export function plainItems(texts: readonly string[]): readonly Item[] {
  return texts.map((text) => ({ text }));
}

function itemLines({ text, mark, tone, after = '' }: Item, width: number, paint: Paint): readonly string[] {
  const lead = mark === undefined ? '' : `${mark} `;
  const indent = ' '.repeat(textWidth(lead));
  const lines = withTail(wrapText(text.trim(), width - indent.length), after, width - indent.length);
  const shown = lines.length > MOST_LINES ? [...lines.slice(0, MOST_LINES - 1), '…'] : lines;
  return shown.map((line, index) => {
    if (index > 0) {
      return line === '' ? '' : indent + line;
    }
    return (tone === undefined ? lead : paint(tone, lead)) + line;
  });
}

function withTail(lines: readonly string[], tail: string, width: number): readonly string[] {
  if (tail === '') {
    return lines;
  }
  const joined = `${lines.at(-1) ?? ''}${TAIL_GAP}${tail}`;
  return textWidth(joined) <= width ? [...lines.slice(0, -1), joined] : [...lines, ...wrapText(tail, width)];
}
