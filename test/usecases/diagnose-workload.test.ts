import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPlaybookFolder } from '../../src/adapters/playbook-files/playbook-files.ts';
import { compilePlaybookSet } from '../../src/core/playbook/compile-set.ts';
import { readPlaybookSet } from '../../src/core/playbook/read-set.ts';
import { diagnose } from '../../src/usecases/diagnose.ts';
import { FakeCluster } from '../fakes/fake-cluster.ts';

const FAILED = {
  type: 'Failed',
  status: 'True',
  reason: 'BackoffLimitExceeded',
  message: 'Job has reached the specified backoff limit',
};
const JOB = {
  kind: 'Job',
  metadata: { name: 'import' },
  spec: { backoffLimit: 0, selector: { matchLabels: { job: 'import' } }, template: { spec: { containers: [] } } },
  status: { failed: 1, conditions: [FAILED] },
};
const POD = {
  kind: 'Pod',
  metadata: {
    name: 'import-x',
    labels: { job: 'import' },
    ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: 'import', controller: true }],
  },
  spec: { restartPolicy: 'Never', nodeName: 'n', containers: [{ name: 'import', image: 'lab/import:1' }] },
  status: {
    phase: 'Failed',
    containerStatuses: [
      {
        name: 'import',
        restartCount: 0,
        state: {
          terminated: {
            reason: 'OOMKilled',
            exitCode: 137,
            startedAt: '2026-01-31T11:59:00Z',
            finishedAt: '2026-01-31T11:59:30Z',
          },
        },
      },
    ],
  },
};

const { documents } = await readPlaybookFolder(join(import.meta.dirname, '../../playbooks'));
const { playbooks } = compilePlaybookSet(readPlaybookSet(documents).set);

function ask(objects: readonly (typeof JOB | typeof POD)[]) {
  const cluster = new FakeCluster({ objects });
  return diagnose(
    { kind: 'Job', namespace: 'default', name: 'import' },
    { cluster, playbooks, clock: { now: () => new Date('2026-01-31T12:00:00Z') } },
  );
}

describe('a failed Job', () => {
  it('has the cause of its pod first and its own failure as a consequence', async () => {
    const diagnosis = await ask([JOB, POD]);

    expect(diagnosis.primary?.code).toMatch(/^oom/);
    expect(diagnosis.others).toEqual([]);
    expect(diagnosis.consequences.map(({ code }) => code)).toContain('job-backoff-limit-exceeded');
  });

  it('is its own cause when its pods are gone', async () => {
    expect((await ask([JOB])).primary?.code).toBe('job-backoff-limit-exceeded');
  });
});

describe('a CronJob of which too little may be read', () => {
  it('is not called healthy', async () => {
    const objects = [{ kind: 'CronJob', metadata: { name: 'report' }, spec: { schedule: '* * * * *' } }];
    const cluster = new FakeCluster({ objects, unreadable: [{ resource: 'events', why: 'forbidden' }] });
    const query = { kind: 'CronJob', namespace: 'default', name: 'report' } as const;

    const diagnosis = await diagnose(query, {
      cluster,
      playbooks,
      clock: { now: () => new Date('2026-01-31T12:00:00Z') },
    });

    expect(diagnosis.verdict).toBe('unknown');
    expect(diagnosis.unread).toHaveLength(1);
  });
});
