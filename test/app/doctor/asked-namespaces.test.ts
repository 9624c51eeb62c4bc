import { describe, expect, it } from 'vitest';
import { askedNamespaces } from '../../../src/app/doctor/asked-namespaces.ts';

const rule = (namespaces: readonly string[], clusters?: readonly string[]) => ({
  channels: ['direct'],
  namespaces,
  ...(clusters === undefined ? {} : { clusters }),
});

describe('askedNamespaces', () => {
  it.each([
    ['no rule', [], undefined],
    ['names', [rule(['shop', 'pay']), rule(['pay'])], ['pay', 'shop']],
    ['a pattern', [rule(['shop']), rule(['team-*'])], undefined],
    ['rules of other clusters', [rule(['shop'], ['prod']), rule(['*'], ['stage'])], ['shop']],
  ])('of %s', (_what, rules, expected) => {
    expect(askedNamespaces(rules, 'prod')).toEqual(expected);
  });
});
