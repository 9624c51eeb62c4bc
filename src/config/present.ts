/** An object with the key, or without it when there is no value. */
export function present<Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): { readonly [K in Key]?: Value } {
  // A computed key widens to an index signature; the key is the literal that was passed.
  return (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: Value };
}
