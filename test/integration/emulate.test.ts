import { createEmulator, type Emulator } from 'emulate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLayoutMemory } from '../../src/adapters/slack/layout-memory.ts';
import { createPostResponse } from '../../src/adapters/slack/response-url.ts';
import { createSlackChat } from '../../src/adapters/slack/slack-chat.ts';
import { createSlackClient, type SlackClient, type SlackConnection } from '../../src/adapters/slack/slack-client.ts';
import { createSlackFetch } from '../../src/adapters/slack/slack-fetch.ts';
import { identifyBot, type SlackIdentity } from '../../src/adapters/slack/slack-identity.ts';
import { createSlackPeople } from '../../src/adapters/slack/slack-people.ts';
import type { CardDelivery, Delivery, FileDelivery } from '../../src/core/chat/delivery.ts';
import type { Chat } from '../../src/ports/chat.ts';
import type { PostedMessage } from '../../src/ports/outbox.ts';
import { HELP, QUESTION_ID, questionOf, SpyMetrics } from '../adapters/slack/fakes.ts';
import { FakeNoteStore } from '../fakes/fake-note-store.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { sampleOutcome } from '../fakes/samples.ts';
import { freePort } from '../redis/start-redis.ts';

// An independent second opinion on the adapter: somebody else's emulator of Slack. It has no slash commands, buttons,
// response_url and Socket Mode, sends no 429 and takes any block, so that everything about those, and about limits, is
// tested against the project's own stand-in alone.

const BOT_TOKEN = 'xoxb-kubewhy';
const SETUP_TOKEN = 'xoxb-setup';
const SCOPES = ['channels:history', 'channels:read', 'chat:write', 'files:write', 'users:read'];
const TEST_MS = 30_000;

let emulator: Emulator;
let client: SlackClient;
let chat: Chat;
let identity: SlackIdentity;
let channel: string;
let alice: string;
const metrics = new SpyMetrics();

beforeAll(async () => {
  emulator = await createEmulator({ service: 'slack', port: await freePort(), seed: { slack: SEED } });
  const logger = new RecordingLogger();
  const apiUrl = `${emulator.url}/api/`;
  const connection: SlackConnection = { apiUrl, timeoutMs: 5000, logger, metrics };
  client = createSlackClient(BOT_TOKEN, connection);
  identity = await identifyBot(client);
  channel = idOf(await setUp('conversations.list'), 'channels', 'ops');
  alice = idOf(await setUp('users.list'), 'members', 'alice');
  await setUp('conversations.invite', { channel, users: identity.botUser });
  chat = createSlackChat({
    client,
    postResponse: createPostResponse({ apiUrl, timeoutMs: 5000, metrics }),
    upload: createSlackFetch(5000),
    apiUrl,
    layouts: createLayoutMemory(new FakeNoteStore({ now: () => new Date() }), logger),
    metrics,
    command: '/k8s',
    botUser: identity.botUser,
  });
}, TEST_MS);

afterAll(async () => {
  await emulator.close();
});

const SEED = {
  team: { name: 'Acme', domain: 'acme' },
  users: [{ name: 'alice', real_name: 'Alice Archer' }],
  channels: [{ name: 'ops' }],
  oauth_apps: [
    {
      client_id: '1.2',
      client_secret: 'none',
      app_id: 'A0KUBEWHY',
      name: 'Kubewhy',
      redirect_uris: ['http://localhost/'],
      scopes: SCOPES,
      bot_name: 'kubewhy',
    },
  ],
  tokens: [
    { token: BOT_TOKEN, user: 'kubewhy', type: 'bot', scopes: SCOPES },
    { token: SETUP_TOKEN, user: 'admin', scopes: ['channels:read', 'channels:manage', 'channels:write', 'users:read'] },
  ],
  strict_scopes: true,
};

/** A call of somebody who prepares the workspace. */
async function setUp(method: string, args: Readonly<Record<string, string>> = {}): Promise<Record<string, unknown>> {
  const response = await fetch(`${emulator.url}/api/${method}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${SETUP_TOKEN}` },
    body: new URLSearchParams(args),
  });
  const body = (await response.json()) as Record<string, unknown>;
  expect(body).toMatchObject({ ok: true });
  return body;
}

function idOf(body: Record<string, unknown>, list: string, name: string): string {
  const entries = body[list] as readonly { readonly id: string; readonly name: string }[];
  return entries.find((entry) => entry.name === name)?.id ?? '';
}

function base(key: string) {
  return { key, team: identity.team, priority: 'answer', version: 1 } as const;
}

function question() {
  return questionOf({ team: identity.team, user: alice, channel });
}

function card(changes: Partial<CardDelivery> = {}): CardDelivery {
  const content = {
    kind: 'answer',
    question: question(),
    run: 1,
    outcome: sampleOutcome(),
    at: '2026-01-02T03:04:05Z',
  } as const;
  return { ...base(QUESTION_ID), kind: 'card', channel, content, ...changes };
}

async function sent(delivery: Delivery, posted?: PostedMessage): Promise<PostedMessage> {
  const result = await chat.send(delivery, posted);
  expect(result).toMatchObject({ kind: 'sent', posted: { channel } });
  return result.kind === 'sent' && result.posted !== undefined ? result.posted : { channel: '', ts: '' };
}

async function messages(method: 'conversations.history' | 'conversations.replies', args: object): Promise<unknown> {
  const answer = await client.call(method, { channel, include_all_metadata: true, ...args });
  return answer.kind === 'ok' ? (answer.body as { readonly messages: unknown }).messages : answer;
}

describe('the adapter against another emulator of Slack', () => {
  it('says who the bot is', () => {
    expect(identity).toEqual({
      team: 'T000000001',
      botUser: expect.stringMatching(/^U/),
      botId: expect.stringMatching(/^B/),
      botName: 'kubewhy',
      workspaceUrl: 'https://acme.slack.com/',
    });
  });

  it(
    'posts a card with its blocks, edits it in place and finds it again',
    async () => {
      const posted = await sent(card());
      const edited = await sent(card({ version: 2 }), posted);
      const found = await chat.find(card());

      expect(edited).toEqual(posted);
      expect(found).toEqual({ kind: 'found', posted });
      expect(await messages('conversations.history', {})).toMatchObject([
        {
          ts: posted.ts,
          user: identity.botUser,
          text: expect.stringContaining('The tag v1.4.2 does not exist'),
          metadata: { event_type: 'kubewhy_message', event_payload: { key: QUESTION_ID, version: 2 } },
          blocks: expect.arrayContaining([
            expect.objectContaining({ type: 'section' }),
            expect.objectContaining({ type: 'rich_text' }),
            expect.objectContaining({ type: 'table' }),
            expect.objectContaining({ type: 'actions' }),
            expect.objectContaining({ type: 'context' }),
          ]),
        },
      ]);
    },
    TEST_MS,
  );

  it.each([
    ['as a message when it is short', 'ready: false', 0],
    ['as a file when it is long', 'x'.repeat(20_000), 1],
  ])(
    'puts evidence into the thread %s',
    async (name, text, files) => {
      const parent = await sent(card({ key: `q-of-${name}` }));
      const content = { kind: 'evidence', question: question(), run: 1, text } as const;
      const delivery: FileDelivery = { ...base(`e-${name}`), kind: 'file', channel, thread: parent.ts, content };

      const result = await chat.send(delivery, undefined);
      const found = await chat.find(delivery);

      const [, reply] = (await messages('conversations.replies', { ts: parent.ts })) as readonly {
        readonly ts: string;
        readonly thread_ts: string;
        readonly files?: readonly unknown[];
      }[];
      expect(result.kind).toBe('sent');
      expect(found).toEqual({ kind: 'found', posted: { channel, ts: reply?.ts } });
      expect(reply).toMatchObject({ thread_ts: parent.ts });
      expect(reply?.files ?? []).toHaveLength(files);
    },
    TEST_MS,
  );

  it('answers in a thread', async () => {
    const parent = await sent(card({ key: 'q-parent' }));

    const reply = await sent(card({ key: 'q-reply', thread: parent.ts }));

    expect(await messages('conversations.replies', { ts: parent.ts })).toMatchObject([
      { ts: parent.ts },
      { ts: reply.ts, thread_ts: parent.ts },
    ]);
  });

  it('tells one person something', async () => {
    const content = { kind: 'notice', text: 'Not <!channel> here.' } as const;

    const result = await chat.send({ ...base('n-1'), kind: 'ephemeral', channel, user: alice, content }, undefined);

    expect(result.kind).toBe('sent');
  });

  it('publishes the Home tab', async () => {
    const home = { help: HELP, clusters: [], at: '2026-01-02T03:04:05Z' };
    const delivery: Delivery = { ...base('home'), kind: 'home', user: alice, content: { kind: 'home', home } };

    expect(await chat.send(delivery, undefined)).toMatchObject({ kind: 'sent' });
  });

  it('says who somebody is and what a channel is', async () => {
    const people = createSlackPeople({ client, team: identity.team });

    expect(await people.person(alice)).toEqual({
      user: alice,
      team: identity.team,
      deactivated: false,
      guest: false,
      bot: false,
      foreign: false,
      name: 'alice',
    });
    expect(await people.place(channel)).toEqual({
      channel,
      name: 'ops',
      kind: 'channel',
      shared: false,
      archived: false,
      member: true,
    });
    expect(await people.person('U0NOBODY1')).toMatchObject({ foreign: true, deactivated: true });
  });

  it('reads its refusals', async () => {
    const elsewhere = await chat.send(card({ key: 'q-x', channel: 'C0NOWHERE' }), undefined);
    const gone = await chat.send(card({ key: 'q-y' }), { channel, ts: '1.000000' });

    expect(elsewhere).toEqual({ kind: 'refused', why: 'channel', code: 'channel_not_found' });
    expect(gone).toEqual({ kind: 'refused', why: 'message', code: 'message_not_found' });
  });
});
