import { describe, expect, it } from 'vitest';
import { readyWhileRolling } from '../../src/actions/rollout-state.ts';
import { aDeployment, anObject } from './action-world.ts';

describe('readyWhileRolling', () => {
  it.each([
    ['the defaults', undefined, 3],
    ['none at once', { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } }, 4],
    ['a share, rounded down', { rollingUpdate: { maxUnavailable: '60%' } }, 2],
    ['a number', { rollingUpdate: { maxUnavailable: 3 } }, 1],
    ['neither more nor fewer, which cannot be', { rollingUpdate: { maxUnavailable: 0, maxSurge: '0%' } }, 3],
    ['no share at all', { rollingUpdate: { maxUnavailable: 'many' } }, 0],
    ['all at once', { type: 'Recreate' }, 0],
  ])('counts a Deployment of 4 with %s', (_, strategy, expected) => {
    const object = aDeployment({
      spec: { replicas: 4, ...(strategy === undefined ? {} : { strategy }) },
      status: { readyReplicas: 4 },
    });

    const left = readyWhileRolling('Deployment', object);

    expect(left).toBe(expected);
  });

  it('takes no more than a Deployment may lack, whatever is missing already', () => {
    const left = readyWhileRolling('Deployment', aDeployment({ spec: { replicas: 4 }, status: { readyReplicas: 2 } }));

    expect(left).toBe(2);
  });

  it.each([
    ['StatefulSet', undefined, 2],
    ['StatefulSet', { maxUnavailable: 2 }, 1],
    ['DaemonSet', undefined, 3],
    ['DaemonSet', { maxUnavailable: '30%' }, 2],
    ['DaemonSet', { maxSurge: 1, maxUnavailable: 0 }, 3],
  ] as const)('counts a %s with %o', (kind, rollingUpdate, expected) => {
    const status = { readyReplicas: 3, numberReady: 3, desiredNumberScheduled: 4 };
    const object = anObject(kind, 'x', { spec: { replicas: 4, updateStrategy: { rollingUpdate } }, status });

    const left = readyWhileRolling(kind, object);

    expect(left).toBe(expected);
  });
});
