import { describe, expect, it } from 'vitest';
import { changeKey, objectKey, targetText } from '../../../src/core/remediation/change-identity.ts';
import { samplePlan, sampleTarget } from '../../fakes/remediation-samples.ts';

const target = sampleTarget('web-0');
const plan = samplePlan('m-1', { target });

describe('changeKey', () => {
  it.each([
    ['another cluster', { ...plan, cluster: 'dev' }],
    ['another action', { ...plan, input: { ...plan.input, action: 'R-EVICT' as const } }],
    ['another uid', { ...plan, target: { ...target, uid: 'uid-2' } }],
    ['another place with the same letters', { ...plan, target: { ...target, namespace: 'shopw', name: 'eb-0' } }],
  ])('tells %s apart', (_what, other) => {
    expect(changeKey(other)).not.toBe(changeKey(plan));
  });

  it('is the same for other evidence', () => {
    expect(changeKey({ ...plan, id: 'm-2', fingerprint: 'x' } as typeof plan)).toBe(changeKey(plan));
  });
});

describe('objectKey', () => {
  it('is the same for an object that was made anew, and another one for another kind', () => {
    expect(objectKey({ ...target, uid: 'uid-2' })).toBe(objectKey(target));
    expect(objectKey({ ...target, kind: 'Job' })).not.toBe(objectKey(target));
  });
});

describe('targetText', () => {
  it.each([
    [target, 'Pod shop/web-0 (uid-web-0)'],
    [sampleTarget('worker-1', { kind: 'Node', namespace: '' }), 'Node worker-1 (uid-worker-1)'],
  ])('of %o is %s', (one, expected) => {
    expect(targetText(one)).toBe(expected);
  });
});
