import { describe, expect, it } from 'vitest';
import { mapAlert } from '../../../src/core/triage/alert-target.ts';
import { alertedPod, endedAlert, POD_ALERT_NAMES, podAlert } from '../../../src/core/triage/pod-alert.ts';
import type { PodTrouble } from '../../../src/core/triage/pod-trouble.ts';

const UID = '81c1715d-7ac4-469f-afa8-980b87d604b1';
const RAW = {
  metadata: {
    name: 'web-0',
    namespace: 'shop',
    uid: UID,
    labels: { app: 'web', team: 'front' },
    annotations: { owner: 'ann' },
  },
};
const TROUBLE: PodTrouble = {
  kind: 'crash-loop',
  container: 'web',
  status: 'CrashLoopBackOff',
  restarts: 4,
  since: '2026-01-31T12:00:00Z',
};
const POD = { namespace: 'shop', name: 'web-0', uid: UID, owners: { team: 'front' } };

describe('alertedPod', () => {
  it('keeps what may name the owner, and nothing else', () => {
    const pod = alertedPod(RAW, ['owner', 'team', 'constructor']);

    expect(pod).toEqual({ namespace: 'shop', name: 'web-0', uid: UID, owners: { owner: 'ann', team: 'front' } });
  });

  it.each([{}, { metadata: {} }, { metadata: { name: 'x' } }])('is nothing without a name and a uid: %j', (raw) => {
    expect(alertedPod(raw, [])).toBeUndefined();
  });
});

describe('podAlert', () => {
  it('is an alert of Kubewhy', () => {
    const alert = podAlert(POD, TROUBLE, TROUBLE.since);

    expect(alert).toEqual({
      sender: 'kubewhy',
      receiver: '',
      groupKey: '',
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
      status: 'firing',
      name: 'KubewhyPodCrashLooping',
      labels: {
        alertname: 'KubewhyPodCrashLooping',
        namespace: 'shop',
        pod: 'web-0',
        container: 'web',
        uid: UID,
        severity: 'warning',
      },
      annotations: { team: 'front', description: 'container web, CrashLoopBackOff, restarted 4 times' },
      startsAt: '2026-01-31T12:00:00.000Z',
    });
  });

  it('has the same fingerprint however far the trouble has gone and whoever owns the pod', () => {
    const prints = [
      podAlert(POD, TROUBLE, TROUBLE.since),
      podAlert({ ...POD, owners: {} }, { ...TROUBLE, restarts: 9, status: 'running' }, '2026-01-31T13:00:00Z'),
    ].map(({ fingerprint }) => fingerprint);

    expect(prints[0]).toBe(prints[1]);
  });

  it.each(Object.entries(POD_ALERT_NAMES))('is about its pod: %s', (kind) => {
    const trouble = { ...TROUBLE, kind: kind as PodTrouble['kind'] };

    const mapped = mapAlert(podAlert(POD, trouble, TROUBLE.since), {
      clusters: ['prod', 'stage'],
      clusterLabel: 'cluster',
      clusterNames: {},
      senderCluster: 'stage',
    });

    expect(mapped).toMatchObject({
      target: { kind: 'object', object: { kind: 'Pod', namespace: 'shop', name: 'web-0', uid: UID } },
      cluster: { name: 'stage' },
      container: 'web',
    });
  });

  it('ends', () => {
    const alert = podAlert(POD, TROUBLE, TROUBLE.since);

    const ended = endedAlert(alert, new Date('2026-01-31T13:00:00Z'));

    expect(ended).toEqual({ ...alert, status: 'resolved', endsAt: '2026-01-31T13:00:00.000Z' });
  });
});
