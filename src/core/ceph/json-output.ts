/** The JSON value that a command printed; undefined when it is not exactly one. */
export function jsonOutput(text: string): unknown {
  try {
    // The reader of the value checks its shape.
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
