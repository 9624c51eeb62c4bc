/**
 * The names that a person may have meant, closest first: at most two edits away (one for names under five
 * characters, none under three), or the same words in another order, or one containing the other as whole words.
 */
export function nearestNames(wanted: string, names: readonly string[]): readonly string[] {
  const scored = [...new Set(names)]
    .filter((name) => name !== wanted)
    .map((name) => ({ name, distance: nameDistance(wanted, name) }))
    .filter(({ distance }) => distance !== undefined);
  return scored
    .toSorted((a, b) => (a.distance ?? 0) - (b.distance ?? 0) || compare(a.name, b.name))
    .map(({ name }) => name);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function nameDistance(wanted: string, name: string): number | undefined {
  if (wanted.toLowerCase() === name.toLowerCase()) {
    return 0;
  }
  const edits = editDistance(wanted.toLowerCase(), name.toLowerCase(), 2);
  const shorter = Math.min(wanted.length, name.length);
  const allowed = shorter < 3 ? 0 : shorter < 5 ? 1 : 2;
  if (edits <= allowed) {
    return edits;
  }
  const words = (text: string): readonly string[] =>
    text
      .toLowerCase()
      .split(/[-._]/)
      .filter((word) => word !== '')
      .toSorted();
  const [a, b] = [words(wanted), words(name)];
  if (a.join('-') === b.join('-')) {
    return 2.5;
  }
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short.length > 0 && short.length < long.length && short.every((word) => long.includes(word)) ? 3 : undefined;
}

/** Optimal string alignment distance (a swap of neighbours counts one), or `most + 1` when it is larger. */
function editDistance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) {
    return most + 1;
  }
  let before: readonly number[] = [];
  let previous: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      current.push(cell({ a, b, row, column, before, previous, current }));
    }
    if (Math.min(...current) > most) {
      return most + 1;
    }
    before = previous;
    previous = current;
  }
  return previous[b.length] ?? most + 1;
}

interface Cell {
  readonly a: string;
  readonly b: string;
  readonly row: number;
  readonly column: number;
  readonly before: readonly number[];
  readonly previous: readonly number[];
  readonly current: readonly number[];
}

function cell({ a, b, row, column, before, previous, current }: Cell): number {
  const at = (line: readonly number[], index: number): number => line[index] ?? Number.POSITIVE_INFINITY;
  const cost = a[row - 1] === b[column - 1] ? 0 : 1;
  const best = Math.min(at(previous, column) + 1, at(current, column - 1) + 1, at(previous, column - 1) + cost);
  const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
  return swapped ? Math.min(best, at(before, column - 2) + 1) : best;
}
