import { describe, expect, it } from 'vitest';
import { planForgery } from '../../../src/core/remediation/check-record.ts';
import { findOutcome } from '../../../src/usecases/find-outcome.ts';
import type { ProposeJob } from '../../../src/usecases/remediation/offer.ts';
import { type Proposal, proposeRemediation } from '../../../src/usecases/remediation/propose.ts';
import { ExecutorWorld, POLICY, QUESTION, signer } from './executor-world.ts';

const JOB: ProposeJob = {
  kind: 'propose',
  cluster: 'prod',
  question: QUESTION.id,
  run: 1,
  team: 'T1',
  user: 'U2',
  channel: 'C1',
  expiresAt: '2026-01-31T12:05:00.000Z',
};

/** The stuck pod was asked about, and the answer offers to delete it. */
async function answered(): Promise<ExecutorWorld> {
  const world = new ExecutorWorld();
  await world.questions.begin(QUESTION);
  const { cluster, subject, readable, id } = QUESTION;
  const { outcome } = await findOutcome({ cluster, subject, readable, reference: id }, world.deps());
  await world.questions.finish(id, 1, outcome);
  return world;
}

function notices(world: ExecutorWorld): readonly string[] {
  return world.outbox.deliveries.flatMap(({ content }) => (content.kind === 'notice' ? content.text : []));
}

function idOf(proposal: Proposal): string {
  return 'id' in proposal ? proposal.id : '';
}

describe('a click on Review fix', () => {
  it('makes a signed plan of what the answer offers', async () => {
    const world = await answered();

    const proposal = await proposeRemediation(JOB, world.deps());

    const id = idOf(proposal);
    expect(id).toMatch(/^m-[a-z0-9]{16}$/);
    const record = await world.record(id);
    expect(record.state).toBe('proposed');
    expect(planForgery(record, { id, cluster: 'prod' }, signer)).toBeUndefined();
    expect(record.signed.plan).toEqual({
      id,
      cluster: 'prod',
      input: {
        action: 'R-POD-DELETE',
        subject: { kind: 'Pod', namespace: 'shop', name: 'web-0', uid: 'uid-1' },
        parameters: {},
      },
      tier: 'T1',
      conditional: true,
      target: { kind: 'Pod', group: '', namespace: 'shop', name: 'web-0', uid: 'uid-1' },
      fingerprint: 'stuck uid-1',
      words: expect.objectContaining({ title: 'delete pod shop/web-0' }),
      rights: [{ verb: 'delete', group: '', resource: 'pods', subresource: '', namespace: 'shop', name: 'web-0' }],
      approval: { rule: 'shop', required: 1, owners: [], reasonRequired: false },
      finding: {
        code: 'pod-stuck',
        cause: 'the pod is stuck',
        playbooks: '0123456789ab',
        question: QUESTION.id,
        run: 1,
      },
      requester: QUESTION.asker,
      proposer: { team: 'T1', user: 'U2' },
      replyTo: { team: 'T1', channel: 'C1', thread: '1700000000.000100' },
      proposedAt: '2026-01-31T12:00:00.000Z',
      expiresAt: '2026-01-31T12:30:00.000Z',
    });
  });

  it('shows it without asking anything of the cluster but a dry run', async () => {
    const world = await answered();

    const id = idOf(await proposeRemediation(JOB, world.deps()));

    expect(world.outbox.deliveries).toMatchObject([
      {
        key: id,
        priority: 'urgent',
        thread: '1700000000.000100',
        content: { kind: 'remediation', card: { approvers: ['UBOB', 'SOPS'], record: { state: 'proposed' } } },
      },
    ]);
    expect(world.api.sends).toMatchObject([{ dryRun: true }]);
    expect(world.api.effects).toEqual([]);
  });

  it('that comes twice proposes once', async () => {
    const world = await answered();
    const first = await proposeRemediation(JOB, world.deps());
    world.clock.advance(1000);

    const second = await proposeRemediation(JOB, world.deps());

    expect(second).toEqual(first);
    expect(notices(world)).toEqual([]);
  });

  it('about what another answer proposed already says so', async () => {
    const world = await answered();
    await proposeRemediation(JOB, world.deps());
    await world.questions.beginAgain(QUESTION);
    const outcome = await world.questions.outcome(QUESTION.id, 1);
    await (outcome && world.questions.finish(QUESTION.id, 2, outcome));

    const second = await proposeRemediation({ ...JOB, run: 2 }, world.deps());

    expect(second.kind).toBe('refused');
    expect(notices(world)).toEqual([expect.stringContaining('proposed already')]);
  });

  it('of another cluster does nothing', async () => {
    const world = await answered();

    expect(await proposeRemediation({ ...JOB, cluster: 'stage' }, world.deps())).toEqual({ kind: 'nothing' });
  });

  it('on an answer that is gone does nothing', async () => {
    const world = new ExecutorWorld();

    expect(await proposeRemediation(JOB, world.deps())).toEqual({ kind: 'nothing' });
  });

  it('on an answer that was posted outside of a thread proposes under it', async () => {
    const world = new ExecutorWorld();
    const question = { ...QUESTION, replyTo: { team: 'T1', channel: 'C1' } };
    await world.questions.begin(question);
    const { cluster, subject, readable, id } = question;
    const { outcome } = await findOutcome({ cluster, subject, readable, reference: id }, world.deps());
    await world.questions.finish(id, 1, outcome);
    await world.outbox.put({
      kind: 'card',
      key: id,
      team: 'T1',
      channel: 'C1',
      priority: 'answer',
      version: 1,
      content: { kind: 'notice', text: 'answer' },
    });
    const claim = await world.outbox.claim();
    await (claim.kind === 'claimed' &&
      world.outbox.settle(claim.claim, { kind: 'sent', posted: { channel: 'C7', ts: '5.5' } }));

    const proposal = await proposeRemediation(JOB, world.deps());

    expect((await world.record(idOf(proposal))).signed.plan.replyTo).toEqual({
      team: 'T1',
      channel: 'C7',
      thread: '5.5',
    });
  });
});

const REFUSALS: readonly (readonly [string, (world: ExecutorWorld) => unknown, string])[] = [
  ['is too late', ({ clock }) => clock.advance(300_000), 'took too long'],
  ['is about a pod that healed', ({ api }) => api.heal('web-0'), 'healed by itself'],
  ['is about another pod by now', ({ api }) => api.replace('web-0', false), 'another one of the same name'],
  ['is made on old playbooks', (world) => (world.digest = 'ffffffffffff'), 'playbooks were changed'],
  ['fits no rule', (world) => (world.policy = { ...POLICY, rules: [] }), 'no rule'],
  [
    'is about a protected namespace',
    (world) => (world.policy = { ...POLICY, protectedNamespaces: ['sh*'] }),
    'protected',
  ],
  [
    'is made while changes are off',
    ({ store }) => store.stop({ scope: '*', by: 'x', reason: 'enough' }),
    'switched off',
  ],
  [
    'is made in a storm',
    ({ api }) => (api.nodes = ['a', 'b', 'c'].map((name) => ({ name, ready: false }))),
    'not Ready',
  ],
  [
    'is made while very many alerts begin',
    (world) => (world.alerts = [{ at: world.clock.ms, count: 51 }]),
    '51 alerts of this cluster began within a minute',
  ],
  ['has nobody with an identity', (world) => (world.policy = { ...POLICY, identities: [] }), 'Nobody whom the rule'],
  [
    'has nobody whom the cluster lets',
    ({ api }) => ['UBOB', 'UEVE'].map((user) => api.powerless.add(`${user}@example.com`)),
    'Nobody whom the rule',
  ],
  [
    'has nobody whom Slack knows',
    ({ people, api }) => [(people.down = true), api.powerless.add('UBOB@example.com')],
    'nobody can tell whether enough people',
  ],
  [
    'would be refused by the API server',
    ({ api }) => api.dryRuns.push({ kind: 'refused', status: 403, reason: 'Forbidden', message: 'not you' }),
    'not you',
  ],
  [
    'is over a limit',
    (world) => (world.policy = { ...POLICY, limits: { ...POLICY.limits, perClusterHour: 0 } }),
    'within an hour',
  ],
  ['meets a silent cluster', ({ api }) => (api.readable = false), 'could not be diagnosed again'],
];

describe('a click on Review fix is refused in the thread when it', () => {
  it.each(REFUSALS)('%s', async (_what, happens, reason) => {
    const world = await answered();
    await happens(world);

    const proposal = await proposeRemediation(JOB, world.deps());

    expect(proposal).toMatchObject({ kind: 'refused', reason: expect.stringContaining(reason) });
    expect(world.outbox.deliveries).toMatchObject([
      {
        key: expect.stringContaining(`${QUESTION.id}-refused-1-`),
        thread: '1700000000.000100',
        content: {
          kind: 'notice',
          by: 'U2',
          text: expect.stringMatching(
            /^asked to (?:delete pod shop\/web-0|make the change .+ offers)\. That is not proposed\. [A-Z\d]/,
          ),
        },
      },
    ]);
    expect(await world.store.list({ open: true, limit: 9 })).toEqual([]);
    expect(world.events).toContain('refused');
  });

  it('is pressed once more, and says it once more', async () => {
    const world = await answered();
    world.api.readable = false;
    const later = { ...JOB, expiresAt: new Date(Date.parse(JOB.expiresAt) + 60_000).toISOString() };

    await proposeRemediation(JOB, world.deps());
    await proposeRemediation(JOB, world.deps());
    await proposeRemediation(later, world.deps());

    expect(new Set(world.outbox.deliveries.map(({ key }) => key)).size).toBe(2);
  });

  it('asks for an action that Kubewhy does not have', async () => {
    const world = await answered();

    const proposal = await proposeRemediation(JOB, world.deps({ actionOf: () => undefined }));

    expect(proposal).toMatchObject({ kind: 'refused', reason: expect.stringContaining('no action for R-POD-DELETE') });
  });

  it('meets a defect, and names what to report', async () => {
    const world = await answered();
    const broken = () => {
      throw new TypeError('undefined is no function');
    };

    const proposal = await proposeRemediation(JOB, world.deps({ actionOf: broken }));

    expect(proposal).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining(`the reference ${QUESTION.id}`),
    });
  });
});
