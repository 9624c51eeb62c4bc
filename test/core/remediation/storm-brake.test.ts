import { describe, expect, it } from 'vitest';
import { countNodes, stormReason } from '../../../src/core/remediation/storm-brake.ts';

function node(status: string, version = 'v1.34.4') {
  return { kind: 'Node', status: { nodeInfo: { kubeletVersion: version }, conditions: [{ type: 'Ready', status }] } };
}

function nodes(ready: number, notReady: number) {
  return [...Array<string>(ready).fill('True'), ...Array<string>(notReady).fill('Unknown')].map((status) =>
    node(status),
  );
}

describe('counting nodes', () => {
  it('counts those without a Ready condition as not Ready, and minor versions once', () => {
    const count = countNodes([node('True'), node('False', 'v1.33.1'), { kind: 'Node' }, node('True', 'v1.34.9-eks')]);

    expect(count).toEqual({ total: 4, notReady: 2, kubelets: ['1.33', '1.34'] });
  });
});

describe('a storm', () => {
  it.each([
    [10, 0, 'T3', 'R-RBD-LOCK-RM', undefined],
    [10, 2, 'T3', 'R-RBD-LOCK-RM', undefined],
    [2, 2, 'T3', 'R-RBD-LOCK-RM', undefined],
    [10, 3, 'T1', 'R-POD-DELETE', undefined],
    [10, 3, 'T3', 'R-RBD-LOCK-RM', '3 of 13 nodes are not Ready, so what the API server says'],
    [10, 3, 'T1', 'R-POD-FORCE-DELETE', '3 of 13 nodes are not Ready, so what the API server says'],
    [6, 3, 'T1', 'R-POD-DELETE', '3 of 9 nodes are not Ready: something larger is broken'],
    [0, 3, 'T1', 'R-POD-DELETE', '3 of 3 nodes are not Ready: something larger is broken'],
  ] as const)('of %i nodes that are Ready and %i that are not, at %s %s', (...row) => {
    const [ready, notReady, tier, action, says] = row;
    const reason = stormReason(countNodes(nodes(ready, notReady)), { tier, action, upgrades: 'refuse' });

    expect(reason?.slice(0, says?.length)).toBe(says);
  });

  it('is not needed to stop changes during an upgrade', () => {
    const reason = stormReason(countNodes([node('True'), node('True', 'v1.33.0')]), {
      tier: 'T1',
      action: 'R-POD-DELETE',
      upgrades: 'refuse',
    });

    expect(reason).toContain('(1.33, 1.34), so an upgrade seems to be under way');
  });
});
