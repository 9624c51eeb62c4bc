import { shorten } from '../facts/text.ts';
import type { Labels } from './alert.ts';

/** How many of something an alert may have, and how long one may be. */
export interface LabelLimits {
  readonly most: number;
  readonly longest: number;
}

/** What is kept of the labels of one alert. */
export const LABEL_LIMITS: LabelLimits = { most: 100, longest: 1024 };
/** What is kept of its annotations. */
export const ANNOTATION_LIMITS: LabelLimits = { most: 50, longest: 4096 };

/** Counts what was left out while a delivery is read. */
export interface CutTally {
  shortened: number;
  dropped: number;
}

const LONGEST_NAME = 128;
const CONTROL =
  // eslint-disable-next-line no-control-regex -- these characters are exactly what must go
  /[\u0000-\u001f\u007f-\u009f\u2028\u2029]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** Whether a text holds what does not belong into a key. */
export function hasControl(text: string): boolean {
  return CONTROL.test(text);
}

/**
 * Labels out of JSON: texts, and numbers and switches as texts; too long values are shortened, everything else is
 * dropped and counted. Nothing counts as no labels; undefined when it is not an object at all.
 */
export function readLabels(value: unknown, limits: LabelLimits, tally: CutTally): Labels | undefined {
  if (value === undefined || value === null) {
    return {};
  }
  if (typeof value !== 'object' || Array.isArray(value)) {
    return undefined;
  }
  const names = Object.keys(value);
  const kept: [string, string][] = [];
  for (const name of names) {
    if (kept.length >= limits.most) {
      break;
    }
    const text = textOf((value as Readonly<Record<string, unknown>>)[name]);
    if (text !== undefined && isLabelName(name)) {
      kept.push([name, bounded(text, limits.longest, tally)]);
    }
  }
  tally.dropped += names.length - kept.length;
  return Object.fromEntries(kept);
}

/** A text, number or switch as a text. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') {
    return value;
  }
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** At most that many characters; counts when it had more. */
export function bounded(text: string, longest: number, tally: CutTally): string {
  if (text.length <= longest) {
    return text;
  }
  tally.shortened += 1;
  return shorten(text, longest);
}

/** Names with two underscores in front are Prometheus' own and never leave it; `__proto__` is one of them. */
function isLabelName(name: string): boolean {
  return name !== '' && name.length <= LONGEST_NAME && !name.startsWith('__') && !hasControl(name);
}
