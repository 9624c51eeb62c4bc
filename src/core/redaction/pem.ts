import { REDACTED } from './marker.ts';

const BEGIN = '-----BEGIN ';
const END = '-----END ';
const DASHES = '-----';
const MAX_LABEL = 64;

// Linear: separators (white space, or a backslash with n or r) and base64 characters share no character.
const CUT_OFF_BODY = /(?:\s|\\+[nr]){0,8}[A-Za-z0-9+/=]*(?:(?:\s|\\+[nr]){1,8}[A-Za-z0-9+/]{16,}={0,2})*/y;
const LOOSE_LINE = /(?<=^|\s)(?![0-9a-f]{64}(?:\s|$))[A-Za-z0-9+/]{64}(?=\s|$)/gm;
const LOOSE_TAIL = /(?<=^|\s)[A-Za-z0-9+/]{4,76}={0,2}(?=\s{1,4}(?:\S{1,40}\s)?-----END )/gm;

/** Hides the body of PEM blocks, also with `\n` written out and when the text holds only a part of the block. */
export function redactPem(text: string): string {
  if (!text.includes(BEGIN) && !text.includes(END)) {
    return text;
  }
  const blocks = redactBlocks(text);
  // Lines that carry a time stamp each, or a block whose beginning was cut off.
  return blocks.replace(LOOSE_LINE, REDACTED).replace(LOOSE_TAIL, REDACTED);
}

function redactBlocks(text: string): string {
  let result = '';
  let copied = 0;
  for (let begin = text.indexOf(BEGIN); begin !== -1; begin = text.indexOf(BEGIN, copied)) {
    const label = text.indexOf(DASHES, begin + BEGIN.length);
    const bodyStart = label === -1 || label - begin > MAX_LABEL ? begin + BEGIN.length : label + DASHES.length;
    const bodyEnd = endOfBody(text, bodyStart);
    result += text.slice(copied, bodyStart) + (bodyEnd > bodyStart ? REDACTED : '');
    copied = bodyEnd;
  }
  return result + text.slice(copied);
}

function endOfBody(text: string, start: number): number {
  if (text.startsWith(REDACTED, start)) {
    return start + REDACTED.length;
  }
  const dashes = text.indexOf(DASHES, start);
  if (dashes !== -1 && text.startsWith(END, dashes)) {
    return dashes;
  }
  CUT_OFF_BODY.lastIndex = start;
  const body = CUT_OFF_BODY.exec(text)?.[0] ?? '';
  return start + body.trimEnd().length;
}
