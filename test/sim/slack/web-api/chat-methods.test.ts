import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSlackSim } from '../../../../src/sim/slack/slack-sim.ts';
import type { SlackSim } from '../../../../src/sim/slack/slack-sim-types.ts';
import { ManualClock } from '../manual-clock.ts';
import { call, post, QUIET } from './api-client.ts';

const SECTION = { type: 'section', text: { type: 'mrkdwn', text: '*cause*' } };
const METADATA = { event_type: 'kubewhy_case', event_payload: { id: 'c_1' } };

describe('chat', () => {
  let slack: SlackSim;
  let ops: string;

  beforeEach(async () => {
    slack = await startSlackSim({ clock: new ManualClock().read, rateLimits: 'off' });
    ops = slack.channels.ops.id;
  });

  afterEach(() => slack.close());

  it('posts, with the same ids in every run', async () => {
    const answer = await call(slack, 'chat.postMessage', {
      ...QUIET,
      channel: ops,
      text: 't',
      blocks: [SECTION],
      metadata: METADATA,
    });

    const message = {
      type: 'message',
      user: 'U0KUBEWHY',
      team: 'T0ACME001',
      bot_id: 'B0KUBEWHY',
      app_id: 'A0KUBEWHY',
      text: 't',
      ts: '1793613600.000000',
      blocks: [{ ...SECTION, block_id: 'b00000001' }],
      metadata: METADATA,
    };
    expect(answer).toEqual({ ok: true, channel: ops, ts: '1793613600.000000', message });
    expect(slack.problems()).toEqual([]);
  });

  it('gives each message another ts, even when the clock stands still', async () => {
    const stamps = [await post(slack), await post(slack), await post(slack)];

    expect(new Set(stamps).size).toBe(3);
    expect(stamps.toSorted()).toEqual(stamps);
  });

  it('opens the direct conversation when a user id is given', async () => {
    const answer = await call(slack, 'chat.postMessage', { ...QUIET, channel: slack.users.bob.id, text: 't' });

    expect(answer).toMatchObject({ ok: true, channel: 'D0BOB0001' });
    expect(slack.messages('D0BOB0001')).toHaveLength(1);
  });

  it('refuses channels as Slack does, which is no mistake of the message', async () => {
    const { world, channels } = slack;
    world.putChannel({ ...channels.shopAlerts, isArchived: true });
    world.putChannel({ ...channels.random, id: 'G0SECRET1', kind: 'private' });
    const errors: unknown[] = [];

    for (const channel of ['C0NOWHERE', '#ops', channels.random.id, channels.shopAlerts.id, 'G0SECRET1']) {
      const answer = await call(slack, 'chat.postMessage', { ...QUIET, channel, text: 't' });
      errors.push(answer['error']);
    }

    expect(errors).toEqual([
      'channel_not_found',
      'channel_not_found',
      'not_in_channel',
      'is_archived',
      'channel_not_found',
    ]);
    expect(slack.problems()).toEqual([]);
  });

  it('posts to public channels without membership with chat:write.public', async () => {
    slack.setScopes(['chat:write', 'chat:write.public']);

    const answer = await call(slack, 'chat.postMessage', { ...QUIET, channel: slack.channels.random.id, text: 't' });

    expect(answer['ok']).toBe(true);
  });

  it('replies to parents only', async () => {
    const parent = await post(slack);
    const reply = await post(slack, { thread_ts: parent });
    const gone = await post(slack);
    await call(slack, 'chat.delete', { channel: ops, ts: gone });
    const errors: unknown[] = [];

    for (const thread_ts of [reply, gone]) {
      errors.push((await call(slack, 'chat.postMessage', { ...QUIET, channel: ops, text: 't', thread_ts }))['error']);
    }
    const problemsSoFar = slack.problems().length;
    for (const thread_ts of ['1.000001', '0']) {
      errors.push((await call(slack, 'chat.postMessage', { ...QUIET, channel: ops, text: 't', thread_ts }))['error']);
    }

    expect(errors).toEqual(['cannot_reply_to_message', 'thread_not_found', 'thread_not_found', 'invalid_thread_ts']);
    expect(problemsSoFar).toBe(1);
    expect(slack.problems()).toHaveLength(3);
    expect(slack.replies(ops, parent).map(({ ts }) => ts)).toEqual([reply]);
  });

  it('cuts long text with a warning', async () => {
    const answer = await call(slack, 'chat.postMessage', { ...QUIET, channel: ops, text: 'x'.repeat(40_001) });

    expect(answer).toMatchObject({ ok: true, warning: 'message_truncated' });
    expect(slack.messages(ops)[0]?.text).toHaveLength(40_000);
    expect(slack.problems()).toEqual([`chat.postMessage to ${ops}: text: 40001 characters, the cap is 3500`]);
  });

  it('notes missing unfurl flags, unexpected mentions and refused blocks as problems', async () => {
    await call(slack, 'chat.postMessage', { channel: ops, text: '<!channel>' });
    await call(slack, 'chat.postMessage', { ...QUIET, channel: ops, text: 't', blocks: [{ type: 'section' }] });
    await call(slack, 'chat.postMessage', { ...QUIET, channel: ops, text: 't', blocks: '[{' });

    expect(slack.problems()).toEqual([
      `chat.postMessage to ${ops}: /text: mention of channel is not in the allow-list`,
      `chat.postMessage to ${ops}: unfurl_links must be false`,
      `chat.postMessage to ${ops}: unfurl_media must be false`,
      'chat.postMessage: Slack refuses the call: invalid_blocks; text or fields is needed [json-pointer:/blocks/0]',
      'chat.postMessage: Slack refuses the call: invalid_blocks_format; blocks must be an array',
    ]);
  });

  it('allows the mentions and links that a test expects', async () => {
    slack.allow({ mentions: [slack.users.alice.id], links: ['https://docs.example/'] });

    await post(slack, { text: `<@${slack.users.alice.id}> <https://docs.example/x|docs>` });

    expect(slack.problems()).toEqual([]);
  });

  describe('update', () => {
    it('with blocks leaves no mark, without blocks removes them; metadata stays', async () => {
      const ts = await post(slack, { blocks: [{ ...SECTION, block_id: 'c:v1' }], metadata: METADATA });
      const next = { type: 'section', block_id: 'c:v2', text: { type: 'mrkdwn', text: 'new' } };

      await call(slack, 'chat.update', { channel: ops, ts, text: 'two', blocks: [next] });
      const [withBlocks] = slack.messages(ops);
      await call(slack, 'chat.update', { channel: ops, ts, text: 'three' });
      const [withText] = slack.messages(ops);

      expect(withBlocks).toMatchObject({ text: 'two', blocks: [next], edited: false, metadata: METADATA });
      expect(withText).toMatchObject({ text: 'three', blocks: [], edited: true, metadata: METADATA });
      expect(withText?.versions.map(({ text, via }) => [text, via])).toEqual([
        ['hello', 'chat.postMessage'],
        ['two', 'chat.update'],
        ['three', 'chat.update'],
      ]);
      expect(slack.problems()).toEqual([]);
    });

    it('refuses what cannot be updated', async () => {
      const ts = await post(slack);
      const foreign = slack.drivers.say({ text: 'mine' });
      const ephemeral = await call(slack, 'chat.postEphemeral', {
        channel: ops,
        user: slack.users.alice.id,
        text: 'e',
      });
      const errors: unknown[] = [];

      for (const args of [
        { ts: '1.000001', text: 't' },
        { ts: foreign, text: 't' },
        { ts: ephemeral['message_ts'], text: 't' },
        { ts, text: 'x'.repeat(4001) },
        { ts },
      ]) {
        errors.push((await call(slack, 'chat.update', { channel: ops, ...args }))['error']);
      }

      expect(errors).toEqual([
        'message_not_found',
        'cant_update_message',
        'message_not_found',
        'msg_too_long',
        'no_text',
      ]);
    });

    it('notes a block_id that is used for other content', async () => {
      const ts = await post(slack, { blocks: [{ ...SECTION, block_id: 'c:v1' }] });
      const same = { ...SECTION, block_id: 'c:v1' };
      const other = { type: 'section', block_id: 'c:v1', text: { type: 'mrkdwn', text: 'new' } };

      await call(slack, 'chat.update', { channel: ops, ts, text: 't', blocks: [same] });
      const afterSame = slack.problems();
      await call(slack, 'chat.update', { channel: ops, ts, text: 't', blocks: [other] });

      expect(afterSame).toEqual([]);
      expect(slack.problems()).toEqual([
        `chat.update of ${ops} ${ts}: block_id c:v1 was used for other content before`,
      ]);
    });
  });

  it('posts ephemerals to members only', async () => {
    slack.world.putChannel({ ...slack.channels.shopAlerts, members: [slack.app.botUserId] });
    const { alice } = slack.users;

    const shown = await call(slack, 'chat.postEphemeral', { channel: ops, user: alice.id, text: 'psst' });
    const refused = await call(slack, 'chat.postEphemeral', {
      channel: slack.channels.shopAlerts.id,
      user: alice.id,
      text: 'psst',
    });

    expect(shown).toEqual({ ok: true, message_ts: expect.any(String) as string });
    expect(refused).toEqual({ ok: false, error: 'user_not_in_channel' });
    expect(slack.messages(ops)).toEqual([]);
    expect(slack.ephemerals()).toMatchObject([{ user: alice.id, text: 'psst', via: 'chat.postEphemeral' }]);
  });

  it('deletes own messages and keeps their record', async () => {
    const ts = await post(slack);
    const foreign = slack.drivers.say({ text: 'mine' });

    const answers = [
      await call(slack, 'chat.delete', { channel: ops, ts }),
      await call(slack, 'chat.delete', { channel: ops, ts }),
      await call(slack, 'chat.delete', { channel: ops, ts: foreign }),
    ];

    expect(answers.map((answer) => answer['error'])).toEqual([undefined, 'message_not_found', 'cant_delete_message']);
    expect(slack.messages(ops).map(({ text }) => text)).toEqual(['mine']);
    expect(slack.sent()).toMatchObject([{ ts, deleted: true }]);
  });

  it('makes permalinks', async () => {
    const parent = await post(slack);
    const reply = await post(slack, { thread_ts: parent });

    const links = [
      (await call(slack, 'chat.getPermalink', { channel: ops, message_ts: parent }))['permalink'],
      (await call(slack, 'chat.getPermalink', { channel: ops, message_ts: reply }))['permalink'],
    ];

    expect(links).toEqual([
      `https://acme.slack.com/archives/${ops}/p${parent.replace('.', '')}`,
      `https://acme.slack.com/archives/${ops}/p${reply.replace('.', '')}?thread_ts=${parent}&cid=${ops}`,
    ]);
  });
});
