import { describe, expect, it } from 'vitest';
import { createExpressionCompiler, toScope } from '../../../src/core/expression/cel.ts';
import { HELPER_FUNCTIONS } from '../../../src/core/playbook/helpers.ts';

function value(source: string): unknown {
  const outcome = createExpressionCompiler({ functions: HELPER_FUNCTIONS }).compile(source).evaluate(toScope({}));
  return outcome.ok ? outcome.value : outcome.reason;
}

describe('flatten', () => {
  it('makes one list of lists and leaves out what is no list', () => {
    expect(value('flatten([["a", "b"], [], null, ["c"]])')).toEqual(['a', 'b', 'c']);
  });
});

describe('amount', () => {
  it.each([
    [0, '0 nodes'],
    [1, '1 node'],
    [2, '2 nodes'],
  ])('of %i', (count, words) => {
    expect(value(`amount(${count}, "node")`)).toBe(words);
  });
});

describe('helpers about placing a pod', () => {
  const NODE =
    '{"metadata": {"name": "a", "labels": {"disk": "ssd"}}, "status": {"allocatable": {"cpu": "2", "pods": "10"}}}';
  const POD = '{"spec": {"nodeSelector": {"disk": "sdd"}, "containers": [{"resources": {"requests": {"cpu": "1"}}}]}}';

  it('tell what keeps a pod from every node', () => {
    expect(value(`placement(${POD}, [${NODE}]).decides`)).toEqual(['affinity']);
    expect(value(`placement(${POD}, [{"object": ${NODE}}]).requirements[0].near`)).toEqual(['disk=ssd']);
  });

  it('tell the room on one node, given raw or as a fact', () => {
    expect(value(`roomOn(${POD}, {"name": "a", "object": ${NODE}}, []).map(r, r.resource)`)).toEqual(['cpu', 'pods']);
    expect(value(`roomOn(${POD}, ${NODE}, [])[0].free`)).toBe(2);
  });

  it('count the domains of a spread constraint', () => {
    expect(value(`spreadOver(${POD}, {"topologyKey": "disk"}, [${NODE}], []).fewest`)).toBe(0);
    expect(value(`similarKeys("disc", [${NODE}])`)).toEqual(['disk']);
  });

  it('write a label selector as a query', () => {
    expect(
      value('selectorQuery({"matchLabels": {"app": "web"}, "matchExpressions": [{"key": "x", "operator": "Exists"}]})'),
    ).toBe('app=web,x');
  });
});

describe('workloadOf', () => {
  const OWNED =
    '"namespace": "shop", "labels": {"pod-template-hash": "6f45"}, "ownerReferences": [{"kind": "ReplicaSet", "name": "web-6f45", "controller": true}]';

  it.each([
    [`{"metadata": {"name": "web-6f45-x", ${OWNED}}}`, 'Deployment shop/web'],
    [`{"name": "web-6f45-x", "object": {"metadata": {"name": "web-6f45-x", ${OWNED}}}}`, 'Deployment shop/web'],
    ['{"metadata": {"name": "alone", "namespace": "shop"}}', 'Pod shop/alone'],
  ])('of %s is %s', (pod, key) => {
    expect(value(`workloadOf(${pod})`)).toBe(key);
  });
});

describe('lastLines', () => {
  it('gives the end of a list, the last first', () => {
    expect(value('lastLines(["a", "b", "c"], 2)')).toEqual(['c', 'b']);
    expect(value('lastLines(["a"], 15)')).toEqual(['a']);
  });
});
