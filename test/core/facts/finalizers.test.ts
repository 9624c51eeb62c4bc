import { describe, expect, it } from 'vitest';
import { finalizersOf, knownFinalizer } from '../../../src/core/facts/finalizers.ts';

describe('the finalizers of an object', () => {
  it('are told with who set each', () => {
    const owned = { 'f:metadata': { 'f:finalizers': { '.': {}, 'v:"a.example.com/x"': {} } } };
    const metadata = {
      finalizers: ['a.example.com/x', 'b.example.com/y'],
      managedFields: [{ manager: 'kubectl' }, { manager: 'operator', fieldsV1: owned }],
    };

    expect(finalizersOf({ metadata })).toEqual([
      { name: 'a.example.com/x', manager: 'operator' },
      { name: 'b.example.com/y', manager: '' },
    ]);
  });

  it.each([{}, { metadata: null }, { metadata: { finalizers: null, managedFields: null } }])(
    '%j has none',
    (object) => {
      expect(finalizersOf(object)).toEqual([]);
    },
  );
});

describe('a finalizer', () => {
  it.each([
    'kubernetes.io/pvc-protection',
    'kubernetes.io/pv-protection',
    'external-attacher/rbd-csi-ceph-com',
    'external-provisioner.volume.kubernetes.io/finalizer',
    'foregroundDeletion',
    'orphan',
    'batch.kubernetes.io/job-tracking',
    'service.kubernetes.io/load-balancer-cleanup',
    'snapshot.storage.kubernetes.io/volumesnapshot-bound-protection',
    'elbv2.k8s.aws/resources',
    'karpenter.sh/termination',
    'block.kubernetes.io/anything',
    'k8s.io/x',
  ])('%s protects something real', (name) => {
    expect(knownFinalizer(name).guards).not.toBe('');
  });

  it.each([
    ['batch.kubernetes.io/job-tracking', 'the Job controller', true],
    ['controller.cattle.io/namespace-auth', 'Rancher', false],
    ['finalizers.kubesphere.io/namespaces', 'KubeSphere', false],
    ['cephcluster.ceph.rook.io', 'the Rook operator', false],
  ])('%s belongs to %s', (name, owner, core) => {
    expect(knownFinalizer(name)).toMatchObject({ known: true, owner, core });
  });

  it.each(['example.com/block', 'cluster.x-k8s.io', 'mykubernetes.io/pvc-protection', 'myorphan'])(
    '%s is not known, whatever it looks like',
    (name) => {
      expect(knownFinalizer(name)).toMatchObject({ known: false, core: false, guards: '' });
    },
  );
});
