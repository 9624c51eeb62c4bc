/** Whether a text can be the name of a namespace (a DNS label). */
export function isNamespaceName(text: string): boolean {
  return text.length <= 63 && /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(text);
}

/** Whether a name fits a pattern, in which `*` stands for any characters, also none. */
export function matchesPattern(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) {
    return pattern === name;
  }
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) {
    return false;
  }
  // The earliest place for each part leaves the most room for those after it.
  let from = first.length;
  const end = name.length - last.length;
  for (const part of rest) {
    const found = name.indexOf(part, from);
    if (found < 0 || found + part.length > end) {
      return false;
    }
    from = found + part.length;
  }
  return true;
}

/**
 * Patterns for names that fit both lists: those of each that a pattern of the other covers as a whole. Names that only
 * two overlapping patterns share are left out.
 */
export function commonPatterns(first: readonly string[], second: readonly string[]): readonly string[] {
  // A pattern that fits another one, its `*` read as a character, fits all that the other one fits.
  const coveredBy = (patterns: readonly string[]) => (inner: string) =>
    patterns.some((outer) => matchesPattern(outer, inner));
  return [...new Set([...first.filter(coveredBy(second)), ...second.filter(coveredBy(first))])];
}
