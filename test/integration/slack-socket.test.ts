import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { App } from '@slack/bolt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { createSocketReceiver } from '../../src/adapters/slack/receivers/socket-receiver.ts';
import { createSlackClient, type SlackConnection } from '../../src/adapters/slack/slack-client.ts';
import { identifyBot } from '../../src/adapters/slack/slack-identity.ts';
import { startSlackSim } from '../../src/sim/slack/slack-sim.ts';
import type { SlackSim } from '../../src/sim/slack/slack-sim-types.ts';
import { SpyMetrics } from '../adapters/slack/fakes.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { type SlackBench, startSlackBench, until } from './slack-bench.ts';

const rejections: unknown[] = [];

function onRejection(reason: unknown): void {
  rejections.push(reason);
}

beforeEach(() => {
  rejections.length = 0;
  process.on('unhandledRejection', onRejection);
});

afterEach(() => {
  process.off('unhandledRejection', onRejection);
  expect(rejections).toEqual([]);
});

describe('Socket Mode', () => {
  let bench: SlackBench;

  beforeEach(async () => {
    bench = await startSlackBench({ transport: 'socket' });
  });

  afterEach(async () => {
    expect(bench.slack.problems()).toEqual([]);
    await bench.close();
  });

  it('holds two connections and says that it is healthy', () => {
    expect(bench.slack.socketConnections()).toBe(2);
    expect(bench.app.status()).toEqual({
      healthy: true,
      detail: '2 of 2 Socket Mode connections are up',
      inFlight: 0,
    });
  });

  it.each([
    ['is asked to renew its connections', 'refreshSockets'],
    ['is warned of a renewal', 'warnSockets'],
    ['loses its connections', 'dropSockets'],
  ] as const)('hears again after it %s', async (_name, fault) => {
    const { slack, bot } = bench;
    const tickets = slack.calls('apps.connections.open').length;

    slack.faults[fault]();
    await slack.waitFor(
      () => slack.socketConnections() === 2 && slack.calls('apps.connections.open').length === tickets + 2,
    );
    await until(() => bench.app.status().detail.startsWith('2 of 2'));
    const answer = await slack.drivers.command({ text: 'why web-0' });

    expect(answer.body).toContain('Looking at');
    expect(bot.calls).toHaveLength(1);
  });

  it('goes on trying while Slack gives no new connection', async () => {
    const { slack, logger } = bench;
    slack.faults.add({ method: 'apps.connections.open', fault: { kind: 'http-error', status: 500 }, times: 3 });
    slack.faults.add({ method: 'apps.connections.open', fault: { kind: 'reset-before-accept' }, times: 2 });

    slack.faults.dropSockets();
    await slack.waitFor(() => slack.calls('apps.connections.open').filter(({ ok }) => ok).length === 4);
    await until(() => bench.app.status().detail.startsWith('2 of 2'));
    const answer = await slack.drivers.command({ text: 'why web-0' });

    expect(answer.body).toContain('Looking at');
    expect(logger.lines.map(({ message }) => message)).toContain('Socket Mode connects again');
  });

  it('is not healthy while it has no connection', async () => {
    const { slack, app } = bench;
    slack.setTokenRefusal('token_revoked');

    slack.faults.dropSockets();
    await until(() => app.status().detail.includes('token_revoked'));

    expect(app.status()).toMatchObject({ healthy: false });
    slack.setTokenRefusal(undefined);
  });

  it('answers through the response_url when the connection was renewed before the acknowledgement', async () => {
    const { slack, bot } = bench;
    const held = Promise.withResolvers<void>();
    bot.askReply = async () => {
      await held.promise;
      return { kind: 'refused', reason: 'Not here.' };
    };

    const asking = slack.drivers.command({ text: 'why web-0' });
    await until(() => bot.calls.length === 1);
    slack.faults.dropSockets();
    await slack.waitFor(() => slack.socketConnections() === 0);
    held.resolve();
    await slack.waitFor(() => slack.ephemerals().length === 1);
    await asking;

    expect(slack.ephemerals()).toMatchObject([{ via: 'response_url', text: expect.stringContaining('Not here.') }]);
    expect(bot.calls).toHaveLength(1);
  });

  it('does an envelope that comes over both connections once', async () => {
    const { slack, bot } = bench;

    const command = await slack.drivers.command({ text: 'why web-0', times: 4, concurrently: true });
    const mention = await slack.drivers.mention({ text: 'why web-0', times: 2 });

    expect(command.answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(mention.answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(bot.calls).toHaveLength(2);
  });

  it('closes every connection when it stops', async () => {
    const { slack, app } = bench;

    await app.stop();
    await slack.waitFor(() => slack.socketConnections() === 0);

    expect(app.status().healthy).toBe(false);
  });
});

describe('the start', () => {
  let slack: SlackSim;

  beforeEach(async () => {
    slack = await startSlackSim({ transport: 'socket' });
  });

  afterEach(async () => {
    await slack.close();
  });

  it('says that the app-level token is wrong', async () => {
    const receiver = createSocketReceiver({ appToken: 'xapp-wrong', connection: connectionTo(slack.apiUrl) });

    const starting = receiver.start();

    await expect(starting).rejects.toMatchObject({
      code: 'CHAT_REJECTED',
      message: 'Slack does not accept the app-level token (SLACK_APP_TOKEN): invalid_auth.',
      hint: expect.stringContaining('api.slack.com'),
    });
  });

  it('says that the bot token is wrong', async () => {
    const client = createSlackClient('xoxb-wrong', connectionTo(slack.apiUrl));

    const identifying = identifyBot(client);

    await expect(identifying).rejects.toMatchObject({
      code: 'CHAT_REJECTED',
      message: 'Slack does not accept the bot token (SLACK_BOT_TOKEN): invalid_auth.',
    });
  });

  it.each(['account_inactive', 'token_revoked'])('says that the token is dead: %s', async (error) => {
    slack.setTokenRefusal(error);

    const identifying = identifyBot(createSlackClient(slack.botToken, connectionTo(slack.apiUrl)));

    await expect(identifying).rejects.toMatchObject({ code: 'CHAT_REJECTED', context: { code: error } });
  });

  it('does not hang when Slack does', async () => {
    slack.faults.add({ method: '*', fault: { kind: 'hang' }, times: Number.POSITIVE_INFINITY });
    const connection = connectionTo(slack.apiUrl, 300);

    const identifying = identifyBot(createSlackClient(slack.botToken, connection));
    const receiving = createSocketReceiver({ appToken: slack.appToken, connection }).start();

    await expect(identifying).rejects.toMatchObject({ code: 'CHAT_UNAVAILABLE', context: { code: 'timeout' } });
    await expect(receiving).rejects.toMatchObject({ code: 'CHAT_UNAVAILABLE', context: { code: 'timeout' } });
  });

  it('is enough when one connection of two comes about', async () => {
    slack.faults.add({ method: 'apps.connections.open', fault: { kind: 'error', error: 'internal_error' } });
    const connection = connectionTo(slack.apiUrl);
    const receiver = createSocketReceiver({ appToken: slack.appToken, connection, retryMs: 20 });

    await receiver.start();
    await until(() => receiver.status().detail === '2 of 2 Socket Mode connections are up');
    await receiver.stop();
    await slack.waitFor(() => slack.socketConnections() === 0);

    expect(receiver.status().healthy).toBe(false);
  });
});

it('leaves connections that are open but dead, and makes new ones', async () => {
  const slack = await startSlackSim({ transport: 'socket' });
  const connection = connectionTo(slack.apiUrl);
  const receiver = createSocketReceiver({ appToken: slack.appToken, connection, pongMs: 300, retryMs: 20 });
  await receiver.start();

  slack.faults.freezeSockets();
  await slack.waitFor(() => slack.calls('apps.connections.open').filter(({ ok }) => ok).length === 4);
  await until(() => receiver.status().detail.startsWith('2 of 2'));
  await receiver.stop();
  await slack.close();

  expect(receiver.status().healthy).toBe(false);
});

describe('a WebSocket that misbehaves', () => {
  let server: Server;

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it.each([
    ['never answers the upgrade', () => undefined],
    ['refuses the upgrade', (socket: Duplex) => socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')],
    ['cuts the upgrade', (socket: Duplex) => socket.destroy()],
  ])('does not hang the start when it %s', async (_name, onUpgrade) => {
    server = await strangeSlack(onUpgrade);
    const connection = connectionTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`);
    const receiver = createSocketReceiver({ appToken: 'xapp-1', connection, helloMs: 300, retryMs: 20 });

    const starting = receiver.start();

    await expect(starting).rejects.toMatchObject({ code: 'CHAT_UNAVAILABLE' });
  });

  it('leaves out frames that are no envelopes, and hears the next one', async () => {
    const received: string[] = [];
    const frames = [
      null,
      'x',
      [],
      { type: 'events_api', envelope_id: 'e-1', payload: { type: 'app_rate_limited', team_id: 'T1' } },
      { type: 'events_api', envelope_id: 'e-2', payload: null },
      { type: 'slash_commands', envelope_id: 'e-3', payload: { command: '/k8s' } },
    ];
    const webSockets = new WebSocketServer({ noServer: true });
    server = await strangeSlack((stream, request) => {
      webSockets.handleUpgrade(request, stream, Buffer.alloc(0), (socket) => {
        socket.on('message', (data: Buffer) => received.push(data.toString()));
        for (const frame of [{ type: 'hello' }, ...frames]) {
          socket.send(JSON.stringify(frame));
        }
      });
    });
    const connection = connectionTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`);
    const receiver = createSocketReceiver({ appToken: 'xapp-1', connection, connections: 1 });
    const bodies: unknown[] = [];
    const app: Pick<App, 'processEvent'> = {
      async processEvent({ body, ack }) {
        bodies.push(body);
        await ack();
        throw new Error('boom');
      },
    };
    // The receiver hands deliveries to the app and asks nothing else of it.
    receiver.init(app as App);

    await receiver.start();
    await until(() => received.length === 3);
    await receiver.stop();

    expect(bodies).toEqual([{ command: '/k8s' }]);
    expect(received.map((text) => JSON.parse(text).envelope_id)).toEqual(['e-1', 'e-2', 'e-3']);
  });
});

function noop(): void {
  // Nobody waits for the end.
}

/** Hands out the address of a WebSocket that does something else than greet. */
async function strangeSlack(onUpgrade: (socket: Duplex, request: IncomingMessage) => unknown): Promise<Server> {
  const server = createServer((_request, response) => {
    const { port } = server.address() as AddressInfo;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ok: true, url: `ws://127.0.0.1:${port}/link?ticket=1` }));
  });
  server.on('upgrade', (request, socket) => {
    socket.on('error', noop);
    onUpgrade(socket, request);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return server;
}

function connectionTo(apiUrl: string, timeoutMs = 2000): SlackConnection {
  return { apiUrl, timeoutMs, logger: new RecordingLogger(), metrics: new SpyMetrics() };
}
