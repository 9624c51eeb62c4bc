import { describe, expect, it } from 'vitest';
import { voteText } from '../../../src/core/remediation/signed-text.ts';
import type { ApprovalEntry } from '../../../src/ports/bot.ts';
import { ChangeStage, POLICY, signedPlan, signer, T3 } from './change-stage.ts';

/** A stage on which `m-1` waits for approval, and what somebody fills in to approve it. */
async function waiting(changes: Parameters<ChangeStage['waiting']>[1] = {}) {
  const stage = new ChangeStage();
  const signed = await stage.waiting('m-1', changes);
  const entry: ApprovalEntry = { digest: signed.digest, confirm: 'web-m-1', reason: 'it is broken' };
  return {
    stage,
    signed,
    entry,
    approve: (user: string, given = entry) => stage.bot.approve(stage.act(user), 'm-1', given),
  };
}

describe('prepareApproval', () => {
  it('shows what will be approved', async () => {
    const { stage, signed } = await waiting(T3);

    const reply = await stage.bot.prepareApproval(stage.act('UANN'), 'm-1');

    expect(reply).toEqual({
      kind: 'form',
      form: {
        remediation: 'm-1',
        digest: signed.digest,
        words: signed.plan.words,
        cluster: 'prod',
        tier: 'T3',
        confirm: 'web-m-1',
        reasonRequired: true,
        more: 'One more approval is needed after yours.',
      },
    });
  });

  it('says nothing of more approvals to whoever is the last', async () => {
    const { stage, approve } = await waiting(T3);
    await approve('UANN');

    const reply = await stage.bot.prepareApproval(stage.act('UBOB'), 'm-1');

    expect(reply.kind === 'form' && reply.form.more).toBe(undefined);
  });

  it('opens no second window for whoever has approved', async () => {
    const { stage, approve } = await waiting(T3);
    await approve('UANN');

    const reply = await stage.bot.prepareApproval(stage.act('UANN'), 'm-1');

    expect(reply).toMatchObject({ kind: 'refused', reason: expect.stringContaining('approved this change already') });
  });

  it.each([
    ['the requester', 'U1', 'You asked the question', 'four-eyes 3'],
    ['the proposer', 'U2', 'You proposed this change', 'four-eyes 3'],
    ['somebody else', 'UX', 'names neither you nor a group you are in', 'not-named 3'],
  ])('refuses %s, and keeps that in the audit', async (_what, user, words, kept) => {
    const { stage } = await waiting();

    const reply = await stage.bot.prepareApproval(stage.act(user), 'm-1');

    expect(reply).toEqual({ kind: 'refused', reason: expect.stringContaining(words) });
    expect(stage.refusals).toEqual([`slack:T1/${user} open-approval ${kept}`]);
  });

  it('opens no window for what is over', async () => {
    const { stage } = await waiting();
    stage.clock.advance(30 * 60_000);

    const reply = await stage.bot.prepareApproval(stage.act('UANN'), 'm-1');

    expect(reply).toMatchObject({ kind: 'refused', reason: expect.stringContaining('expired before it was approved') });
  });

  it('says who decided before', async () => {
    const { stage, approve } = await waiting();
    await approve('UBOB');

    const reply = await stage.bot.prepareApproval(stage.act('UANN'), 'm-1');

    expect(reply).toMatchObject({ kind: 'refused', reason: 'Already approved by @ubob at 12:00 UTC.' });
  });

  it.each([
    ['T3 whose plan asks for no name', { ...T3, approval: { ...T3.approval, confirm: undefined } }],
    ['an empty name', { ...T3, approval: { ...T3.approval, confirm: '' } }],
    ['a blank name', { ...T3, approval: { ...T3.approval, confirm: ' ' } }],
    ['a name with a line feed', { ...T3, approval: { ...T3.approval, confirm: 'web-0\nweb-1' } }],
    ['a name with a character that cannot be seen', { ...T3, approval: { ...T3.approval, confirm: 'web\u200b-0' } }],
    ['a name that turns the direction', { ...T3, approval: { ...T3.approval, confirm: 'web\u202e-0' } }],
    ['a name with a blank that is none', { ...T3, approval: { ...T3.approval, confirm: 'web\u00a00' } }],
    [
      'a danger without a name',
      { words: { title: 't', steps: [], commands: [], touches: '', risk: '', undo: '', danger: 'x' } },
    ],
  ])('approves nothing that cannot be confirmed: %s', async (_what, changes) => {
    const { stage } = await waiting(JSON.parse(JSON.stringify(changes)));

    const reply = await stage.bot.prepareApproval(stage.act('UANN'), 'm-1');

    expect(reply.kind).toBe('refused');
    expect(stage.refusals).toEqual(['slack:T1/UANN open-approval policy 2']);
  });
});

describe('approve', () => {
  it('signs the vote, and asks for the change', async () => {
    const { stage, signed, approve } = await waiting();

    const reply = await approve('UANN');

    const { votes, state } = await stage.record();
    const text = voteText('m-1', signed.digest, { team: 'T1', user: 'UANN', reason: 'it is broken' });
    expect(reply).toEqual({ kind: 'done' });
    expect([state, votes]).toEqual([
      'approved',
      [
        {
          team: 'T1',
          user: 'UANN',
          reason: 'it is broken',
          signature: signer.sign(text),
          at: '2026-01-31T12:00:00.000Z',
        },
      ],
    ]);
    expect(stage.queued).toEqual([
      {
        job: {
          kind: 'execute',
          cluster: 'prod',
          remediation: 'm-1',
          once: false,
          expiresAt: '2026-01-31T12:15:00.000Z',
        },
        key: 'exec-m-1',
      },
    ]);
  });

  it('tells that the queue does not answer, and lets the approval stand', async () => {
    const { stage, approve } = await waiting({ conditional: false });
    stage.queueDown = true;

    const reply = await approve('UANN');

    expect(reply).toMatchObject({ kind: 'done', say: expect.stringContaining('as soon as the queue is back') });
    expect((await stage.record()).state).toBe('approved');
  });

  it('counts until two people approved T3, one of them an owner', async () => {
    const { stage, approve } = await waiting(T3);

    const replies = [await approve('UBOB'), await approve('UEVE'), await approve('UANN')];

    expect(replies).toEqual([
      { kind: 'done', say: 'Your approval counts: 1 of 2.' },
      { kind: 'done', say: 'Your approval counts: 2 of 2. An owner must approve as well.' },
      { kind: 'done' },
    ]);
    expect((await stage.record()).votes.map(({ user, owner }) => [user, owner])).toEqual([
      ['UBOB', false],
      ['UEVE', false],
      ['UANN', true],
    ]);
  });

  it('does not take somebody for an owner whose group cannot be looked up', async () => {
    const { stage, approve } = await waiting(T3);
    stage.people.groups.delete('SOWN');

    await approve('UBOB');

    expect((await stage.record()).votes[0]?.owner).toBe(false);
  });

  it('counts the same person once', async () => {
    const { stage, approve } = await waiting(T3);
    await approve('UANN');

    const again = await approve('UANN');

    expect(again).toMatchObject({ kind: 'refused', reason: expect.stringContaining('approved this change already') });
    expect((await stage.record()).votes).toHaveLength(1);
  });

  it('acts on a delivery once, and again after what was filled in was wrong', async () => {
    const { stage, entry } = await waiting(T3);
    const sent = stage.act('UANN');

    const replies = [
      await stage.bot.approve(sent, 'm-1', { ...entry, confirm: 'web' }),
      await stage.bot.approve(sent, 'm-1', entry),
      await stage.bot.approve(sent, 'm-1', entry),
    ];

    expect(replies.map(({ kind }) => kind)).toEqual(['invalid', 'done', 'duplicate']);
    expect((await stage.record()).votes).toHaveLength(1);
  });

  it('counts the same window when the store was gone at its first time, and kept nothing but its mark', async () => {
    const { stage, entry } = await waiting();
    const sent = stage.act('UANN');
    stage.seen.forget = () => Promise.reject(new Error('it is gone'));
    stage.store.down = true;

    const lost = await stage.bot.approve(sent, 'm-1', entry);
    stage.store.down = false;
    const replies = [await stage.bot.approve(sent, 'm-1', entry), await stage.bot.approve(sent, 'm-1', entry)];

    expect([lost, ...replies].map(({ kind }) => kind)).toEqual(['unavailable', 'done', 'duplicate']);
    expect(stage.queued).toHaveLength(1);
  });

  it('counts one of eight that arrive at once', async () => {
    const { stage, approve } = await waiting();

    const replies = await Promise.all(
      ['UANN', 'UBOB', 'UEVE', 'UANN', 'UBOB', 'UEVE', 'UANN', 'UBOB'].map((user) => approve(user)),
    );

    expect(replies.filter(({ kind }) => kind === 'done')).toHaveLength(1);
    expect(stage.queued).toHaveLength(1);
  });
});

describe('an approval that is refused', () => {
  it.each([
    [-1, 'done'],
    [0, 'refused'],
    [1, 'refused'],
  ])('%i ms after it expired: %s', async (ms, kind) => {
    const { stage, approve } = await waiting();
    stage.clock.advance(30 * 60_000 + ms);

    expect((await approve('UANN')).kind).toBe(kind);
    expect(stage.queued).toHaveLength(kind === 'done' ? 1 : 0);
  });

  it('after the approver left the group between the two clicks', async () => {
    const { stage, approve } = await waiting();
    const first = await stage.bot.prepareApproval(stage.act('UEVE'), 'm-1');
    stage.people.groups.set('SSRE', ['UX']);

    const reply = await approve('UEVE');

    expect([first.kind, reply.kind]).toEqual(['form', 'refused']);
    expect(stage.refusals).toEqual(['slack:T1/UEVE approve not-named 3']);
  });

  it('with the digest of another plan', async () => {
    const { stage, entry, approve } = await waiting();
    const other = await stage.waiting('m-2');

    const reply = await approve('UANN', { ...entry, digest: other.digest });

    expect(reply).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('not the one that you were shown'),
    });
    expect(stage.refusals).toEqual(['slack:T1/UANN approve stale 4']);
    expect((await stage.record()).votes).toEqual([]);
  });

  it.each([
    ['a guest', { guest: true }],
    ['a bot', { bot: true }],
    ['a deactivated account', { deactivated: true }],
    ['a foreign account', { foreign: true, team: 'T2' }],
    ['an account of another workspace', { team: 'T2' }],
  ])('of %s', async (_what, changes) => {
    const { stage, approve } = await waiting();
    stage.people.changes.set('UANN', changes);

    const reply = await approve('UANN');

    expect(reply.kind).toBe('refused');
    expect(stage.refusals).toEqual(['slack:T1/UANN approve person 3']);
  });

  it('of a workflow that bears the name of an approver', async () => {
    const { stage, entry } = await waiting();

    const reply = await stage.bot.approve(stage.act('UANN', { byBot: true }), 'm-1', entry);

    expect(reply).toMatchObject({ kind: 'refused', reason: expect.stringContaining('Bots and workflows') });
  });

  it.each([
    ['a shared channel', { shared: true }],
    ['an archived channel', { archived: true }],
    ['a channel without the bot', { member: false }],
  ])('in %s', async (_what, changes) => {
    const { stage, approve } = await waiting();
    stage.people.channel = changes;

    await approve('UANN');

    expect(stage.refusals).toEqual(['slack:T1/UANN approve place 3']);
  });

  it('while Slack does not say who it is', async () => {
    const { stage, approve } = await waiting();
    stage.people.down = true;

    const reply = await approve('UANN');

    expect(reply.kind).toBe('unavailable');
    expect([stage.refusals, (await stage.record()).votes]).toEqual([['slack:T1/UANN approve unknown 2'], []]);
  });

  it('while Slack does not say who is in the group', async () => {
    const { stage, approve } = await waiting();
    stage.people.groups.delete('SSRE');

    const reply = await approve('UEVE');

    expect(reply).toMatchObject({ kind: 'refused', reason: expect.stringContaining('SSRE (missing_scope)') });
  });

  it('of somebody without a Kubernetes identity', async () => {
    const { stage, approve } = await waiting();
    stage.policy = { ...POLICY, identities: [] };

    await approve('UANN');

    expect(stage.refusals).toEqual(['slack:T1/UANN approve identity 2']);
  });

  it('after the rule was taken out of the settings', async () => {
    const { stage, approve } = await waiting();
    stage.policy = { ...POLICY, rules: POLICY.rules.map((rule) => ({ ...rule, namespaces: ['vault'] })) };

    await approve('UANN');

    expect(stage.refusals).toEqual(['slack:T1/UANN approve policy 2']);
  });

  it('after the last rule was taken out of the settings', async () => {
    const { stage, approve } = await waiting();
    stage.policy = { ...POLICY, rules: [] };

    expect(await approve('UANN')).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('changes nothing here'),
    });
  });

  it.each([
    ['in another channel', { channel: 'C2' }],
    ['through another workspace', { team: 'T2' }],
  ])('%s, without a word about the change', async (_what, changes) => {
    const { stage, entry } = await waiting();

    const reply = await stage.bot.approve(stage.act('UANN', changes), 'm-1', entry);

    expect(reply).toEqual({
      kind: 'refused',
      reason: 'This change is not known here. Press the button where the change is shown.',
    });
  });

  it('of what nobody knows, in the same words', async () => {
    const { stage, entry } = await waiting();

    const reply = await stage.bot.approve(stage.act('UANN'), 'm-9', entry);

    expect(reply).toEqual({
      kind: 'refused',
      reason: 'This change is not known here. Press the button where the change is shown.',
    });
    expect(stage.refusals).toEqual(['slack:T1/UANN approve not-here 3']);
  });

  it.each([
    [
      'a plan that was changed after it was signed',
      (id: string) => ({ ...signedPlan(id), plan: { ...signedPlan(id).plan, cluster: 'stage' } }),
    ],
    ['a plan that nobody signed', (id: string) => ({ ...signedPlan(id), signature: '00' })],
    ['the plan of another change', (_id: string) => signedPlan('m-2')],
  ])('of %s in the store', async (_what, forged) => {
    const stage = new ChangeStage();
    const signed = forged('m-1');
    stage.store.read = async () => ({
      signed,
      state: 'awaiting_approval',
      revision: 1,
      votes: [],
      history: [],
      fence: 0,
      steps: [],
    });

    const reply = await stage.bot.approve(stage.act('UANN'), 'm-1', { digest: signed.digest, confirm: '', reason: '' });

    expect(reply).toMatchObject({ kind: 'refused', reason: expect.stringContaining('cannot be trusted') });
    expect(stage.refusals).toEqual(['slack:T1/UANN approve forged 5']);
  });

  it('for a person of the same name in another workspace, who asked: the ID decides', async () => {
    const { stage, approve } = await waiting({ requester: { team: 'T2', user: 'UANN' } });

    expect((await approve('UANN')).kind).toBe('refused');
    expect((await approve('UBOB')).kind).toBe('done');
    expect(stage.refusals).toEqual(['slack:T1/UANN approve four-eyes 3']);
  });

  it('allows somebody who only bears the same name as the requester', async () => {
    const { stage, approve } = await waiting();
    stage.people.changes.set('U1', { name: 'alex' });
    stage.people.changes.set('UANN', { name: 'alex' });

    expect((await approve('UANN')).kind).toBe('done');
  });

  it('of somebody who presses too often', async () => {
    const { stage } = await waiting();

    const replies = [];
    for (let count = 0; count < 31; count += 1) {
      replies.push(await stage.bot.prepareApproval(stage.act('UX'), 'm-1'));
    }

    expect(replies.at(-1)).toMatchObject({ reason: expect.stringContaining('Wait a moment') });
    expect(stage.refusals).toHaveLength(30);
  });

  it('without a signing key', async () => {
    const stage = new ChangeStage({ remediations: undefined as never });

    const reply = await stage.bot.approve(stage.act('UANN'), 'm-1', { digest: '', confirm: '', reason: '' });

    expect(reply).toMatchObject({ kind: 'refused', reason: expect.stringContaining('changes nothing here') });
  });
});
