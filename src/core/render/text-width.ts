/** Characters of one column that every terminal agrees on; the fast way for almost every text. */
const NARROW = /^[\u0020-\u007e\u00a1-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u21ff\u25cf\u2713\u2717]*$/;
const NO_WIDTH = /[\p{Mn}\p{Me}\p{Cf}]/u;
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f000}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;

let segmenter: Intl.Segmenter | undefined;

/** Columns that a text takes at most in a terminal; joined emoji count as their parts, which no terminal exceeds. */
export function textWidth(text: string): number {
  if (NARROW.test(text)) {
    return text.length;
  }
  let width = 0;
  for (const char of text) {
    width += charWidth(char);
  }
  return width;
}

function charWidth(char: string): number {
  if (NARROW.test(char)) {
    return 1;
  }
  if (char === '\ufe0f') {
    // Asks for the emoji form of the character before it, which is one column wider.
    return 1;
  }
  if (NO_WIDTH.test(char)) {
    return 0;
  }
  return WIDE.test(char) ? 2 : 1;
}

/** What a reader sees as characters: combining marks stay with their letter. */
export function graphemes(text: string): readonly string[] {
  if (NARROW.test(text)) {
    return text.split('');
  }
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** The text with spaces up to `width` columns. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}
