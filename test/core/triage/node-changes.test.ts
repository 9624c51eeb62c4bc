import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/facts/json.ts';
import { nodeChanges } from '../../../src/core/triage/node-changes.ts';

const window = { from: Date.parse('2026-01-31T11:00:00Z'), to: Date.parse('2026-01-31T12:01:00Z') };
const LONG_AGO = '2026-01-01T00:00:00Z';
const object = 'Node worker-1';

function condition(type: string, status: string, lastTransitionTime: string, reason = ''): JsonObject {
  return { type, status, lastTransitionTime, reason };
}

function node(conditions: readonly JsonObject[], more: JsonObject = {}, created = LONG_AGO): JsonObject {
  return { kind: 'Node', metadata: { name: 'worker-1', creationTimestamp: created }, status: { conditions }, ...more };
}

describe('nodeChanges', () => {
  it('tells when a node became silent, once', () => {
    const at = '2026-01-31T11:50:00Z';
    const silent = node(
      [
        condition('MemoryPressure', 'Unknown', at, 'NodeStatusUnknown'),
        condition('Ready', 'Unknown', at, 'NodeStatusUnknown'),
      ],
      { spec: { taints: [{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute', timeAdded: at }] } },
    );

    expect(nodeChanges(silent, window)).toEqual([
      { at, object, what: 'its condition Ready became Unknown (NodeStatusUnknown)' },
    ]);
  });

  it('tells pressure that came and went, but not that all is well again with the node', () => {
    const conditions = [
      condition('MemoryPressure', 'True', '2026-01-31T11:40:00Z', 'KubeletHasInsufficientMemory'),
      condition('DiskPressure', 'False', '2026-01-31T11:20:00Z', 'KubeletHasNoDiskPressure'),
      condition('PIDPressure', 'False', '2026-01-31T11:50:10Z', 'KubeletHasSufficientPID'),
      condition('Ready', 'True', '2026-01-31T11:50:00Z', 'KubeletReady'),
    ];

    expect(nodeChanges(node(conditions), window).map(({ what }) => what)).toEqual([
      'its condition MemoryPressure became True (KubeletHasInsufficientMemory)',
      'its condition DiskPressure became False (KubeletHasNoDiskPressure)',
      'its condition Ready became True (KubeletReady)',
    ]);
  });

  it('tells that it joined, was cordoned and tainted', () => {
    const taints = [
      { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule', timeAdded: '2026-01-31T11:30:00Z' },
      { key: 'maintenance', value: 'yes', effect: 'NoExecute', timeAdded: '2026-01-31T11:31:00Z' },
      { key: 'old', effect: 'NoExecute', timeAdded: LONG_AGO },
      { key: 'timeless', effect: 'NoSchedule' },
    ];

    expect(nodeChanges(node([], { spec: { taints } }, '2026-01-31T11:10:00Z'), window)).toEqual([
      { at: '2026-01-31T11:10:00Z', object, what: 'joined the cluster' },
      { at: '2026-01-31T11:30:00Z', object, what: 'was cordoned' },
      { at: '2026-01-31T11:31:00Z', object, what: 'got the taint maintenance=yes:NoExecute' },
    ]);
  });

  it('says nothing about a node that stayed as it was', () => {
    expect(nodeChanges(node([condition('Ready', 'True', LONG_AGO)]), window)).toEqual([]);
    expect(nodeChanges({}, window)).toEqual([]);
  });
});
