/** The value at a path inside something Slack sent; undefined where the path leads nowhere. */
export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) {
      return undefined;
    }
    // A record once it is known to be an object: keys are looked up as own properties only.
    found = (found as Readonly<Record<string, unknown>>)[key];
  }
  return found;
}

/** The text at a path; undefined when there is none or it is empty. */
export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = valueAt(value, ...path);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

/** Whether `true` is at a path. */
export function trueAt(value: unknown, ...path: readonly string[]): boolean {
  return valueAt(value, ...path) === true;
}

/** The list at a path; empty when there is none. */
export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = valueAt(value, ...path);
  return Array.isArray(found) ? found : [];
}
