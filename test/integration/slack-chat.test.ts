import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSlackClient } from '../../src/adapters/slack/slack-client.ts';
import { createSlackPeople } from '../../src/adapters/slack/slack-people.ts';
import type { CardDelivery, Delivery, FileDelivery } from '../../src/core/chat/delivery.ts';
import type { SlackSim } from '../../src/sim/slack/slack-sim-types.ts';
import { HELP, QUESTION_ID, questionOf } from '../adapters/slack/fakes.ts';
import { sampleOutcome } from '../fakes/samples.ts';
import { type SlackBench, startSlackBench } from './slack-bench.ts';

let bench: SlackBench;
let slack: SlackSim;

beforeEach(async () => {
  bench = await startSlackBench({ timeoutMs: 1000 });
  ({ slack } = bench);
  slack.allow({ mentions: [slack.users.alice.id] });
});

afterEach(async () => {
  expect(slack.problems()).toEqual([]);
  await bench.close();
});

describe('a card', () => {
  it('is posted with its key, and edited in place', async () => {
    const { chat } = bench;

    const posted = await chat.send(card(), undefined);
    const edited = posted.kind === 'sent' ? await chat.send(card({ version: 2 }), posted.posted) : posted;

    const [message] = slack.sent();
    expect(posted).toEqual({ kind: 'sent', posted: { channel: 'C0OPS0001', ts: message?.ts } });
    expect(edited).toEqual(posted);
    expect(message).toMatchObject({
      edited: false,
      metadata: { event_type: 'kubewhy_message', event_payload: { key: QUESTION_ID, version: 2 } },
      versions: [{ via: 'chat.postMessage' }, { via: 'chat.update' }],
    });
    expect(slack.calls('chat.postMessage')[0]?.args).toMatchObject({
      unfurl_links: 'false',
      unfurl_media: 'false',
      link_names: 'false',
      parse: 'none',
    });
  });

  it('is posted in a thread', async () => {
    const thread = slack.drivers.say({ text: 'why?' });

    await bench.chat.send(card({ thread }), undefined);

    expect(slack.sent()).toMatchObject([{ threadTs: thread }]);
  });

  it('that was accepted before the connection broke is uncertain, and then found', async () => {
    const { chat } = bench;
    slack.faults.add({ method: 'chat.postMessage', fault: { kind: 'drop-after-accept' } });

    const sent = await chat.send(card(), undefined);
    const found = await chat.find(card());

    expect(sent).toMatchObject({ kind: 'uncertain' });
    expect(found).toEqual({ kind: 'found', posted: { channel: 'C0OPS0001', ts: slack.sent()[0]?.ts } });
    expect(slack.sent()).toHaveLength(1);
  });

  it('that was accepted while Slack hung is uncertain, and then found in its thread', async () => {
    const { chat } = bench;
    const thread = slack.drivers.say({ text: 'why?' });
    slack.faults.add({ method: 'chat.postMessage', fault: { kind: 'hang', accepted: true } });

    const sent = await chat.send(card({ thread }), undefined);
    const found = await chat.find(card({ thread }));

    expect(sent).toEqual({ kind: 'uncertain', code: 'timeout' });
    expect(found).toEqual({ kind: 'found', posted: { channel: 'C0OPS0001', ts: slack.sent()[0]?.ts } });
  });

  it('is looked for again only after the time that Slack names', async () => {
    slack.faults.add({ method: 'conversations.history', fault: { kind: 'rate-limited', retryAfter: 7 } });

    expect(await bench.chat.find(card())).toEqual({ kind: 'rate-limited', retryAfterMs: 7000 });
  });

  it('on a detour goes to the channel beside the thread, or to the asker, and says why', async () => {
    const thread = slack.drivers.say({ text: 'why?' });

    await bench.chat.send(card({ thread, detour: { to: 'channel', code: 'thread_locked' } }), undefined);
    await bench.chat.send(card({ thread, detour: { to: 'asker', code: 'is_archived' } }), undefined);

    const [beside, direct] = slack.sent();
    expect([beside?.channel, beside?.threadTs, direct?.threadTs]).toEqual(['C0OPS0001', undefined, undefined]);
    expect(direct?.channel).toMatch(/^D/);
    expect(JSON.stringify(beside?.blocks)).toContain('Slack took no reply there (`thread_locked`)');
    expect(JSON.stringify(direct?.blocks)).toContain('Sent only to you: the channel where you asked is archived');
  });

  it('that never arrived is uncertain, and then absent', async () => {
    const { chat } = bench;
    slack.faults.add({ method: 'chat.postMessage', fault: { kind: 'reset-before-accept' } });

    const sent = await chat.send(card(), undefined);
    const found = await chat.find(card());

    expect(sent).toMatchObject({ kind: 'uncertain' });
    expect(found).toEqual({ kind: 'absent' });
  });

  it('is not taken for another one, nor for what somebody else posted', async () => {
    const { chat } = bench;
    await chat.send(card({ key: 'q-other' }), undefined);

    const found = await chat.find(card());

    expect(found).toEqual({ kind: 'absent' });
  });

  it('cannot be looked for without the scope', async () => {
    slack.setScopes(['chat:write']);

    const found = await bench.chat.find(card());

    expect(found).toEqual({ kind: 'unknown', reason: 'Slack answered missing_scope.' });
  });

  it('may be looked for again when Slack does not answer', async () => {
    slack.faults.add({ method: 'conversations.history', fault: { kind: 'hang' } });

    const found = await bench.chat.find(card());

    expect(found).toEqual({ kind: 'unavailable', code: 'timeout' });
  });

  it('whose edit got lost is simply edited again', async () => {
    const { chat } = bench;
    const posted = await chat.send(card(), undefined);
    slack.faults.add({ method: 'chat.update', fault: { kind: 'drop-after-accept' } });

    const edited = posted.kind === 'sent' ? await chat.send(card({ version: 2 }), posted.posted) : posted;

    expect(edited).toMatchObject({ kind: 'unavailable' });
  });

  it.each([
    [
      { kind: 'rate-limited', retryAfter: 7 },
      { kind: 'rate-limited', retryAfterMs: 7000 },
    ],
    [
      { kind: 'http-error', status: 500 },
      { kind: 'uncertain', code: 'http_500' },
    ],
    [
      { kind: 'http-error', status: 503 },
      { kind: 'unavailable', code: 'http_503' },
    ],
    [
      { kind: 'error', error: 'token_revoked' },
      { kind: 'refused', why: 'config', code: 'token_revoked' },
    ],
    [
      { kind: 'error', error: 'is_archived' },
      { kind: 'refused', why: 'channel', code: 'is_archived' },
    ],
    [
      { kind: 'error', error: 'service_unavailable' },
      { kind: 'unavailable', code: 'service_unavailable' },
    ],
    [
      { kind: 'error', error: 'something_new' },
      { kind: 'refused', why: 'payload', code: 'something_new' },
    ],
  ] as const)('meets %j', async (fault, expected) => {
    slack.faults.add({ method: 'chat.postMessage', fault });

    const sent = await bench.chat.send(card(), undefined);

    expect(sent).toEqual(expected);
    expect(slack.calls('chat.postMessage')).toHaveLength(1);
  });

  it('whose message is gone cannot be edited', async () => {
    const sent = await bench.chat.send(card({ version: 2 }), { channel: 'C0OPS0001', ts: '1700000000.000001' });

    expect(sent).toEqual({ kind: 'refused', why: 'message', code: 'message_not_found' });
  });

  it('is refused where the bot is no member', async () => {
    const sent = await bench.chat.send(card({ channel: slack.channels.random.id }), undefined);

    expect(sent).toEqual({ kind: 'refused', why: 'channel', code: 'not_in_channel' });
  });
});

describe('a layout that Slack refuses', () => {
  it('falls to the next one, which is remembered for the workspace', async () => {
    const { chat, metrics, notes } = bench;
    refuseBlocks('table');

    const first = await chat.send(card(), undefined);
    const second = await chat.send(card({ key: 'q-2' }), undefined);

    expect([first.kind, second.kind]).toEqual(['sent', 'sent']);
    expect(blockTypes().every((types) => !types.includes('table') && types.includes('actions'))).toBe(true);
    expect(slack.calls('chat.postMessage').map(({ ok }) => ok)).toEqual([false, true, true]);
    expect(metrics.counts).toContain('slack_layout_fallbacks_total tier=rich');
    expect(await notes.read(`slack-layout:${slack.team.id}`)).toBe('classic');
  });

  it('falls to plain text when no block is taken', async () => {
    refuseBlocks('section');

    const sent = await bench.chat.send(card(), undefined);

    expect(sent.kind).toBe('sent');
    expect(slack.sent()).toMatchObject([{ blocks: [], text: expect.stringContaining('/k8s why') }]);
  });

  it('takes the blocks away when an edit falls to plain text', async () => {
    const { chat } = bench;
    const posted = await chat.send(card(), undefined);
    refuseBlocks('section');

    const edited = posted.kind === 'sent' ? await chat.send(card({ version: 2 }), posted.posted) : posted;

    expect(edited).toEqual(posted);
    expect(slack.sent()).toMatchObject([{ blocks: [] }]);
  });

  it('is not remembered when only this message was too long', async () => {
    const { chat, notes } = bench;
    const fault = { kind: 'error', error: 'msg_blocks_too_long' } as const;
    slack.faults.add({ method: 'chat.postMessage', fault });

    const sent = await chat.send(card(), undefined);

    expect(sent.kind).toBe('sent');
    expect(await notes.read(`slack-layout:${slack.team.id}`)).toBeUndefined();
  });

  it('is remembered in this process when the notes cannot be written', async () => {
    const { chat, notes } = bench;
    refuseBlocks('table');
    notes.down = true;

    await chat.send(card(), undefined);
    await chat.send(card({ key: 'q-2' }), undefined);

    expect(slack.calls('chat.postMessage').map(({ ok }) => ok)).toEqual([false, true, true]);
  });
});

describe('other deliveries', () => {
  it('shows a notice to one person', async () => {
    const sent = await bench.chat.send(notice(), undefined);

    expect(sent.kind).toBe('sent');
    expect(slack.ephemerals()).toMatchObject([
      { user: slack.users.alice.id, via: 'chat.postEphemeral', text: 'Not &lt;!channel&gt; here.' },
    ]);
    expect(await bench.chat.find(notice())).toMatchObject({ kind: 'unknown' });
  });

  it('answers through a response_url', async () => {
    const command = await slack.drivers.command({ text: 'why web-0' });
    const url = String(command.payload['response_url']);
    const response: Delivery = { ...base('r-1'), kind: 'response', url, content: { kind: 'notice', text: 'Done.' } };

    const sent = await bench.chat.send(response, undefined);

    expect(sent).toEqual({ kind: 'sent' });
    expect(slack.ephemerals().map(({ via, text }) => [via, text])).toContainEqual(['response_url', 'Done.']);
  });

  it.each([
    'https://evil.example/hook',
    'http://hooks.slack.com/commands/1',
    'https://hooks.slack.com.evil.example/x',
    'https://hooks.slack.com@evil.example/x',
    'nonsense',
  ])('sends nothing to %s', async (url) => {
    const response: Delivery = { ...base('r-1'), kind: 'response', url, content: { kind: 'notice', text: 'Done.' } };

    const sent = await bench.chat.send(response, undefined);

    expect(sent).toEqual({ kind: 'refused', why: 'payload', code: 'foreign_response_url' });
  });

  it('puts long evidence into the thread as a file, which is found again', async () => {
    const { chat } = bench;
    const parent = await chat.send(card(), undefined);
    const delivery = evidence(parent.kind === 'sent' ? (parent.posted?.ts ?? '') : '', 'x'.repeat(20_000));
    slack.faults.add({ method: 'files.completeUploadExternal', fault: { kind: 'drop-after-accept' } });

    const before = await chat.find(delivery);
    const sent = await chat.send(delivery, undefined);
    const after = await chat.find(delivery);

    const [file] = slack.files();
    expect(before).toEqual({ kind: 'absent' });
    expect(sent).toMatchObject({ kind: 'uncertain' });
    expect(after).toEqual({ kind: 'found', posted: { channel: 'C0OPS0001', ts: file?.messageTs } });
    expect(file).toMatchObject({ name: expect.stringMatching(/^kubewhy-prod-shop-web-0-1-[0-9a-f]{10}\.txt$/) });
    expect(file?.content.toString()).toContain('xxxx');
  });

  it('is never uncertain about a file before its last step', async () => {
    const { chat } = bench;
    const parent = await chat.send(card(), undefined);
    const delivery = evidence(parent.kind === 'sent' ? (parent.posted?.ts ?? '') : '', 'x'.repeat(20_000));
    slack.faults.add({ method: 'files.getUploadURLExternal', fault: { kind: 'drop-after-accept' } });
    slack.faults.add({ method: 'upload', fault: { kind: 'drop-after-accept' } });

    const first = await chat.send(delivery, undefined);
    const second = await chat.send(delivery, undefined);
    const third = await chat.send(delivery, undefined);

    expect([first.kind, second.kind, third.kind]).toEqual(['unavailable', 'unavailable', 'sent']);
    expect(slack.files().filter(({ messageTs }) => messageTs !== undefined)).toHaveLength(1);
  });

  it('puts short evidence into the thread as a message', async () => {
    const { chat } = bench;
    const parent = await chat.send(card(), undefined);
    const delivery = evidence(parent.kind === 'sent' ? (parent.posted?.ts ?? '') : '', 'short');

    const sent = await chat.send(delivery, undefined);
    const found = await chat.find(delivery);

    expect(sent).toMatchObject({ kind: 'sent', posted: { channel: 'C0OPS0001' } });
    expect(found).toEqual({ ...sent, kind: 'found' });
    expect(slack.files()).toEqual([]);
  });

  it('publishes the Home tab, and may do so again', async () => {
    const { chat } = bench;
    const user = slack.users.alice.id;
    const home: Delivery = {
      ...base('home'),
      kind: 'home',
      user,
      content: { kind: 'home', home: { help: HELP, clusters: [], at: '2026-01-02T03:04:05Z' } },
    };
    slack.faults.add({ method: 'views.publish', fault: { kind: 'drop-after-accept' } });

    const first = await chat.send(home, undefined);
    const second = await chat.send(home, undefined);

    expect([first.kind, second.kind]).toEqual(['unavailable', 'sent']);
    expect(slack.homes()).toMatchObject([{ user, type: 'home' }]);
    expect(await chat.find(home)).toEqual({ kind: 'absent' });
  });
});

describe('people', () => {
  it('says who somebody is, and asks once for many', async () => {
    const people = peopleOf();
    const { alice, guest, deactivated, otherBot, foreign } = slack.users;
    const nobody = { deactivated: false, guest: false, bot: false, foreign: false };

    const found = await Promise.all([alice, guest, deactivated, otherBot, foreign].map(({ id }) => people.person(id)));
    await Promise.all(Array.from({ length: 20 }, () => people.person(alice.id)));

    expect(found).toEqual([
      { ...nobody, user: alice.id, name: 'alice', team: slack.team.id },
      { ...nobody, user: guest.id, name: 'gwen', team: slack.team.id, guest: true },
      { ...nobody, user: deactivated.id, name: 'dora', team: slack.team.id, deactivated: true },
      { ...nobody, user: otherBot.id, name: 'deploybot', team: slack.team.id, bot: true },
      { ...nobody, user: foreign.id, name: 'frank', team: foreign.teamId, foreign: true },
    ]);
    expect(slack.calls('users.info')).toHaveLength(5);
  });

  it('trusts nobody whom Slack does not know', async () => {
    const person = await peopleOf().person('U0NOBODY1');

    expect(person).toMatchObject({ deactivated: true, foreign: true });
  });

  it('says what a channel is', async () => {
    const { ops, random, dm } = slack.channels;
    const people = peopleOf();
    slack.setScopes(['channels:read', 'groups:read', 'im:read', 'mpim:read']);

    const places = await Promise.all([ops.id, random.id, dm.id, 'G0HIDDEN1'].map((id) => people.place(id)));

    const plain = { kind: 'channel', shared: false, archived: false, member: true };
    expect(places).toEqual([
      { ...plain, channel: ops.id, name: 'ops' },
      { ...plain, channel: random.id, name: 'random', member: false },
      { ...plain, channel: dm.id, name: '', kind: 'direct' },
      { ...plain, channel: 'G0HIDDEN1', name: '', member: false },
    ]);
  });

  it('does not wait for a Slack that hangs, and asks again afterwards', async () => {
    const people = peopleOf(300);
    slack.faults.add({ method: 'users.info', fault: { kind: 'hang' } });

    const hanging = people.person(slack.users.alice.id);

    await expect(hanging).rejects.toMatchObject({ code: 'CHAT_UNAVAILABLE', context: { code: 'timeout' } });
    await expect(people.person(slack.users.alice.id)).resolves.toMatchObject({ team: slack.team.id });
  });
});

function peopleOf(timeoutMs = 1500) {
  const { logger, metrics } = bench;
  const client = createSlackClient(slack.botToken, { apiUrl: slack.apiUrl, timeoutMs, logger, metrics });
  return createSlackPeople({ client, team: slack.team.id });
}

function base(key: string) {
  return { key, team: slack.team.id, priority: 'answer', version: 1 } as const;
}

function card(changes: Partial<CardDelivery> = {}): CardDelivery {
  const { channel = 'C0OPS0001' } = changes;
  const question = questionOf({ team: slack.team.id, user: slack.users.alice.id, channel });
  const content = { kind: 'answer', question, run: 1, outcome: sampleOutcome(), at: question.askedAt } as const;
  return { ...base(QUESTION_ID), kind: 'card', channel, content, ...changes };
}

function notice(): Delivery {
  const { id: user } = slack.users.alice;
  return {
    ...base('n-1'),
    kind: 'ephemeral',
    channel: 'C0OPS0001',
    user,
    content: { kind: 'notice', text: 'Not <!channel> here.' },
  };
}

function evidence(thread: string, text: string): FileDelivery {
  const question = questionOf({ team: slack.team.id, user: slack.users.alice.id, channel: 'C0OPS0001' });
  const content = { kind: 'evidence', question, run: 1, text } as const;
  return { ...base(`${QUESTION_ID}-evidence-1`), kind: 'file', channel: 'C0OPS0001', thread, content };
}

function refuseBlocks(type: string): void {
  slack.faults.add({ method: '*', fault: { kind: 'invalid-blocks', types: [type] }, times: Number.POSITIVE_INFINITY });
}

function blockTypes(): readonly (readonly string[])[] {
  return slack.sent().map(({ blocks }) => blocks.map(({ type }) => type));
}
