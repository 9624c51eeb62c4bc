import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createSlackClient } from '../../../src/adapters/slack/slack-client.ts';
import { identifyBot, type SlackIdentity } from '../../../src/adapters/slack/slack-identity.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';
import { SpyMetrics } from './fakes.ts';

describe('identifyBot', () => {
  it('says when nobody is there', async () => {
    const identifying = identify('http://127.0.0.1:9/api/');

    await expect(identifying).rejects.toMatchObject({ code: 'CHAT_UNAVAILABLE' });
  });

  it('refuses the token of a person', async () => {
    const identifying = withAnswer({ ok: true, team_id: 'T1', user_id: 'U1' });

    await expect(identifying).rejects.toMatchObject({ code: 'CHAT_REJECTED', context: { code: 'not_a_bot_token' } });
  });

  it('says who the bot is', async () => {
    const identity = await withAnswer({ ok: true, team_id: 'T1', user_id: 'U1', bot_id: 'B1', user: 'kw' });

    expect(identity).toEqual({ team: 'T1', botUser: 'U1', botId: 'B1', botName: 'kw' });
  });

  it.each([
    ['https://team.slack.com/', 'https://team.slack.com/'],
    ['https://team.slack.com', 'https://team.slack.com/'],
    ['https://big.enterprise.slack.com/', 'https://big.enterprise.slack.com/'],
    ['http://team.slack.com/', undefined],
    ['https://team.slack.com/x', undefined],
    ['https://a@team.slack.com/', undefined],
    ['https://team.slack.com/|<!channel>', undefined],
  ])('knows the workspace by the address %s', async (url, workspaceUrl) => {
    const identity = await withAnswer({ ok: true, team_id: 'T1', user_id: 'U1', bot_id: 'B1', user: 'kw', url });

    expect(identity.workspaceUrl).toBe(workspaceUrl);
  });
});

function identify(apiUrl: string): Promise<SlackIdentity> {
  const logger = new RecordingLogger();
  const connection = { apiUrl, timeoutMs: 1000, logger, metrics: new SpyMetrics() };
  return identifyBot(createSlackClient('xoxb-1', connection));
}

async function withAnswer(answer: object): Promise<SlackIdentity> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  try {
    return await identify(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
