import { describe, expect, it } from 'vitest';
import { blankDiagnosis, type Diagnosis } from '../../../src/core/diagnosis/diagnosis.ts';
import type { Finding } from '../../../src/core/diagnosis/finding.ts';
import type { Outcome } from '../../../src/core/question/question.ts';
import { evidenceOf, stillFound } from '../../../src/core/remediation/offered-fix.ts';
import { samplePlan } from '../../fakes/remediation-samples.ts';
import { sampleOutcome } from '../../fakes/samples.ts';

const plan = samplePlan('m-1');
const { subject } = plan.input;
const sample = sampleOutcome();

function finding(changes: Partial<Finding> = {}): Finding {
  const base = sample.kind === 'answered' ? sample.diagnosis.primary : undefined;
  if (base === undefined) {
    throw new TypeError('the sample has no finding');
  }
  return { ...base, code: 'pod-stuck', remediation: plan.input, ...changes };
}

function answer(changes: Partial<Diagnosis> = {}, playbooks = plan.finding.playbooks): Outcome {
  const diagnosis: Diagnosis = {
    ...blankDiagnosis(subject, '2026-01-31T12:00:00Z', 'CrashLoopBackOff'),
    verdict: 'cause',
    primary: finding(),
    ...changes,
  };
  return { kind: 'answered', diagnosis, tookMs: 1, requests: 1, playbooks };
}

function failed(code: 'SUBJECT_NOT_FOUND' | 'CLUSTER_TIMEOUT'): Outcome {
  return { kind: 'failed', code, message: 'It is so.', hint: '', candidates: [] };
}

describe('the evidence of a change', () => {
  it.each([
    ['the same finding', answer()],
    ['the same finding beside another cause', answer({ primary: finding({ code: 'other' }), others: [finding()] })],
  ])('holds with %s', (_what, outcome) => {
    expect(evidenceOf(outcome, plan)).toEqual({ kind: 'same' });
  });

  const { parameters } = plan.input;
  it.each([
    ['other playbooks', answer({}, 'ffffffffffff'), 'playbooks were changed'],
    ['another object', answer({ subject: { ...subject, uid: 'other' } }), 'another one of the same name'],
    ['a healthy object', answer({ verdict: 'healthy' }), 'healed by itself'],
    ['an unknown cause', answer({ verdict: 'unknown' }), 'cannot be told any more'],
    ['another cause', answer({ primary: finding({ code: 'other' }) }), 'is not "pod-stuck" any more'],
    [
      'no offer',
      answer({ primary: { ...finding(), remediation: { ...plan.input, action: 'R-EVICT' } } }),
      'another change',
    ],
    [
      'other parameters',
      answer({ primary: finding({ remediation: { ...plan.input, parameters: { ...parameters, a: 'b' } } }) }),
      'another change',
    ],
    [
      'an offer for another object',
      answer({ primary: finding({ remediation: { ...plan.input, subject: { ...subject, uid: 'other' } } }) }),
      'another change',
    ],
    ['an object that is gone', failed('SUBJECT_NOT_FOUND'), 'is gone'],
  ])('does not hold with %s', (_what, outcome, says) => {
    const evidence = evidenceOf(outcome, plan);

    expect(evidence).toMatchObject({ kind: 'superseded', reason: expect.stringContaining(says) });
  });

  it.each([
    [
      'another object',
      answer({ subject: { ...subject, uid: 'other' } }),
      ', or is another one of the same name by now',
    ],
    ['an object that is gone', failed('SUBJECT_NOT_FOUND'), ''],
  ])('says that the object itself is not there any more with %s', (_what, outcome, more) => {
    expect(evidenceOf(outcome, plan)).toEqual({
      kind: 'superseded',
      reason: `The pod that was diagnosed, shop/web-m-1, is gone${more}. Nothing was changed. Diagnose it again.`,
      gone: true,
    });
  });

  it('is unproven while the cluster does not answer', () => {
    expect(evidenceOf(failed('CLUSTER_TIMEOUT'), plan)).toMatchObject({ kind: 'unproven' });
    expect(evidenceOf({ kind: 'expired' }, plan)).toMatchObject({ kind: 'unproven' });
  });
});

describe('after a change the finding', () => {
  const asked = { code: 'pod-stuck', kind: 'Pod', namespace: subject.namespace, name: subject.name };

  it.each([
    ['is still there', answer(), true],
    ['is still there on what has replaced it', answer({ subject: { ...subject, uid: 'new' } }), true],
    ['is gone with another cause', answer({ primary: finding({ code: 'other' }) }), false],
    ['is gone with the object', failed('SUBJECT_NOT_FOUND'), false],
    [
      'is gone when only another object has it',
      answer({ subject: { ...subject, kind: 'Deployment', name: 'web' } }),
      false,
    ],
    ['is not known', failed('CLUSTER_TIMEOUT'), undefined],
  ])('%s', (_what, outcome, expected) => {
    expect(stillFound(outcome, asked)).toBe(expected);
  });
});
