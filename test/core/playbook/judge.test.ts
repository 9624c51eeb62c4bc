import { describe, expect, it } from 'vitest';
import { judgeCandidate } from '../../../src/core/playbook/judge.ts';
import { candidate, type SpecPlan } from './playbook-builder.ts';

const facts = {
  subject: { kind: 'Pod', namespace: 'shop', name: 'web-0', uid: 'u-1' },
  pod: { yes: true, no: false, word: 'w' },
};
const check = { id: 'is-it', ask: 'Is it?', when: 'pod.yes' };

function judge(spec: SpecPlan): ReturnType<typeof judgeCandidate> {
  return judgeCandidate(candidate(spec, facts));
}

describe('the finding', () => {
  it('is only possible when the facts of its first line are missing', () => {
    expect(judge({ finding: { cause: '`${pod.gone}` is broken' } })).toMatchObject({
      state: 'possible',
      cause: 'A sample',
    });
  });

  it('holds everything that the playbook says', () => {
    const finding = judgeCandidate(
      candidate(
        {
          forEach: { container: 'containers' },
          stage: 'image',
          role: 'fallback',
          explains: ['sample'],
          checks: [{ ...check, evidence: 'word ${pod.word}' }],
          finding: {
            cause: '`${container.name}` is broken',
            why: 'since ${pod.word}',
            evidence: ['a', { when: 'pod.no', text: 'b' }, { when: 'pod.yes', text: ' c ' }, '${pod.gone}', '${""}'],
            advice: [{ when: 'pod.gone', text: 'never' }, 'do it'],
            later: 'do more',
          },
          remediation: { action: 'R-ADVICE' },
        },
        { ...facts, containers: [{ name: 'web' }] },
      ),
    );

    expect(finding).toEqual({
      code: 'sample',
      title: 'A sample',
      stage: 'image',
      role: 'fallback',
      state: 'confirmed',
      container: 'web',
      cause: '`web` is broken',
      why: ['since w'],
      evidence: ['a', 'c'],
      checks: [{ id: 'is-it', ask: 'Is it?', answer: 'yes', supports: true, evidence: 'word w' }],
      advice: ['do it'],
      later: ['do more'],
      explains: ['sample'],
      remediation: {
        action: 'R-ADVICE',
        subject: { kind: 'Pod', namespace: 'shop', name: 'web-0', uid: 'u-1' },
        parameters: {},
      },
    });
  });

  it.each<[string, unknown, string]>([
    ['the first that applies', [{ when: 'pod.no', text: 'a' }, 'b', 'c'], 'b'],
    ['the first that can be rendered', ['${pod.gone}', 'b'], 'b'],
    ['not one whose condition cannot be told', [{ when: 'pod.gone', text: 'a' }, 'b'], 'b'],
    ['the title when none can', ['${pod.gone}'], 'A sample'],
  ])('has as its cause %s', (_, cause, expected) => {
    expect(judge({ finding: { cause } }).cause).toBe(expected);
  });
});

describe('how certain a finding is', () => {
  it.each<[string, SpecPlan, string, string | undefined]>([
    ['no checks', {}, 'confirmed', undefined],
    ['a check that agrees', { checks: [check] }, 'confirmed', undefined],
    ['a check that disagrees', { checks: [{ ...check, when: 'pod.no' }] }, 'refuted', 'Is it? no'],
    [
      'a check that should say no and does',
      { checks: [{ ...check, when: 'pod.no', expect: false }] },
      'confirmed',
      undefined,
    ],
    ['a check that should say no and does not', { checks: [{ ...check, expect: false }] }, 'refuted', 'Is it? yes'],
    ['a check that cannot be told', { checks: [{ ...check, when: 'pod.gone' }] }, 'likely', undefined],
    ['a check without a truth value', { checks: [{ ...check, when: 'pod.word' }] }, 'likely', undefined],
    [
      'one check against, one open',
      {
        checks: [
          { ...check, when: 'pod.gone' },
          { ...check, when: 'pod.no' },
        ],
      },
      'refuted',
      'Is it? no',
    ],
    [
      'an optional check that disagrees',
      { checks: [{ ...check, when: 'pod.no', required: false }] },
      'confirmed',
      undefined,
    ],
    [
      'an optional check that cannot be told',
      { checks: [{ ...check, when: 'pod.gone', required: false }] },
      'confirmed',
      undefined,
    ],
    ['a refuter that holds', { refute: [{ when: 'pod.yes', because: 'it is ${pod.word}' }] }, 'refuted', 'it is w'],
    [
      'a refuter whose reason cannot be told',
      { refute: [{ when: 'pod.yes', because: '${pod.gone}' }] },
      'refuted',
      '${pod.gone}',
    ],
    ['a refuter that does not hold', { refute: [{ when: 'pod.no', because: 'x' }] }, 'confirmed', undefined],
    ['a refuter that cannot be told', { refute: [{ when: 'pod.gone', because: 'x' }] }, 'likely', undefined],
    ['a cause that cannot be told', { finding: { cause: '${pod.gone}' } }, 'possible', undefined],
    ['no more than likely', { finding: { cause: 'x', certainty: 'likely' } }, 'likely', undefined],
    [
      'no more than possible',
      { finding: { cause: 'x', certainty: 'possible' }, checks: [{ ...check, when: 'pod.gone' }] },
      'possible',
      undefined,
    ],
    [
      'the first certainty that holds',
      {
        finding: {
          cause: 'x',
          certainty: [
            { when: 'pod.no', is: 'confirmed' },
            { when: 'pod.gone', is: 'confirmed' },
            { when: 'pod.yes', is: 'likely' },
          ],
        },
      },
      'likely',
      undefined,
    ],
    [
      'no certainty that holds',
      { finding: { cause: 'x', certainty: [{ when: 'pod.no', is: 'confirmed' }] } },
      'possible',
      undefined,
    ],
  ])('%s', (_, spec, state, because) => {
    const finding = judge(spec);

    expect({ state: finding.state, because: finding.because }).toEqual({ state, because });
  });

  it('says why a fact is missing', () => {
    const item = candidate({
      needs: { cfg: { get: 'configmaps', name: 'x' } },
      checks: [{ ...check, when: 'cfg.exists' }],
    });
    item.unread.set('cfg', 'get configmaps is not allowed');

    const { state, checks } = judgeCandidate(item);

    expect({ state, checks }).toEqual({
      state: 'likely',
      checks: [{ id: 'is-it', ask: 'Is it?', answer: 'cannot-tell', evidence: 'get configmaps is not allowed' }],
    });
  });
});

describe('what is to blame', () => {
  it.each<[string, unknown, string | undefined]>([
    ['one text', 'ConfigMap shop/${pod.word}', 'ConfigMap shop/w'],
    ['the first that applies', [{ when: 'pod.no', text: 'Node a' }, 'Node b', 'Node c'], 'Node b'],
    ['the first that can be rendered', ['Node ${pod.gone}', 'Node b'], 'Node b'],
    ['nothing when none applies', [{ when: 'pod.gone', text: 'Node a' }], undefined],
    ['nothing when none can be rendered', 'Node ${pod.gone}', undefined],
    ['nothing without a name', 'Node ${""}', undefined],
    ['nothing with a namespace alone', 'ConfigMap shop/${""}', undefined],
    ['nothing with a name whose namespace is missing', 'ConfigMap ${""}/app', undefined],
    ['a kind of several words', 'control plane: scheduler', 'control plane: scheduler'],
    ['one line that can be printed', ' image  web:1\u001b[31m\n ', 'image web:1'],
    ['at most 300 characters', `image ${'x'.repeat(400)}`, `image ${'x'.repeat(293)}…`],
  ])('is %s', (_, blames, expected) => {
    expect(judge({ finding: { cause: 'x', blames } }).blames).toBe(expected);
  });

  it.each<[string, SpecPlan, string | undefined]>([
    ['likely', { finding: { cause: 'x', blames: 'Node a', certainty: 'likely' } }, 'Node a'],
    ['possible', { finding: { cause: 'x', blames: 'Node a', certainty: 'possible' } }, undefined],
    ['refuted', { finding: { cause: 'x', blames: 'Node a' }, refute: [{ when: 'pod.yes', because: 'x' }] }, undefined],
  ])('when the finding is %s', (_, spec, expected) => {
    expect(judge(spec).blames).toBe(expected);
  });

  it.each<[string, string | undefined, string | undefined, string | undefined]>([
    ['what the root blames', 'Node own', 'Node deep', 'Node deep'],
    ['its own when the root blames nothing', 'Node own', undefined, 'Node own'],
    ['nothing when the playbook blames nothing', undefined, 'Node deep', undefined],
  ])('with a root is %s', (_, own, deep, expected) => {
    const spec = { finding: { cause: 'x', ...(own === undefined ? {} : { blames: own }) } };
    const behind = judge({ finding: { cause: 'y', ...(deep === undefined ? {} : { blames: deep }) } });

    const { blames } = judgeCandidate(candidate(spec, facts), { subject: 'shop/api-1', finding: behind });

    expect(blames).toBe(expected);
  });
});

describe('the remediation', () => {
  it.each<[string, SpecPlan, string | undefined]>([
    ['is offered', { remediation: { action: 'R-EVICT' } }, 'R-EVICT'],
    ['is offered when its condition holds', { remediation: { action: 'R-EVICT', when: 'pod.yes' } }, 'R-EVICT'],
    ['is not when it does not', { remediation: { action: 'R-EVICT', when: 'pod.no' } }, undefined],
    ['is not when that cannot be told', { remediation: { action: 'R-EVICT', when: 'pod.gone' } }, undefined],
    [
      'is not for what is only possible',
      { finding: { cause: 'x', certainty: 'possible' }, remediation: { action: 'R-EVICT' } },
      undefined,
    ],
    ['may be none', { remediation: 'none' }, undefined],
  ])('%s', (_, spec, expected) => {
    expect(judge(spec).remediation?.action).toBe(expected);
  });
});
