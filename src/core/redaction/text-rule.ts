import { REDACTED } from './marker.ts';

/**
 * One kind of secret that can be told by its own shape.
 *
 * The patterns are constant JavaScript literals, not RE2, because they run on every log line. They stay
 * linear by construction: a literal (or a class of fixed length) first, then classes with either an upper
 * bound or nothing required behind them, and no quantifier inside a quantifier over the same characters.
 */
export interface TextRule {
  readonly kind: string;
  /** Lower case; the pattern can match only if one of them occurs in the lower-cased text. */
  readonly keywords: readonly string[];
  readonly pattern: RegExp;
  readonly replacement: string;
}

/** A rule whose whole match is the secret. */
export function wholeMatch(kind: string, keywords: readonly string[], pattern: RegExp): TextRule {
  return { kind, keywords, pattern, replacement: REDACTED };
}

/** A rule that keeps what its first group matched and hides the rest. */
export function afterGroup(kind: string, keywords: readonly string[], pattern: RegExp): TextRule {
  return { kind, keywords, pattern, replacement: `$1${REDACTED}` };
}
