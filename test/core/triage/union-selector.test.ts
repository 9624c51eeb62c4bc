import { describe, expect, it } from 'vitest';
import { unionSelector } from '../../../src/core/triage/union-selector.ts';

describe('unionSelector', () => {
  it('is the selector itself when there is one', () => {
    const selector = { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'tier', operator: 'Exists' }] };

    expect(unionSelector([selector])).toBe('app=web,tier');
  });

  it('takes the values of the keys that all have', () => {
    const selectors = [{ app: 'web', tier: 'a' }, { app: 'db' }, { app: 'web' }].map((matchLabels) => ({
      matchLabels,
    }));

    expect(unionSelector(selectors)).toBe('app in (db,web)');
  });

  it.each([
    ['nothing', []],
    ['selectors without a common key', [{ matchLabels: { app: 'web' } }, { matchLabels: { name: 'db' } }]],
    ['an empty selector', [{}]],
  ])('is undefined for %s', (_, selectors) => {
    expect(unionSelector(selectors)).toBeUndefined();
  });
});
