import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSlackSim } from '../../../../src/sim/slack/slack-sim.ts';
import type { SlackSim } from '../../../../src/sim/slack/slack-sim-types.ts';
import { call, callMethod, type Json, post } from './api-client.ts';

const METADATA = { event_type: 'kubewhy_case', event_payload: { id: 'c_1' } };

describe('further methods', () => {
  let slack: SlackSim;
  let ops: string;

  beforeEach(async () => {
    slack = await startSlackSim({ rateLimits: 'off' });
    ops = slack.channels.ops.id;
  });

  afterEach(() => slack.close());

  it.each([
    ['alice', { is_bot: false, deleted: false, is_restricted: false, team_id: 'T0ACME001' }],
    ['guest', { is_restricted: true }],
    ['deactivated', { deleted: true }],
    ['bot', { is_bot: true }],
    ['foreign', { is_stranger: true, team_id: 'T0OTHER01' }],
  ] as const)('users.info describes %s', async (name, expected) => {
    const answer = await call(slack, 'users.info', { user: slack.users[name].id });

    expect(answer['user']).toMatchObject(expected);
  });

  it('lists conversations page by page', async () => {
    const first = await call(slack, 'conversations.list', { limit: 2 });
    const second = await call(slack, 'conversations.list', {
      limit: 2,
      cursor: cursorOf(first),
    });

    expect([first, second].map(namesOf)).toEqual([['ops', 'shop-alerts'], ['random']]);
    expect(second['response_metadata']).toEqual({ next_cursor: '' });
  });

  it('leaves archived channels out when asked', async () => {
    slack.world.putChannel({ ...slack.channels.random, isArchived: true });

    const answer = await call(slack, 'conversations.list', { exclude_archived: true });

    expect(namesOf(answer)).toEqual(['ops', 'shop-alerts']);
  });

  it('lists members and user groups', async () => {
    const members = await call(slack, 'conversations.members', { channel: slack.channels.random.id });
    const groups = await call(slack, 'usergroups.list', { include_users: true });
    const users = await call(slack, 'usergroups.users.list', { usergroup: 'S0SRE0001' });
    const none = await call(slack, 'usergroups.users.list', { usergroup: 'S0NONE001' });

    expect(members['members']).not.toContain(slack.app.botUserId);
    expect(groups['usergroups']).toMatchObject([{ id: 'S0SRE0001', handle: 'sre', users: users['users'] }]);
    expect(none['error']).toBe('no_such_subteam');
  });

  it('leaves deactivated people out of a user group', async () => {
    slack.world.putUser({ ...slack.users.bob, deleted: true });

    const users = await call(slack, 'usergroups.users.list', { usergroup: 'S0SRE0001' });

    expect(users['users']).toEqual([slack.users.alice.id]);
  });

  it('reads history and replies, metadata only when asked', async () => {
    const parent = await post(slack, { text: 'parent', metadata: METADATA });
    const reply = await post(slack, { text: 'reply', thread_ts: parent });
    await post(slack, { text: 'loud reply', thread_ts: parent, reply_broadcast: true });
    const last = await post(slack, { text: 'last' });

    const history = await call(slack, 'conversations.history', { channel: ops, include_all_metadata: true });
    const plain = await call(slack, 'conversations.history', {
      channel: ops,
      oldest: parent,
      inclusive: true,
      limit: 3,
    });
    const since = await call(slack, 'conversations.history', { channel: ops, oldest: parent, latest: last });
    const thread = await call(slack, 'conversations.replies', { channel: ops, ts: parent });
    const byReply = await call(slack, 'conversations.replies', { channel: ops, ts: reply });

    expect(textsOf(history)).toEqual(['last', 'loud reply', 'parent']);
    expect(lastMessage(history)).toMatchObject({ metadata: METADATA, reply_count: 2 });
    expect(lastMessage(plain)).not.toHaveProperty('metadata');
    expect(textsOf(since)).toEqual(['loud reply']);
    expect(textsOf(thread)).toEqual(['parent', 'reply', 'loud reply']);
    expect(byReply).toEqual(thread);
  });

  it('reads only where the bot is a member', async () => {
    const history = await call(slack, 'conversations.history', { channel: slack.channels.random.id });
    const thread = await call(slack, 'conversations.replies', { channel: ops, ts: '1.000001' });

    expect([history['error'], thread['error']]).toEqual(['not_in_channel', 'thread_not_found']);
  });

  it('opens direct conversations with people only', async () => {
    const { alice, deactivated, otherBot } = slack.users;
    const answers = [];
    for (const users of [alice.id, deactivated.id, otherBot.id, 'U0NOBODY1']) {
      answers.push(await call(slack, 'conversations.open', { users }));
    }

    expect(answers).toEqual([
      { ok: true, channel: { id: slack.channels.dm.id } },
      { ok: false, error: 'user_disabled' },
      { ok: false, error: 'cannot_dm_bot' },
      { ok: false, error: 'user_not_found' },
    ]);
  });

  it('adds and removes reactions once', async () => {
    const timestamp = await post(slack);
    const args = { channel: ops, timestamp, name: 'eyes' };
    const answers = [];
    for (const method of ['reactions.remove', 'reactions.add', 'reactions.add']) {
      answers.push((await call(slack, method, args))['error']);
    }
    const { reactions } = slack.messages(ops)[0] ?? {};
    answers.push((await call(slack, 'reactions.remove', args))['error']);
    answers.push((await call(slack, 'reactions.add', { ...args, name: ':eyes:' }))['error']);
    answers.push((await call(slack, 'reactions.add', { ...args, timestamp: '1.000001' }))['error']);

    expect(reactions).toEqual([{ name: 'eyes', users: [slack.app.botUserId] }]);
    expect(slack.messages(ops)[0]?.reactions).toEqual([]);
    expect(answers).toEqual([
      'no_reaction',
      undefined,
      'already_reacted',
      undefined,
      'invalid_name',
      'message_not_found',
    ]);
  });

  describe('files', () => {
    it('go through filesUploadV2 into a thread', async () => {
      const parent = await post(slack);
      const client = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl });

      await client.filesUploadV2({
        channel_id: ops,
        thread_ts: parent,
        filename: 'evidence.txt',
        title: 'All evidence',
        content: 'log line ä',
        initial_comment: 'All evidence',
      });

      expect(slack.files().map((file) => ({ ...file, content: file.content.toString() }))).toMatchObject([
        { name: 'evidence.txt', title: 'All evidence', mimetype: 'text/plain', content: 'log line ä', channel: ops },
      ]);
      expect(slack.replies(ops, parent)).toMatchObject([{ text: 'All evidence', files: [slack.files()[0]?.id] }]);
      expect(slack.calls().map(({ method }) => method)).toEqual([
        'chat.postMessage',
        'files.getUploadURLExternal',
        'upload',
        'files.completeUploadExternal',
      ]);
      expect(slack.problems()).toEqual([]);
    });

    it('need as many bytes as were announced, and an upload before they are complete', async () => {
      const announced = await call(slack, 'files.getUploadURLExternal', { filename: 'a.txt', length: 3 });
      const complete = () => call(slack, 'files.completeUploadExternal', { files: [{ id: announced['file_id'] }] });

      const early = await complete();
      const short = await fetch(announced['upload_url'] as string, { method: 'POST', body: 'ab' });
      const right = await fetch(announced['upload_url'] as string, { method: 'POST', body: 'abc' });
      const done = await complete();
      const again = await complete();

      expect([early['error'], short.status, right.status, done['ok'], again['error']]).toEqual([
        'file_not_found',
        400,
        200,
        true,
        'file_not_found',
      ]);
    });

    it('go only where the bot is', async () => {
      const announced = await call(slack, 'files.getUploadURLExternal', { filename: 'a.txt', length: 1 });
      await fetch(announced['upload_url'] as string, { method: 'POST', body: 'a' });
      const files = [{ id: announced['file_id'], title: 'A' }];

      const outside = await call(slack, 'files.completeUploadExternal', {
        files,
        channel_id: slack.channels.random.id,
      });
      const noThread = await call(slack, 'files.completeUploadExternal', {
        files,
        channel_id: ops,
        thread_ts: '1.000001',
      });
      const inside = await call(slack, 'files.completeUploadExternal', { files, channel_id: ops });

      expect([outside['error'], noThread['error'], inside['ok']]).toEqual([
        'channel_not_found',
        'thread_not_found',
        true,
      ]);
    });

    it('refuse a wrong list', async () => {
      const { body } = await callMethod(slack, 'files.completeUploadExternal', { files: 'x' });

      expect(body['error']).toBe('invalid_arguments');
    });
  });
});

function textsOf(answer: Json): readonly string[] {
  return (answer['messages'] as readonly { readonly text: string }[]).map(({ text }) => text);
}

function lastMessage(answer: Json): unknown {
  return (answer['messages'] as readonly unknown[]).at(-1);
}

function namesOf(answer: Json): readonly string[] {
  return (answer['channels'] as readonly { readonly name: string }[]).map(({ name }) => name);
}

function cursorOf(answer: Json): unknown {
  return (answer['response_metadata'] as Json)['next_cursor'];
}
