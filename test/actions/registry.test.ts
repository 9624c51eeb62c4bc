import { describe, expect, it } from 'vitest';
import { ACTION_REGISTRY, actionOf } from '../../src/actions/registry.ts';
import { ACTIONS } from '../../src/core/playbook/vocabulary.ts';
import { adviceOf } from '../../src/core/remediation/advice.ts';
import { proposed } from './action-world.ts';

describe('ACTION_REGISTRY', () => {
  it('has every action that is done, each under its own code; a patch of a node alone is not sent twice', () => {
    const ways = ACTIONS.map((code) => [code, actionOf(code)?.code, actionOf(code)?.conditional]);

    expect(ways).toEqual([
      ['R-POD-DELETE', 'R-POD-DELETE', true],
      ['R-POD-FORCE-DELETE', 'R-POD-FORCE-DELETE', true],
      ['R-EVICT', 'R-EVICT', true],
      ['R-ROLLOUT-RESTART', 'R-ROLLOUT-RESTART', true],
      ['R-ROLLBACK', 'R-ROLLBACK', true],
      ['R-SCALE', undefined, undefined],
      ['R-CORDON', 'R-CORDON', false],
      ['R-UNCORDON', 'R-UNCORDON', false],
      ['R-OOS-TAINT', undefined, undefined],
      ['R-NS-FINALIZE', 'R-NS-FINALIZE', true],
      ['R-OBJ-FINALIZER-REMOVE', 'R-OBJ-FINALIZER-REMOVE', true],
      ['R-VA-DELETE', undefined, undefined],
      ['R-RBD-LOCK-RM', 'R-RBD-LOCK-RM', true],
      ['R-NETWORK-FENCE', undefined, undefined],
      ['R-JOB-RECREATE', undefined, undefined],
      ['R-ADVICE', undefined, undefined],
    ]);
    expect(ACTION_REGISTRY.size).toBe(10);
  });

  it('leaves no code without commands for a person', () => {
    const node = { kind: 'Node', name: 'node-1', uid: 'n', namespace: '' } as const;

    const without = ACTIONS.filter((code) => adviceOf(proposed(code, node)).commands.length === 0);

    expect(without).toEqual([]);
  });
});
