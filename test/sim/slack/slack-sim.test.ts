import type { ModalView } from '@slack/types';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSlackSim } from '../../../src/sim/slack/slack-sim.ts';
import type { SlackSim } from '../../../src/sim/slack/slack-sim-types.ts';
import { httpApp, type RunningApp, socketApp } from './bolt-apps.ts';

const BUTTON = {
  type: 'button',
  text: { type: 'plain_text', text: 'Check again' },
  action_id: 'case.recheck',
  value: 'c_01J8',
  accessibility_label: 'Check again',
} as const;

const MODAL: ModalView = {
  type: 'modal',
  callback_id: 'approve',
  title: { type: 'plain_text', text: 'Approve fix' },
  submit: { type: 'plain_text', text: 'Approve' },
  notify_on_close: true,
  blocks: [
    {
      type: 'input',
      block_id: 'confirm',
      label: { type: 'plain_text', text: 'Type web-0' },
      element: { type: 'plain_text_input', action_id: 'v' },
    },
  ],
};

describe.each(['http', 'socket'] as const)('real Bolt over %s', (transport) => {
  let slack: SlackSim;
  let running: RunningApp;

  beforeEach(async () => {
    slack = await startSlackSim({ transport });
    running = await (transport === 'http' ? httpApp(slack) : socketApp(slack));
  });

  afterEach(async () => {
    await running.stop();
    await slack.close();
  });

  async function postButton(): Promise<string> {
    const posted = await running.app.client.apiCall('chat.postMessage', {
      channel: slack.channels.ops.id,
      text: 'a case',
      blocks: [{ type: 'actions', block_id: 'c_1:v1', elements: [BUTTON] }],
      unfurl_links: false,
      unfurl_media: false,
    });
    return String((posted as { ts?: string }).ts);
  }

  it('delivers a slash command, shows the acknowledgement and takes an answer to the response_url', async () => {
    running.app.command('/k8s', async ({ ack, command, respond }) => {
      await ack(`Looking at ${command.text}`);
      await respond({ text: 'done' });
    });

    const answer = await slack.drivers.command({ text: 'why web-0' });
    await slack.waitFor(() => slack.ephemerals().length === 2);

    expect(answer).toMatchObject({ outcome: 'answered', status: 200 });
    expect(
      slack
        .ephemerals()
        .map(({ text, via, user }) => ({ text, via, user }))
        .toSorted((a, b) => a.via.localeCompare(b.via)),
    ).toEqual([
      { text: 'Looking at why web-0', via: 'ack', user: slack.users.alice.id },
      { text: 'done', via: 'response_url', user: slack.users.alice.id },
    ]);
    expect(slack.problems()).toEqual([]);
  });

  it('delivers a click with the stored value, and the app edits the message', async () => {
    running.app.action('case.recheck', async ({ ack, action, body, client }) => {
      await ack();
      const { channel, container } = body as unknown as {
        channel: { id: string };
        container: { message_ts: string };
      };
      const value = action.type === 'button' ? action.value : '';
      await client.chat.update({ channel: channel.id, ts: container.message_ts, text: `checked ${value}` });
    });
    const ts = await postButton();

    const answer = await slack.drivers.action({
      place: { channel: slack.channels.ops.id, ts },
      actionId: 'case.recheck',
    });
    const [message] = await slack.waitFor(() => {
      const messages = slack.messages(slack.channels.ops.id);
      return messages[0]?.versions.length === 2 && messages;
    });

    expect(answer.status).toBe(200);
    expect(message).toMatchObject({ text: 'checked c_01J8', blocks: [], edited: true });
    expect(message?.versions.map(({ via, text }) => ({ via, text }))).toEqual([
      { via: 'chat.postMessage', text: 'a case' },
      { via: 'chat.update', text: 'checked c_01J8' },
    ]);
    expect(slack.problems()).toEqual([]);
  });

  it('opens a modal, refuses and takes its submission', async () => {
    running.app.action('case.recheck', async ({ ack, body, client }) => {
      await ack();
      await client.views.open({ trigger_id: (body as { trigger_id: string }).trigger_id, view: MODAL });
    });
    running.app.view('approve', async ({ ack, view }) => {
      const typed = view.state.values['confirm']?.['v']?.value;
      await (typed === 'web-0' ? ack() : ack({ response_action: 'errors', errors: { confirm: 'Type web-0' } }));
    });
    const ts = await postButton();
    await slack.drivers.action({ place: { channel: slack.channels.ops.id, ts }, actionId: 'case.recheck' });
    const view = await slack.waitFor(() => slack.views()[0]);

    const wrong = await slack.drivers.submit({ viewId: view.id, values: typed('web-1') });
    const openAfterWrong = slack.views()[0]?.open;
    const right = await slack.drivers.submit({ viewId: view.id, values: typed('web-0') });

    expect(wrong.json).toEqual({ response_action: 'errors', errors: { confirm: 'Type web-0' } });
    expect(openAfterWrong).toBe(true);
    expect(right.status).toBe(200);
    expect(slack.views()[0]?.open).toBe(false);
    expect(slack.problems()).toEqual([]);
  });

  it('delivers closing a modal, a message shortcut, a mention and opening the Home tab', async () => {
    const seen: string[] = [];
    running.app.action('case.recheck', async ({ ack, body, client }) => {
      await ack();
      await client.views.open({ trigger_id: (body as { trigger_id: string }).trigger_id, view: MODAL });
    });
    running.app.view({ callback_id: 'approve', type: 'view_closed' }, async ({ ack }) => {
      seen.push('view_closed');
      await ack();
    });
    running.app.shortcut('why', async ({ ack, shortcut }) => {
      seen.push(`${shortcut.type} ${shortcut.type === 'message_action' ? shortcut.message.text : ''}`);
      await ack();
    });
    running.app.event('app_mention', async ({ event, say }) => {
      seen.push(`app_mention ${event.text}`);
      await say({ text: 'reply', thread_ts: event.ts, unfurl_links: false, unfurl_media: false });
    });
    running.app.event('app_home_opened', async ({ event, client }) => {
      seen.push('app_home_opened');
      await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: [{ type: 'divider' }] } });
    });
    const ts = await postButton();
    await slack.drivers.action({ place: { channel: slack.channels.ops.id, ts }, actionId: 'case.recheck' });
    const view = await slack.waitFor(() => slack.views()[0]);

    await slack.drivers.closeView({ viewId: view.id });
    await slack.drivers.shortcut({ callbackId: 'why', channel: slack.channels.ops.id, ts });
    await slack.drivers.mention({ text: 'why web-0' });
    await slack.drivers.openHome();
    await slack.waitFor(() => slack.homes().length === 1 && slack.messages(slack.channels.ops.id).length === 3);

    expect(seen).toEqual([
      'view_closed',
      'message_action a case',
      `app_mention <@${slack.app.botUserId}> why web-0`,
      'app_home_opened',
    ]);
    expect(slack.messages(slack.channels.ops.id).at(-1)).toMatchObject({
      text: 'reply',
      threadTs: slack.messages(slack.channels.ops.id).at(-2)?.ts,
    });
    expect(slack.problems()).toEqual([]);
  });

  it('delivers the same envelope twice', async () => {
    const triggers: string[] = [];
    running.app.command('/k8s', async ({ ack, command }) => {
      triggers.push(command.trigger_id);
      await ack();
    });

    const delivery = await slack.drivers.command({ text: 'why web-0', times: 2 });

    expect(delivery.answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(triggers).toHaveLength(2);
    expect(new Set(triggers).size).toBe(1);
  });
});

function typed(value: string) {
  return { confirm: { v: { type: 'plain_text_input', value } } };
}
