import { quoted } from '../command/usage-error.ts';
import { compilePattern, PatternError } from '../expression/pattern.ts';

/** One condition on a label, as Alertmanager compares it. */
export interface SilenceMatcher {
  readonly name: string;
  /** A whole value, or with `isRegex` an RE2 pattern that must fit the whole value. Hostile text. */
  readonly value: string;
  readonly isRegex: boolean;
  /** False turns the condition round. */
  readonly isEqual: boolean;
}

/** A silence as Alertmanager is asked for it. */
export interface SilenceDraft {
  readonly matchers: readonly SilenceMatcher[];
  /** RFC 3339. Alertmanager takes its own time for one that is over already. */
  readonly startsAt: string;
  /** RFC 3339. */
  readonly endsAt: string;
  readonly createdBy: string;
  readonly comment: string;
}

/** What may be typed at most; Slack's own limit for a text is 3,000 characters. */
export const SILENCE_LIMITS = {
  matchers: 20,
  matchersChars: 3000,
  nameChars: 128,
  valueChars: 1024,
  commentChars: 500,
  leastMinutes: 5,
  mostMinutes: 30 * 24 * 60,
} as const;

/** The durations that people choose from, in minutes. */
export const SILENCE_CHOICES = [
  { label: '1 hour', minutes: 60 },
  { label: '4 hours', minutes: 240 },
  { label: '24 hours', minutes: 1440 },
  { label: '3 days', minutes: 4320 },
] as const;

/** What was understood, or the first thing that is wrong, as a sentence for the person who typed it. */
export type ParsedMatchers =
  | { readonly kind: 'valid'; readonly matchers: readonly SilenceMatcher[] }
  | { readonly kind: 'invalid'; readonly reason: string };

// Phones turn straight quotes into curly ones.
const LINE = /^([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*["\u201c\u201d]((?:[^"\\\u201c\u201d]|\\.)*)["\u201c\u201d]$/u;
const UNESCAPED: Readonly<Record<string, string>> = { n: '\n', '"': '"', '\\': '\\' };
// What no label says, in the alphabets of names of objects and of alerts, long and short.
const NONSENSE = ['xqz9-vjw7-kqx', 'XqzVjw9Kqx', 'jq7'] as const;
const LEFT_EMPTY = 'Write at least one matcher, such as alertname="KubePodCrashLooping".';

/**
 * Reads matchers as people write them, one a line. Stricter than Alertmanager: one of them must tell alerts apart, which
 * neither `.+` does nor `!=` and `!~`, as they fit a label that is not there.
 */
export function parseMatchers(text: string): ParsedMatchers {
  if (text.length > SILENCE_LIMITS.matchersChars) {
    return invalid(`The matchers are longer than ${SILENCE_LIMITS.matchersChars} characters.`);
  }
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length === 0) {
    return invalid(LEFT_EMPTY);
  }
  if (lines.length > SILENCE_LIMITS.matchers) {
    return invalid(`There are ${lines.length} matchers; at most ${SILENCE_LIMITS.matchers} are taken.`);
  }
  const matchers: SilenceMatcher[] = [];
  for (const [index, line] of lines.entries()) {
    const matcher = parseLine(line);
    if (typeof matcher === 'string') {
      return invalid(`Line ${index + 1}: ${matcher}`);
    }
    matchers.push(matcher);
  }
  return matchers.some(restricts)
    ? { kind: 'valid', matchers }
    : invalid(
        'Every one of these matchers fits whatever its label says, or a label that is not there, so they would silence all alerts. At least one must name a value.',
      );
}

/** A matcher as people write it: `alertname=~"A|B"`. */
export function matcherText({ name, value, isRegex, isEqual }: SilenceMatcher): string {
  const operator = isRegex ? (isEqual ? '=~' : '!~') : isEqual ? '=' : '!=';
  const escaped = value
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`);
  return `${name}${operator}"${escaped}"`;
}

/** The condition that a label has one of these values; undefined without values. */
export function anyOf(name: string, values: readonly string[]): SilenceMatcher | undefined {
  const [only, ...others] = [...new Set(values)].filter((value) => value !== '');
  if (only === undefined) {
    return undefined;
  }
  return others.length === 0
    ? { name, value: only, isRegex: false, isEqual: true }
    : { name, value: [only, ...others].map(escapeRe2).join('|'), isRegex: true, isEqual: true };
}

/** What is wrong with a duration, or nothing. */
export function durationProblem(minutes: number): string | undefined {
  const { leastMinutes, mostMinutes } = SILENCE_LIMITS;
  return Number.isInteger(minutes) && minutes >= leastMinutes && minutes <= mostMinutes
    ? undefined
    : `A silence holds from ${leastMinutes} minutes to ${mostMinutes / 1440} days.`;
}

/** What is wrong with a comment, or nothing. */
export function commentProblem(comment: string): string | undefined {
  if (comment.trim() === '') {
    return 'Say why, for those who look at Alertmanager.';
  }
  return comment.length > SILENCE_LIMITS.commentChars
    ? `The comment is longer than ${SILENCE_LIMITS.commentChars} characters.`
    : undefined;
}

function invalid(reason: string): ParsedMatchers {
  return { kind: 'invalid', reason };
}

/** The matcher, or what is wrong with the line. */
function parseLine(line: string): SilenceMatcher | string {
  const parts = LINE.exec(line);
  if (parts === null) {
    return `${quoted(line)} is no matcher; write name="value", with =, !=, =~ or !~, one a line.`;
  }
  const [, name = '', operator = '', escaped = ''] = parts;
  const isRegex = operator.endsWith('~');
  const value = unescaped(escaped);
  const problem = nameProblem(name) ?? valueProblem(value) ?? (isRegex ? patternProblem(value) : undefined);
  return problem ?? { name, value, isRegex, isEqual: operator.startsWith('=') };
}

function nameProblem(name: string): string | undefined {
  return name.length > SILENCE_LIMITS.nameChars
    ? `the name of the label is longer than ${SILENCE_LIMITS.nameChars} characters.`
    : undefined;
}

function valueProblem(value: string): string | undefined {
  return value.length > SILENCE_LIMITS.valueChars
    ? `the value is longer than ${SILENCE_LIMITS.valueChars} characters.`
    : undefined;
}

function patternProblem(value: string): string | undefined {
  try {
    compilePattern(anchored(value));
    return undefined;
  } catch (error) {
    if (error instanceof PatternError) {
      return `the pattern cannot be used: ${error.reason}.`;
    }
    throw error;
  }
}

/** A backslash before anything else means itself, as in Alertmanager, so that patterns need not be escaped twice. */
function unescaped(text: string): string {
  return text.replaceAll(/\\([\s\S])/gu, (whole: string, char: string) => UNESCAPED[char] ?? whole);
}

function anchored(pattern: string): string {
  return `^(?:${pattern})$`;
}

/** Whether alerts are told apart: what fits a label that is not there, which counts as empty, or nonsense fits everything. */
function restricts({ value, isRegex, isEqual }: SilenceMatcher): boolean {
  if (!isRegex) {
    return isEqual && value !== '';
  }
  const pattern = compilePattern(anchored(value));
  return ['', ...NONSENSE].every((text) => pattern.test(text) !== isEqual);
}

function escapeRe2(value: string): string {
  return value.replaceAll(/[\\.+*?()|[\]{}^$]/g, String.raw`\$&`);
}
