import { describe, expect, it } from 'vitest';
import { changeRights } from '../../../src/core/doctor/change-rights.ts';
import { type NeededRight, rightWords } from '../../../src/core/doctor/right.ts';
import { grantedBy } from '../../deploy/rbac-files.ts';

const EVERYTHING = [{ actions: ['*'], namespaces: ['*'] }];

function words(needed: readonly NeededRight[]): readonly string[] {
  return needed.map(({ right }) => rightWords(right)).toSorted((a, b) => a.localeCompare(b));
}

function briefly(needed: readonly NeededRight[]): readonly string[] {
  return needed.map(({ right, scope, actions }) => {
    const where = typeof scope === 'string' ? scope : scope.namespace;
    return `${rightWords(right)} ${where}: ${actions?.join()}`;
  });
}

describe('changeRights', () => {
  it('are what deploy/rbac grants', () => {
    const plain = words(changeRights(EVERYTHING, 'prod', { place: 'local' }));
    const of = (place: 'toolbox' | 'job') =>
      changeRights(EVERYTHING, 'prod', { place, namespace: 'ceph' }).filter(({ scope }) => scope !== 'everywhere');

    expect(plain).toEqual(grantedBy('executor.yaml'));
    expect(words(of('toolbox'))).toEqual(grantedBy('executor-toolbox.yaml'));
    expect(words(of('job'))).toEqual(grantedBy('executor-jobs.yaml'));
  });

  it('are those of the actions, the namespaces and the cluster of the rules', () => {
    const rules = [
      { actions: ['R-POD-DELETE'], namespaces: ['shop', 'pay'] },
      { actions: ['R-EVICT'], namespaces: ['shop'] },
      { actions: ['*'], clusters: ['stage'], namespaces: ['*'] },
    ];

    expect(briefly(changeRights(rules, 'prod', { place: 'toolbox', namespace: 'ceph' }))).toEqual([
      'create subjectaccessreviews.authorization.k8s.io everywhere: ',
      'create events everywhere: ',
      'delete pods shop: R-POD-DELETE',
      'delete pods pay: R-POD-DELETE',
      'list poddisruptionbudgets.policy shop: R-POD-DELETE,R-EVICT',
      'list poddisruptionbudgets.policy pay: R-POD-DELETE',
      'create pods/eviction shop: R-EVICT',
    ]);
  });

  it('of nodes are needed only where a rule is for everything', () => {
    const forNodes = (namespaces: readonly string[]) =>
      words(changeRights([{ actions: ['R-CORDON'], namespaces }], 'prod', undefined)).includes('patch nodes');

    expect([forNodes(['shop']), forNodes(['team-*']), forNodes(['*'])]).toEqual([false, false, true]);
  });

  it('are none where no rule holds', () => {
    expect(changeRights([{ actions: ['*'], clusters: ['stage'], namespaces: ['*'] }], 'prod', undefined)).toEqual([]);
  });
});
