import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Delivery } from '../../src/core/chat/delivery.ts';
import type { PostedMessage } from '../../src/ports/outbox.ts';
import { HELP, QUESTION_ID, questionOf } from '../adapters/slack/fakes.ts';
import { sampleOutcome } from '../fakes/samples.ts';
import { type SlackBench, startSlackBench, until } from './slack-bench.ts';

describe.each(['http', 'socket'] as const)('deliveries over %s', (transport) => {
  let bench: SlackBench;

  beforeEach(async () => {
    bench = await startSlackBench({ transport });
  });

  afterEach(async () => {
    expect(bench.slack.problems()).toEqual([]);
    await bench.close();
  });

  it('acknowledges a command with what is looked at', async () => {
    const { slack, bot } = bench;

    const answer = await slack.drivers.command({ text: 'why web-0 -n shop' });

    expect(answer).toMatchObject({ outcome: 'answered', status: 200, json: { response_type: 'ephemeral' } });
    expect(answer.body).toContain('Looking at `shop/web-0` in prod');
    expect(bot.calls).toEqual([
      [
        'ask',
        {
          delivery: answer.payload['trigger_id'],
          team: slack.team.id,
          user: slack.users.alice.id,
          channel: slack.channels.ops.id,
          responseUrl: answer.payload['response_url'],
        },
        'why web-0 -n shop',
      ],
    ]);
  });

  it('does a command that is delivered three times once, and acknowledges it in the same words', async () => {
    const answer = await bench.slack.drivers.command({ text: 'why web-0', times: 3, concurrently: true });

    expect(answer.answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(bench.bot.calls).toHaveLength(1);
    const said = new Set(answer.answers.map(({ body }) => body).filter((body) => body !== ''));
    expect([...said]).toEqual([expect.stringContaining('Looking at')]);
  });

  it.each([
    ['help', { kind: 'help', help: HELP }, 'Ask why something in Kubernetes is broken'],
    ['a refusal', { kind: 'refused', reason: 'This channel may not ask about kube-system.' }, 'may not ask about'],
    ['a failure', { kind: 'unavailable', reason: 'Redis does not answer. Try again.' }, 'Redis does not answer'],
  ] as const)('acknowledges a command with %s', async (_name, reply, words) => {
    bench.bot.askReply = () => reply;

    const answer = await bench.slack.drivers.command({ text: 'x' });

    expect(answer).toMatchObject({ outcome: 'answered', status: 200 });
    expect(bench.slack.ephemerals().map(({ text }) => text)).toEqual([expect.stringContaining(words)]);
  });

  it('acknowledges at once when the bot is slow, and says the rest through the response_url', async () => {
    const { bot, slack } = bench;
    const held = Promise.withResolvers<void>();
    bot.askReply = async () => {
      await held.promise;
      return { kind: 'refused', reason: 'Not here.' };
    };

    const answer = await slack.drivers.command({ text: 'why web-0' });
    held.resolve();
    await slack.waitFor(() => slack.ephemerals().length === 2);

    expect(answer.body).toContain('Still on it');
    expect(slack.ephemerals().map(({ via, text }) => [via, text.includes('Not here.')])).toEqual([
      ['ack', false],
      ['response_url', true],
    ]);
  });

  it('names a reference when it failed', async () => {
    const { bot, slack, logger } = bench;
    bot.askReply = () => Promise.reject(new TypeError('boom'));

    const answer = await slack.drivers.command({ text: 'why web-0' });

    const logged = logger.lines.find(({ level }) => level === 'error');
    expect(answer).toMatchObject({ outcome: 'answered', status: 200 });
    expect(answer.body).toContain(String(logged?.fields['reference']));
    expect(logged).toMatchObject({ fields: { kind: 'command', error: new TypeError('boom') } });
  });

  it('says which command it listens to when another one arrives', async () => {
    const answer = await bench.slack.drivers.command({ command: '/kube', text: 'why web-0' });

    expect(answer.body).toContain('/k8s');
    expect(bench.bot.calls).toEqual([]);
  });

  it('refuses deliveries of another workspace', async () => {
    const { slack, bot, metrics } = bench;

    const command = await slack.drivers.command({ text: 'why web-0', team: 'T0OTHER01' });
    const mention = await slack.drivers.mention({ text: 'why web-0', team: 'T0OTHER01' });
    const enterprise = await slack.drivers.event({ type: 'app_uninstalled' }, { team: 'T0OTHER01' });

    expect([command.status, mention.status, enterprise.status]).toEqual([200, 200, 200]);
    expect(command.body).toContain('another workspace');
    expect(bot.calls).toEqual([]);
    expect(metrics.counts.filter((line) => line.includes('other-workspace'))).toHaveLength(3);
  });

  it('answers a mention in a thread below it, and one in a thread there', async () => {
    const { slack, bot } = bench;

    const first = await slack.drivers.mention({ text: 'why web-0' });
    const ts = slack.messages(slack.channels.ops.id)[0]?.ts ?? '';
    await slack.drivers.mention({ text: `<@${slack.app.botUserId}>  why db-0 -n shop`, threadTs: ts });
    await until(() => bot.calls.length === 2);

    const base = { team: slack.team.id, user: slack.users.alice.id, channel: slack.channels.ops.id, thread: ts };
    expect(first.status).toBe(200);
    expect(bot.calls).toEqual([
      ['ask', { ...base, delivery: expect.stringMatching(/^Ev/) }, 'why web-0'],
      ['ask', { ...base, delivery: expect.stringMatching(/^Ev/) }, 'why db-0 -n shop'],
    ]);
  });

  it('acknowledges a mention after it was handled, not before', async () => {
    const { slack, bot } = bench;
    const order: string[] = [];
    bot.askReply = async () => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      order.push('handled');
      return { kind: 'duplicate' };
    };

    await slack.drivers.mention({ text: 'why web-0' });
    order.push('acknowledged');

    expect(order).toEqual(['handled', 'acknowledged']);
  });

  it('hears another bot as a bot, and itself not at all', async () => {
    const { slack, bot } = bench;
    const { app, users } = slack;
    const event = { type: 'app_mention', channel: 'C0OPS0001', ts: '1.2', text: `<@${app.botUserId}> why web-0` };

    await slack.drivers.event({ ...event, bot_id: app.botId, user: users.otherBot.id });
    await slack.drivers.event({ ...event, user: app.botUserId });
    await slack.drivers.event({ ...event, bot_id: 'B0OTHER', user: users.otherBot.id });
    await slack.drivers.event({ ...event, type: 'message', channel_type: 'im', bot_id: 'B0OTHER', user: 'U0ALICE01' });

    expect(bot.calls).toEqual([
      ['ask', expect.objectContaining({ user: users.otherBot.id, byBot: true }), 'why web-0'],
    ]);
  });

  it('refuses a mention with a message for that person, through the outbox', async () => {
    const { slack, bot, outbox } = bench;
    bot.askReply = () => ({ kind: 'refused', reason: 'Not here.' });

    const answer = await slack.drivers.mention({ text: 'why web-0' });

    expect(outbox.deliveries).toEqual([
      {
        kind: 'ephemeral',
        key: `notice-${String(answer.payload['event_id'])}`,
        team: slack.team.id,
        channel: slack.channels.ops.id,
        user: slack.users.alice.id,
        priority: 'answer',
        version: 1,
        content: { kind: 'notice', text: 'Not here.' },
      },
    ]);
  });

  it('helps a mention with a message for that person', async () => {
    const { slack, bot } = bench;
    bot.askReply = () => ({ kind: 'help', help: HELP });

    await slack.drivers.mention({ text: 'hello' });

    expect(slack.ephemerals()).toMatchObject([{ user: slack.users.alice.id, via: 'chat.postEphemeral' }]);
  });

  it('says so straight to Slack when the outbox cannot store it', async () => {
    const { slack, bot, outbox } = bench;
    bot.askReply = () => ({ kind: 'refused', reason: 'Not here.' });
    outbox.down = true;

    await slack.drivers.mention({ text: 'why web-0' });

    expect(slack.ephemerals()).toMatchObject([{ text: 'Not here.', via: 'chat.postEphemeral' }]);
  });

  it('says straight to Slack that something does not answer, since a store that hangs might say it again', async () => {
    const { slack, bot, outbox } = bench;
    bot.askReply = () => ({ kind: 'unavailable', reason: 'Redis does not answer.' });

    await slack.drivers.mention({ text: 'why web-0' });

    expect(slack.ephemerals()).toMatchObject([{ text: 'Redis does not answer.', via: 'chat.postEphemeral' }]);
    expect(outbox.deliveries).toEqual([]);
  });

  it('says it through the outbox when Slack does not take it', async () => {
    const { slack, bot, outbox } = bench;
    bot.askReply = () => ({ kind: 'unavailable', reason: 'Redis does not answer.' });
    slack.faults.add({ method: 'chat.postEphemeral', fault: { kind: 'error', error: 'service_unavailable' } });

    await slack.drivers.mention({ text: 'why web-0' });

    expect(outbox.deliveries).toMatchObject([{ kind: 'ephemeral', content: { text: 'Redis does not answer.' } }]);
  });

  it('asks about the text, blocks and attachments of a message', async () => {
    const { slack, bot } = bench;
    const ts = slack.drivers.say({ text: 'KubePodCrashLooping shop/web-0' });
    const channel = slack.channels.ops.id;

    const answer = await slack.drivers.shortcut({ callbackId: 'kubewhy_why', channel, ts });

    expect(answer.status).toBe(200);
    expect(bot.calls).toEqual([
      [
        'askAboutMessage',
        {
          delivery: answer.payload['trigger_id'],
          team: slack.team.id,
          user: slack.users.alice.id,
          channel,
          thread: ts,
          responseUrl: answer.payload['response_url'],
        },
        'KubePodCrashLooping shop/web-0',
      ],
    ]);
  });

  it('answers a shortcut through its response_url, which works without membership', async () => {
    const { slack, bot } = bench;
    bot.askReply = () => ({ kind: 'help', help: HELP });
    const channel = slack.channels.random.id;
    const ts = slack.drivers.say({ text: 'what is this', channel });

    await slack.drivers.shortcut({ callbackId: 'kubewhy_why', channel, ts });
    await slack.waitFor(() => slack.ephemerals().length > 0);

    expect(slack.ephemerals()).toMatchObject([{ via: 'response_url', channel }]);
  });

  it('acknowledges shortcuts and events that it does not know', async () => {
    const { slack, bot, outbox } = bench;
    const channel = slack.channels.ops.id;
    const ts = slack.drivers.say({ text: 'x' });

    const shortcut = await slack.drivers.shortcut({ callbackId: 'older_shortcut', channel, ts });
    const event = await slack.drivers.event({ type: 'channel_rename', channel: { id: channel, name: 'ops' } });

    expect([shortcut.status, event.status]).toEqual([200, 200]);
    expect(bot.calls).toEqual([]);
    expect(outbox.deliveries).toMatchObject([
      { kind: 'response', content: { text: expect.stringContaining('another') } },
    ]);
  });

  it('answers a click on a message for one person through its response_url, without a thread', async () => {
    const { slack, bot, outbox } = bench;
    const problem = { message: 'No such pod.', suggestions: [{ id: 's-1', label: 'web-0 -n shop' }] };
    bot.askReply = () => ({ kind: 'help', help: { ...HELP, problem } });
    const command = await slack.drivers.command({ text: 'why wbe-0', channel: slack.channels.random.id });
    bot.askReply = () => ({ kind: 'refused', reason: 'This suggestion is too old. Ask again.' });
    const place = { channel: slack.channels.random.id, ts: slack.ephemerals()[0]?.ts ?? '' };

    const answer = await slack.drivers.action({ place, actionId: 'ask.suggested:0' });
    await until(() => outbox.deliveries.length > 0);

    expect([command.status, answer.status]).toEqual([200, 200]);
    expect(bot.calls[1]).toEqual([
      'askSuggested',
      {
        delivery: answer.payload['trigger_id'],
        team: slack.team.id,
        user: slack.users.alice.id,
        channel: slack.channels.random.id,
        responseUrl: answer.payload['response_url'],
      },
      's-1',
    ]);
    expect(outbox.deliveries).toMatchObject([{ kind: 'response', url: answer.payload['response_url'] }]);
  });

  describe('clicks', () => {
    let card: PostedMessage;

    beforeEach(async () => {
      card = await postAnswer(bench);
    });

    it.each([
      ['case.recheck', 'checkAgain'],
      ['case.evidence', 'showEvidence'],
    ])('hands %s to the bot once', async (actionId, method) => {
      const { slack, bot, outbox } = bench;
      bot.clickReply = () => ({ kind: 'done', say: 'It is being checked already.' });

      const answer = await slack.drivers.action({ place: card, actionId, times: 2 });
      await until(() => outbox.deliveries.length === 1);

      expect(answer.answers.map(({ status }) => status)).toEqual([200, 200]);
      expect(bot.calls).toEqual([
        [
          method,
          {
            delivery: answer.payload['trigger_id'],
            team: slack.team.id,
            user: slack.users.alice.id,
            channel: card.channel,
            thread: card.ts,
            responseUrl: answer.payload['response_url'],
          },
          QUESTION_ID,
        ],
      ]);
      expect(outbox.deliveries).toMatchObject([
        { kind: 'ephemeral', channel: card.channel, content: { text: 'It is being checked already.' } },
      ]);
    });

    it('shows commands to copy', async () => {
      const { slack, bot, outbox } = bench;
      bot.clickReply = () => ({ kind: 'done', say: 'To look for yourself:', code: ['kubectl get pod web-0'] });
      const chosen = { selected_option: { value: `kubectl:${QUESTION_ID}` } };

      await slack.drivers.action({ place: card, actionId: 'case.more', chosen });
      await until(() => outbox.deliveries.length > 0);

      expect(bot.calls.map(([method]) => method)).toEqual(['kubectlCommands']);
      expect(outbox.deliveries).toMatchObject([
        { content: { kind: 'notice', text: 'To look for yourself:', code: ['kubectl get pod web-0'] } },
      ]);
    });

    it.each([
      ['case.approve', 'a-7'],
      ['case.recheck', 'not-a-question'],
      ['case.more', 'share:q-0123456789abcdef'],
      ['case.more', ''],
      ['ask.suggested:0', '<!channel>'],
      ['', ''],
    ])('says that %s with %s is from an older version', async (actionId, value) => {
      const { slack, bot, outbox } = bench;

      const answer = await slack.drivers.action({ place: card, actionId, unlisted: { type: 'button', value } });
      await until(() => outbox.deliveries.length > 0 || actionId === '');

      expect(answer.status).toBe(200);
      expect(bot.calls).toEqual([]);
      expect(outbox.deliveries.map(({ content }) => ('text' in content ? content.text : ''))).toEqual(
        actionId === '' ? [] : ['This button is from an older version of Kubewhy. Ask again.'],
      );
    });

    it('asks what was suggested', async () => {
      const { slack, bot } = bench;
      const unlisted = { type: 'button', value: 's-1' };

      await slack.drivers.action({ place: card, actionId: 'ask.suggested:1', unlisted });
      await until(() => bot.calls.length > 0);

      expect(bot.calls).toMatchObject([['askSuggested', { thread: card.ts }, 's-1']]);
    });

    it('opens a modal for a wrong diagnosis and hands what was typed to the bot', async () => {
      const { slack, bot, outbox } = bench;
      bot.clickReply = () => ({ kind: 'done', say: 'Thank you.' });
      const viewId = await openFeedback(bench, card);
      const values = { feedback: { text: { type: 'plain_text_input', value: 'it was DNS' } } };

      const answer = await slack.drivers.submit({ viewId, values });
      await until(() => outbox.deliveries.length > 0);

      expect(answer).toMatchObject({ status: 200, body: '' });
      expect(bot.calls).toMatchObject([
        ['giveFeedback', { user: slack.users.alice.id, channel: card.channel }, QUESTION_ID, 'it was DNS'],
      ]);
      expect(JSON.stringify(slack.views()[0]?.view)).toContain('shop/web-0');
      expect(outbox.deliveries).toMatchObject([{ kind: 'ephemeral', content: { text: 'Thank you.' } }]);
    });

    it('keeps a modal open when the feedback cannot be stored', async () => {
      const { slack, bot } = bench;
      bot.clickReply = () => ({ kind: 'unavailable', reason: 'Redis does not answer.' });
      const viewId = await openFeedback(bench, card);

      const answer = await slack.drivers.submit({ viewId, values: {} });

      expect(answer.json).toEqual({ response_action: 'errors', errors: { feedback: 'Redis does not answer.' } });
      expect(slack.views()).toMatchObject([{ open: true }]);
    });

    it('says so when the window of three seconds is over', async () => {
      const { slack, outbox } = bench;
      slack.faults.expireTriggers();
      const chosen = { selected_option: { value: `wrong:${QUESTION_ID}` } };

      const answer = await slack.drivers.action({ place: card, actionId: 'case.more', chosen });
      await until(() => outbox.deliveries.length > 0);

      expect(answer.status).toBe(200);
      expect(outbox.deliveries).toMatchObject([{ content: { text: expect.stringContaining('three seconds') } }]);
    });

    it('tells a failed click with a reference', async () => {
      const { slack, bot, logger } = bench;
      bot.clickReply = () => Promise.reject(new Error('boom'));

      await slack.drivers.action({ place: card, actionId: 'case.recheck' });
      await slack.waitFor(() => slack.ephemerals().length > 0);

      const reference = logger.lines.find(({ level }) => level === 'error')?.fields['reference'];
      expect(slack.ephemerals()).toMatchObject([{ text: expect.stringContaining(String(reference)) }]);
    });
  });

  it('stores the Home tab whenever it is opened', async () => {
    const { slack, bot, outbox } = bench;

    const answer = await slack.drivers.openHome();

    expect(answer.status).toBe(200);
    expect(bot.calls).toEqual([['home', slack.team.id, slack.users.alice.id]]);
    expect(outbox.deliveries).toMatchObject([
      { kind: 'home', key: `home-${slack.team.id}-${slack.users.alice.id}`, user: slack.users.alice.id },
    ]);
  });

  it('leaves the Home tab as it is while the store does not answer', async () => {
    const { slack, outbox, logger } = bench;
    outbox.down = true;

    const answer = await slack.drivers.openHome();

    expect(answer.status).toBe(200);
    expect(logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
    expect(logger.lines.map(({ message }) => message)).toContainEqual(expect.stringContaining('Home tab'));
  });

  it('hears that the app was uninstalled or its tokens were revoked', async () => {
    const { slack, bot } = bench;

    await slack.drivers.uninstall();
    await slack.drivers.revokeTokens();
    await slack.drivers.event({ type: 'tokens_revoked', tokens: { oauth: ['U0ALICE01'] } });

    expect(bot.calls).toEqual([
      ['workspaceGone', slack.team.id, 'The app was uninstalled.'],
      ['workspaceGone', slack.team.id, 'The tokens of the app were revoked.'],
    ]);
  });

  it('stops only when what is under way was acknowledged', async () => {
    const { slack, bot, app } = bench;
    const held = Promise.withResolvers<void>();
    bot.askReply = async () => {
      await held.promise;
      return { kind: 'refused', reason: 'Not here.' };
    };

    const asking = slack.drivers.command({ text: 'why web-0' });
    await until(() => bot.calls.length > 0);
    const stopping = app.stop();
    held.resolve();
    const answer = await asking;
    await stopping;

    expect(answer).toMatchObject({ outcome: 'answered', status: 200 });
    expect(answer.body).toContain('Not here.');
    expect(app.status()).toMatchObject({ healthy: false, inFlight: 0 });
  });
});

/** Posts an answer with its buttons, as the outbox would. */
async function postAnswer({ chat, slack }: SlackBench): Promise<PostedMessage> {
  const channel = slack.channels.ops.id;
  const question = questionOf({ team: slack.team.id, user: slack.users.alice.id, channel });
  slack.allow({ mentions: [slack.users.alice.id] });
  const delivery: Delivery = {
    kind: 'card',
    key: QUESTION_ID,
    team: slack.team.id,
    channel,
    priority: 'answer',
    version: 1,
    content: { kind: 'answer', question, run: 1, outcome: sampleOutcome(), at: question.askedAt },
  };
  const result = await chat.send(delivery, undefined);
  if (result.kind !== 'sent' || result.posted === undefined) {
    throw new Error(`The card was not posted: ${JSON.stringify(result)}`);
  }
  return result.posted;
}

async function openFeedback({ slack }: SlackBench, card: PostedMessage): Promise<string> {
  const chosen = { selected_option: { value: `wrong:${QUESTION_ID}` } };
  await slack.drivers.action({ place: card, actionId: 'case.more', chosen });
  return await slack.waitFor(() => slack.views()[0]?.id);
}
