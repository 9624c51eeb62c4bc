import type { Diagnosis } from '../../../src/core/diagnosis/diagnosis.ts';
import type { Finding } from '../../../src/core/diagnosis/finding.ts';

/** A confirmed cause that tests change where they care. */
export function finding(change: Partial<Finding> = {}): Finding {
  return {
    code: 'missing-configmap-or-secret',
    title: 'A referenced ConfigMap or Secret does not exist',
    stage: 'config',
    role: 'cause',
    state: 'confirmed',
    container: 'blog-api',
    cause: 'ConfigMap `app-confg` does not exist; `app-config` does',
    why: [],
    evidence: [],
    checks: [],
    advice: [],
    later: [],
    explains: [],
    ...change,
  };
}

/** A pod with nothing to say about it. */
export function diagnosis(change: Partial<Diagnosis> = {}): Diagnosis {
  return {
    subject: { kind: 'Pod', namespace: 'shop', name: 'blog-api-599bdd9787-9cpn7', uid: '0f1e' },
    clock: '2026-11-20T07:47:00Z',
    verdict: 'healthy',
    status: 'Running',
    alternatives: [],
    others: [],
    consequences: [],
    modifiers: [],
    seen: [],
    past: [],
    checked: [],
    unread: [],
    considered: [],
    ...change,
  };
}

const why =
  'spec.containers[0].envFrom[1].configMapRef names it, and it is not optional. The kubelet starts a container only when everything that its configuration refers to exists.';

const missingConfig = finding({
  why: [why],
  evidence: [
    'container blog-api: CreateContainerConfigError: configmap "app-confg" not found',
    'ConfigMap shop/app-confg: not found (404)',
  ],
  checks: [
    { id: 'object-missing', ask: 'Is it still missing?', answer: 'yes', supports: true, evidence: '404' },
    { id: 'optional', ask: 'Is the reference optional?', answer: 'no', supports: true },
    { id: 'changed', ask: 'Was it deleted lately?', answer: 'cannot-tell', evidence: 'events last one hour' },
    { id: 'typo', ask: 'Is another name close?', answer: 'yes', supports: false },
  ],
  advice: ['correct the name in spec.containers[0].envFrom[1]; the pod then starts by itself'],
  later: ['release the ConfigMap before or together with what needs it'],
  remediation: {
    action: 'R-ROLLBACK',
    subject: { kind: 'Pod', namespace: 'shop', name: 'web-0', uid: 'u-1' },
    parameters: {},
  },
  blames: 'ConfigMap shop/app-confg',
});

const dependency = finding({
  code: 'probe-dependency-cascade',
  title: 'A readiness probe fails because of a dependency',
  stage: 'probe',
  container: 'web',
  cause: 'its readiness probe calls blog-api, which does not run',
  evidence: ['event Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 503'],
  root: { subject: 'shop/blog-api-599bdd9787-9cpn7', finding: missingConfig },
});

/** One diagnosis of each shape. */
export const DIAGNOSES: Readonly<Record<string, Diagnosis>> = {
  cause: diagnosis({
    verdict: 'cause',
    status: 'CreateContainerConfigError',
    since: '2026-11-20T01:49:02Z',
    container: { name: 'blog-api', restarts: 12, nextTry: '2026-11-20T07:51:40Z', secondsLeft: 280 },
    primary: missingConfig,
    modifiers: [
      finding({
        code: 'crashloop-backoff-ceiling',
        role: 'modifier',
        cause: 'the kubelet waits 5 m between two tries now; deleting the pod starts it at once',
      }),
    ],
  }),
  likely: diagnosis({
    verdict: 'cause',
    status: 'CrashLoopBackOff',
    since: '2026-11-19T23:10:00Z',
    container: { name: 'api', restarts: 3, secondsLeft: 0 },
    primary: finding({
      state: 'likely',
      container: 'api',
      cause: 'the database `db` refuses connections',
      advice: ['look at the database', 'then wait for the next try'],
      remediation: {
        action: 'R-POD-DELETE',
        subject: { kind: 'Pod', namespace: 'shop', name: 'web-0', uid: 'u-1' },
        parameters: {},
      },
    }),
    alternatives: [
      finding({
        state: 'likely',
        container: 'api',
        cause: 'a NetworkPolicy blocks the way to `db`',
        evidence: ['NetworkPolicy shop/deny-all selects the pod'],
        checks: [
          {
            id: 'policy',
            ask: 'Does the policy allow egress?',
            answer: 'cannot-tell',
            evidence: 'the policy is not readable',
          },
        ],
      }),
    ],
    unread: ['could not read networkpolicies; the missing permission is `list networkpolicies.networking.k8s.io`'],
  }),
  root: diagnosis({
    subject: { kind: 'Pod', namespace: 'shop', name: 'web-0', uid: '1' },
    verdict: 'cause',
    status: 'Running, 0/1 ready',
    container: { name: 'web', restarts: 0 },
    primary: dependency,
  }),
  workload: diagnosis({
    subject: { kind: 'Deployment', namespace: 'shop', name: 'blog-api', uid: '2' },
    verdict: 'cause',
    status: '0/3 ready',
    pod: { name: 'blog-api-599bdd9787-9cpn7', alike: 3, total: 3 },
    container: { name: 'blog-api', restarts: 0 },
    primary: finding(),
    others: [
      finding({
        container: 'sidecar',
        cause: 'the image `proxy:9` does not exist',
        state: 'likely',
        advice: ['correct the tag'],
      }),
    ],
    consequences: [finding({ container: 'blog-api', cause: 'the rollout does not go on' })],
  }),
  unknown: diagnosis({
    verdict: 'unknown',
    status: 'CrashLoopBackOff',
    since: '2026-11-20T07:40:00Z',
    container: { name: 'blog-api', restarts: 2, secondsLeft: 12 },
    seen: ['status: CrashLoopBackOff', 'event BackOff: Back-off restarting failed container'],
    unread: ['could not read the logs of pods in namespace shop; the missing permission is `get pods/log`'],
  }),
  healthy: diagnosis({
    since: '2026-11-19T00:00:00Z',
    checked: ['phase Running', '1 of 1 containers ready'],
    past: ['container blog-api was restarted once, last 3 d 4 h ago (OOMKilled, exit code 137)'],
  }),
  starting: diagnosis({
    verdict: 'starting',
    status: 'ContainerCreating',
    since: '2026-11-20T07:46:48Z',
    checked: ['phase Pending'],
  }),
  stopping: diagnosis({ verdict: 'stopping', status: 'Terminating', since: '2026-11-20T07:47:21Z' }),
  finished: diagnosis({ verdict: 'finished', status: 'Completed', checked: ['phase Succeeded'] }),
  explained: diagnosis({
    verdict: 'cause',
    status: 'ImagePullBackOff',
    primary: finding({ container: 'web', cause: 'the image `web:9` does not exist' }),
    considered: [
      { code: 'image-not-found', container: 'web', outcome: 'confirmed', reason: 'the image `web:9` does not exist' },
      {
        code: 'image-pull-unauthorized',
        container: 'web',
        outcome: 'not-triggered',
        reason: 'no text matches the signature of "err"',
      },
      { code: 'image-pull-network', container: 'web', outcome: 'refuted', reason: 'Is the registry reachable? yes' },
      {
        code: 'oom-killed-container',
        container: 'web',
        outcome: 'not-triggered',
        reason: 'not the case: has(container.death.reason) && container.death.reason == "OOMKilled"',
      },
    ],
  }),
  hostile: diagnosis({
    subject: { kind: 'Pod', namespace: 'shop', name: 'web-0', uid: '3' },
    verdict: 'unknown',
    status: '\u001b[31mred\u001b[0m \u009b31m\u202e evil',
    seen: [
      'line one\nline two\r\u001b]8;;http://x\u0007link\u0007',
      'コンテナが起動できません。設定ファイルが見つからないため、プロセスはすぐに終了しました。 👩‍👩‍👧‍👦 é',
    ],
  }),
};
