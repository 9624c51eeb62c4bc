import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/facts/json.ts';
import { podStanding } from '../../../src/core/triage/pod-standing.ts';

function pod(status: JsonObject | undefined, metadata: JsonObject = {}): JsonObject {
  const spec = {
    nodeName: 'worker-1',
    initContainers: [{ name: 'init', image: 'init:1' }],
    containers: [{ name: 'app', image: 'app:2' }],
  };
  return { kind: 'Pod', metadata: { name: 'web-0', ...metadata }, spec, ...(status === undefined ? {} : { status }) };
}

function waiting(name: string, reason: string): JsonObject {
  return { name, state: { waiting: { reason } } };
}

describe('podStanding', () => {
  it.each<[string, JsonObject]>([
    ['waiting CrashLoopBackOff', { phase: 'Running', containerStatuses: [waiting('app', 'CrashLoopBackOff')] }],
    ['waiting ImagePullBackOff app:2', { phase: 'Pending', containerStatuses: [waiting('app', 'ImagePullBackOff')] }],
    [
      'waiting ErrImagePull init:1',
      {
        phase: 'Pending',
        initContainerStatuses: [waiting('init', 'ErrImagePull')],
        containerStatuses: [waiting('app', 'PodInitializing')],
      },
    ],
    ['Pending', { phase: 'Pending' }],
    ['not ready on worker-1', { phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }] }],
    ['Running', { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] }],
    ['Unknown', {}],
  ])('%s', (standing, status) => {
    expect(podStanding(pod(status))).toBe(standing);
  });

  it('is that of a pod that is being deleted, whatever its containers do', () => {
    const status = { phase: 'Running', containerStatuses: [waiting('app', 'CrashLoopBackOff')] };

    expect(podStanding(pod(status, { deletionTimestamp: '2026-01-02T03:04:05Z' }))).toBe('Terminating');
  });

  it('is not known from the metadata alone', () => {
    expect(podStanding(pod(undefined))).toBeUndefined();
  });
});
