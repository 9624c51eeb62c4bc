/** Counts what happens; answers how often it did since the last answer, but only when it is time to say so again. */
export type RareCount = (by?: number) => number | undefined;

/** Time to say so is at once, and then every `everyMs`. `now` is in milliseconds. */
export function createRareCount(everyMs: number, now: () => number): RareCount {
  let count = 0;
  let quietUntil = Number.NEGATIVE_INFINITY;
  return (by = 1) => {
    count += by;
    if (now() < quietUntil) {
      return undefined;
    }
    const said = count;
    quietUntil = now() + everyMs;
    count = 0;
    return said;
  };
}
