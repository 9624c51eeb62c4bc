import { REDACTED } from './marker.ts';

/** A value found at a position: `text.slice(start, end)`. */
export interface ValueSpan {
  readonly start: number;
  readonly end: number;
  readonly quoted: boolean;
}

// Linear: each line is read once; the reference repeats the white space of the first line.
const YAML_BLOCK = /(?<head>[|>][-+]?\d?[ \t]{0,8}\r?\n(?<indent>[ \t]{1,64}))[^\n]*(?:\n\k<indent>[^\n]*)*/y;
const OPENING = /\[?(?<delimiter>\\{0,8}["'`])/y;
const RUN = /[^\s"'`<]+/y;
// Looked at first, so that a long line of short pairs is not read to its end for each of them.
const HEAD_LENGTH = 512;
const HEAD = /[^\s"'`<]{1,512}/y;
const PAIR_LENGTH = 72;
const NEXT_PAIR = /(?:[,;&]|%26)(?=$|[,;&]|[ \t]{0,4}[A-Za-z_][\w.-]{0,40}(?: [A-Za-z]{1,20})?(?:[=:]|%3D))/i;
const CLOSERS = /[)\]},;\\]{1,16}$/;

/** Reads the quoted or bare value that starts at `position`. */
export function readValue(text: string, position: number): ValueSpan {
  if (text.startsWith(REDACTED, position) && !continues(text, position + REDACTED.length)) {
    return { start: position, end: position + REDACTED.length, quoted: false };
  }
  const head = blockHead(text, position);
  if (head !== undefined) {
    return { start: position + head.length, end: YAML_BLOCK.lastIndex, quoted: false };
  }
  OPENING.lastIndex = position;
  const delimiter = OPENING.exec(text)?.groups?.delimiter;
  if (delimiter === undefined) {
    return readBare(text, position);
  }
  const start = OPENING.lastIndex;
  return { start, end: closingIndex(text, start, delimiter), quoted: true };
}

/** `|` and the indentation of the lines that follow; leaves the end of the block in the pattern. */
function blockHead(text: string, position: number): string | undefined {
  YAML_BLOCK.lastIndex = position;
  return YAML_BLOCK.exec(text)?.groups?.head;
}

function continues(text: string, position: number): boolean {
  return position < text.length && !/[\s"'`)\]},;&<\\]/.test(text.charAt(position));
}

/** A quote closes only with the same number of backslashes as the opening one; a cut-off value ends with its line. */
function closingIndex(text: string, start: number, delimiter: string): number {
  const quote = delimiter.slice(-1);
  const level = delimiter.length - 1;
  const newline = text.indexOf('\n', start);
  const limit = newline === -1 ? text.length : newline;
  for (let index = text.indexOf(quote, start); index !== -1 && index < limit; index = text.indexOf(quote, index + 1)) {
    const backslashes = countBackslashes(text, start, index);
    if (level === 0 ? backslashes % 2 === 0 : backslashes === level) {
      return index - level;
    }
  }
  return limit;
}

function countBackslashes(text: string, start: number, index: number): number {
  let count = 0;
  while (index - count > start && text.charAt(index - count - 1) === '\\') {
    count += 1;
  }
  return count;
}

function readBare(text: string, position: number): ValueSpan {
  const bracket = text.charAt(position) === '[' && !text.startsWith(REDACTED, position) ? 1 : 0;
  const start = position + bracket;
  const value = bareValue(text, start);
  const kept = value.startsWith(REDACTED) ? REDACTED.length : 0;
  const closers = CLOSERS.exec(value.slice(kept))?.[0].length ?? 0;
  return { start, end: start + value.length - closers, quoted: false };
}

function bareValue(text: string, start: number): string {
  const head = matchAt(HEAD, text, start);
  const pair = NEXT_PAIR.exec(head)?.index;
  if (head.length < HEAD_LENGTH || (pair !== undefined && pair < HEAD_LENGTH - PAIR_LENGTH)) {
    return head.slice(0, pair);
  }
  const run = matchAt(RUN, text, start);
  return run.slice(0, NEXT_PAIR.exec(run)?.index);
}

function matchAt(pattern: RegExp, text: string, position: number): string {
  pattern.lastIndex = position;
  return pattern.exec(text)?.[0] ?? '';
}
