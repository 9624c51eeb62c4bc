import { expect, it } from 'vitest';
import { matcherText, parseMatchers } from '../../../src/core/triage/silence.ts';
import { matchersFor } from '../../../src/core/triage/silence-draft.ts';
import { sampleIncident, sampleRoot } from './incident-samples.ts';

const NO_CLUSTER = { label: 'cluster', values: [] };
const pod = { kind: 'Pod', namespace: 'shop', name: 'web-0' } as const;
const web = { kind: 'Deployment', namespace: 'shop', name: 'web' } as const;
const node = { kind: 'Node', namespace: '', name: 'worker-1' } as const;

it.each([
  [
    'a Deployment, which alerts about its pods do not name',
    { roots: [sampleRoot(web)] },
    ['alertname="KubePodCrashLooping"', 'namespace="shop"'],
  ],
  [
    'a pod that alerts name',
    { roots: [sampleRoot(pod)] },
    ['alertname="KubePodCrashLooping"', 'namespace="shop"', 'pod="web-0"'],
  ],
  [
    'a Deployment that alerts name',
    { names: ['KubeDeploymentReplicasMismatch'] },
    ['alertname="KubeDeploymentReplicasMismatch"', 'namespace="shop"', 'deployment="web"'],
  ],
  [
    'a Deployment that some of the alerts name',
    { names: ['KubeDeploymentReplicasMismatch', 'KubePodNotReady'] },
    ['alertname=~"KubeDeploymentReplicasMismatch|KubePodNotReady"', 'namespace="shop"'],
  ],
  [
    'a node',
    { names: ['KubeNodeNotReady', 'KubeNodeUnreachable'], roots: [sampleRoot(node)] },
    ['alertname=~"KubeNodeNotReady|KubeNodeUnreachable"', 'node="worker-1"'],
  ],
  [
    'an alert of somebody else',
    { names: ['ShopIsSlow'], roots: [sampleRoot(pod)] },
    ['alertname="ShopIsSlow"', 'namespace="shop"'],
  ],
  [
    'objects of two namespaces',
    { roots: [sampleRoot(web), sampleRoot({ ...web, namespace: 'pay' })] },
    ['alertname="KubePodCrashLooping"', 'namespace=~"shop|pay"'],
  ],
  [
    'something unknown among them',
    { roots: [sampleRoot(web), sampleRoot(undefined)] },
    ['alertname="KubePodCrashLooping"'],
  ],
  ['objects that were only counted', { rootsBeyond: 3 }, ['alertname="KubePodCrashLooping"']],
  ['an alert without a name', { names: [''], roots: [] }, []],
])('of %s', (_what, changes, expected) => {
  expect(matchersFor(sampleIncident(changes), NO_CLUSTER).map(matcherText)).toEqual(expected);
});

it('names the cluster where its alerts do', () => {
  const matchers = matchersFor(sampleIncident(), { label: 'k8s', values: ['eu-1', 'eu.2'] });

  expect(matchers.map(matcherText).at(-1)).toBe(String.raw`k8s=~"eu-1|eu\\.2"`);
});

it('leaves out names that do not fit, and what is left can be sent as it is', () => {
  const names = ['KubePodNotReady', '"\\'.repeat(800), 'a'.repeat(800), 'b'.repeat(800), 'KubePodCrashLooping'];

  const text = matchersFor(sampleIncident({ names }), NO_CLUSTER).map(matcherText).join('\n');

  expect(text.length).toBeLessThan(2100);
  expect(text).toContain(`"KubePodNotReady|${'a'.repeat(800)}|KubePodCrashLooping"`);
  expect(parseMatchers(text).kind).toBe('valid');
});
