import { RE2JS, RE2JSException } from 're2js';

/** Flags with the meaning they have in JavaScript: ignore case, `^$` per line, dot matches newline. */
export type PatternFlags = '' | 'i' | 'm' | 's' | 'im' | 'is' | 'ms' | 'ims';

/** One match; named groups that took no part in it are absent. */
export interface PatternMatch {
  readonly index: number;
  readonly text: string;
  readonly groups: Readonly<Record<string, string>>;
}

/** A compiled pattern whose running time grows linearly with the text, whatever the pattern is. */
export interface Pattern {
  readonly source: string;
  readonly flags: PatternFlags;
  test(text: string): boolean;
  exec(text: string): PatternMatch | undefined;
  execAll(text: string, limit: number): readonly PatternMatch[];
  replaceAll(text: string, replace: (match: PatternMatch) => string): string;
}

/** The pattern cannot be compiled; `reason` says which construct is wrong. */
export class PatternError extends Error {
  readonly pattern: string;
  readonly reason: string;

  constructor(pattern: string, reason: string) {
    super(`The pattern /${pattern}/ cannot be used: ${reason}.`);
    this.name = 'PatternError';
    this.pattern = pattern;
    this.reason = reason;
  }
}

/** Compiles a pattern in JavaScript syntax, named groups as `(?<name>…)`; throws PatternError outside RE2. */
export function compilePattern(source: string, flags: PatternFlags = ''): Pattern {
  const reason = reasonUnsupported(source);
  if (reason !== undefined) {
    throw new PatternError(source, reason);
  }
  return new Re2Pattern(source, flags, compileRe2(source, flags));
}

/** A pattern that was compiled before, at build time; it is compiled again only when a text is first tried. */
export function deferPattern(source: string, flags: PatternFlags = ''): Pattern {
  let compiled: Pattern | undefined;
  const pattern = (): Pattern => {
    compiled ??= compilePattern(source, flags);
    return compiled;
  };
  return {
    source,
    flags,
    test: (text) => pattern().test(text),
    exec: (text) => pattern().exec(text),
    execAll: (text, limit) => pattern().execAll(text, limit),
    replaceAll: (text, replace) => pattern().replaceAll(text, replace),
  };
}

class Re2Pattern implements Pattern {
  readonly source: string;
  readonly flags: PatternFlags;
  readonly #re2: RE2JS;
  readonly #names: readonly string[];

  constructor(source: string, flags: PatternFlags, re2: RE2JS) {
    this.source = source;
    this.flags = flags;
    this.#re2 = re2;
    this.#names = Object.keys(re2.namedGroups());
  }

  test(text: string): boolean {
    return this.#re2.test(text);
  }

  exec(text: string): PatternMatch | undefined {
    return this.execAll(text, 1)[0];
  }

  execAll(text: string, limit: number): readonly PatternMatch[] {
    // Most texts do not match; the boolean test runs on the engine's fast automaton.
    if (limit < 1 || !this.#re2.test(text)) {
      return [];
    }
    const matcher = this.#re2.matcher(text);
    const matches: PatternMatch[] = [];
    while (matches.length < limit && matcher.find()) {
      matches.push({ index: matcher.start(), text: matcher.group() ?? '', groups: this.#groups(matcher) });
    }
    return matches;
  }

  replaceAll(text: string, replace: (match: PatternMatch) => string): string {
    let result = '';
    let position = 0;
    for (const match of this.execAll(text, Number.POSITIVE_INFINITY)) {
      result += text.slice(position, match.index) + replace(match);
      position = match.index + match.text.length;
    }
    return position === 0 && result === '' ? text : result + text.slice(position);
  }

  #groups(matcher: { group(name: string): string | null }): Readonly<Record<string, string>> {
    const groups: Record<string, string> = {};
    for (const name of this.#names) {
      const value = matcher.group(name);
      if (value !== null) {
        groups[name] = value;
      }
    }
    return groups;
  }
}

function compileRe2(source: string, flags: PatternFlags): RE2JS {
  try {
    return RE2JS.compile(RE2JS.translateRegExp(source), toRe2Flags(flags));
  } catch (error) {
    if (error instanceof RE2JSException) {
      throw new PatternError(source, error.message.replace('error parsing regexp: ', ''));
    }
    throw error;
  }
}

function toRe2Flags(flags: PatternFlags): number {
  let bits = 0;
  if (flags.includes('i')) {
    bits |= RE2JS.CASE_INSENSITIVE;
  }
  if (flags.includes('m')) {
    bits |= RE2JS.MULTILINE;
  }
  if (flags.includes('s')) {
    bits |= RE2JS.DOTALL;
  }
  return bits;
}

// Linear: after the opening literal each alternative looks at one or two characters.
const CONSTRUCT = /\\(?<escape>[\s\S])|\(\?(?<look><?[=!])/g;
const KNOWN_ESCAPE = /[^A-Za-z0-9]|[bBdDsSwWnrtfvxupPcA0z]/;

/** re2js reads `\k<name>` and unknown letter escapes as plain letters; such a pattern would silently mean something else. */
function reasonUnsupported(source: string): string | undefined {
  for (const { groups } of source.matchAll(CONSTRUCT)) {
    if (groups?.look !== undefined) {
      return groups.look.startsWith('<') ? 'look-behind is not supported' : 'look-ahead is not supported';
    }
    const reason = reasonBadEscape(groups?.escape ?? '');
    if (reason !== undefined) {
      return reason;
    }
  }
  return undefined;
}

function reasonBadEscape(escape: string): string | undefined {
  if (escape === 'k' || /[1-9]/.test(escape)) {
    return 'backreferences are not supported';
  }
  return escape === '' || KNOWN_ESCAPE.test(escape) ? undefined : `unknown escape \\${escape}`;
}
