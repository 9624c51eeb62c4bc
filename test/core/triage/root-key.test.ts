import { describe, expect, it } from 'vitest';
import { keyOfBlamed, lookTier, workloadKeys } from '../../../src/core/triage/root-key.ts';

describe('the key of what is blamed', () => {
  it.each([
    ['shop/web-0', 'Pod shop/web-0'],
    ['Deployment shop/web', 'Deployment shop/web'],
    ['Node worker-1', 'Node worker-1'],
    ['image registry.example.org/web:1', 'image registry.example.org/web:1'],
    ['  ConfigMap\n shop/app ', 'ConfigMap shop/app'],
    ['', ''],
    ['x'.repeat(400), `${'x'.repeat(299)}…`],
  ])('%j is %j', (blamed, key) => {
    expect(keyOfBlamed(blamed)).toBe(key);
  });
});

describe('the workloads that a pod may belong to', () => {
  it.each<[string, readonly string[]]>([
    ['Pod shop/blog-api-599bdd9787-9cpn7', ['Deployment shop/blog-api']],
    ['Pod shop/db-0', ['StatefulSet shop/db']],
    [
      'Pod kube-system/proxy-x2x4z',
      ['DaemonSet kube-system/proxy', 'ReplicaSet kube-system/proxy', 'Job kube-system/proxy'],
    ],
    [
      'Pod shop/backup-29384721-x2x4z',
      ['DaemonSet shop/backup-29384721', 'ReplicaSet shop/backup-29384721', 'Job shop/backup-29384721'],
    ],
    ['Pod shop/redis-cache', []],
    ['Pod shop/web', []],
    ['Deployment shop/web-0', []],
    ['Node worker-1', []],
  ])('%s: %j', (key, expected) => {
    expect(workloadKeys(key)).toEqual(expected);
  });
});

describe('what is looked at first', () => {
  it('is a node, and last a single pod', () => {
    expect(['Node w-1', 'Deployment shop/web', 'scrape target x', 'Pod shop/web'].map(lookTier)).toEqual([0, 1, 1, 2]);
  });
});
