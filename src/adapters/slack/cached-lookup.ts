/** A look-up whose answers are kept for a while. */
export type CachedLookup<Value> = (key: string) => Promise<Value>;

/** How long and how much is kept. */
export interface CacheLimits<Value> {
  readonly milliseconds: number;
  readonly entries: number;
  /** Whether an answer is kept; all are when absent. */
  readonly keeps?: (value: Value) => boolean;
}

interface Entry<Value> {
  readonly value: Promise<Value>;
  readonly until: number;
}

/**
 * Keeps answers, the least recently used one leaving first. Calls for the same key while one is under way share it;
 * a failure is not kept.
 */
export function cachedLookup<Value>(
  lookUp: (key: string) => Promise<Value>,
  limits: CacheLimits<Value>,
): CachedLookup<Value> {
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
    const forget = (): void => {
      if (entries.get(key) === entry) {
        entries.delete(key);
      }
    };
    value.then((found) => limits.keeps?.(found) === false && forget(), forget);
    return value;
  };
}
