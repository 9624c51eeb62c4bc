import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSlackSim } from '../../../../src/sim/slack/slack-sim.ts';
import type { SlackSim } from '../../../../src/sim/slack/slack-sim-types.ts';
import { httpApp } from '../bolt-apps.ts';
import { call, post } from '../web-api/api-client.ts';

interface Received {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** An app that takes everything and answers as the test says. */
class PlainApp {
  readonly received: Received[] = [];
  status = 200;
  body = '';
  headers: Readonly<Record<string, string>> = {};
  private readonly server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      this.received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(this.status, this.headers);
      response.end(this.body);
    });
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => {
      this.server.listen(0, '127.0.0.1', resolve);
    });
    return this.url;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    await new Promise((resolve) => {
      this.server.close(resolve);
    });
  }

  payload(index = -1): Readonly<Record<string, unknown>> {
    const { body, headers } = this.received.at(index) ?? { body: '', headers: {} };
    if (headers['content-type'] === 'application/json') {
      return JSON.parse(body) as Readonly<Record<string, unknown>>;
    }
    const fields = Object.fromEntries(new URLSearchParams(body));
    return fields['payload'] === undefined
      ? fields
      : (JSON.parse(fields['payload']) as Readonly<Record<string, unknown>>);
  }
}

const BUTTON = {
  type: 'button',
  text: { type: 'plain_text', text: 'Go' },
  action_id: 'go',
  value: 'v_1',
  accessibility_label: 'Go',
};
const OVERFLOW = {
  type: 'overflow',
  action_id: 'more',
  options: [{ text: { type: 'plain_text', text: 'Share' }, value: 'share' }],
};

describe('drivers', () => {
  let slack: SlackSim;
  let app: PlainApp;
  let ops: string;

  beforeEach(async () => {
    app = new PlainApp();
    slack = await startSlackSim({ requestUrl: await app.listen(), rateLimits: 'off', ackTimeout: 1000 });
    ops = slack.channels.ops.id;
  });

  afterEach(async () => {
    await slack.close();
    await app.close();
  });

  it('sends a slash command as a signed form without charset', async () => {
    await slack.drivers.command({ text: 'why web-0' });

    expect(app.received[0]?.headers).toMatchObject({
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': expect.stringMatching(/^\d{10}$/) as string,
      'x-slack-signature': expect.stringMatching(/^v0=[0-9a-f]{64}$/) as string,
    });
    expect(app.payload()).toEqual({
      token: 'sim-verification-token',
      team_id: 'T0ACME001',
      team_domain: 'acme',
      channel_id: ops,
      channel_name: 'ops',
      user_id: slack.users.alice.id,
      user_name: 'alice',
      command: '/k8s',
      text: 'why web-0',
      api_app_id: 'A0KUBEWHY',
      is_enterprise_install: 'false',
      response_url: `${slack.url}/response/r00000001`,
      trigger_id: '13345224609.738474920.t00000001',
    });
  });

  it('sends a click on a message', async () => {
    const ts = await post(slack, { blocks: [{ type: 'actions', block_id: 'b1', elements: [BUTTON, OVERFLOW] }] });
    const place = { channel: ops, ts };

    await slack.drivers.action({ place, actionId: 'go', user: slack.users.bob.id });
    await slack.drivers.action({ place, actionId: 'more', chosen: { selected_option: OVERFLOW.options[0] } });

    expect(app.payload(0)).toMatchObject({
      type: 'block_actions',
      team: { id: 'T0ACME001', domain: 'acme' },
      api_app_id: 'A0KUBEWHY',
      enterprise: null,
      is_enterprise_install: false,
      user: { id: slack.users.bob.id, username: 'bob', team_id: 'T0ACME001' },
      container: { type: 'message', message_ts: ts, channel_id: ops, is_ephemeral: false },
      channel: { id: ops, name: 'ops' },
      message: { ts, text: 'hello', bot_id: 'B0KUBEWHY' },
      state: { values: {} },
      actions: [{ action_id: 'go', block_id: 'b1', type: 'button', value: 'v_1', text: BUTTON.text }],
    });
    expect(app.payload(1)['actions']).toMatchObject([
      { action_id: 'more', block_id: 'b1', type: 'overflow', selected_option: { value: 'share' } },
    ]);
  });

  it('sends a click on an ephemeral message without the message', async () => {
    app.headers = { 'content-type': 'application/json' };
    app.body = JSON.stringify({ text: 'did you mean', blocks: [{ type: 'actions', elements: [BUTTON] }] });
    await slack.drivers.command();
    app.body = '';
    const [ephemeral] = slack.ephemerals();

    await slack.drivers.action({ place: { channel: ops, ts: ephemeral?.ts ?? '' }, actionId: 'go' });

    expect(app.payload()).toMatchObject({ container: { is_ephemeral: true, message_ts: ephemeral?.ts } });
    expect(app.payload()).not.toHaveProperty('message');
  });

  it('sends an action that the message does not hold only when asked', async () => {
    const ts = await post(slack);
    const input = { place: { channel: ops, ts }, actionId: 'old.action' };

    await slack.drivers.action({ ...input, unlisted: { type: 'button', value: 'v' } });

    expect(app.payload()['actions']).toMatchObject([{ action_id: 'old.action', type: 'button', value: 'v' }]);
    expect(() => slack.drivers.action(input)).toThrow('there is no element old.action');
  });

  it('sends events in their envelope', async () => {
    await slack.drivers.mention({ text: 'why web-0' });

    const [message] = slack.messages(ops);
    expect(app.payload()).toMatchObject({
      type: 'event_callback',
      event_id: 'Ev00000001',
      team_id: 'T0ACME001',
      is_ext_shared_channel: false,
      authorizations: [{ team_id: 'T0ACME001', user_id: 'U0KUBEWHY', is_bot: true }],
      event: {
        type: 'app_mention',
        user: slack.users.alice.id,
        text: '<@U0KUBEWHY> why web-0',
        ts: message?.ts,
        channel: ops,
      },
    });
    expect(() => slack.drivers.mention({ text: 'x', channel: slack.channels.random.id })).toThrow('not in #random');
  });

  it('uninstalls, so that the token stops working', async () => {
    await slack.drivers.uninstall();
    const first = await call(slack, 'auth.test');
    await slack.drivers.revokeTokens();
    const second = await call(slack, 'auth.test');

    expect([0, 1].map((index) => app.payload(index)['event'])).toEqual([
      { type: 'app_uninstalled' },
      { type: 'tokens_revoked', tokens: { bot: ['U0KUBEWHY'] } },
    ]);
    expect([first['error'], second['error']]).toEqual(['account_inactive', 'token_revoked']);
  });

  it('comes from another workspace, a guest, a bot, or through Slack Connect when asked', async () => {
    const { guest, foreign, otherBot, deactivated } = slack.users;
    slack.world.putChannel({ ...slack.channels.ops, isExtShared: true });

    await slack.drivers.command({ team: 'T0ELSE001' });
    await slack.drivers.command({ user: guest.id });
    await slack.drivers.command({ user: foreign.id });
    await slack.drivers.command({ user: deactivated.id });
    await slack.drivers.mention({ text: 'x', user: otherBot.id });
    await slack.drivers.mention({ text: 'x', user: foreign.id });

    const payloads = [0, 1, 2, 3].map((index) => app.payload(index));
    expect(payloads.map((payload) => [payload['team_id'], payload['user_id']])).toEqual([
      ['T0ELSE001', slack.users.alice.id],
      ['T0ACME001', guest.id],
      ['T0OTHER01', foreign.id],
      ['T0ACME001', deactivated.id],
    ]);
    expect(app.payload(4)).toMatchObject({ is_ext_shared_channel: true, event: { user: otherBot.id } });
    expect(app.payload(5)).toMatchObject({ team_id: 'T0ACME001', event: { user: foreign.id, team: 'T0OTHER01' } });
  });

  it('delivers the same request several times, in turn or at once', async () => {
    const inTurn = await slack.drivers.command({ times: 2 });
    const atOnce = await slack.drivers.command({ times: 3, concurrently: true });
    slack.faults.repeatDeliveries(2);
    const always = await slack.drivers.command();

    expect([inTurn, atOnce, always].map(({ answers }) => answers.length)).toEqual([2, 3, 2]);
    expect(new Set(app.received.map(({ body }) => body)).size).toBe(3);
  });

  it('shows the answer to a command: to one user, to all, or as a problem', async () => {
    app.headers = { 'content-type': 'application/json' };
    for (const answer of [
      { text: 'only you' },
      { text: 'all', response_type: 'in_channel' },
      { blocks: [{ type: 'alert' }] },
    ]) {
      app.body = JSON.stringify(answer);
      await slack.drivers.command({ channel: slack.channels.random.id });
    }

    expect(slack.ephemerals()).toMatchObject([{ text: 'only you', via: 'ack', user: slack.users.alice.id }]);
    expect(slack.messages(slack.channels.random.id)).toMatchObject([{ text: 'all', user: 'U0KUBEWHY' }]);
    expect(slack.problems()).toHaveLength(1);
  });

  it('tells a refusal from silence and from nobody there', async () => {
    app.status = 500;
    const refused = await slack.drivers.command();
    await app.close();
    const unreachable = await slack.drivers.command();
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => {
      silent.listen(0, '127.0.0.1', resolve);
    });
    slack.setRequestUrl(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`);
    const timeout = await slack.drivers.command();
    silent.closeAllConnections();
    silent.close();
    app = new PlainApp();
    await app.listen();

    expect([refused, unreachable, timeout].map(({ outcome, status }) => [outcome, status])).toEqual([
      ['answered', 500],
      ['unreachable', 0],
      ['timeout', 0],
    ]);
  });

  it('retries events with a mark unless the app forbids it', async () => {
    const retrying = await startSlackSim({ requestUrl: app.url, eventRetries: [0, 0, 0] });
    app.status = 500;
    const all = await retrying.drivers.openHome();
    const marks = app.received.map(({ headers }) => headers['x-slack-retry-num']);
    app.headers = { 'x-slack-no-retry': '1' };
    const once = await retrying.drivers.openHome();
    await retrying.close();

    expect(all.answers).toHaveLength(4);
    expect(marks).toEqual([undefined, '1', '2', '3']);
    expect(once.answers).toHaveLength(1);
  });
});

describe('signatures, judged by Bolt', () => {
  it.each([
    ['good', [200]],
    ['bad', [401]],
    ['missing', [401]],
    ['old', [401]],
    ['future', [200]],
    ['replayed', [200, 200]],
  ] as const)('%s', async (signature, statuses) => {
    const slack = await startSlackSim();
    const running = await httpApp(slack);
    running.app.command('/k8s', ({ ack }) => ack());

    const delivery = await slack.drivers.command({ signature });
    await running.stop();
    await slack.close();

    expect(delivery.answers.map(({ status }) => status)).toEqual(statuses);
  });

  it('a charset in the content type is refused by Bolt', async () => {
    const slack = await startSlackSim();
    const running = await httpApp(slack);

    const delivery = await slack.drivers.command({ charset: true });
    await running.stop();
    await slack.close();

    expect(delivery.status).toBe(400);
  });
});
