import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PageEvent, PageState } from '../../../../src/sim/slack/page-api.ts';
import { startSlackSim } from '../../../../src/sim/slack/slack-sim.ts';
import type { SlackSim } from '../../../../src/sim/slack/slack-sim-types.ts';
import { httpApp, type RunningApp } from '../bolt-apps.ts';

describe('the page', () => {
  let slack: SlackSim;
  let running: RunningApp;
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'slack-page-'));
    await writeFile(join(folder, 'index.html'), '<p>page</p>');
    await writeFile(join(folder, 'page.js'), 'export {}');
    slack = await startSlackSim({
      ackTimeout: 1000,
      page: {
        folder,
        banner: 'reads prod',
        shortcuts: [{ callback_id: 'why', name: 'Why?' }],
        suggestions: ['/k8s why web-0'],
        complete: (text) => Promise.resolve([`${text}-0`]),
      },
    });
    running = await httpApp(slack);
  });

  afterEach(async () => {
    await running.stop();
    await slack.close();
    await rm(folder, { recursive: true });
  });

  async function state(): Promise<PageState> {
    return (await (await fetch(`${slack.url}/page-api/state`)).json()) as PageState;
  }

  async function post(name: string, body: unknown): Promise<unknown> {
    const response = await fetch(`${slack.url}/page-api/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: slack.url },
      body: JSON.stringify(body),
    });
    return response.json();
  }

  async function stateAs(name: string): Promise<PageState> {
    return (await (await fetch(`${slack.url}/page-api/state?as=${name}`)).json()) as PageState;
  }

  it('is that of the colleague whom its address names, and never that of a guest or a bot', async () => {
    const shown = await Promise.all(['bob', 'gwen', 'kubewhy', 'nobody', '%00'].map(stateAs));

    expect(shown.map(({ me }) => me.name)).toEqual(['bob', 'alice', 'alice', 'alice', 'alice']);
  });

  it('does what a colleague does in the name of that colleague', async () => {
    const channel = slack.channels.ops.id;

    await fetch(`${slack.url}/page-api/message?as=bob`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: slack.url },
      body: JSON.stringify({ channel, text: 'hello' }),
    });

    expect((await state()).messages[channel]?.map(({ user, text }) => ({ user, text }))).toEqual([
      { user: slack.users.bob.id, text: 'hello' },
    ]);
  });

  it('shows the workspace', async () => {
    const shown = await state();

    expect(shown.team).toEqual({ id: 'T0ACME001', name: 'Acme' });
    expect(shown.me.name).toBe('alice');
    expect(shown.channels.map(({ name, is_member }) => ({ name, is_member }))).toEqual([
      { name: 'ops', is_member: true },
      { name: 'shop-alerts', is_member: true },
      { name: 'random', is_member: false },
      { name: 'kubewhy', is_member: true },
    ]);
    expect(shown.commands.map(({ command }) => command)).toEqual(['/k8s']);
    expect(shown.suggestions).toEqual(['/k8s why web-0']);
    expect(shown.banner).toBe('reads prod');
  });

  it('types a command, escaped as Slack does, and shows the acknowledgement as ephemeral message', async () => {
    running.app.command('/k8s', async ({ ack, command }) => {
      await ack({ text: `got ${command.text}` });
    });

    const answer = await post('command', { channel: slack.channels.ops.id, text: '/k8s  why  <a>' });
    const shown = await state();

    expect(answer).toEqual({ ok: true });
    expect(shown.messages[slack.channels.ops.id]).toMatchObject([
      { text: 'got why  &lt;a&gt;', ephemeral: true, user: slack.app.botUserId },
    ]);
  });

  it.each([
    ['/nope x', '/nope is not a valid command.'],
    ['/k8s hang', '/k8s failed with the error "operation_timeout"'],
    ['/k8s unreachable', '/k8s failed with the error "dispatch_failed"'],
  ])('says how %s failed', async (text, error) => {
    running.app.command('/k8s', () => new Promise(() => {}));
    if (text.includes('unreachable')) {
      slack.setRequestUrl('http://127.0.0.1:1');
    }

    const answer = await post('command', { channel: slack.channels.ops.id, text });

    expect(answer).toEqual({ ok: false, error });
  });

  it('posts messages, and delivers those that mention the bot', async () => {
    const mentions: string[] = [];
    running.app.event('app_mention', ({ event }) => {
      mentions.push(event.text);
      return Promise.resolve();
    });

    const plain = await post('message', { channel: slack.channels.ops.id, text: 'hello' });
    const ts = slack.messages(slack.channels.ops.id)[0]?.ts;
    const reply = await post('message', { channel: slack.channels.ops.id, text: '@kubewhy why a', thread_ts: ts });
    const outside = await post('message', { channel: slack.channels.random.id, text: '@kubewhy why a' });
    await expect.poll(() => mentions).toHaveLength(1);

    expect([plain, reply]).toEqual([{ ok: true }, { ok: true }]);
    expect(outside).toMatchObject({ ok: false });
    expect(mentions).toEqual([`<@${slack.app.botUserId}> why a`]);
    expect((await state()).messages[slack.channels.ops.id]).toMatchObject([
      { text: 'hello', replies: [{ text: `<@${slack.app.botUserId}> why a`, thread_ts: ts }] },
    ]);
  });

  it('clicks, submits, closes and uses shortcuts', async () => {
    const values: unknown[] = [];
    running.app.action('open', async ({ ack, body, client, action }) => {
      values.push(action.type === 'button' ? action.value : undefined);
      await ack();
      await client.views.open({ trigger_id: (body as { trigger_id: string }).trigger_id, view: VIEW });
    });
    running.app.view('v', async ({ ack, view }) => {
      const typed = view.state.values['b']?.['i']?.value;
      await (typed === 'yes' ? ack() : ack({ response_action: 'errors', errors: { b: 'Type yes' } }));
    });
    running.app.shortcut('why', async ({ ack }) => {
      values.push('shortcut');
      await ack();
    });
    running.app.event('app_home_opened', async ({ event, client }) => {
      await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: [{ type: 'divider' }] } });
    });
    const { ts: message_ts } = (await running.app.client.apiCall('chat.postMessage', {
      channel: slack.channels.ops.id,
      text: 'x',
      blocks: [{ type: 'actions', block_id: 'one', elements: [BUTTON] }],
      unfurl_links: false,
      unfurl_media: false,
    })) as { ts?: string };
    const channel = slack.channels.ops.id;
    const answers: unknown[] = [];

    answers.push(await post('action', { channel, message_ts, block_id: 'one', action_id: 'open' }));
    const view = await slack.waitFor(() => slack.views()[0]);
    const shownView = (await state()).view;
    answers.push(
      await post('submit', { view_id: view.id, values: { b: { i: { type: 'plain_text_input', value: 'no' } } } }),
    );
    answers.push(
      await post('submit', { view_id: view.id, values: { b: { i: { type: 'plain_text_input', value: 'yes' } } } }),
    );
    answers.push(await post('action', { channel, message_ts, block_id: 'one', action_id: 'open' }));
    const second = await slack.waitFor(() => slack.views()[1]);
    answers.push(await post('close-view', { view_id: second.id }));
    answers.push(await post('shortcut', { channel, message_ts, callback_id: 'why' }));
    answers.push(await post('home', {}));
    await slack.waitFor(() => slack.homes()[0]);

    expect(answers).toEqual([
      { ok: true },
      { ok: false, error: 'The app does not accept what was entered.', errors: { b: 'Type yes' } },
      { ok: true },
      { ok: true },
      { ok: true },
      { ok: true },
      { ok: true },
    ]);
    expect(values).toEqual(['val_1', 'val_1', 'shortcut']);
    expect(shownView).toMatchObject({
      id: view.id,
      type: 'modal',
      callback_id: 'v',
      depth: 0,
      title: { text: 'Title' },
    });
    expect((await state()).view).toBeUndefined();
    expect((await state()).home).toMatchObject({ type: 'home' });
    expect(slack.problems()).toEqual([]);
  });

  it('answers an impossible click with a sentence', async () => {
    const answers = [
      await post('action', { channel: slack.channels.ops.id, message_ts: '1.000000', block_id: 'b', action_id: 'a' }),
      await post('action', { block_id: 'b', action_id: 'a' }),
      await post('submit', { view_id: 'V1', values: {} }),
    ];

    expect(answers).toEqual([
      { ok: false, error: 'slack-sim: there is no message 1.000000 in C0OPS0001' },
      { ok: false, error: 'an action needs channel and message_ts, or view_id' },
      { ok: false, error: 'slack-sim: there is no open view V1' },
    ]);
  });

  it('streams changes', async () => {
    const response = await fetch(`${slack.url}/page-api/events`);
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const channel = slack.channels.ops.id;
    const parent = slack.drivers.say({ text: 'one' });
    slack.drivers.say({ text: 'two', threadTs: parent });
    await running.app.client.apiCall('chat.postEphemeral', { channel, user: slack.users.alice.id, text: 'for alice' });
    await running.app.client.apiCall('chat.postEphemeral', { channel, user: slack.users.bob.id, text: 'for bob' });
    await running.app.client.reactions.add({ channel, timestamp: parent, name: 'eyes' });

    const events = await readEvents(reader, 5);

    expect(events.map((event) => [event.type, 'message' in event ? event.message.text : undefined])).toEqual([
      ['message', 'one'],
      ['message', 'two'],
      ['message_changed', 'one'],
      ['ephemeral', 'for alice'],
      ['message_changed', 'one'],
    ]);
    expect(events.at(-1)).toMatchObject({ message: { reactions: [{ name: 'eyes' }], replies: [{ text: 'two' }] } });
    await reader.cancel();
  });

  it('completes, and serves uploaded files as text', async () => {
    await running.app.client.filesUploadV2({
      channel_id: slack.channels.ops.id,
      filename: 'evidence.html',
      content: '<script>1</script>',
    });
    const shown = await state();
    const [file] = shown.messages[slack.channels.ops.id]?.[0]?.files ?? [];

    const completions: unknown = await (await fetch(`${slack.url}/page-api/complete?text=web`)).json();
    const served = await fetch(`${slack.url}${file?.url}`);

    expect(completions).toEqual({ completions: ['web-0'] });
    expect(served.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await served.text()).toBe('<script>1</script>');
  });

  it.each([
    ['/', 200, 'text/html; charset=utf-8'],
    ['/page/page.js', 200, 'text/javascript; charset=utf-8'],
    ['/page/none.js', 404, 'text/plain; charset=utf-8'],
    ['/page/..%2f..%2f..%2fetc%2fpasswd', 404, 'text/plain; charset=utf-8'],
    ['/page/%', 404, 'text/plain; charset=utf-8'],
  ])('serves %s', async (path, status, type) => {
    const response = await fetch(`${slack.url}${path}`);

    expect([response.status, response.headers.get('content-type')]).toEqual([status, type]);
  });

  it.each([
    [{ origin: 'https://evil.example' }, 403],
    [{ host: 'evil.example' }, 403],
    [{ host: 'localhost.evil.example' }, 403],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'content-type': 'text/plain' }, 415],
    [{}, 200],
  ])('answers a POST with %o with %i', async (headers, expected) => {
    const status = await postStatus(`${slack.url}/page-api/message`, headers, {
      channel: slack.channels.ops.id,
      text: 'hi',
    });

    expect(status).toBe(expected);
    expect(slack.messages(slack.channels.ops.id)).toHaveLength(expected === 200 ? 1 : 0);
  });
});

const BUTTON = {
  type: 'button',
  text: { type: 'plain_text', text: 'Open' },
  action_id: 'open',
  value: 'val_1',
  accessibility_label: 'Open',
};

const VIEW = {
  type: 'modal' as const,
  callback_id: 'v',
  title: { type: 'plain_text' as const, text: 'Title' },
  submit: { type: 'plain_text' as const, text: 'Go' },
  blocks: [
    {
      type: 'input' as const,
      block_id: 'b',
      label: { type: 'plain_text' as const, text: 'Type yes' },
      element: { type: 'plain_text_input' as const, action_id: 'i' },
    },
  ],
};

async function readEvents(reader: ReadableStreamDefaultReader<Uint8Array>, count: number): Promise<PageEvent[]> {
  let text = '';
  for (;;) {
    const events = [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data ?? '') as PageEvent);
    if (events.length >= count) {
      return events;
    }
    const { value, done } = await reader.read();
    if (done) {
      return events;
    }
    text += Buffer.from(value).toString();
  }
}

/** Raw HTTP, because fetch does not let a test choose the Host header. */
function postStatus(url: string, headers: Readonly<Record<string, string>>, body: unknown): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers } });
    outgoing.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    outgoing.on('error', reject);
    outgoing.end(JSON.stringify(body));
  });
}
