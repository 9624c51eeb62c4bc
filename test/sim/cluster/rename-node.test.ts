import { expect, test } from 'vitest';
import type { RecordingContent } from '../../../src/sim/cluster/recording-content.ts';
import { freeName, renameNode } from '../../../src/sim/cluster/rename-node.ts';

const PLACE = { namespace: 'shop', pod: 'web', container: 'app', previous: false };

const content: RecordingContent = {
  subject: 'pod/web -n shop',
  clock: '2026-01-31T12:00:00Z',
  namespaces: ['shop'],
  unreadable: [],
  missing: [{ kind: 'Lease', namespace: 'kube-node-lease', name: 'node-1' }],
  objects: [
    { kind: 'Node', metadata: { name: 'node-1', labels: { 'kubernetes.io/hostname': 'node-1' } } },
    {
      kind: 'Pod',
      metadata: { name: 'node-1-agent' },
      spec: { nodeName: 'node-1' },
      status: { list: [1, null, 'node-1'] },
    },
    {
      kind: 'Event',
      metadata: { name: 'node-1.18ea' },
      message: 'Assigned shop/web to node-1, not to node-10 (my-node-1)',
    },
  ],
  logs: [
    { ...PLACE, outcome: { kind: 'text', text: 'on node-1\n' } },
    { ...PLACE, previous: true, outcome: { kind: 'missing', message: 'gone' } },
  ],
};

test('renames a node wherever its name stands by itself', () => {
  const renamed = renameNode(content, 'node-1', 'node-7');

  expect(renamed).toEqual({
    ...content,
    missing: [{ kind: 'Lease', namespace: 'kube-node-lease', name: 'node-7' }],
    objects: [
      { kind: 'Node', metadata: { name: 'node-7', labels: { 'kubernetes.io/hostname': 'node-7' } } },
      {
        kind: 'Pod',
        metadata: { name: 'node-1-agent' },
        spec: { nodeName: 'node-7' },
        status: { list: [1, null, 'node-7'] },
      },
      {
        kind: 'Event',
        metadata: { name: 'node-7.18ea' },
        message: 'Assigned shop/web to node-7, not to node-10 (my-node-1)',
      },
    ],
    logs: [
      { ...PLACE, outcome: { kind: 'text', text: 'on node-7\n' } },
      { ...PLACE, previous: true, outcome: { kind: 'missing', message: 'gone' } },
    ],
  });
});

test.each([
  ['node-1', ['node-1', 'node-2'], 'node-3'],
  ['node-9', ['node-9'], 'node-10'],
  ['worker', ['worker', 'worker-2'], 'worker-3'],
  ['ip-10-0-0-1.internal', [], 'ip-10-0-0-1.internal-2'],
])('finds a free name for %s', (name, taken, expected) => {
  expect(freeName(name, new Set(taken))).toBe(expected);
});
