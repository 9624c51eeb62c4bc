import { expect, it } from 'vitest';
import { isStoreReason, STORE_REASONS, stopWords, storeWords } from '../../../src/core/remediation/store-words.ts';

it('every reason is two sentences: what speaks against it, then what to do', () => {
  const texts = STORE_REASONS.map(storeWords);

  expect(texts.filter((text) => !/^[A-Z].*\. [A-Z].*\.$/.test(text) || text.length > 200)).toEqual([]);
  expect(new Set(texts).size).toBe(STORE_REASONS.length);
});

it('tells its reasons from other texts', () => {
  expect(['stopped', 'toString', ''].map(isStoreReason)).toEqual([true, false, false]);
});

it('says why changes were switched off, as far as somebody did', () => {
  expect([stopWords('incident 7'), stopWords('')]).toEqual([
    'Changes were switched off: incident 7',
    storeWords('stopped'),
  ]);
});
