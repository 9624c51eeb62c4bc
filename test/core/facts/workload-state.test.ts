import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/facts/json.ts';
import { podFacts } from '../../../src/core/facts/pod-facts.ts';
import { workloadFacts } from '../../../src/core/facts/workload-facts.ts';
import type { SubjectKind } from '../../../src/core/subject/kinds.ts';

const NOW = '2026-03-02T10:00:00Z';

interface Given {
  readonly spec?: JsonObject;
  readonly status?: JsonObject;
  readonly pods?: readonly JsonObject[];
  readonly children?: readonly JsonObject[];
  readonly events?: readonly JsonObject[];
}

function facts(kind: SubjectKind, { spec = {}, status = {}, pods = [], children = [], events = [] }: Given) {
  const metadata = { name: 'web', uid: 'w-1', generation: 1, creationTimestamp: '2026-03-01T10:00:00Z' };
  return workloadFacts({
    kind,
    raw: { kind, metadata, spec, status: { observedGeneration: 1, ...status } },
    events,
    children,
    pods: pods.map((pod) => podFacts(pod, [], NOW)),
    now: NOW,
  });
}

function pod(created: string, status: JsonObject): JsonObject {
  return { metadata: { name: 'web-x', creationTimestamp: created }, spec: { nodeName: 'n', containers: [] }, status };
}

const READY = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
const EVICTED = { phase: 'Failed', reason: 'Evicted' };

function refused(last: string): JsonObject {
  return {
    involvedObject: { kind: 'StatefulSet', name: 'web', uid: 'w-1' },
    type: 'Warning',
    reason: 'FailedCreate',
    message: 'exceeded quota: q',
    lastTimestamp: last,
  };
}

describe('the state of a workload', () => {
  it('is healthy with a note when no pod is wanted', () => {
    const { state } = facts('Deployment', { spec: { replicas: 0 } });

    expect(state).toMatchObject({ verdict: 'healthy', notes: ['spec.replicas is 0: no pod is wanted'] });
  });

  it('is healthy although an evicted pod was left behind', () => {
    const pods = [pod('2026-03-02T09:00:00Z', READY), pod('2026-03-02T08:00:00Z', EVICTED)];
    const { state } = facts('Deployment', {
      spec: { replicas: 1 },
      status: { readyReplicas: 1, updatedReplicas: 1 },
      pods,
    });

    expect(state).toMatchObject({ verdict: 'healthy', notes: ['pod web-x failed earlier (Evicted)'] });
  });

  it('is healthy when the partition keeps pods on the old template', () => {
    const spec = { replicas: 3, updateStrategy: { rollingUpdate: { partition: 2 } } };
    const status = { readyReplicas: 3, updatedReplicas: 1, currentRevision: 'a', updateRevision: 'b' };

    expect(facts('StatefulSet', { spec, status }).state.verdict).toBe('healthy');
    expect(facts('StatefulSet', { spec: { replicas: 3 }, status }).state.verdict).toBe('trouble');
  });

  it('counts an update of which nothing is done yet, which the status leaves out', () => {
    const status = { readyReplicas: 2, currentRevision: 'a', updateRevision: 'b' };

    expect(facts('StatefulSet', { spec: { replicas: 2 }, status }).state.status).toBe('2/2 ready, 0 updated');
  });

  it('is starting while a rolling update goes on', () => {
    const starting = pod('2026-03-02T09:59:50Z', {
      phase: 'Pending',
      startTime: '2026-03-02T09:59:51Z',
      conditions: [{ type: 'Ready', status: 'False' }],
    });
    const status = { readyReplicas: 1, updatedReplicas: 1, currentRevision: 'a', updateRevision: 'b' };

    expect(facts('StatefulSet', { spec: { replicas: 2 }, status, pods: [starting] }).state.verdict).toBe('starting');
  });

  it('is trouble when a DaemonSet fits no node', () => {
    expect(facts('DaemonSet', { status: { desiredNumberScheduled: 0 } }).state.verdict).toBe('trouble');
  });

  it('is trouble when the last Job of a CronJob failed, not when an older one did', () => {
    const failed = {
      metadata: { creationTimestamp: '2026-03-02T09:00:00Z' },
      status: { conditions: [{ type: 'Failed', status: 'True' }] },
    };
    const done = {
      metadata: { creationTimestamp: '2026-03-02T09:30:00Z' },
      status: { conditions: [{ type: 'Complete', status: 'True' }] },
    };

    expect(facts('CronJob', { children: [failed] }).state.verdict).toBe('trouble');
    expect(facts('CronJob', { children: [done, failed] }).state.verdict).toBe('healthy');
  });
});

describe('what the API server refused', () => {
  it('is forgotten once a pod was created after it', () => {
    const events = [refused('2026-03-02T09:50:00Z')];
    const created = pod('2026-03-02T09:55:00Z', READY);

    expect(facts('StatefulSet', { spec: { replicas: 2 }, events }).refusals).toEqual(['exceeded quota: q']);
    expect(facts('StatefulSet', { spec: { replicas: 2 }, events, pods: [created] }).refusals).toEqual([]);
  });

  it('is what the condition of a Deployment says, not an old event', () => {
    expect(facts('Deployment', { events: [refused('2026-03-02T09:59:00Z')] }).refusals).toEqual([]);
  });
});

describe("a refusal outside of the workload's own pods", () => {
  const job = (conditions: readonly JsonObject[]): JsonObject => ({
    kind: 'Job',
    metadata: { name: 'web-1', uid: 'j-1', creationTimestamp: '2026-03-02T09:59:00Z' },
    status: { conditions: [...conditions] },
  });
  const refusal = { ...refused('2026-03-02T09:59:30Z'), involvedObject: { kind: 'Job', name: 'web-1', uid: 'j-1' } };

  it('is the trouble of a CronJob while the refused Job still runs', () => {
    const running = facts('CronJob', { children: [job([])], events: [refusal] });
    const ended = facts('CronJob', { children: [job([{ type: 'Complete', status: 'True' }])], events: [refusal] });

    expect(running.state.verdict).toBe('trouble');
    expect(running.refusals).toEqual(['exceeded quota: q']);
    expect(ended.state.verdict).toBe('healthy');
  });

  it('is that of the ReplicaSet which a Deployment cannot make', () => {
    const message = 'Failed to create new replica set "web-1": exceeded quota: q';
    const conditions = [{ type: 'Progressing', status: 'False', reason: 'ReplicaSetCreateError', message }];

    expect(facts('Deployment', { spec: { replicas: 1 }, status: { conditions } }).refusals).toEqual([message]);
  });

  it('is none for a Job that wants no pod now', () => {
    const { state } = facts('Job', { spec: { parallelism: 0 } });

    expect(state).toMatchObject({ verdict: 'healthy', notes: ['spec.parallelism is 0: no pod is wanted now'] });
  });
});

describe('a workload that is deleted', () => {
  function deleted(seconds: number, finalizer: string, pods: readonly JsonObject[]) {
    const deletionTimestamp = new Date(Date.parse(NOW) - seconds * 1000).toISOString();
    const metadata = { name: 'web', uid: 'w-1', deletionTimestamp, finalizers: [finalizer] };
    const made = pods.map((one) => podFacts(one, [], NOW));
    return workloadFacts({
      kind: 'Deployment',
      raw: { kind: 'Deployment', metadata, spec: {}, status: {} },
      events: [],
      children: [],
      pods: made,
      now: NOW,
    }).state;
  }

  function ending(deletionTimestamp: string): JsonObject {
    return { metadata: { name: 'web-x', deletionTimestamp }, spec: { nodeName: 'n', containers: [] }, status: READY };
  }

  it.each([
    ['has time', deleted(30, 'foregroundDeletion', []), 'stopping'],
    [
      'waits for pods that may still end',
      deleted(300, 'foregroundDeletion', [ending('2026-03-02T10:00:10Z')]),
      'stopping',
    ],
    [
      'waits for a pod that does not end',
      deleted(20, 'foregroundDeletion', [ending('2026-03-02T09:50:00Z')]),
      'trouble',
    ],
    ['is held by a finalizer', deleted(61, 'example.com/hold', []), 'trouble'],
  ])('%s', (_, state, verdict) => {
    expect(state).toMatchObject({ status: 'Terminating', verdict });
  });
});
