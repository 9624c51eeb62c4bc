import { describe, expect, it } from 'vitest';
import { EXCESSIVE_RIGHTS } from '../../../src/core/doctor/change-rights.ts';
import type { ClusterFacts } from '../../../src/core/doctor/cluster-facts.ts';
import { type ExecutorFacts, executorChecks } from '../../../src/core/doctor/executor-checks.ts';
import type { NeededRight } from '../../../src/core/doctor/right.ts';

const ANSWERED: Extract<ClusterFacts, { kind: 'answered' }> = {
  kind: 'answered',
  cluster: 'prod',
  address: 'api:6443',
  version: 'v1.34.4',
  user: 'system:serviceaccount:kubewhy:kubewhy-executor',
  clockSkewMs: 0,
  missing: [],
  unknown: [],
};
const FAILED: ClusterFacts = { kind: 'failed', cluster: 'prod', message: 'It is down.', hint: 'Repair it.' };
const DELETE_PODS: NeededRight = {
  right: { verb: 'delete', group: '', resource: 'pods' },
  scope: { namespace: 'shop' },
  playbooks: [],
  actions: ['R-POD-DELETE'],
};
const REVIEWS: NeededRight = {
  right: { verb: 'create', group: 'authorization.k8s.io', resource: 'subjectaccessreviews' },
  scope: 'everywhere',
  playbooks: [],
  actions: [],
};
const LIST_EVENTS: NeededRight = {
  right: { verb: 'list', group: '', resource: 'events' },
  scope: 'asked',
  playbooks: [],
};

function check(changes: Partial<ExecutorFacts>): readonly string[] {
  return executorChecks({ cluster: ANSWERED, own: true, excess: [], ...changes }).map(
    ({ id, of, status, says }) => `${id} of ${of} ${status}: ${says}`,
  );
}

const OPENED = 'cluster.executor of prod ok: Changes are made as system:serviceaccount:kubewhy:kubewhy-executor.';
const RIGHTS = 'cluster.executor-rights of prod ok: What the rules allow can be done there.';

describe('the account that makes changes', () => {
  it('is in order', () => {
    expect(check({})).toEqual([OPENED, RIGHTS]);
    expect(check({ own: false })).toEqual([RIGHTS]);
  });

  it('is told once when it does not answer', () => {
    expect(check({ cluster: FAILED })).toEqual(['cluster.executor of prod failure: It is down.']);
    expect(check({ cluster: FAILED, own: false })).toEqual([]);
  });

  it('lacks a right of an action in one namespace, and the role that grants it is shown', () => {
    const cluster = { ...ANSWERED, missing: [{ needed: DELETE_PODS, namespaces: ['shop'] }] };

    const checks = executorChecks({ cluster, own: true, excess: [] });

    expect(checks[1]).toMatchObject({
      status: 'failure',
      says: 'R-POD-DELETE cannot be done everywhere, although the rules allow it; missing: `delete pods` in shop.',
      lines: expect.arrayContaining(['    resources: ["pods"]', '    verbs: ["delete"]']),
    });
  });

  it('can do nothing at all without what every change needs', () => {
    const missing = [{ needed: DELETE_PODS }, { needed: REVIEWS }];

    expect(check({ cluster: { ...ANSWERED, missing } })[1]).toMatch(/failure: Nothing can be changed, although/);
  });

  it('may change, but not look', () => {
    expect(check({ cluster: { ...ANSWERED, missing: [{ needed: LIST_EVENTS }] } }).slice(1)).toEqual([
      RIGHTS,
      expect.stringMatching(/^cluster\.executor-reads of prod warning: .*missing: `list events`\.$/),
    ]);
  });

  it('may do too much', () => {
    const [everything, ...single] = EXCESSIVE_RIGHTS;

    expect(check({ excess: single }).at(-1)).toMatch(/^cluster\.executor-excess of prod warning: .*`get nodes\/proxy`/);
    expect(check({ excess: everything === undefined ? [] : [everything, ...single] }).at(-1)).toMatch(
      /may do more than Kubewhy needs: everything\.$/,
    );
  });

  it.each([
    [
      { kind: 'answered', place: 'toolbox a/b', status: 'HEALTH_OK' },
      'ok: Ceph answers through toolbox a/b: HEALTH_OK.',
    ],
    [
      { kind: 'failed', place: 'local', reason: 'no keyring' },
      'failure: Ceph does not answer through local: no keyring.',
    ],
    [{ kind: 'not-tried', place: 'job a/b' }, 'skipped: Whether Ceph answers through job a/b was not tried'],
  ] as const)('%j', (runbook, says) => {
    expect(check({ runbook }).at(-1)).toContain(`cluster.runbook of prod ${says}`);
  });
});
