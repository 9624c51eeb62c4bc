import { describe, expect, test } from 'vitest';
import { parseFailedScheduling, schedulingClass } from '../../../src/core/facts/scheduler-message.ts';

describe('a scheduler message', () => {
  test('of 1.34 loses the sentence of other post-filters', () => {
    const parsed = parseFailedScheduling(
      '0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated taint(s). no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
    );
    expect(parsed?.reasons).toEqual([
      { count: 1, reason: 'Insufficient cpu' },
      { count: 2, reason: 'node(s) had untolerated taint(s)' },
    ]);
    expect(parsed?.preemption).toMatchObject({
      reasons: [{ count: 3, reason: 'Preemption is not helpful for scheduling' }],
    });
  });

  test('keeps a pre-filter sentence and loses what follows it', () => {
    const parsed = parseFailedScheduling(
      '0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found',
    );
    expect(parsed).toMatchObject({ preFilter: 'pod has unbound immediate PersistentVolumeClaims', reasons: [] });
  });

  test('of 1.26 keeps counts after a pre-filter sentence', () => {
    const parsed = parseFailedScheduling(
      '0/4 nodes are available: some sentence. 1 Insufficient cpu, 3 Too many pods.',
    );
    expect(parsed).toMatchObject({ preFilter: 'some sentence', reasons: [{ count: 1 }, { count: 3 }] });
  });

  test.each([
    ["node(s) didn't satisfy plugin(s) [NodeAffinity]", 'nodeAffinity'],
    ["node(s) didn't satisfy plugin(s) [VolumeBinding]", 'volume'],
  ])('%s is of class %s', (reason, expected) => {
    expect(schedulingClass(reason)).toBe(expected);
  });
});
