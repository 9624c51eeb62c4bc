const LONGEST_TEXT = 8192;

/**
 * One line without nested quoting, as every signature expects it.
 * Typographic quotes come from pasted reports, backslashes from runc's nesting, the prefix from the event recorder.
 */
export function normaliseText(text: string | undefined): string {
  return (text ?? '')
    .slice(0, LONGEST_TEXT)
    .replace(/[\u201c\u201d]/g, '"')
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/\\+"/g, '"')
    .replace(/\(combined from similar events\):\s*/, '')
    .replace(/\s+/g, ' ')
    .trim();
}

// Escape sequences of terminals: CSI, OSC up to BEL or ST, and the two-character forms.
// eslint-disable-next-line no-control-regex -- these characters are exactly what must go
const TERMINAL_ESCAPE = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;
// C0 and C1 without tab and line feed, bidirectional and zero-width formatting, lone surrogates, BOM.
const UNPRINTABLE =
  // eslint-disable-next-line no-control-regex -- these characters are exactly what must go
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Text from the cluster made safe to print: terminal escapes removed, other control characters shown as `\u{…}`. */
export function printable(text: string): string {
  return text
    .replace(TERMINAL_ESCAPE, '')
    .replace(/\r\n?/g, '\n')
    .replace(UNPRINTABLE, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}

/** Printable text with every run of white space as one space. */
export function oneLine(text: string): string {
  return printable(text).replaceAll(/\s+/g, ' ').trim();
}

/** At most `length` characters; what was cut is marked with `…`. */
export function shorten(text: string, length: number): string {
  const characters = Array.from(text.slice(0, length * 2 + 2));
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}

/** `1 pod`, `3 pods`: a count with its noun, of which the plural ends with an s. */
export function amountText(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `a`, `a and b`, `a, b and c`, or with `more` names left out `a, b and 3 more`. */
export function listWords(words: readonly string[], most = 5): string {
  const shown = words.length > most ? [...words.slice(0, most - 1), `${words.length - most + 1} more`] : words;
  const last = shown.at(-1) ?? '';
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`;
}

/** The last line that is not blank; empty when there is none. */
export function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)?.trim() ?? '';
}

/** Arguments as a shell needs them to make the same ones of the text again. */
export function shellWords(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`))
    .join(' ');
}
