import { describe, expect, it } from 'vitest';
import { networkWords } from '../../../src/core/doctor/network-words.ts';

describe('networkWords', () => {
  it.each([
    ['ECONNREFUSED', 'nothing listens there (ECONNREFUSED)'],
    ['no answer in time', 'no answer in time'],
  ])('%s', (reason, words) => {
    expect(networkWords(reason)).toBe(words);
  });
});
