import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/facts/json.ts';
import { CLAIM, expectRefusal, inspect, NOW, POD, VOLUME, WORKERS } from './rbd-world.ts';

describe('the pod and its volume', () => {
  const withSpec = (object: JsonObject, spec: JsonObject): JsonObject => ({ ...object, spec });
  const user = (name: string, more: JsonObject = {}): JsonObject => ({
    ...POD,
    metadata: { name, namespace: 'shop', uid: `uid-${name}` },
    status: { phase: 'Running' },
    ...more,
  });
  const rbd = { claimRef: { uid: 'uid-claim' }, rbd: { image: 'vol-1' } };
  const cases: readonly [string, string, RegExp, readonly JsonObject[]][] = [
    ['the pod is gone', 'changed', /does not exist any more/, [CLAIM, VOLUME]],
    [
      'the pod is another one',
      'changed',
      /another object of the same name/,
      [{ ...POD, metadata: { name: 'db-0', namespace: 'shop', uid: 'uid-new' } }, CLAIM, VOLUME],
    ],
    [
      'the pod runs',
      'changed',
      /does not wait for its volume/,
      [{ ...POD, status: { phase: 'Running' } }, CLAIM, VOLUME],
    ],
    [
      'the pod is being deleted',
      'changed',
      /is being deleted/,
      [
        { ...POD, metadata: { name: 'db-0', namespace: 'shop', uid: 'uid-db-0', deletionTimestamp: NOW } },
        CLAIM,
        VOLUME,
      ],
    ],
    [
      'another pod uses the claim',
      'unsafe',
      /Claim data, which is for one writer, is also used by pod old-0/,
      [POD, CLAIM, VOLUME, user('old-0')],
    ],
    [
      'another pod that terminates uses the claim',
      'unsafe',
      /also used by pod old-0/,
      [
        POD,
        CLAIM,
        VOLUME,
        user('old-0', { metadata: { name: 'old-0', namespace: 'shop', uid: 'u', deletionTimestamp: NOW } }),
      ],
    ],
    [
      'the image belongs to no claim of the pod',
      'changed',
      /No claim of the pod is RBD image rbd\/vol-1/,
      [POD, CLAIM, withSpec(VOLUME, { ...rbd, accessModes: ['ReadWriteOnce'], rbd: { image: 'vol-2' } })],
    ],
    [
      'the image is of another pool',
      'changed',
      /No claim of the pod is/,
      [POD, CLAIM, withSpec(VOLUME, { ...rbd, accessModes: ['ReadWriteOnce'], rbd: { image: 'vol-1', pool: 'ssd' } })],
    ],
    [
      'the volume is of a CSI driver',
      'invalid',
      /comes from a CSI driver/,
      [POD, CLAIM, withSpec(VOLUME, { claimRef: { uid: 'uid-claim' }, csi: { driver: 'rbd.csi.ceph.com' } })],
    ],
    [
      'many may write',
      'unsafe',
      /is not for one writer only/,
      [POD, CLAIM, withSpec(VOLUME, { ...rbd, accessModes: ['ReadWriteOnce', 'ReadWriteMany'] })],
    ],
    [
      'many may read',
      'unsafe',
      /is not for one writer only/,
      [POD, CLAIM, withSpec(VOLUME, { ...rbd, accessModes: ['ReadOnlyMany'] })],
    ],
    [
      'the volume belongs to another claim',
      'changed',
      /bound to another claim/,
      [POD, CLAIM, withSpec(VOLUME, { ...rbd, accessModes: ['ReadWriteOnce'], claimRef: { uid: 'other' } })],
    ],
    ['the claim is gone', 'changed', /PersistentVolumeClaim shop\/data does not exist/, [POD, VOLUME]],
  ];

  it.each(cases)('speak against it: %s', async (_what, why, reason, objects) => {
    expectRefusal(await inspect({ objects: [...objects, ...WORKERS] }), why, reason);
  });

  it('do not when the other pod has ended, or the pool is the default one', async () => {
    const ended = user('old-0', { status: { phase: 'Failed' } });
    const volume = withSpec(VOLUME, { ...rbd, accessModes: ['ReadWriteOncePod'] });

    expect(await inspect({ objects: [POD, CLAIM, volume, ended, ...WORKERS] })).toMatchObject({ kind: 'possible' });
  });
});
