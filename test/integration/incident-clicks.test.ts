import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SILENCE_CHOICES } from '../../src/core/triage/silence.ts';
import type { Bot, SilenceForm } from '../../src/ports/bot.ts';
import type { PostedMessage } from '../../src/ports/outbox.ts';
import { INCIDENT_ID } from '../core/triage/incident-samples.ts';
import { type SlackBench, startSlackBench, until } from './slack-bench.ts';

const FORM: SilenceForm = {
  incident: INCIDENT_ID,
  title: 'KubePodCrashLooping: `shop/web` <!channel>',
  alertmanagers: ['main', 'spare'],
  matchers: ['alertname="KubePodCrashLooping"', 'namespace="shop"'],
  choices: SILENCE_CHOICES,
};
const VALUES = {
  'silence-alertmanager': { alertmanager: { type: 'static_select', selected_option: { value: 'main' } } },
  'silence-matchers': { matchers: { type: 'plain_text_input', value: 'a="b"' } },
  'silence-duration': { duration: { type: 'static_select', selected_option: { value: '240' } } },
  'silence-comment': { comment: { type: 'plain_text_input', value: 'rollout' } },
};

describe('the buttons of an incident', () => {
  let bench: SlackBench;
  let card: PostedMessage;

  beforeEach(async () => {
    bench = await startSlackBench({ transport: 'socket' });
    card = await postCard(bench);
  });

  afterEach(async () => {
    expect(bench.slack.problems()).toEqual([]);
    await bench.close();
  });

  async function click(actionId: string, value: string = INCIDENT_ID): Promise<void> {
    const answer = await bench.slack.drivers.action({ place: card, actionId, unlisted: { type: 'button', value } });
    expect(answer.status).toBe(200);
  }

  it.each([
    ['incident.ack', INCIDENT_ID, ['acknowledge', INCIDENT_ID]],
    ['incident.snooze', INCIDENT_ID, ['snooze', INCIDENT_ID]],
    ['incident.unsnooze', INCIDENT_ID, ['endSnooze', INCIDENT_ID]],
    ['incident.unsilence:0', `${INCIDENT_ID}:6f9b-1`, ['endSilence', INCIDENT_ID, '6f9b-1']],
  ])('%s does what it says, and a refusal is for the clicker alone', async (action, value, [method, ...rest]) => {
    const { slack, bot, outbox } = bench;
    bot.clickReply = () => ({ kind: 'refused', reason: 'You may not.' });

    await click(action, value);
    await until(() => outbox.deliveries.length > 0);

    const act = { user: slack.users.alice.id, channel: card.channel };
    expect(bot.calls).toEqual([[method, expect.objectContaining(act), ...rest]]);
    expect(outbox.deliveries).toMatchObject([
      { kind: 'ephemeral', user: slack.users.alice.id, content: { text: 'You may not.' } },
    ]);
  });

  it.each([
    ['incident.ack', 'i-x'],
    ['incident.silence', `${INCIDENT_ID}:x`],
    ['incident.unsilence', INCIDENT_ID],
    ['incident.unsilence', `${INCIDENT_ID}:<!channel>`],
    ['incident.other', INCIDENT_ID],
  ])('%s with the value %s does nothing', async (action, value) => {
    const { bot, outbox } = bench;

    await click(action, value);
    await until(() => outbox.deliveries.length > 0);

    expect(bot.calls).toEqual([]);
    expect(outbox.deliveries).toMatchObject([{ content: { text: expect.stringContaining('older version') } }]);
  });

  async function openWindow(): Promise<string> {
    bench.bot.formReply = async () => ({ kind: 'form', form: FORM });
    await click('incident.silence');
    return bench.slack.waitFor(() => bench.slack.views()[0]?.id);
  }

  it('open a window for a silence and hand what was filled in to the bot', async () => {
    const { slack, bot, outbox } = bench;
    bot.silenceReply = async () => ({ kind: 'done', say: 'It holds.' });
    const viewId = await openWindow();

    const answer = await slack.drivers.submit({ viewId, values: VALUES });
    await until(() => outbox.deliveries.length > 0);

    const shown = JSON.stringify(slack.views()[0]?.view);
    expect(shown).toContain(String.raw`alertname=\"KubePodCrashLooping\"\nnamespace=\"shop\"`);
    expect(shown).not.toContain('<!channel>');
    expect(answer).toMatchObject({ status: 200, body: '' });
    const entry = { alertmanager: 'main', matchers: 'a="b"', minutes: 240, comment: 'rollout' };
    expect(bot.calls.at(-1)).toEqual([
      'silence',
      expect.objectContaining({ channel: card.channel }),
      INCIDENT_ID,
      entry,
    ]);
    expect(outbox.deliveries).toMatchObject([{ kind: 'ephemeral', content: { text: 'It holds.' } }]);
  });

  it.each([
    [{ kind: 'invalid', field: 'comment', reason: 'Say why.' } as const, { 'silence-comment': 'Say why.' }],
    [{ kind: 'invalid', field: 'duration', reason: 'Too long.' } as const, { 'silence-duration': 'Too long.' }],
    [{ kind: 'refused', reason: 'You may not.' } as const, { 'silence-matchers': 'You may not.' }],
    [{ kind: 'unavailable', reason: 'It does not answer.' } as const, { 'silence-matchers': 'It does not answer.' }],
  ])('keep the window open for %j', async (reply, errors) => {
    const { slack, bot } = bench;
    bot.silenceReply = async () => reply;
    const viewId = await openWindow();

    const answer = await slack.drivers.submit({ viewId, values: VALUES });

    expect(answer.json).toEqual({ response_action: 'errors', errors });
    expect(slack.views()).toMatchObject([{ open: true }]);
  });

  it('say why no window opens', async () => {
    const { slack, bot, outbox } = bench;
    bot.formReply = async () => ({ kind: 'refused', reason: 'You may not silence.' });

    await click('incident.silence');
    await until(() => outbox.deliveries.length > 0);

    expect(slack.views()).toEqual([]);
    expect(outbox.deliveries).toMatchObject([{ kind: 'ephemeral', content: { text: 'You may not silence.' } }]);
  });

  it.each<[string, Awaited<ReturnType<Bot['prepareSilence']>>, string]>([
    ['what was asked for', { kind: 'form', form: FORM }, 'silence-matchers'],
    ['why there is none', { kind: 'refused', reason: 'You may not silence.' }, 'You may not silence.'],
  ])('open the window at once when preparing takes long, and show %s in it', async (_what, prepared, words) => {
    const { slack, bot } = bench;
    const slow = Promise.withResolvers<typeof prepared>();
    bot.formReply = () => slow.promise;

    await click('incident.silence');
    const first = await slack.waitFor(() => slack.views()[0]);
    slow.resolve(prepared);

    await slack.waitFor(() => JSON.stringify(slack.views()[0]?.view).includes(words));
    expect(JSON.stringify(first.view)).toContain('One moment');
    expect(slack.views()).toHaveLength(1);
  });
});

/** Something to click on; its buttons are not looked at. */
async function postCard({ chat, slack }: SlackBench): Promise<PostedMessage> {
  const result = await chat.send(
    {
      kind: 'card',
      key: INCIDENT_ID,
      team: slack.team.id,
      channel: slack.channels.ops.id,
      priority: 'alert',
      version: 1,
      content: { kind: 'notice', text: 'An incident.' },
    },
    undefined,
  );
  if (result.kind !== 'sent' || result.posted === undefined) {
    throw new Error(`The card was not posted: ${JSON.stringify(result)}`);
  }
  return result.posted;
}
