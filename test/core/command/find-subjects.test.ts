import { describe, expect, it } from 'vitest';
import { findSubjects } from '../../../src/core/command/find-subjects.ts';

describe('names in a message', () => {
  it.each([
    [
      'an alert with labels',
      '[FIRING:1] KubePodCrashLooping (namespace="shop" pod="blog-api-599bdd9787-9cpn7" container="api")',
      [{ kind: 'Pod', name: 'blog-api-599bdd9787-9cpn7', namespace: 'shop' }],
    ],
    [
      'an alert as Slack shows it',
      '*namespace:* shop\n*pod:* db-0\n*severity:* critical',
      [{ kind: 'Pod', name: 'db-0', namespace: 'shop' }],
    ],
    [
      'kubectl output',
      'NAME                   READY   STATUS\nweb-7d9f8c6b5d-x2x4z   0/1     CrashLoopBackOff',
      [{ name: 'web-7d9f8c6b5d-x2x4z' }],
    ],
    ['a kind and a name', 'why is deploy/blog-api down again?', [{ kind: 'Deployment', name: 'blog-api' }]],
    ['a namespace and a name', 'shop/web-0 does not start.', [{ name: 'web-0', namespace: 'shop' }]],
    ['an option', 'kubectl -n shop logs proxy-x7k2p', [{ name: 'proxy-x7k2p', namespace: 'shop' }]],
    ['another option', 'find / -name db-1', [{ name: 'db-1' }]],
    ['an option with a sign', 'kubectl -n=shop logs db-1', [{ name: 'db-1', namespace: 'shop' }]],
    ['a deployment label', 'deployment=web, namespace: shop', [{ kind: 'Deployment', name: 'web', namespace: 'shop' }]],
    [
      'an alert about a node',
      'KubeNodeNotReady node="worker-1" status="false"',
      [{ kind: 'Node', name: 'worker-1', namespace: '' }],
    ],
    [
      'a pod rather than its node',
      'pod="db-0" node="worker-1" namespace="shop"',
      [{ kind: 'Pod', name: 'db-0', namespace: 'shop' }],
    ],
    ['a namespace', 'namespace/shop hangs in Terminating', [{ kind: 'Namespace', name: 'shop', namespace: '' }]],
    ['a pod rather than its namespace', 'db-0 in ns/shop is down', [{ name: 'db-0' }]],
    ['a name at the end of a sentence', 'please look at db-1.', [{ name: 'db-1' }]],
  ])('%s', (_name, message, expected) => {
    expect(findSubjects(message)).toEqual(expected);
  });

  it.each([
    ['plain talk', 'The site is down since five minutes, can somebody look?'],
    ['a link', 'see https://grafana.example/d/abc-1/pods'],
    ['an encoding', 'the header says charset=utf-8'],
    ['a kind that cannot be asked about', 'configmap/web changed'],
    ['nothing', ''],
  ])('none in %s', (_name, message) => {
    expect(findSubjects(message)).toEqual([]);
  });

  it('gives each once and at most five', () => {
    const message = Array.from({ length: 9 }, (_, index) => `db-${index} db-${index}`).join(' ');

    expect(findSubjects(message).map(({ name }) => name)).toEqual(['db-0', 'db-1', 'db-2', 'db-3', 'db-4']);
  });
});
