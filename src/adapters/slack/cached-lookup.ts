/** A look-up whose answers are kept for a while. */
export type CachedLookup<Value> = (key: string) => Promise<Value>;

/** How long and how much is kept. */
export interface CacheLimits {
  readonly milliseconds: number;
  readonly entries: number;
}

interface Entry<Value> {
  readonly value: Promise<Value>;
  readonly until: number;
}

/**
 * Keeps answers, the least recently used one leaving first. Calls for the same key while one is under way share it;
 * a failure is not kept.
 */
export function cachedLookup<Value>(lookUp: (key: string) => Promise<Value>, limits: CacheLimits): CachedLookup<Value> {
  const entries = new Map<string, Entry<Value>>();

  function keep(key: string, entry: Entry<Value>): void {
    entries.delete(key);
    entries.set(key, entry);
    const [oldest] = entries.keys();
    if (entries.size > limits.entries && oldest !== undefined) {
      entries.delete(oldest);
    }
  }

  return (key) => {
    const kept = entries.get(key);
    if (kept !== undefined && kept.until > performance.now()) {
      keep(key, kept);
      return kept.value;
    }
    const value = lookUp(key);
    const entry = { value, until: performance.now() + limits.milliseconds };
    keep(key, entry);
    value.catch(() => {
      if (entries.get(key) === entry) {
        entries.delete(key);
      }
    });
    return value;
  };
}
