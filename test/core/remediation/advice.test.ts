import { describe, expect, it } from 'vitest';
import { adviceOf, easyByHand, onlyByHand } from '../../../src/core/remediation/advice.ts';
import { DEPLOYMENT, POD, proposed } from '../../actions/action-world.ts';

const NODE = { kind: 'Node', name: 'node-1', uid: 'n', namespace: '' } as const;
const JOB = { kind: 'Job', name: 'import', uid: 'j' } as const;

describe('adviceOf', () => {
  it.each([
    [
      'R-SCALE',
      DEPLOYMENT,
      { replicas: '2' },
      ['kubectl -n shop get hpa', 'kubectl -n shop scale deployment/web --replicas=2'],
    ],
    [
      'R-SCALE',
      NODE,
      { namespace: 'shop', workload: 'web' },
      ['kubectl -n shop get hpa', 'kubectl -n shop scale deployment/web --replicas=N'],
    ],
    [
      'R-SCALE',
      NODE,
      {},
      ['kubectl -n NAMESPACE get hpa', 'kubectl -n NAMESPACE scale deployment/WORKLOAD --replicas=N'],
    ],
    [
      'R-OOS-TAINT',
      NODE,
      {},
      [
        'kubectl get nodes',
        "kubectl -n kube-node-lease get lease node-1 -o 'jsonpath={.spec.renewTime}'",
        'kubectl taint nodes node-1 node.kubernetes.io/out-of-service=nodeshutdown:NoExecute',
        'kubectl taint nodes node-1 node.kubernetes.io/out-of-service=nodeshutdown:NoExecute- # only after the machine was power-cycled',
      ],
    ],
    [
      'R-VA-DELETE',
      POD,
      { attachment: 'csi-1234', node: 'node-1' },
      [
        'kubectl get volumeattachment csi-1234 -o yaml',
        "kubectl get node node-1 -o 'jsonpath={.status.volumesInUse}'",
        'kubectl delete volumeattachment csi-1234',
      ],
    ],
    [
      'R-NETWORK-FENCE',
      NODE,
      { address: '10.0.0.7', class: 'rbd' },
      [
        "kubectl get node node-1 -o 'jsonpath={.status.addresses}'",
        `echo '{"apiVersion":"csiaddons.openshift.io/v1alpha1","kind":"NetworkFence","metadata":{"name":"fence-node-1"},"spec":{"networkFenceClassName":"rbd","fenceState":"Fenced","cidrs":["10.0.0.7/32"]}}' | kubectl create -f -`,
        "kubectl get networkfence fence-node-1 -o 'jsonpath={.status}'",
      ],
    ],
    ['R-JOB-RECREATE', JOB, { cronJob: 'nightly' }, ['kubectl -n shop create job --from=cronjob/nightly NEW-NAME']],
    ['R-ADVICE', NODE, {}, ['kubectl describe node node-1']],
    ['R-POD-DELETE', POD, {}, ['kubectl -n shop describe pod web-abc-1']],
  ] as const)('writes %s for %o', (action, subject, parameters, commands) => {
    const advice = adviceOf(proposed(action, subject, parameters));

    expect(advice).toEqual({ commands });
  });

  it('makes a Job anew without what belonged to the old one', () => {
    const { commands } = adviceOf(proposed('R-JOB-RECREATE', JOB));

    expect(commands).toEqual([
      expect.stringMatching(
        /^kubectl -n shop get job import -o json \| jq 'del\(.*\.spec\.selector.*\.status\)' > job\.json$/,
      ),
      'kubectl -n shop delete job import --cascade=background',
      'kubectl -n shop create -f job.json',
    ]);
  });

  it.each([
    [{ kind: 'Node', name: 'x; reboot', uid: 'n', namespace: '' }],
    [{ kind: 'Pod', name: 'web', uid: 'n', namespace: '$(id)' }],
  ] as const)('writes nothing for %o', (subject) => {
    const advice = adviceOf(proposed('R-OOS-TAINT', subject));

    expect(advice).toEqual({ commands: [] });
  });
});

describe('onlyByHand', () => {
  it('is what a person does where Kubewhy has no action', () => {
    expect(onlyByHand(proposed('R-SCALE', DEPLOYMENT, { replicas: '2' }))).toEqual([
      'kubectl -n shop get hpa',
      'kubectl -n shop scale deployment/web --replicas=2',
    ]);
    expect(onlyByHand(proposed('R-SCALE', { ...DEPLOYMENT, name: '$(reboot)' }))).toEqual([]);
    expect(onlyByHand(proposed('R-POD-DELETE', POD))).toBeUndefined();
    expect(onlyByHand(proposed('R-ADVICE', POD))).toBeUndefined();
  });
});

describe('easyByHand', () => {
  it.each([
    ['R-POD-DELETE', POD, {}, ['kubectl -n shop delete pod web-abc-1']],
    ['R-POD-DELETE', DEPLOYMENT, {}, []],
    ['R-ROLLOUT-RESTART', DEPLOYMENT, {}, ['kubectl -n shop rollout restart deployment/web']],
    ['R-ROLLOUT-RESTART', POD, {}, []],
    ['R-CORDON', NODE, {}, ['kubectl cordon node-1']],
    ['R-CORDON', POD, { node: 'node-2' }, ['kubectl cordon node-2']],
    ['R-CORDON', POD, {}, []],
    ['R-UNCORDON', POD, { node: '--all' }, []],
    ['R-POD-FORCE-DELETE', POD, {}, []],
    ['R-ROLLBACK', DEPLOYMENT, {}, []],
    ['R-POD-DELETE', { ...POD, name: '$(reboot)' }, {}, []],
  ] as const)('%s of %j with %j', (code, subject, parameters, commands) => {
    expect(easyByHand(proposed(code, subject, parameters))).toEqual(commands);
  });
});
