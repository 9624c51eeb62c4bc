import { describe, expect, it } from 'vitest';
import type { TryCluster } from '../../../src/cli/try/try-cluster.ts';
import { tryCompletion } from '../../../src/cli/try/try-completion.ts';

const NAMES: Readonly<Record<string, readonly string[]>> = {
  pods: ['web-0', 'web-1', 'db-0'],
  deployments: ['web', 'worker'],
  namespaces: ['shop', 'shipping', 'kube-system'],
};

const cluster: TryCluster = {
  name: 'recorded',
  recorded: true,
  namespace: 'shop',
  banner: '',
  suggestions: ['/k8s why deploy/web -n shop', '/k8s help'],
  names: async ({ resource }) => NAMES[resource] ?? [],
  stop: async () => undefined,
};
const complete = tryCompletion(cluster);

describe('the completion of a command', () => {
  it.each([
    ['/', ['/k8s why ', '/k8s help']],
    ['/k8s h', ['/k8s help']],
    ['/other', []],
    ['/k8s why web', ['/k8s why web-0 -n shop', '/k8s why web-1 -n shop']],
    ['/k8s why deploy/w', ['/k8s why deploy/web -n shop', '/k8s why deploy/worker -n shop']],
    ['/k8s why dep', ['/k8s why deploy/web -n shop']],
    ['/k8s why web-0 -n sh', ['/k8s why web-0 -n shop', '/k8s why web-0 -n shipping']],
    ['/k8s why web-0 ', []],
    ['/k8s why nothing', []],
  ])('of %j', async (text, lines) => {
    expect(await complete(text)).toEqual(lines);
  });

  it('begins with what is suggested, then has all pods', async () => {
    expect(await complete('/k8s why ')).toEqual([
      '/k8s why deploy/web -n shop',
      '/k8s why web-0 -n shop',
      '/k8s why web-1 -n shop',
      '/k8s why db-0 -n shop',
    ]);
  });
});
