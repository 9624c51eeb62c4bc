import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSlackSim } from '../../../../src/sim/slack/slack-sim.ts';
import type { SlackSim } from '../../../../src/sim/slack/slack-sim-types.ts';
import { ManualClock } from '../manual-clock.ts';
import { call, callMethod, post, QUIET } from './api-client.ts';

describe('the Web API', () => {
  let slack: SlackSim;
  let clock: ManualClock;

  beforeEach(async () => {
    clock = new ManualClock();
    slack = await startSlackSim({ clock: clock.read });
  });

  afterEach(() => slack.close());

  it('answers auth.test with the scopes in a header', async () => {
    const { headers, body } = await callMethod(slack, 'auth.test');

    expect(body).toEqual({
      ok: true,
      url: 'https://acme.slack.com/',
      team: 'Acme',
      user: 'kubewhy',
      team_id: 'T0ACME001',
      user_id: 'U0KUBEWHY',
      bot_id: 'B0KUBEWHY',
      is_enterprise_install: false,
    });
    expect(headers.get('x-oauth-scopes')?.split(',')).toContain('chat:write');
  });

  it('takes forms, JSON and GET', async () => {
    const args = { channel: slack.channels.ops.id };

    const form = await callMethod(slack, 'conversations.info', args);
    const json = await callMethod(slack, 'conversations.info', args, { json: true });
    const got = await fetch(`${slack.apiUrl}conversations.info?channel=${args.channel}`, {
      headers: { authorization: `Bearer ${slack.botToken}` },
    });

    expect(form.body).toMatchObject({ ok: true, channel: { id: args.channel, name: 'ops', is_member: true } });
    expect(json.body).toEqual(form.body);
    expect(await got.json()).toEqual(form.body);
  });

  it.each([
    ['application/json', '{', 'invalid_json'],
    ['text/plain', 'channel=x', 'invalid_post_type'],
  ])('refuses a body of %s', async (type, body, error) => {
    const response = await fetch(`${slack.apiUrl}auth.test`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });

    expect(await response.json()).toEqual({ ok: false, error });
    expect(slack.problems()).toEqual([`/api/auth.test: ${error}`]);
  });

  it('knows no other methods', async () => {
    const answer = await call(slack, 'chat.startStream', {});

    expect(answer).toEqual({ ok: false, error: 'unknown_method', req_method: 'chat.startStream' });
    expect(slack.problems()).toHaveLength(1);
  });

  it('checks tokens', async () => {
    const none = await fetch(`${slack.apiUrl}auth.test`, { method: 'POST' });
    const wrong = await callMethod(slack, 'auth.test', {}, { token: 'xoxb-else' });
    const app = await callMethod(slack, 'users.info', { user: 'U0ALICE01' }, { token: slack.appToken });
    const bot = await callMethod(slack, 'apps.connections.open');
    slack.setTokenRefusal('token_revoked');
    const revoked = await callMethod(slack, 'auth.test');
    slack.setTokenRefusal(undefined);
    const again = await callMethod(slack, 'auth.test');

    expect(await none.json()).toEqual({ ok: false, error: 'not_authed' });
    expect([wrong, app, bot, revoked, again].map(({ body }) => body['error'] ?? body['ok'])).toEqual([
      'invalid_auth',
      'not_allowed_token_type',
      'not_allowed_token_type',
      'token_revoked',
      true,
    ]);
  });

  it.each([
    ['chat.postMessage', { channel: 'C0OPS0001', text: 't' }, 'chat:write'],
    ['chat.update', { channel: 'C0OPS0001', ts: '1.000000', text: 't' }, 'chat:write'],
    ['users.info', { user: 'U0ALICE01' }, 'users:read'],
    ['usergroups.list', {}, 'usergroups:read'],
    ['usergroups.users.list', { usergroup: 'S0SRE0001' }, 'usergroups:read'],
    ['conversations.info', { channel: 'C0OPS0001' }, 'channels:read'],
    ['conversations.history', { channel: 'C0OPS0001' }, 'channels:history'],
    ['conversations.replies', { channel: 'C0OPS0001', ts: '1.000000' }, 'channels:history'],
    ['conversations.open', { users: 'U0ALICE01' }, 'im:write'],
    ['reactions.add', { channel: 'C0OPS0001', timestamp: '1.000000', name: 'eyes' }, 'reactions:write'],
    ['files.getUploadURLExternal', { filename: 'a', length: 1 }, 'files:write'],
  ])('refuses %s without its scope', async (method, args, needed) => {
    slack.setScopes(['commands']);

    const answer = await call(slack, method, args);

    expect(answer).toEqual({ ok: false, error: 'missing_scope', needed, provided: 'commands' });
    expect(slack.problems()).toEqual([]);
  });

  it('asks for the scope of the kind of conversation', async () => {
    slack.world.putChannel({ ...slack.channels.ops, id: 'G0SECRET1', kind: 'private' });
    slack.setScopes(['channels:read']);

    const answers = [
      await call(slack, 'conversations.info', { channel: slack.channels.ops.id }),
      await call(slack, 'conversations.info', { channel: 'G0SECRET1' }),
      await call(slack, 'conversations.info', { channel: slack.channels.dm.id }),
    ];

    expect(answers.map((answer) => answer['needed'])).toEqual([undefined, 'groups:read', 'im:read']);
  });

  it.each([
    ['users.info', {}, 'missing required field: user'],
    ['chat.postMessage', { text: 't' }, 'missing required field: channel'],
    ['chat.update', { channel: 'C0OPS0001', text: 't' }, 'missing required field: ts'],
    ['conversations.history', { channel: 'C0OPS0001', limit: 1001 }, 'must be a number from 1 to 1000'],
    ['conversations.list', { cursor: 'x' }, 'invalid cursor'],
    ['chat.postMessage', { channel: 'C0OPS0001', text: 't', unfurl_links: 'maybe' }, 'must be a boolean'],
    ['chat.postMessage', { channel: 'C0OPS0001', text: { a: 1 } }, 'text must be a string'],
  ])('refuses wrong arguments of %s', async (method, args, detail) => {
    const { body } = await callMethod(slack, method, args, { json: true });

    expect(body).toMatchObject({ ok: false, error: 'invalid_arguments' });
    expect(JSON.stringify(body)).toContain(detail);
    expect(slack.problems()).toHaveLength(1);
  });

  it('limits calls of a method per minute', async () => {
    const statuses: number[] = [];
    for (let count = 0; count < 21; count += 1) {
      statuses.push((await callMethod(slack, 'usergroups.list')).status);
    }
    clock.advance(20_000);
    const refused = await callMethod(slack, 'usergroups.list');
    const other = await callMethod(slack, 'users.info', { user: 'U0ALICE01' });
    clock.advance(40_000);
    const again = await callMethod(slack, 'usergroups.list');

    expect(statuses.filter((status) => status === 200)).toHaveLength(20);
    expect([refused.status, refused.headers.get('retry-after'), refused.body]).toEqual([
      429,
      '40',
      { ok: false, error: 'ratelimited' },
    ]);
    expect([other.status, again.status]).toEqual([200, 200]);
    expect(slack.problems()).toEqual([]);
  });

  it('limits messages to a channel to one a second after a burst', async () => {
    const { ops, shopAlerts } = slack.channels;
    const send = (channel: string) => callMethod(slack, 'chat.postMessage', { ...QUIET, channel, text: 't' });
    const statuses: number[] = [];
    for (let count = 0; count < 6; count += 1) {
      statuses.push((await send(ops.id)).status);
    }
    const other = await send(shopAlerts.id);
    clock.advance(1000);
    const later = [await send(ops.id), await send(ops.id)];

    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    expect(other.status).toBe(200);
    expect(later.map(({ status }) => status)).toEqual([200, 429]);
    expect(later[1]?.headers.get('retry-after')).toBe('1');
  });

  it('scales its limits, or has none', async () => {
    const scaled = await startSlackSim({ clock: clock.read, rateLimits: { scale: 0.1, channelBurst: 2 } });
    const unlimited = await startSlackSim({ clock: clock.read, rateLimits: 'off' });
    const counts: number[] = [];

    for (const sim of [scaled, unlimited]) {
      const answers = await Promise.all(Array.from({ length: 30 }, () => callMethod(sim, 'usergroups.list')));
      counts.push(answers.filter(({ status }) => status === 200).length);
    }
    await scaled.close();
    await unlimited.close();

    expect(counts).toEqual([2, 30]);
  });

  it('records every call with decoded arguments', async () => {
    await post(slack, { blocks: [{ type: 'divider' }] });
    await call(slack, 'users.info', { user: 'U0NOBODY1' });

    expect(slack.calls()).toEqual([
      {
        number: 1,
        method: 'chat.postMessage',
        args: {
          channel: 'C0OPS0001',
          text: 'hello',
          blocks: [{ type: 'divider' }],
          unfurl_links: 'false',
          unfurl_media: 'false',
        },
        at: clock.now,
        status: 200,
        ok: true,
      },
      {
        number: 2,
        method: 'users.info',
        args: { user: 'U0NOBODY1' },
        at: clock.now,
        status: 200,
        ok: false,
        error: 'user_not_found',
      },
    ]);
    expect(slack.calls('users.info')).toHaveLength(1);
  });

  it('works with WebClient, whose rate limit error carries the wait', async () => {
    const client = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl, rejectRateLimitedCalls: true });
    slack.faults.add({ method: 'users.info', fault: { kind: 'rate-limited', retryAfter: 7 } });

    await expect(client.users.info({ user: 'U0ALICE01' })).rejects.toMatchObject({ retryAfter: 7 });
    await expect(client.users.info({ user: 'U0ALICE01' })).resolves.toMatchObject({ user: { name: 'alice' } });
  });
});
