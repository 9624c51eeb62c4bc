import { describe, expect, it } from 'vitest';
import type {
  KubeNode,
  KubeNodeSelectorTerm,
  KubePodSpec,
  KubeToleration,
} from '../../../src/core/facts/kube-types.ts';
import {
  effectiveRequests,
  matchesRequirement,
  nodeFits,
  requestedOn,
  selectorMatches,
  selectorQuery,
  tolerates,
} from '../../../src/core/facts/nodes.ts';

const taint = { key: 'dedicated', value: 'gpu', effect: 'NoSchedule' };
const cpu = (amount: string): { readonly requests: Readonly<Record<string, string>> } => ({
  requests: { cpu: amount },
});

function node(more: KubeNode = {}): KubeNode {
  return {
    metadata: { name: 'node-1', labels: { disk: 'ssd', cores: '8' } },
    status: { allocatable: { cpu: '4', memory: '8Gi' }, conditions: [{ type: 'Ready', status: 'True' }] },
    ...more,
  };
}

function affinity(...nodeSelectorTerms: readonly KubeNodeSelectorTerm[]): KubePodSpec {
  return { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } } };
}

describe('a toleration', () => {
  it.each<[KubeToleration, boolean]>([
    [{ key: 'dedicated', operator: 'Equal', value: 'gpu', effect: 'NoSchedule' }, true],
    [{ key: 'dedicated', value: 'gpu' }, true],
    [{ key: 'dedicated', operator: 'Exists' }, true],
    [{ key: 'dedicated', operator: 'Exists', effect: 'NoSchedule' }, true],
    [{ operator: 'Exists' }, true],
    [{ operator: 'Exists', effect: 'NoSchedule' }, true],
    [{ key: '', operator: 'Exists' }, true],
    [{ operator: 'Exists', effect: 'NoExecute' }, false],
    [{ key: 'dedicated', operator: 'Exists', effect: 'NoExecute' }, false],
    [{ key: 'dedicated', operator: 'Equal', value: 'cpu' }, false],
    [{ key: 'dedicated' }, false],
    [{ key: 'dedicate', operator: 'Exists' }, false],
    [{ value: 'gpu' }, false],
    [{}, false],
  ])('%j: %s', (toleration, expected) => {
    expect(tolerates(toleration, taint)).toBe(expected);
  });

  it('without a value matches a taint without one', () => {
    expect(tolerates({ key: 'k' }, { key: 'k', effect: 'NoExecute' })).toBe(true);
  });
});

describe('a requirement', () => {
  const labels = { zone: 'a', cores: '8', empty: '' };

  it.each<[string, string, readonly string[] | undefined, boolean]>([
    ['zone', 'In', ['a', 'b'], true],
    ['zone', 'In', ['b'], false],
    ['gone', 'In', ['a'], false],
    ['zone', 'NotIn', ['b'], true],
    ['zone', 'NotIn', ['a'], false],
    ['gone', 'NotIn', ['a'], true],
    ['empty', 'Exists', undefined, true],
    ['gone', 'Exists', undefined, false],
    ['gone', 'DoesNotExist', undefined, true],
    ['empty', 'DoesNotExist', undefined, false],
    ['cores', 'Gt', ['7'], true],
    ['cores', 'Gt', ['8'], false],
    ['cores', 'Lt', ['9'], true],
    ['cores', 'Lt', ['8'], false],
    ['zone', 'Gt', ['0'], false],
    ['empty', 'Gt', ['-1'], false],
    ['gone', 'Lt', ['1'], false],
    ['zone', 'Near', ['a'], false],
  ])('%s %s %j: %s', (key, operator, values, expected) => {
    expect(matchesRequirement({ key, operator, ...(values === undefined ? {} : { values }) }, labels)).toBe(expected);
  });
});

describe('how a node stands to a pod', () => {
  it('says everything about a node that fits', () => {
    const [fit] = nodeFits({ spec: { nodeSelector: { disk: 'ssd' }, containers: [{ resources: cpu('4') }] } }, [
      node(),
    ]);

    expect(fit).toEqual({
      name: 'node-1',
      ready: true,
      cordoned: false,
      matchesAffinity: true,
      missing: '',
      untolerated: [],
      tooSmall: [],
      allocatable: { cpu: 4, memory: 8 * 2 ** 30 },
      labels: { disk: 'ssd', cores: '8' },
      eligible: true,
    });
  });

  it.each<[string, KubePodSpec, KubeNode, object]>([
    ['nodeSelector', { nodeSelector: { disk: 'hdd' } }, node(), { missing: 'disk=hdd', eligible: false }],
    [
      'affinity In',
      affinity({ matchExpressions: [{ key: 'disk', operator: 'In', values: ['hdd'] }] }),
      node(),
      { missing: 'disk=hdd' },
    ],
    [
      'affinity of several values',
      affinity({ matchExpressions: [{ key: 'disk', operator: 'In', values: ['a', 'b'] }] }),
      node(),
      { missing: 'disk In (a,b)', matchesAffinity: false },
    ],
    [
      'affinity, one of two terms',
      affinity(
        { matchExpressions: [{ key: 'gpu', operator: 'Exists' }] },
        { matchExpressions: [{ key: 'disk', operator: 'Exists' }] },
      ),
      node(),
      { missing: '', eligible: true },
    ],
    ['an empty term', affinity({}), node(), { matchesAffinity: false, eligible: false }],
    [
      'affinity by name',
      affinity({ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['node-2'] }] }),
      node(),
      { missing: 'metadata.name=node-2' },
    ],
    [
      'taints',
      {},
      node({ spec: { taints: [taint, { key: 'soft', effect: 'PreferNoSchedule' }] } }),
      { untolerated: ['dedicated=gpu:NoSchedule'], eligible: false },
    ],
    [
      'a taint without a value',
      {},
      node({ spec: { taints: [{ key: 'k', effect: 'NoExecute' }] } }),
      { untolerated: ['k:NoExecute'] },
    ],
    ['a cordon', {}, node({ spec: { unschedulable: true } }), { cordoned: true, eligible: false }],
    [
      'a cordon that is tolerated',
      { tolerations: [{ key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' }] },
      node({
        spec: { unschedulable: true, taints: [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }] },
      }),
      { cordoned: true, untolerated: [], eligible: true },
    ],
    ['size', { containers: [{ resources: cpu('4001m') }] }, node(), { tooSmall: ['cpu'], eligible: false }],
    [
      'a resource nobody offers',
      { containers: [{ resources: { requests: { gpu: '1' } } }] },
      node(),
      { tooSmall: ['gpu'] },
    ],
    [
      'sums of fractions',
      { containers: [{ resources: cpu('100m') }, { resources: cpu('200m') }] },
      node({ status: { allocatable: { cpu: '300m' } } }),
      { tooSmall: [], eligible: true, ready: false },
    ],
  ])('%s', (_, spec, kubeNode, expected) => {
    expect(nodeFits({ spec }, [kubeNode])[0]).toMatchObject(expected);
  });
});

describe('the request of a pod', () => {
  it.each<[string, KubePodSpec, object]>([
    [
      'is the sum of its containers',
      { containers: [{ resources: cpu('1') }, { resources: cpu('500m') }, {}] },
      { cpu: 1.5 },
    ],
    [
      'is the largest init container, if that is more',
      { containers: [{ resources: cpu('1') }], initContainers: [{ resources: cpu('3') }, { resources: cpu('2') }] },
      { cpu: 3 },
    ],
    [
      'counts sidecars for good',
      { containers: [{ resources: cpu('1') }], initContainers: [{ restartPolicy: 'Always', resources: cpu('1') }] },
      { cpu: 2 },
    ],
    [
      'counts only earlier sidecars beside an init container',
      {
        containers: [{ resources: cpu('1') }],
        initContainers: [
          { resources: cpu('4') },
          { restartPolicy: 'Always', resources: cpu('2') },
          { resources: cpu('3') },
        ],
      },
      { cpu: 5 },
    ],
    [
      'includes the overhead',
      { containers: [{ resources: cpu('1') }], overhead: { cpu: '250m', memory: '1Mi' } },
      { cpu: 1.25, memory: 2 ** 20 },
    ],
  ])('%s', (_, spec, expected) => {
    expect(effectiveRequests(spec)).toEqual(expected);
  });

  it('counts on a node only while the pod is not finished', () => {
    const spec = { containers: [{ resources: cpu('300m') }] };
    const pods = ['Running', 'Pending', 'Succeeded', 'Failed', undefined].map((phase) => ({
      spec,
      status: phase === undefined ? {} : { phase },
    }));

    expect(requestedOn(pods)).toEqual({ pods: 3, cpu: 0.9 });
  });
});

describe('a label selector', () => {
  const selector = {
    matchLabels: { app: 'web' },
    matchExpressions: [
      { key: 'tier', operator: 'In', values: ['a', 'b'] },
      { key: 'env', operator: 'NotIn', values: ['test'] },
      { key: 'x', operator: 'Exists' },
      { key: 'y', operator: 'DoesNotExist' },
    ],
  };

  it('is written as a query', () => {
    expect(selectorQuery(selector)).toBe('app=web,tier in (a,b),env notin (test),x,!y');
  });

  it.each([
    [{ app: 'web', tier: 'a', x: '' }, true],
    [{ app: 'web', tier: 'c', x: '' }, false],
    [{ app: 'api', tier: 'a', x: '' }, false],
    [{ app: 'web', tier: 'a', x: '', y: '1' }, false],
  ])('matches %j: %s', (labels, expected) => {
    expect([selectorMatches(selector, labels), selectorMatches({}, labels)]).toEqual([expected, true]);
  });
});
