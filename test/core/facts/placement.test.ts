import { describe, expect, test } from 'vitest';
import type { KubeNode, KubePod } from '../../../src/core/facts/kube-types.ts';
import { similarKeys } from '../../../src/core/facts/node-requirements.ts';
import { placement } from '../../../src/core/facts/placement.ts';
import { roomOn } from '../../../src/core/facts/room.ts';
import { spreadOver } from '../../../src/core/facts/topology-spread.ts';

interface NodeDraft {
  readonly name: string;
  readonly labels?: Record<string, string>;
  readonly taint?: string;
  readonly cordoned?: boolean;
  readonly room?: Record<string, string>;
}

function node({ name, labels = {}, taint, cordoned, room = {} }: NodeDraft): KubeNode {
  return {
    metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
    spec: {
      ...(cordoned === undefined ? {} : { unschedulable: cordoned }),
      taints: taint === undefined ? [] : [{ key: taint, effect: 'NoSchedule' }],
    },
    status: { allocatable: { cpu: '4', memory: '8Gi', pods: '110', ...room } },
  };
}

function pod(spec: KubePod['spec'], requests: Record<string, string> = {}): KubePod {
  return { metadata: { namespace: 'shop' }, spec: { containers: [{ name: 'a', resources: { requests } }], ...spec } };
}

describe('what keeps a pod from every node', () => {
  const plain = node({ name: 'a' });
  const tainted = node({ name: 'b', labels: { pool: 'batch' }, taint: 'dedicated' });
  const master = node({ name: 'm', taint: 'node-role.kubernetes.io/control-plane' });

  test('is room when a node passes all lasting filters', () => {
    expect(placement(pod({}), [plain, tainted])).toMatchObject({
      decides: ['room'],
      eligible: ['a'],
      onlyTaint: ['b'],
    });
  });

  test('is the selector when no node has the label, and names close labels', () => {
    const found = placement(pod({ nodeSelector: { pool: 'bacth' } }), [plain, tainted]);
    expect(found.decides).toEqual(['affinity']);
    expect(found.requirements[0]).toMatchObject({
      text: 'pool=bacth',
      matching: 0,
      near: ['pool=batch'],
      nearNodes: ['b'],
    });
  });

  test('is the taint when only tainted nodes match', () => {
    expect(placement(pod({ nodeSelector: { pool: 'batch' } }), [plain, tainted]).decides).toEqual(['taint']);
  });

  test('is the size when all are too small, the control plane left aside', () => {
    const found = placement(pod({}, { cpu: '64' }), [plain, master]);
    expect(found.decides).toEqual(['size']);
    expect(found.demands).toContainEqual(
      expect.objectContaining({ resource: 'cpu', wanted: 64, largest: 4, reachable: 4, reachableNode: 'a' }),
    );
  });

  test('is both when a larger node is tainted', () => {
    const large = node({ name: 'l', taint: 'dedicated', room: { cpu: '96' } });
    expect(placement(pod({}, { cpu: '64' }), [plain, large]).decides).toEqual(['size', 'taint']);
  });

  test('is the taint when only tainted nodes offer the resource at all', () => {
    const gpu = node({ name: 'g', taint: 'nvidia.com/gpu', room: { 'nvidia.com/gpu': '2' } });
    expect(placement(pod({}, { 'nvidia.com/gpu': '1' }), [plain, gpu]).decides).toEqual(['taint']);
  });

  test('knows cordoned nodes and nodes tainted for a condition', () => {
    const cordoned = node({ name: 'c', cordoned: true });
    const gone = node({ name: 'g', taint: 'node.kubernetes.io/unreachable' });
    expect(placement(pod({}), [cordoned, gone, tainted]).unwell).toEqual(['c', 'g']);
  });

  test('counts a node that takes no pods as too small', () => {
    expect(placement(pod({}), [node({ name: 'x', room: { pods: '0' } })]).decides).toEqual(['size']);
  });

  test('finds keys with the same last part', () => {
    expect(similarKeys('zone', [{ labels: { 'topology.kubernetes.io/zone': 'a', region: 'b' } }])).toEqual([
      'topology.kubernetes.io/zone',
    ]);
  });
});

describe('the room on a node', () => {
  test('is allocatable minus the requests of its pods that are not finished', () => {
    const on = (cpu: string, phase: string): KubePod => ({
      spec: { nodeName: 'a', containers: [{ resources: { requests: { cpu } } }] },
      status: { phase },
    });
    const rooms = roomOn(pod({}, { cpu: '500m' }), node({ name: 'a' }), [on('3700m', 'Running'), on('2', 'Succeeded')]);
    expect(rooms).toContainEqual({
      resource: 'cpu',
      node: 'a',
      wanted: 0.5,
      free: 0.3,
      allocatable: 4,
      taken: 3.7,
      enough: false,
    });
    expect(rooms).toContainEqual(expect.objectContaining({ resource: 'pods', taken: 1, enough: true }));
  });
});

describe('a spread constraint', () => {
  test('finds the full domain and the blocked one', () => {
    const nodes = [node({ name: 'a' }), node({ name: 'b', taint: 'dedicated' })];
    const other: KubePod = {
      metadata: { namespace: 'shop', labels: { app: 'web' } },
      spec: { nodeName: 'a' },
      status: { phase: 'Running' },
    };
    const constraint = {
      topologyKey: 'kubernetes.io/hostname',
      maxSkew: 1,
      labelSelector: { matchLabels: { app: 'web' } },
    };
    const found = spreadOver(pod({}), constraint, nodes, [other]);
    expect(found.full.map((domain) => domain.name)).toEqual(['a']);
    expect(found.blocked.map((domain) => domain.name)).toEqual(['b']);
    const honoured = spreadOver(pod({}), { ...constraint, nodeTaintsPolicy: 'Honor' }, nodes, [other]);
    expect(honoured).toMatchObject({ full: [], blocked: [] });
  });
});
