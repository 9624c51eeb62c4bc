import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/core/question/question.ts';
import type { ProposedAction } from '../../../src/core/remediation/proposed-action.ts';
import { sampleOutcome, sampleQuestion } from '../../fakes/samples.ts';
import { ChangeStage, POLICY } from './change-stage.ts';

const QUESTION = 'q-abcdefghijklmnop';
const OFFER: ProposedAction = {
  action: 'R-POD-DELETE',
  subject: { kind: 'Pod', namespace: 'shop', name: 'web-0', uid: 'u-1' },
  parameters: {},
};

/** An answer that offers that, or nothing. */
function offering(remediation: ProposedAction | 'nothing'): Outcome {
  const outcome = sampleOutcome();
  if (outcome.kind !== 'answered' || outcome.diagnosis.primary === undefined) {
    throw new Error('the sample has no finding');
  }
  const primary = { ...outcome.diagnosis.primary, ...(remediation === 'nothing' ? {} : { remediation }) };
  return { ...outcome, diagnosis: { ...outcome.diagnosis, primary } };
}

async function answered(remediation: ProposedAction | 'nothing' = OFFER): Promise<ChangeStage> {
  const stage = new ChangeStage();
  await stage.questions.begin(sampleQuestion(QUESTION));
  await stage.questions.finish(QUESTION, 1, offering(remediation));
  return stage;
}

describe('reviewFix', () => {
  it('asks an executor to propose the change', async () => {
    const stage = await answered();

    const reply = await stage.bot.reviewFix(stage.act('UX'), QUESTION);

    expect(reply).toMatchObject({ kind: 'done', say: expect.stringContaining('Preparing the change') });
    expect(stage.queued).toEqual([
      {
        job: {
          kind: 'propose',
          cluster: 'prod',
          question: QUESTION,
          run: 1,
          team: 'T1',
          user: 'UX',
          channel: 'C1',
          expiresAt: '2026-01-31T12:05:00.000Z',
        },
        key: expect.stringMatching(new RegExp(`^propose-${QUESTION}-1-\\d+$`)),
      },
    ]);
  });

  it('is one job, whoever presses, until somebody presses later', async () => {
    const stage = await answered();

    await stage.bot.reviewFix(stage.act('UX'), QUESTION);
    const second = await stage.bot.reviewFix(stage.act('UY'), QUESTION);
    stage.clock.advance(60_000);
    const third = await stage.bot.reviewFix(stage.act('UX'), QUESTION);

    expect(second).toEqual({ kind: 'done', say: 'The change is being prepared already.' });
    expect(third).toMatchObject({ kind: 'done', say: expect.stringContaining('Preparing the change') });
    expect(new Set(stage.queued.map(({ key }) => key)).size).toBe(2);
  });

  it('promises nothing before it is queued', async () => {
    const stage = await answered();
    stage.queueDown = true;
    await stage.bot.reviewFix(stage.act('UX'), QUESTION);
    stage.queueDown = false;

    const again = await stage.bot.reviewFix(stage.act('UX'), QUESTION);

    expect(again).toMatchObject({ kind: 'done', say: expect.stringContaining('Preparing the change') });
  });

  it('may be tried again after the queue did not answer', async () => {
    const stage = await answered();
    stage.queueDown = true;
    const first = await stage.bot.reviewFix(stage.act('UX'), QUESTION);
    stage.queueDown = false;

    await stage.bot.reviewFix(stage.act('UX'), QUESTION);

    expect([first.kind, stage.queued.length]).toEqual(['unavailable', 1]);
  });

  it('acts on a delivery once', async () => {
    const stage = await answered();
    const click = stage.act('UX');

    const replies = [await stage.bot.reviewFix(click, QUESTION), await stage.bot.reviewFix(click, QUESTION)];

    expect(replies.map(({ kind }) => kind)).toEqual(['done', 'duplicate']);
  });

  it.each([
    ['an answer that offers nothing', 'nothing'],
    ['an action that no rule allows', { ...OFFER, action: 'R-EVICT' }],
    ['an object that no rule allows', { ...OFFER, subject: { ...OFFER.subject, namespace: 'kube-system' } }],
  ] as const)('is refused of %s', async (_what, remediation) => {
    const stage = await answered(remediation);

    const reply = await stage.bot.reviewFix(stage.act('UX'), QUESTION);

    expect(reply).toMatchObject({ kind: 'refused', reason: expect.stringContaining('offers no change') });
    expect([stage.queued, stage.refusals]).toEqual([[], ['slack:T1/UX review policy 2']]);
  });

  it('waits for a run that is under way', async () => {
    const stage = await answered();
    await stage.questions.beginAgain(sampleQuestion(QUESTION));

    const reply = await stage.bot.reviewFix(stage.act('UX'), QUESTION);

    expect(reply).toMatchObject({ kind: 'refused', reason: expect.stringContaining('Wait for the new answer') });
  });

  it.each([
    ['a guest', { guest: true }, 'policy 2'],
    ['a foreign account', { foreign: true }, 'policy 2'],
  ])('is refused of %s, who may not even ask', async (_what, changes, kept) => {
    const stage = await answered();
    stage.people.changes.set('UX', changes);

    await stage.bot.reviewFix(stage.act('UX'), QUESTION);

    expect(stage.refusals).toEqual([`slack:T1/UX review ${kept}`]);
  });

  it('is refused where the bot is not', async () => {
    const stage = await answered();
    stage.people.channel = { member: false };

    await stage.bot.reviewFix(stage.act('UX'), QUESTION);

    expect(stage.refusals).toEqual(['slack:T1/UX review place 3']);
  });

  it('is refused of an answer that nobody knows', async () => {
    const stage = await answered();

    expect((await stage.bot.reviewFix(stage.act('UX'), 'q-unknown')).kind).toBe('refused');
  });

  it('is refused where nothing can be changed', async () => {
    const stage = await answered();
    stage.policy = { ...POLICY, rules: [] };

    expect(await stage.bot.reviewFix(stage.act('UX'), QUESTION)).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('Kubewhy changes nothing here'),
    });
  });
});
