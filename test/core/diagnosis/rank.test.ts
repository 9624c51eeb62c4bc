import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/core/diagnosis/finding.ts';
import { type Ranking, rankFindings } from '../../../src/core/diagnosis/rank.ts';
import { STAGES } from '../../../src/core/playbook/vocabulary.ts';

function finding(code: string, more: Partial<Finding> = {}): Finding {
  return {
    code,
    title: code,
    stage: 'run',
    role: 'cause',
    state: 'confirmed',
    cause: code,
    why: [],
    evidence: [],
    checks: [],
    advice: [],
    later: [],
    explains: [],
    ...more,
  };
}

const against = { id: 'a', ask: 'Is it so?', answer: 'no', supports: false } as const;

/** The codes of a ranking; empty lists are left out. */
function codes(ranking: Ranking): object {
  const { primary, ...lists } = ranking;
  const named = Object.entries(lists).map(([key, list]: [string, readonly Finding[]]) => [
    key,
    list.map(({ code }) => code),
  ]);
  return {
    ...(primary === undefined ? {} : { primary: primary.code }),
    ...Object.fromEntries(named.filter(([, list]) => list?.length !== 0)),
  };
}

describe('the ranking', () => {
  it.each<[string, readonly Finding[], object]>([
    ['of nothing', [], {}],
    ['of what is refuted', [finding('a', { state: 'refuted' })], {}],
    [
      'puts the earlier stage first',
      [finding('a', { stage: 'probe' }), finding('b', { stage: 'image' })],
      { primary: 'b', others: ['a'] },
    ],
    [
      'puts the earlier stage first though it is only likely',
      [finding('a'), finding('b', { stage: 'image', state: 'likely' })],
      { primary: 'b', others: ['a'] },
    ],
    [
      'puts the confirmed one of a stage first',
      [finding('a', { state: 'likely' }), finding('b')],
      { primary: 'b', others: ['a'] },
    ],
    [
      'puts the likely one first that fewer checks contradict',
      [finding('a', { state: 'likely', checks: [against] }), finding('b', { state: 'likely' })],
      { primary: 'b', alternatives: ['a'] },
    ],
    [
      'does not count the checks of confirmed ones',
      [finding('a', { checks: [against] }), finding('b')],
      { primary: 'a', others: ['b'] },
    ],
    ['keeps the order of equals', [finding('b'), finding('a')], { primary: 'b', others: ['a'] }],
    ['never puts a possible one first', [finding('a', { state: 'possible', stage: 'image' })], { possible: ['a'] }],
    [
      'keeps possible ones aside',
      [finding('a', { state: 'possible' }), finding('b')],
      { primary: 'b', possible: ['a'] },
    ],
    [
      'hides a consequence',
      [finding('a', { stage: 'image' }), finding('b', { explains: ['a'] })],
      { primary: 'b', consequences: ['a'] },
    ],
    [
      'hides the consequence of a consequence',
      [finding('a'), finding('b', { explains: ['a'] }), finding('c', { explains: ['b'] })],
      { primary: 'c', consequences: ['a', 'b'] },
    ],
    [
      'lets two stand that explain each other',
      [finding('a', { explains: ['b'] }), finding('b', { explains: ['a'] })],
      { primary: 'a', others: ['b'] },
    ],
    [
      'lets three stand that explain each other in a ring',
      [finding('a', { explains: ['b'] }), finding('b', { explains: ['c'] }), finding('c', { explains: ['a'] })],
      { primary: 'a', others: ['b', 'c'] },
    ],
    ['does not let a finding explain itself', [finding('a', { explains: ['a'] })], { primary: 'a' }],
    [
      'explains within one container only',
      [finding('a', { container: 'x' }), finding('b', { container: 'y', explains: ['a'] })],
      { primary: 'a', others: ['b'] },
    ],
    [
      'explains every container from the whole pod',
      [finding('a', { container: 'x' }), finding('b', { explains: ['a'] })],
      { primary: 'b', consequences: ['a'] },
    ],
    [
      'does not explain by what is only possible',
      [finding('a'), finding('b', { state: 'possible', explains: ['a'] })],
      { primary: 'a', possible: ['b'] },
    ],
    [
      'does not explain by what is refuted',
      [finding('a'), finding('b', { state: 'refuted', explains: ['a'] })],
      { primary: 'a' },
    ],
    [
      'drops a fallback beside a cause',
      [finding('f', { role: 'fallback', stage: 'image' }), finding('a')],
      { primary: 'a' },
    ],
    ['keeps a fallback alone', [finding('f', { role: 'fallback' })], { primary: 'f' }],
    [
      'keeps the fallback of another container',
      [finding('f', { role: 'fallback', container: 'x' }), finding('a', { container: 'y' })],
      { primary: 'f', others: ['a'] },
    ],
    [
      'keeps a fallback beside a possible cause',
      [finding('f', { role: 'fallback' }), finding('a', { state: 'possible' })],
      { primary: 'f', possible: ['a'] },
    ],
    [
      'adds modifiers',
      [finding('m', { role: 'modifier', stage: 'admission' }), finding('a')],
      { primary: 'a', modifiers: ['m'] },
    ],
    ['never makes a modifier the cause', [finding('m', { role: 'modifier' })], { modifiers: ['m'] }],
    [
      'leaves out modifiers of another container',
      [finding('m', { role: 'modifier', container: 'x' }), finding('a', { container: 'y' })],
      { primary: 'a' },
    ],
    [
      'names two likely ones of a stage',
      [finding('a', { state: 'likely' }), finding('b', { state: 'likely' })],
      { primary: 'a', alternatives: ['b'] },
    ],
    [
      'has no alternative to a confirmed one',
      [finding('a'), finding('b', { state: 'likely' })],
      { primary: 'a', others: ['b'] },
    ],
    [
      'has no alternative of another stage',
      [finding('a', { state: 'likely', stage: 'image' }), finding('b', { state: 'likely' })],
      { primary: 'a', others: ['b'] },
    ],
    [
      'has no alternative of another container',
      [finding('a', { state: 'likely', container: 'x' }), finding('b', { state: 'likely', container: 'y' })],
      { primary: 'a', others: ['b'] },
    ],
  ])('%s', (_, findings, expected) => {
    expect(codes(rankFindings(findings))).toEqual(expected);
  });

  const code = fc.constantFrom('a', 'b', 'c', 'd');
  const any = fc.record({
    code,
    stage: fc.constantFrom(...STAGES),
    role: fc.constantFrom('cause', 'fallback', 'modifier'),
    state: fc.constantFrom('confirmed', 'likely', 'possible', 'refuted'),
    explains: fc.array(code, { maxLength: 3 }),
  });

  it('always names a cause when there is one, and each finding once', () => {
    fc.assert(
      fc.property(fc.array(any, { maxLength: 8 }), (plans) => {
        const findings = plans.map((plan) => finding(plan.code, plan as Partial<Finding>));

        const { primary, ...lists } = rankFindings(findings);

        const shown = [
          ...(primary === undefined ? [] : [primary]),
          ...Object.values(lists).flat(),
        ] as readonly Finding[];
        const real = findings.filter(
          (item) => item.role !== 'modifier' && ['confirmed', 'likely'].includes(item.state),
        );
        expect(primary === undefined).toBe(real.length === 0);
        expect(new Set(shown).size).toBe(shown.length);
        expect(shown.filter((item) => item.state === 'refuted')).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
});
