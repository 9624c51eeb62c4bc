import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ApprovalForm, Bot } from '../../src/ports/bot.ts';
import type { PostedMessage } from '../../src/ports/outbox.ts';
import { HELP, QUESTION_ID } from '../adapters/slack/fakes.ts';
import { cardWith, lockPlan, REMEDIATION_ID } from '../adapters/slack/messages/remediation-contents.ts';
import { type SlackBench, startSlackBench, until } from './slack-bench.ts';

const DIGEST = '0123456789abcdef'.repeat(4);
const PLAN = lockPlan();
const FORM: ApprovalForm = {
  remediation: REMEDIATION_ID,
  digest: DIGEST,
  words: PLAN.words,
  cluster: PLAN.cluster,
  tier: PLAN.tier,
  confirm: 'replicapool/csi-vol-3f2a',
  reasonRequired: true,
};
const { confirm: _none, ...UNCONFIRMED } = FORM;
const TYPED = {
  'approval-confirm': { confirm: { type: 'plain_text_input', value: 'replicapool/csi-vol-3f2a' } },
  'approval-reason': { reason: { type: 'plain_text_input', value: 'it is off' } },
};

let bench: SlackBench;
let card: PostedMessage;

beforeEach(async () => {
  bench = await startSlackBench({ transport: 'socket' });
  bench.slack.allow({ mentions: ['U0ALICE01', 'U0BOB0001', 'U0CAROL01', 'S0ONCALL1'] });
  card = await postCard(bench);
});

afterEach(async () => {
  expect(bench.slack.problems()).toEqual([]);
  await bench.close();
});

async function click(actionId: string, value: string = REMEDIATION_ID): Promise<void> {
  const { drivers } = bench.slack;
  const answer = await drivers.action({ place: card, actionId, unlisted: { type: 'button', value } });
  expect(answer.status).toBe(200);
}

describe('the buttons of a change', () => {
  it.each([
    ['remediation.review', QUESTION_ID, 'reviewFix'],
    ['proposal.dryrun', REMEDIATION_ID, 'dryRun'],
    ['proposal.details', REMEDIATION_ID, 'remediationDetails'],
    ['proposal.cancel', REMEDIATION_ID, 'cancelRemediation'],
    ['proposal.again', REMEDIATION_ID, 'proposeAgain'],
  ])('%s does what it says, and a refusal is for the clicker alone', async (action, value, method) => {
    const { slack, bot, outbox } = bench;
    bot.clickReply = () => ({ kind: 'refused', reason: 'You may not.' });

    await click(action, value);
    await until(() => outbox.deliveries.length > 0);

    const act = { user: slack.users.alice.id, channel: card.channel };
    expect(bot.calls).toEqual([[method, expect.objectContaining(act), value]]);
    expect(outbox.deliveries).toMatchObject([
      { kind: 'ephemeral', user: slack.users.alice.id, content: { text: 'You may not.' } },
    ]);
  });

  it.each([
    ['remediation.review', REMEDIATION_ID],
    ['proposal.approve', 'm-1'],
    ['proposal.approve', `${REMEDIATION_ID}x`],
    ['proposal.deny', QUESTION_ID],
    ['proposal.details', '<!channel>'],
    ['proposal.other', REMEDIATION_ID],
  ])('%s with the value %s does nothing', async (action, value) => {
    const { bot, outbox } = bench;

    await click(action, value);
    await until(() => outbox.deliveries.length > 0);

    expect(bot.calls).toEqual([]);
    expect(outbox.deliveries).toMatchObject([{ content: { text: expect.stringContaining('older version') } }]);
  });

  it('shows details to the clicker alone', async () => {
    const { bot, outbox } = bench;
    bot.clickReply = () => ({ kind: 'done', say: 'Everything:', code: ['tier T3'] });

    await click('proposal.details');
    await until(() => outbox.deliveries.length > 0);

    expect(outbox.deliveries).toMatchObject([
      { kind: 'ephemeral', content: { kind: 'notice', text: 'Everything:', code: ['tier T3'] } },
    ]);
  });
});

describe('the window for an approval', () => {
  async function openWindow(form: ApprovalForm = FORM): Promise<string> {
    bench.bot.approvalForm = async () => ({ kind: 'form', form });
    await click('proposal.approve');
    return bench.slack.waitFor(() => {
      const [view] = bench.slack.views();
      return JSON.stringify(view?.view ?? '').includes('approval-reason') ? view?.id : undefined;
    });
  }

  it('opens at once, is filled in under its hash, and hands over what was typed with the digest that was shown', async () => {
    const { slack, bot, outbox } = bench;
    bot.approvalReply = async () => ({ kind: 'done', say: 'Approved.' });
    const viewId = await openWindow();

    const answer = await slack.drivers.submit({ viewId, values: TYPED });
    await until(() => outbox.deliveries.length > 0);

    expect(slack.calls('views.open').map(({ args }) => JSON.stringify(args).includes('One moment'))).toEqual([true]);
    expect(slack.calls('views.update').map(({ args, ok }) => [typeof args['hash'], ok])).toEqual([['string', true]]);
    expect(JSON.stringify(slack.views()[0]?.view)).toContain('"type":"alert"');
    expect(answer).toMatchObject({ status: 200, body: '' });
    const entry = { digest: DIGEST, confirm: 'replicapool/csi-vol-3f2a', reason: 'it is off' };
    expect(bot.calls.at(-1)).toEqual([
      'approve',
      expect.objectContaining({ channel: card.channel }),
      REMEDIATION_ID,
      entry,
    ]);
    expect(outbox.deliveries).toMatchObject([{ kind: 'ephemeral', content: { text: 'Approved.' } }]);
  });

  it.each([
    [FORM, { kind: 'invalid', field: 'confirm', reason: 'Type it.' }, { 'approval-confirm': 'Type it.' }],
    [FORM, { kind: 'invalid', field: 'reason', reason: 'Say why.' }, { 'approval-reason': 'Say why.' }],
    [UNCONFIRMED, { kind: 'invalid', field: 'confirm', reason: 'Type it.' }, { 'approval-reason': 'Type it.' }],
    [FORM, { kind: 'unavailable', reason: 'Again.' }, { 'approval-reason': 'Again.' }],
  ] as const)('stays open for what can be corrected: %#', async (form, reply, errors) => {
    const { slack, bot } = bench;
    bot.approvalReply = async () => reply;
    const viewId = await openWindow(form);
    const { 'approval-reason': reason } = TYPED;

    const answer = await slack.drivers.submit({
      viewId,
      values: form === FORM ? TYPED : { 'approval-reason': reason },
    });

    expect(answer.json).toEqual({ response_action: 'errors', errors });
    expect(slack.views()).toMatchObject([{ open: true }]);
  });

  it('closes for a refusal, which is for the clicker alone', async () => {
    const { slack, bot, outbox } = bench;
    bot.approvalReply = async () => ({ kind: 'refused', reason: 'Already approved by bob at 10:41.' });
    const viewId = await openWindow();

    const answer = await slack.drivers.submit({ viewId, values: TYPED });
    await until(() => outbox.deliveries.length > 0);

    expect(answer.body).toBe('');
    expect(outbox.deliveries).toMatchObject([
      { kind: 'ephemeral', user: slack.users.alice.id, content: { text: 'Already approved by bob at 10:41.' } },
    ]);
  });

  it('does not open for whoever may not, as far as that is known at once', async () => {
    const { slack, bot, outbox } = bench;
    bot.approvalForm = async () => ({ kind: 'refused', reason: 'You asked for it yourself.' });

    await click('proposal.approve');
    await until(() => outbox.deliveries.length > 0);

    expect(slack.views()).toEqual([]);
    expect(outbox.deliveries).toMatchObject([{ kind: 'ephemeral', content: { text: 'You asked for it yourself.' } }]);
  });

  it('says in it why there is nothing to approve when that takes long', async () => {
    const { slack, bot } = bench;
    const slow = Promise.withResolvers<Awaited<ReturnType<Bot['prepareApproval']>>>();
    bot.approvalForm = () => slow.promise;

    await click('proposal.approve');
    await slack.waitFor(() => slack.views()[0]);
    slow.resolve({ kind: 'refused', reason: 'You asked for it yourself.' });

    await slack.waitFor(() => JSON.stringify(slack.views()[0]?.view).includes('You asked for it yourself.'));
    expect(slack.views()).toHaveLength(1);
  });

  it('warns in a section where the workspace refuses alerts', async () => {
    const { slack } = bench;
    const fault = { kind: 'invalid-blocks', types: ['alert'] } as const;
    slack.faults.add({ method: 'views.update', fault, times: Number.POSITIVE_INFINITY });

    await openWindow();

    const shown = JSON.stringify(slack.views()[0]?.view);
    expect(shown).toContain(':warning: *If worker-3 is alive');
    expect(shown).not.toContain('"type":"alert"');
  });
});

describe('the window for a denial', () => {
  it('says what is denied and hands over the reason', async () => {
    const { slack, bot, outbox } = bench;
    bot.clickReply = () => ({ kind: 'refused', reason: 'It ran already.' });
    await click('proposal.deny');
    const viewId = await slack.waitFor(() => slack.views()[0]?.id);
    const shown = JSON.stringify(slack.views()[0]?.view);

    const values = { 'denial-reason': { reason: { type: 'plain_text_input', value: 'not now' } } };
    const answer = await slack.drivers.submit({ viewId, values });
    await until(() => outbox.deliveries.length > 0);

    expect(shown).toContain('`remove the stale lock');
    expect(answer.body).toBe('');
    expect(bot.calls).toEqual([
      ['deny', expect.objectContaining({ channel: card.channel }), REMEDIATION_ID, 'not now'],
    ]);
    expect(outbox.deliveries).toMatchObject([{ kind: 'ephemeral', content: { text: 'It ran already.' } }]);
  });

  it('stays open when nobody could take it', async () => {
    const { slack, bot } = bench;
    bot.clickReply = () => ({ kind: 'unavailable', reason: 'Again.' });
    await click('proposal.deny');
    const viewId = await slack.waitFor(() => slack.views()[0]?.id);

    const answer = await slack.drivers.submit({ viewId });

    expect(answer.json).toEqual({ response_action: 'errors', errors: { 'denial-reason': 'Again.' } });
  });
});

describe('Review in the App Home', () => {
  beforeEach(async () => {
    const { slack, bot, chat } = bench;
    const row = {
      id: REMEDIATION_ID,
      title: PLAN.words.title,
      cluster: PLAN.cluster,
      state: 'awaiting_approval',
      since: PLAN.proposedAt,
      expiresAt: PLAN.expiresAt,
      votes: 0,
      required: 2,
      requester: 'U0ALICE01',
      yours: true,
      thread: card,
    } as const;
    const remediations = { waiting: [row], recent: [], permissions: [], stopped: [] };
    bot.homeContent = { help: HELP, clusters: [], remediations, at: PLAN.proposedAt };
    const content = { kind: 'home', home: bot.homeContent } as const;
    const user = slack.users.bob.id;
    const sent = await chat.send(
      { kind: 'home', key: 'h', team: slack.team.id, user, priority: 'news', version: 1, content },
      undefined,
    );
    expect(sent.kind).toBe('sent');
  });

  async function review(): Promise<void> {
    const { slack } = bench;
    const viewId = slack.homes()[0]?.id ?? '';
    await slack.drivers.action({ place: { viewId }, user: slack.users.bob.id, actionId: 'proposal.approve' });
  }

  it('opens the window as in the channel where it is shown, and tells directly what became of it', async () => {
    const { slack, bot, outbox } = bench;
    bot.approvalForm = async () => ({ kind: 'form', form: FORM });
    bot.approvalReply = async () => ({ kind: 'refused', reason: 'Too late.' });

    await review();
    const viewId = await slack.waitFor(() => {
      const modal = slack.views().find(({ view }) => JSON.stringify(view).includes('approval-reason'));
      return modal?.id;
    });
    await slack.drivers.submit({ viewId, values: TYPED });
    await until(() => outbox.deliveries.length > 0);

    const act = expect.objectContaining({ user: slack.users.bob.id, channel: card.channel });
    expect(bot.calls.map(([method, first]) => [method, first])).toEqual([
      ['prepareApproval', act],
      ['approve', act],
    ]);
    expect(outbox.deliveries).toMatchObject([
      { kind: 'card', channel: slack.users.bob.id, content: { text: 'Too late.' } },
    ]);
  });

  it('says in the window why there is nothing to approve', async () => {
    const { slack, bot } = bench;
    bot.approvalForm = async () => ({ kind: 'refused', reason: 'It expired.' });

    await review();

    await slack.waitFor(() => slack.views().some(({ view }) => JSON.stringify(view).includes('It expired.')));
    expect(bot.calls).toHaveLength(1);
  });
});

describe('the message of a change', () => {
  it('is shown in the channel as well when it is posted into its thread, and edited without that', async () => {
    const { slack, chat } = bench;
    const delivery = {
      kind: 'card',
      key: 'm-fedcba9876543210',
      team: slack.team.id,
      channel: card.channel,
      thread: card.ts,
      broadcast: true,
      priority: 'urgent',
      content: { kind: 'remediation', card: cardWith('proposed') },
    } as const;

    const posted = await chat.send({ ...delivery, version: 1 }, undefined);
    const place = posted.kind === 'sent' ? posted.posted : undefined;
    const edited = await chat.send({ ...delivery, version: 2 }, place);

    expect([posted.kind, edited.kind]).toEqual(['sent', 'sent']);
    expect(slack.replies(card.channel, card.ts)).toMatchObject([{ broadcast: true }]);
    const [, reply] = slack.calls('chat.postMessage');
    expect(reply?.args).toMatchObject({ reply_broadcast: 'true' });
    expect(slack.calls('chat.update')[0]?.args).not.toHaveProperty('reply_broadcast');
  });
});

describe('a command that is answered at once', () => {
  it('tells the person alone, in the acknowledgement', async () => {
    const { slack, bot } = bench;
    bot.askReply = () => ({ kind: 'told', text: 'Changes are switched off.', code: ['prod-eu-1'] });

    await slack.drivers.command({ text: 'stop prod-eu-1' });

    expect(slack.ephemerals()).toMatchObject([{ text: 'Changes are switched off.', via: 'ack' }]);
    expect(JSON.stringify(slack.ephemerals()[0]?.blocks)).toContain('prod-eu-1');
  });

  it('tells the person alone what was written in a channel', async () => {
    const { slack, bot, outbox } = bench;
    bot.askReply = () => ({ kind: 'told', text: 'Changes are switched on.' });

    await slack.drivers.mention({ text: 'resume' });
    await until(() => outbox.deliveries.length > 0);

    expect(outbox.deliveries).toMatchObject([
      { kind: 'ephemeral', content: { kind: 'notice', text: 'Changes are switched on.' } },
    ]);
  });
});

/** The message with the real buttons of a change that waits. */
async function postCard({ chat, slack }: SlackBench): Promise<PostedMessage> {
  const result = await chat.send(
    {
      kind: 'card',
      key: REMEDIATION_ID,
      team: slack.team.id,
      channel: slack.channels.ops.id,
      priority: 'urgent',
      version: 1,
      content: { kind: 'remediation', card: cardWith('awaiting_approval', { plan: PLAN }) },
    },
    undefined,
  );
  if (result.kind !== 'sent' || result.posted === undefined) {
    throw new Error(`The card was not posted: ${JSON.stringify(result)}`);
  }
  return result.posted;
}
