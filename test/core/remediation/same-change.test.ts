import { expect, it } from 'vitest';
import { otherChange } from '../../../src/core/remediation/same-change.ts';
import { samplePlan } from '../../fakes/remediation-samples.ts';

const plan = samplePlan('m-1');

it('what was approved is the same change, in whatever order its parts come', () => {
  const { kind, group, namespace, name, uid } = plan.target;

  expect(otherChange(plan, { ...plan, target: { uid, name, namespace, group, kind } })).toBeUndefined();
});

it.each([
  ['another object', { target: { ...plan.target, uid: 'other' } }],
  ['another name', { target: { ...plan.target, name: 'other' } }],
  ['another tier', { tier: 'T3' as const }],
  ['another fingerprint', { fingerprint: 'other' }],
  ['other rights', { rights: [] }],
])('%s is not', (_what, changes) => {
  expect(otherChange(plan, { ...plan, ...changes })).toContain('Nothing was changed.');
});
