import { describe, expect, it } from 'vitest';
import { rollback } from '../../../src/actions/rollback.ts';
import type { JsonObject } from '../../../src/core/facts/json.ts';
import { compilePlaybookSet } from '../../../src/core/playbook/compile-set.ts';
import { playbookSchema } from '../../../src/core/playbook/definition.ts';
import {
  aDeployment,
  ago,
  aNode,
  anOldReplicaSet,
  aPod,
  aReplicaSet,
  owned,
  POD,
  possible,
  proposed,
  worldOf,
} from '../../actions/action-world.ts';
import { FakeCluster, type Injection } from '../../fakes/fake-cluster.ts';
import { ExecutorWorld } from './executor-world.ts';

const INPUT = proposed('R-ROLLBACK', POD);
const { playbooks } = compilePlaybookSet({
  playbooks: ['CrashLoopBackOff', 'ImagePullBackOff'].map((reason) => ({
    file: `${reason}.yaml`,
    definition: playbookSchema.parse({
      apiVersion: 'kubewhy.dev/v1',
      kind: 'Playbook',
      metadata: { name: reason === 'CrashLoopBackOff' ? 'pod-stuck' : 'no-image', title: 'The pod is stuck' },
      spec: {
        subject: 'Pod',
        stage: 'run',
        forEach: { container: 'containers.filter(c, c.failing)' },
        trigger: `container.now.reason == "${reason}"`,
        finding: { cause: 'the pod is stuck' },
        remediation: { action: 'R-ROLLBACK' },
      },
    }),
  })),
  signatures: {},
});

interface PodChanges {
  readonly uid?: string;
  readonly reason?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** A pod of the newest revision of Deployment web that does not work. */
function pod(name: string, { uid = `uid-${name}`, reason = 'CrashLoopBackOff', metadata = {} }: PodChanges = {}) {
  return aPod({
    metadata: { name, namespace: 'shop', uid, ...metadata },
    spec: { containers: [{ name: 'web', image: 'web:2' }] },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'False' }],
      containerStatuses: [
        { name: 'web', image: 'web:2', imageID: '', ready: false, restartCount: 3, state: { waiting: { reason } } },
      ],
    },
  });
}

const HEALTHY = {
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: ago(300) }],
  containerStatuses: [
    {
      name: 'web',
      image: 'web:2',
      imageID: '',
      ready: true,
      started: true,
      restartCount: 0,
      state: { running: { startedAt: ago(500) } },
    },
  ],
};

const AROUND = [aReplicaSet(), anOldReplicaSet(), aDeployment(), aNode()];
const DIAGNOSED = pod('web-abc-1', { uid: 'pod-1' });

/** Proposes and approves the rollback on the diagnosed pod, lets things happen, and carries it out. */
async function after(objects: readonly JsonObject[], inject?: Injection, digest = '0123456789ab') {
  const world = new ExecutorWorld();
  const planned = possible(await rollback.inspect(INPUT, worldOf([DIAGNOSED, ...AROUND])));
  const { target, tier, fingerprint, rights } = planned;
  await world.approved({ input: INPUT, target, tier, fingerprint, rights });
  const reader = async () =>
    new FakeCluster({ objects, namespace: 'shop', clock: '2026-01-31T12:00:00Z' }, inject) as never;
  await world.run(
    'm-1',
    world.deps({
      openReader: reader,
      openPlainReader: reader,
      actionOf: () => rollback,
      playbooks: async () => ({ playbooks, digest }),
    }),
  );
  const { state, ending } = await world.record();
  const checked = world.store.audit.drafts.find(({ event }) => event === 'checked');
  return { sent: world.api.effects.length, evidence: checked?.detail.evidence, state, reason: ending?.reason };
}

describe('a rollback whose diagnosed pod was replaced', () => {
  it('is still made on the diagnosed pod while that is there', async () => {
    const { sent, evidence } = await after([DIAGNOSED, pod('web-abc-2'), ...AROUND]);

    expect([sent, evidence]).toEqual([1, 'shop/web-abc-1']);
  });

  it.each([
    ['another pod of the same revision shows the same', [pod('web-abc-2')]],
    [
      'an older one is well',
      [{ ...pod('web-abc-0', { metadata: { creationTimestamp: ago(900) } }), status: HEALTHY }, pod('web-abc-2')],
    ],
  ] as const)('is made when %s', async (_what, pods) => {
    const { sent, evidence } = await after([...(pods as readonly JsonObject[]), ...AROUND]);

    expect([sent, evidence]).toEqual([1, 'shop/web-abc-2']);
  });

  const older = {
    labels: { app: 'web', 'pod-template-hash': 'old' },
    ...owned('ReplicaSet', 'web-old', 'replicaset-0'),
  };
  it.each([
    ['no pod is there', [], AROUND, 'no other pod of its revision is there'],
    [
      'a pod of another revision shows it',
      [pod('web-old-1', { metadata: older })],
      AROUND,
      'no other pod of its revision',
    ],
    [
      'a pod that is going shows it',
      [pod('web-abc-2', { metadata: { deletionTimestamp: ago(5) } })],
      AROUND,
      'no other pod',
    ],
    [
      'a pod of another controller shows it',
      [pod('web-abc-2', { metadata: owned('ReplicaSet', 'web-abc', 'replicaset-9') })],
      AROUND,
      'no other pod',
    ],
    [
      'the finding is another one',
      [pod('web-abc-2', { reason: 'ImagePullBackOff' })],
      AROUND,
      'so web-abc-2 of its revision was looked at. The cause is not "pod-stuck" any more.',
    ],
    [
      'it is well',
      [{ ...pod('web-abc-2'), status: HEALTHY }],
      AROUND,
      'It healed by itself: pod shop/web-abc-2 is healthy now.',
    ],
    [
      'the Deployment is another one',
      [pod('web-abc-2')],
      [...AROUND.slice(0, 2), aDeployment({ metadata: { uid: 'deployment-2' } }), aNode()],
      'no other pod',
    ],
    [
      'the Deployment got another template',
      [pod('web-abc-2')],
      [
        aReplicaSet(),
        anOldReplicaSet(),
        aDeployment({ metadata: { generation: 3, annotations: { 'deployment.kubernetes.io/revision': '3' } } }),
        aNode(),
      ],
      'no other pod of its revision',
    ],
  ] as const)('is not made when %s', async (_what, pods, around, reason) => {
    const ended = await after([...(pods as readonly JsonObject[]), ...(around as readonly JsonObject[])]);

    expect(ended).toMatchObject({ sent: 0, state: 'superseded', reason: expect.stringContaining(reason) });
    expect(ended.reason).toMatch(/^The pod that was diagnosed, shop\/web-abc-1, is gone/);
  });

  it('is not made with other playbooks', async () => {
    const ended = await after([pod('web-abc-2'), ...AROUND], undefined, 'ffffffffffff');

    expect(ended).toMatchObject({
      sent: 0,
      state: 'superseded',
      reason: expect.stringContaining('playbooks were changed'),
    });
  });

  it('is not made while the pods cannot be listed', async () => {
    const inject: Injection = (query) =>
      'resource' in query && query.resource.kind === 'ReplicaSet'
        ? { kind: 'unreadable', why: 'forbidden', message: 'it may not be read' }
        : undefined;

    const ended = await after([pod('web-abc-2'), ...AROUND], inject);

    expect(ended).toMatchObject({ sent: 0, state: 'blocked', reason: expect.stringContaining('could not be read') });
  });
});
