import { describe, expect, it } from 'vitest';
import { sampleOutcome, sampleQuestion } from '../../fakes/samples.ts';
import { ChangeStage, T3 } from './change-stage.ts';

const QUESTION = 'q-abcdefghijklmnop';

async function waiting(changes: Parameters<ChangeStage['waiting']>[1] = {}) {
  const stage = new ChangeStage();
  const signed = await stage.waiting('m-1', changes);
  return { stage, signed };
}

describe('deny', () => {
  it('is enough by one person, and keeps the reason on one line', async () => {
    const { stage } = await waiting(T3);

    const reply = await stage.bot.deny(stage.act('UBOB'), 'm-1', 'not\nnow \u202e');

    const { state, ending } = await stage.record();
    expect([reply, state, ending]).toEqual([{ kind: 'done' }, 'denied', { reason: 'not now \\u{202e}', by: 'UBOB' }]);
  });

  it.each([
    ['the requester, who is no approver', { requester: { team: 'T1', user: 'UREQ' } }, 'UREQ'],
    ['somebody else', {}, 'UX'],
  ])('is refused of %s', async (_what, changes, user) => {
    const { stage } = await waiting(changes);

    const reply = await stage.bot.deny(stage.act(user), 'm-1', '');

    expect(reply.kind).toBe('refused');
    expect(stage.refusals).toEqual([`slack:T1/${user} deny not-named 3`]);
  });

  it('says who was first', async () => {
    const { stage } = await waiting();
    await stage.bot.deny(stage.act('UBOB'), 'm-1', '');

    const reply = await stage.bot.deny(stage.act('UANN'), 'm-1', '');

    expect(reply).toEqual({ kind: 'refused', reason: 'Already denied by @ubob at 12:00 UTC.' });
  });

  it('acts on the same window when the store was gone at its first time', async () => {
    const { stage } = await waiting();
    const sent = stage.act('UBOB');
    stage.store.down = true;

    const lost = await stage.bot.deny(sent, 'm-1', '');
    stage.store.down = false;
    const replies = [await stage.bot.deny(sent, 'm-1', ''), await stage.bot.deny(sent, 'm-1', '')];

    expect([lost, ...replies].map(({ kind }) => kind)).toEqual(['unavailable', 'done', 'duplicate']);
    expect((await stage.record()).state).toBe('denied');
  });

  it('happens once for a delivery', async () => {
    const { stage } = await waiting();
    const click = stage.act('UBOB');

    const replies = [await stage.bot.deny(click, 'm-1', ''), await stage.bot.deny(click, 'm-1', '')];

    expect(replies.map(({ kind }) => kind)).toEqual(['done', 'duplicate']);
  });

  it('comes too late when it expired', async () => {
    const { stage } = await waiting();
    stage.clock.advance(30 * 60_000);

    expect(await stage.bot.deny(stage.act('UBOB'), 'm-1', '')).toMatchObject({
      reason: expect.stringContaining('expired'),
    });
  });
});

describe('cancel', () => {
  it.each(['U1', 'U2', 'UANN', 'UOPS'])('by %s', async (user) => {
    const { stage } = await waiting();

    const reply = await stage.bot.cancelRemediation(stage.act(user), 'm-1');

    expect([reply.kind, (await stage.record()).state]).toEqual(['done', 'cancelled']);
  });

  it('is refused of somebody else', async () => {
    const { stage } = await waiting();

    await stage.bot.cancelRemediation(stage.act('UX'), 'm-1');

    expect(stage.refusals).toEqual(['slack:T1/UX cancel not-named 3']);
  });

  it('comes too late once it has begun', async () => {
    const { stage, signed } = await waiting();
    await stage.bot.approve(stage.act('UANN'), 'm-1', { digest: signed.digest, confirm: '', reason: '' });
    await stage.store.claim('m-1', { worker: 'w', leaseMs: 30_000, limits: stage.policy.limits });

    const reply = await stage.bot.cancelRemediation(stage.act('UANN'), 'm-1');

    expect(reply).toMatchObject({ kind: 'refused', reason: expect.stringContaining('too late') });
  });
});

describe('dry run', () => {
  it('is queued for the executor', async () => {
    const { stage } = await waiting();

    const reply = await stage.bot.dryRun(stage.act('U1'), 'm-1');

    expect(reply).toMatchObject({ kind: 'done' });
    expect(stage.queued).toEqual([
      {
        job: {
          kind: 'dry-run',
          cluster: 'prod',
          remediation: 'm-1',
          user: 'U1',
          expiresAt: '2026-01-31T12:01:00.000Z',
        },
        key: expect.stringMatching(/^dryrun-m-1-[a-z0-9]{16}$/),
      },
    ]);
  });

  it('is not made of what ended', async () => {
    const { stage } = await waiting();
    await stage.bot.deny(stage.act('UBOB'), 'm-1', '');

    expect((await stage.bot.dryRun(stage.act('UANN'), 'm-1')).kind).toBe('refused');
    expect(stage.queued).toEqual([]);
  });

  it('is refused of somebody else', async () => {
    const { stage } = await waiting();

    await stage.bot.dryRun(stage.act('UX'), 'm-1');

    expect(stage.refusals).toEqual(['slack:T1/UX dry-run not-named 3']);
  });

  it('says that the queue does not answer', async () => {
    const { stage } = await waiting();
    stage.queueDown = true;

    expect((await stage.bot.dryRun(stage.act('UANN'), 'm-1')).kind).toBe('unavailable');
  });
});

describe('details', () => {
  it('tell everything, a line each', async () => {
    const { stage, signed } = await waiting(T3);
    await stage.bot.approve(stage.act('UBOB'), 'm-1', { digest: signed.digest, confirm: 'web-m-1', reason: 'a\nb' });

    const reply = await stage.bot.remediationDetails(stage.act('UX'), 'm-1');

    expect(reply).toEqual({
      kind: 'done',
      say: 'Everything about delete pod shop/web-m-1:',
      code: [
        'change    m-1 (R-POD-DELETE, T3)',
        'state     awaiting_approval',
        'object    Pod shop/web-m-1 (uid-web-m-1)',
        'cluster   prod',
        'because   pod-stuck: The kubelet is gone',
        'step 1    delete the pod',
        'by hand   kubectl delete pod -n shop web-m-1',
        'touches   one pod',
        'risk      none',
        'undo      nothing to undo',
        'needs     delete pods web-m-1 in shop',
        'rule      shop: 2 different approvers, one of them an owner',
        'asked     U1',
        'proposed  U2',
        'approved  UBOB 2026-01-31T12:00:00.000Z: a b',
        '2026-01-31T12:00:00.000Z proposed',
        '2026-01-31T12:00:00.000Z awaiting_approval',
        'expires   2026-01-31T12:30:00.000Z',
        'playbooks 0123456789ab, question q-1 run 1',
        `digest    ${signed.digest}`,
      ],
    });
  });

  it('are for those who may ask about the namespace, and for those who may decide', async () => {
    const { stage } = await waiting({ target: { kind: 'Pod', group: '', namespace: 'vault', name: 'v', uid: '1' } });

    const kinds = [];
    for (const user of ['UX', 'U1', 'UANN']) {
      kinds.push((await stage.bot.remediationDetails(stage.act(user), 'm-1')).kind);
    }

    expect(kinds).toEqual(['refused', 'done', 'done']);
  });
});

describe('propose again', () => {
  async function ended() {
    const parts = await waiting({
      finding: { code: 'pod-stuck', cause: 'c', playbooks: '0123456789ab', question: QUESTION, run: 1 },
    });
    const { questions } = parts.stage;
    await questions.begin(sampleQuestion(QUESTION));
    await questions.finish(QUESTION, 1, sampleOutcome());
    return parts;
  }

  it('diagnoses anew, since what was proposed rests on what was', async () => {
    const { stage } = await ended();
    stage.clock.advance(31 * 60_000);
    await stage.store.expire();

    const reply = await stage.bot.proposeAgain(stage.act('UX'), 'm-1');

    expect(reply).toMatchObject({ kind: 'done', say: expect.stringContaining('diagnosed anew') });
    expect([stage.asked, stage.queued]).toEqual([[`${QUESTION} 2`], []]);
  });

  it('is refused while it is open', async () => {
    const { stage } = await ended();

    const reply = await stage.bot.proposeAgain(stage.act('UANN'), 'm-1');

    expect(reply).toMatchObject({ kind: 'refused', reason: expect.stringContaining('still open') });
  });

  it('is refused of somebody who may not ask about it', async () => {
    const { stage } = await ended();
    await stage.bot.deny(stage.act('UANN'), 'm-1', '');
    stage.people.changes.set('UX', { guest: true });

    await stage.bot.proposeAgain(stage.act('UX'), 'm-1');

    expect(stage.refusals).toEqual(['slack:T1/UX propose-again policy 2']);
  });
});
