import { printable } from '../facts/text.ts';
import { graphemes, textWidth } from './text-width.ts';

/** Words with the spaces before them; a number stays with its unit of time (`4 m 40 s`). */
const WORDS = /( *)((?:[^ ]|(?<=\d) (?=[dhms](?:\W|$))|(?<=\d [dhms]) (?=\d+ [dhms](?:\W|$)))+)/g;

/**
 * Breaks untrusted text into printable lines of at most `width` columns. Line breaks and runs of spaces are kept; a word
 * is broken only when it is longer than a line.
 */
export function wrapText(text: string, width: number): readonly string[] {
  return printable(text)
    .replaceAll('\t', '  ')
    .split('\n')
    .flatMap((line) => wrapLine(line.trimEnd(), Math.max(2, width)));
}

/** Joins short texts with a separator and breaks lines between them where possible. */
export function flowText(parts: readonly string[], separator: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    const joined = last === undefined ? part : `${last}${separator}${part}`;
    const wrapped = wrapText(joined, width);
    if (last !== undefined && wrapped.length === 1) {
      lines[lines.length - 1] = wrapped[0] ?? '';
    } else {
      lines.push(...wrapText(part, width));
    }
  }
  return lines;
}

function wrapLine(line: string, width: number): readonly string[] {
  if (textWidth(line) <= width) {
    return [line];
  }
  const indent = shortIndent(line, width);
  const lines: string[] = [];
  let current = '';
  for (const [, spaces = '', word = ''] of line.trimStart().matchAll(WORDS)) {
    const gap = current === '' ? '' : spaces;
    if (indent.length + textWidth(current) + gap.length + textWidth(word) <= width) {
      current += gap + word;
      continue;
    }
    if (current !== '') {
      lines.push(current);
    }
    const pieces = breakWord(word, width - indent.length);
    lines.push(...pieces.slice(0, -1));
    current = pieces.at(-1) ?? '';
  }
  return [...lines, current].map((one) => indent + one);
}

/** Further lines begin where the first one does; deep indentation must not leave them without room for words. */
function shortIndent(line: string, width: number): string {
  const spaces = line.length - line.trimStart().length;
  return ' '.repeat(spaces > width / 2 ? 1 : spaces);
}

function breakWord(word: string, width: number): readonly string[] {
  if (textWidth(word) <= width) {
    return [word];
  }
  const pieces: string[] = [];
  let piece = '';
  let used = 0;
  for (const character of graphemes(word).flatMap((one) => fitting(one, width))) {
    const wide = textWidth(character);
    if (used + wide > width) {
      pieces.push(piece);
      piece = '';
      used = 0;
    }
    piece += character;
    used += wide;
  }
  return [...pieces, piece];
}

/** One character may be wider than a line when it is joined from many code points. */
function fitting(character: string, width: number): readonly string[] {
  return textWidth(character) <= width ? [character] : Array.from(character);
}
