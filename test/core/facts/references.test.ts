import { describe, expect, it } from 'vitest';
import type { KubePod } from '../../../src/core/facts/kube-types.ts';
import { mountsOf, referencesOf } from '../../../src/core/facts/references.ts';

const pod: KubePod = {
  spec: {
    imagePullSecrets: [{ name: 'regcred' }, {}],
    initContainers: [{ name: 'prepare', envFrom: [{ secretRef: { name: 'init-env', optional: true } }] }],
    containers: [
      {
        name: 'web',
        env: [
          { name: 'PLAIN', value: 'x' },
          { name: 'HOST', valueFrom: { configMapKeyRef: { name: 'app-config', key: 'host' } } },
          { name: 'WORD', valueFrom: { secretKeyRef: { name: 'db', key: 'word', optional: true } } },
        ],
        envFrom: [{ configMapRef: { name: 'all' } }],
        volumeMounts: [
          { name: 'conf', mountPath: '/etc/app.conf', subPath: 'app.conf' },
          { name: 'data', mountPath: '/data', subPathExpr: '$(POD)' },
          { name: 'gone', mountPath: '/gone' },
        ],
      },
    ],
    volumes: [
      { name: 'conf', configMap: { name: 'app-config', items: [{ key: 'a' }, { key: 'b' }] } },
      { name: 'tls', secret: { secretName: 'tls', optional: true } },
      { name: 'data', persistentVolumeClaim: { claimName: 'data-0' } },
      {
        name: 'all',
        projected: { sources: [{ secret: { name: 'p', items: [{ key: 'k' }] } }, { configMap: { name: 'q' } }, {}] },
      },
    ],
  },
};

describe('the references of a pod', () => {
  it('name every object with its place', () => {
    const base = { key: '', optional: false, container: '', volume: '' };
    const volume = (name: string): object => ({ ...base, use: 'volume', where: `volume ${name}`, volume: name });

    const references = referencesOf(pod);

    expect(references).toEqual([
      {
        ...base,
        kind: 'Secret',
        name: 'init-env',
        optional: true,
        use: 'envFrom',
        where: 'envFrom of container prepare',
        container: 'prepare',
      },
      {
        ...base,
        kind: 'ConfigMap',
        name: 'app-config',
        key: 'host',
        use: 'env',
        where: 'env HOST of container web',
        container: 'web',
      },
      {
        ...base,
        kind: 'Secret',
        name: 'db',
        key: 'word',
        optional: true,
        use: 'env',
        where: 'env WORD of container web',
        container: 'web',
      },
      { ...base, kind: 'ConfigMap', name: 'all', use: 'envFrom', where: 'envFrom of container web', container: 'web' },
      { ...volume('conf'), kind: 'ConfigMap', name: 'app-config', key: 'a' },
      { ...volume('conf'), kind: 'ConfigMap', name: 'app-config', key: 'b' },
      { ...volume('tls'), kind: 'Secret', name: 'tls', optional: true },
      { ...volume('data'), kind: 'PersistentVolumeClaim', name: 'data-0' },
      { ...volume('all'), kind: 'Secret', name: 'p', key: 'k' },
      { ...volume('all'), kind: 'ConfigMap', name: 'q' },
      { ...base, kind: 'Secret', name: 'regcred', use: 'imagePull', where: 'imagePullSecrets' },
    ]);
  });

  it('are none for a pod without a spec', () => {
    expect([referencesOf({}), mountsOf({})]).toEqual([[], []]);
  });
});

describe('the mounts of a pod', () => {
  it('carry the index that the kubelet uses, and what the volume is made of', () => {
    const base = { container: 'web' };

    const mounts = mountsOf(pod);

    expect(mounts).toEqual([
      {
        ...base,
        index: 0,
        volume: 'conf',
        mountPath: '/etc/app.conf',
        subPath: 'app.conf',
        source: 'configMap',
        object: 'app-config',
      },
      {
        ...base,
        index: 1,
        volume: 'data',
        mountPath: '/data',
        subPath: '$(POD)',
        source: 'persistentVolumeClaim',
        object: 'data-0',
      },
      { ...base, index: 2, volume: 'gone', mountPath: '/gone', subPath: '', source: '', object: '' },
    ]);
  });
});
