import { parseRecording } from '../../src/core/recording/parse-recording.ts';
import type { Recording } from '../../src/core/recording/recording.ts';

/** What would notify somebody, become a link or break a message if it were not escaped. */
export const ABUSE =
  '<!channel> <!here> <@U0BOB0001> <#C0OPS0001> <!subteam^S0SRE0001> <https://evil.example|click> ```';
const ANSI = '\u001b[31mred\u001b[0m\u0007\u202e\u0000';
const LONG = 'x<!everyone>`*_~'.repeat(7000);

/** Secrets as they stand in logs, events and environments; put together here so that no scanner takes them for real. */
export const SECRETS: readonly string[] = [
  ['xoxb', '123456789012', '1234567890123', 'AbCdEfGhIjKlMnOpQrStUvWx'].join('-'),
  ['gh', 'p_', 'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0dF3hJ6'].join(''),
  ['AKI', 'AIOSFODNN7EXAMPLQ'].join(''),
  'Tr0ub4dor-and-3-horses',
  ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxMjM0NTY3ODkwIn0', 'dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U'].join('.'),
  'hunter2hunter2hunter2',
];
const [SLACK = '', GITHUB = '', AWS = '', PASSWORD = '', JWT = '', DATABASE = ''] = SECRETS;
const LEAKS = [
  `slack token ${SLACK}`,
  `git clone https://oauth2:${GITHUB}@github.com/acme/shop`,
  `aws_access_key_id = ${AWS}`,
  `password=${PASSWORD}`,
  `Authorization: Bearer ${JWT}`,
  `postgres://shop:${DATABASE}@db.shop.svc:5432/shop`,
];
const LEAK = LEAKS.join('; ');

/** A pod of the hostile cluster and the playbook that says what is wrong with it. */
export const HOSTILE_PODS: readonly (readonly [pod: string, playbook: string])[] = [
  ['crash-0', 'crash-application-error'],
  ['oom-0', 'oom-killed-container'],
  ['image-0', 'image-not-found'],
  ['config-0', 'missing-config-key'],
  ['live-0', 'liveness-probe-kill'],
  ['pending-0', 'pending-node-affinity-mismatch'],
];

const NODE = 'worker-<!channel>';
const IMAGE = 'registry.example.com/<!channel>/<@U0BOB0001>:`1`';
const BACK_OFF = {
  waiting: { reason: 'CrashLoopBackOff', message: `back-off 5m0s restarting failed container ${ABUSE}` },
};

interface PodParts {
  readonly state: object;
  readonly lastState?: object;
  readonly container?: object;
}

function pod(name: string, { state, lastState, container }: PodParts): object {
  return {
    kind: 'Pod',
    metadata: {
      name,
      creationTimestamp: '2026-03-02T08:00:00Z',
      labels: { app: name, note: ABUSE },
      annotations: { 'example.com/note': `${ABUSE} ${LEAK}`, 'example.com/long': LONG },
    },
    spec: {
      nodeName: NODE,
      restartPolicy: 'Always',
      containers: [
        {
          name: 'app',
          image: IMAGE,
          env: [
            { name: 'API_TOKEN', value: GITHUB },
            { name: 'DATABASE_URL', value: LEAKS[5] },
          ],
          ...container,
        },
      ],
    },
    status: {
      phase: 'Running',
      conditions: [
        { type: 'PodScheduled', status: 'True' },
        {
          type: 'ContainersReady',
          status: 'False',
          reason: 'ContainersNotReady',
          lastTransitionTime: '2026-03-02T09:40:00Z',
        },
        {
          type: 'Ready',
          status: 'False',
          reason: 'ContainersNotReady',
          message: `${ABUSE} ${LEAK}`,
          lastTransitionTime: '2026-03-02T09:40:00Z',
        },
      ],
      containerStatuses: [
        {
          name: 'app',
          ready: false,
          started: false,
          restartCount: 7,
          state,
          ...(lastState === undefined ? {} : { lastState }),
        },
      ],
    },
  };
}

function ended(reason: string, exitCode: number): object {
  const times = { startedAt: '2026-03-02T09:56:01Z', finishedAt: '2026-03-02T09:57:30Z' };
  return { terminated: { reason, exitCode, message: `${ABUSE} ${LEAK}`, ...times } };
}

function pendingPod(): object {
  return {
    kind: 'Pod',
    metadata: { name: 'pending-0', creationTimestamp: '2026-03-02T09:50:00Z', labels: { note: ABUSE } },
    spec: {
      schedulerName: 'default-scheduler',
      containers: [{ name: 'app', image: IMAGE }],
      nodeSelector: { zone: '<!channel>', disk: '<https://evil.example|click>' },
    },
    status: {
      phase: 'Pending',
      conditions: [
        {
          type: 'PodScheduled',
          status: 'False',
          reason: 'Unschedulable',
          message: `0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.`,
          lastTransitionTime: '2026-03-02T09:50:00Z',
        },
      ],
    },
  };
}

function event(name: string, reason: string, message: string): object {
  return {
    involvedObject: { kind: 'Pod', name, fieldPath: 'spec.containers{app}' },
    type: reason === 'Killing' ? 'Normal' : 'Warning',
    reason,
    message,
    count: 9,
    firstTimestamp: '2026-03-02T09:01:00Z',
    lastTimestamp: '2026-03-02T09:58:00Z',
    source: { component: 'kubelet' },
  };
}

const NODE_OBJECT = {
  kind: 'Node',
  metadata: { name: NODE, labels: { zone: '<@U0BOB0001>', disk: 'ssd`', note: ABUSE } },
  status: {
    nodeInfo: { kubeletVersion: 'v1.34.1', containerRuntimeVersion: 'containerd://1.7.13', architecture: 'amd64' },
    allocatable: { cpu: '4', memory: '16Gi', pods: '110' },
    conditions: [
      { type: 'MemoryPressure', status: 'False', message: ABUSE },
      {
        type: 'Ready',
        status: 'True',
        reason: 'KubeletReady',
        message: ABUSE,
        lastTransitionTime: '2026-02-01T08:00:00Z',
      },
    ],
  },
};

const LOG = [
  `starting ${ABUSE}`,
  ...LEAKS,
  `${ANSI} ${ABUSE}`,
  LONG,
  `FATAL: cannot open ${ABUSE} ${ANSI} ${LEAK}`,
  '',
].join('\n');

const DOCUMENT = {
  apiVersion: 'kubewhy.dev/v1',
  kind: 'Recording',
  metadata: { subject: 'pod/crash-0 -n shop' },
  closedWorld: true,
  clock: '2026-03-02T10:00:00Z',
  namespace: 'shop',
  objects: [
    NODE_OBJECT,
    {
      kind: 'ConfigMap',
      metadata: { name: 'settings' },
      data: { '<!here>': ABUSE, 'db-urk': LEAKS[5], '<https://evil.example|click>': LEAK },
    },
    pod('crash-0', { state: BACK_OFF, lastState: ended('Error', 1) }),
    pod('oom-0', {
      state: BACK_OFF,
      lastState: ended('OOMKilled', 137),
      container: { resources: { limits: { memory: '64Mi' } } },
    }),
    pod('image-0', {
      state: { waiting: { reason: 'ImagePullBackOff', message: `Back-off pulling image "${IMAGE}"` } },
    }),
    pod('config-0', {
      state: {
        waiting: {
          reason: 'CreateContainerConfigError',
          message: `couldn't find key <!channel> in ConfigMap shop/settings`,
        },
      },
      container: {
        env: [{ name: 'X', valueFrom: { configMapKeyRef: { name: 'settings', key: '<!channel>' } } }],
      },
    }),
    pod('live-0', {
      state: BACK_OFF,
      lastState: ended('Error', 137),
      container: { livenessProbe: { httpGet: { path: '/<!channel>', port: 80 }, periodSeconds: 5 } },
    }),
    pendingPod(),
  ],
  events: [
    event('crash-0', 'BackOff', `Back-off restarting failed container ${ABUSE} ${LEAK}`),
    event(
      'image-0',
      'Failed',
      `Failed to pull image "${IMAGE}": rpc error: code = NotFound desc = failed to pull and unpack image "${IMAGE}": failed to resolve reference "${IMAGE}": ${IMAGE}: not found ${ANSI} ${LEAK}`,
    ),
    event('image-0', 'Failed', 'Error: ErrImagePull'),
    event('config-0', 'Failed', `Error: couldn't find key <!channel> in ConfigMap shop/settings`),
    event('live-0', 'Killing', 'Container app failed liveness probe, will be restarted'),
    event(
      'live-0',
      'Unhealthy',
      `Liveness probe failed: HTTP probe failed with statuscode: 500 ${ABUSE} ${LEAK} ${LONG}`,
    ),
  ],
  logs: ['crash-0', 'oom-0', 'live-0'].flatMap((name) => [
    { pod: name, container: 'app', previous: true, text: LOG },
    { pod: name, container: 'app', text: LOG },
  ]),
  end: 'recording',
};

/** A namespace `shop` in which every free text is hostile. */
export function hostileRecording(): Recording {
  const parsed = parseRecording(DOCUMENT, new Map());
  if (!parsed.ok) {
    throw new Error(parsed.problems.join('\n'));
  }
  return parsed.recording;
}
