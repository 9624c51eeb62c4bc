import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { probeSlack } from '../../../src/adapters/slack-probe/slack-probe.ts';

interface Reply {
  readonly body?: object;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Never answers. */
  readonly hang?: true;
}

const servers: Server[] = [];

/** A Web API that answers by method; returns its address and what it was asked, with the token. */
async function serve(replies: Readonly<Record<string, Reply>>): Promise<{ apiUrl: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const method = (request.url ?? '').replace('/api/', '');
    asked.push(`${method} ${request.headers.authorization ?? ''}`);
    const reply = replies[method] ?? { body: { ok: false, error: 'unknown_method' } };
    if (reply.hang === true) {
      return;
    }
    response.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers });
    response.end(JSON.stringify(reply.body ?? {}));
  });
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  return { apiUrl: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/api/`, asked };
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const auth: Reply = {
  body: { ok: true, team: 'Acme', user: 'kubewhy' },
  headers: { 'x-oauth-scopes': 'commands,chat:write' },
};

describe('probeSlack', () => {
  it('finds out what the tokens are good for, and about the channels', async () => {
    const { apiUrl, asked } = await serve({
      'auth.test': auth,
      'apps.connections.open': { body: { ok: true, url: 'ws://127.0.0.1' } },
      'conversations.info': {
        body: { ok: true, channel: { id: 'C01', name: 'shop', is_member: true, is_ext_shared: true } },
      },
      'usergroups.users.list': { body: { ok: true, users: ['U1', 'U2'] } },
    });

    const facts = await probeSlack({
      botToken: 'xoxb-1',
      appToken: 'xapp-1',
      apiUrl,
      channels: ['C01'],
      groups: ['S01'],
    });

    expect(facts).toEqual({
      bot: {
        kind: 'valid',
        team: 'Acme',
        bot: 'kubewhy',
        scopes: ['commands', 'chat:write'],
        clockSkewMs: expect.any(Number),
      },
      app: { kind: 'valid' },
      channels: [{ kind: 'channel', id: 'C01', name: 'shop', member: true, archived: false, shared: true }],
      groups: [{ kind: 'group', id: 'S01', people: 2, members: ['U1', 'U2'] }],
      leftOut: 0,
    });
    expect(asked.toSorted()).toEqual([
      'apps.connections.open Bearer xapp-1',
      'auth.test Bearer xoxb-1',
      'conversations.info Bearer xoxb-1',
      'usergroups.users.list Bearer xoxb-1',
    ]);
  });

  it('leaves out what has no token', async () => {
    expect(await probeSlack({ channels: ['C01'] })).toEqual({ channels: [], groups: [], leftOut: 0 });
  });

  it('measures how far the clock is off', async () => {
    const date = new Date(Date.now() - 600_000).toUTCString();
    const { apiUrl } = await serve({ 'auth.test': { ...auth, headers: { date } } });

    const { bot } = await probeSlack({ botToken: 'xoxb-1', apiUrl, channels: [] });

    const skew = bot?.kind === 'valid' ? (bot.clockSkewMs ?? 0) : 0;
    expect(Math.abs(skew - 600_000)).toBeLessThan(30_000);
  });

  it.each<[string, Reply, object]>([
    [
      'a refusal',
      { body: { ok: false, error: 'invalid_auth\u202e' } },
      { kind: 'refused', code: String.raw`invalid_auth\u{202e}` },
    ],
    ['an error of the server', { status: 503 }, { kind: 'unreachable', reason: 'HTTP 503' }],
    [
      'too many requests',
      { status: 429, headers: { 'retry-after': '7' } },
      { kind: 'refused', code: 'ratelimited, try again in 7 s' },
    ],
    ['no answer', { hang: true }, { kind: 'unreachable', reason: 'no answer in time' }],
  ])('reports %s', async (_what, reply, fact) => {
    const { apiUrl } = await serve({ 'auth.test': reply });

    const facts = await probeSlack({ botToken: 'xoxb-1', apiUrl, channels: ['C01'], timeoutMs: 300 });

    expect(facts).toEqual({ bot: fact, channels: [], groups: [], leftOut: 0 });
  });

  it('reports that nothing listens', async () => {
    const { apiUrl } = await serve({});
    servers.splice(0).map((server) => server.close());

    const { bot } = await probeSlack({ botToken: 'xoxb-1', apiUrl, channels: [] });

    expect(bot).toEqual({ kind: 'unreachable', reason: 'ECONNREFUSED' });
  });

  it('reports a channel that is not found, and asks about forty at most', async () => {
    const { apiUrl } = await serve({
      'auth.test': auth,
      'conversations.info': { body: { ok: false, error: 'channel_not_found' } },
    });
    const channels = Array.from({ length: 42 }, (_, index) => `C${index}`);

    const facts = await probeSlack({ botToken: 'xoxb-1', apiUrl, channels, groups: ['S1'] });

    expect(facts.groups).toEqual([{ kind: 'unknown', id: 'S1', fault: { kind: 'refused', code: 'unknown_method' } }]);
    expect(facts.channels).toHaveLength(40);
    expect(facts.leftOut).toBe(2);
    expect(facts.channels[0]).toEqual({
      kind: 'unknown',
      id: 'C0',
      fault: { kind: 'refused', code: 'channel_not_found' },
    });
  });
});
