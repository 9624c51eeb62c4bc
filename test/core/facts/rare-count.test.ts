import { expect, it } from 'vitest';
import { createRareCount } from '../../../src/core/facts/rare-count.ts';

it('says at once that something happened, and then now and then how often', () => {
  let now = 0;
  const count = createRareCount(60_000, () => now);

  const first = [count(), count(), count(5)];
  now = 59_999;
  const early = count();
  now = 60_000;
  const later = [count(2), count()];

  expect([first, early, later]).toEqual([[1, undefined, undefined], undefined, [9, undefined]]);
});
