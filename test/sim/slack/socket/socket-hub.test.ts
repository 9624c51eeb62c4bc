import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket as PlainWebSocket } from 'ws';
import { startSlackSim } from '../../../../src/sim/slack/slack-sim.ts';
import type { SlackSim } from '../../../../src/sim/slack/slack-sim-types.ts';
import { socketApp } from '../bolt-apps.ts';
import { callMethod } from '../web-api/api-client.ts';

interface Message {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** A client that notes everything and acknowledges only when told. */
class RawClient {
  readonly received: Message[] = [];
  readonly closed: Promise<void>;
  private readonly socket: WebSocket;

  constructor(url: string, acknowledge = true) {
    this.socket = new WebSocket(url);
    this.socket.addEventListener('message', ({ data }) => {
      const message = JSON.parse(String(data)) as Message;
      this.received.push(message);
      if (acknowledge && message['envelope_id'] !== undefined) {
        this.socket.send(
          JSON.stringify({ envelope_id: message['envelope_id'], payload: { text: 'x'.repeat(70_000) } }),
        );
      }
    });
    this.closed = new Promise((resolve) => {
      this.socket.addEventListener('close', () => resolve());
      this.socket.addEventListener('error', () => resolve());
    });
  }

  send(text: string): void {
    this.socket.send(text);
  }

  close(): void {
    this.socket.close();
  }
}

describe('Socket Mode', () => {
  let slack: SlackSim;
  let clients: RawClient[];

  beforeEach(async () => {
    slack = await startSlackSim({ transport: 'socket', rateLimits: 'off', ackTimeout: 1000 });
    clients = [];
  });

  afterEach(() => slack.close());

  async function openUrl(): Promise<string> {
    const { body } = await callMethod(slack, 'apps.connections.open', {}, { token: slack.appToken });
    return String(body['url']);
  }

  async function connect(acknowledge = true): Promise<RawClient> {
    const before = slack.socketConnections();
    const client = new RawClient(await openUrl(), acknowledge);
    clients.push(client);
    await slack.waitFor(() => slack.socketConnections() > before);
    await expect.poll(() => client.received.length).toBeGreaterThan(0);
    return client;
  }

  it('says hello', async () => {
    const client = await connect();

    expect(client.received).toEqual([
      {
        type: 'hello',
        num_connections: 1,
        connection_info: { app_id: 'A0KUBEWHY' },
        debug_info: { host: 'slack-sim', approximate_connection_time: 18_060 },
      },
    ]);
  });

  it('delivers an envelope and takes the payload of its acknowledgement', async () => {
    const client = await connect();

    const delivery = await slack.drivers.command({ text: 'why web-0' });

    expect(client.received[1]).toMatchObject({
      envelope_id: '00000000-0000-4000-8000-000000000001',
      type: 'slash_commands',
      accepts_response_payload: true,
      payload: { command: '/k8s', text: 'why web-0' },
    });
    expect(delivery).toMatchObject({ outcome: 'answered', status: 200 });
    expect(slack.ephemerals()[0]?.text).toHaveLength(40_000);
  });

  it('marks redeliveries', async () => {
    const client = await connect();

    await slack.drivers.openHome({ times: 3, concurrently: true });

    const envelopes = client.received.slice(1);
    expect(new Set(envelopes.map((envelope) => envelope['envelope_id'])).size).toBe(1);
    expect(envelopes.map((envelope) => envelope['retry_attempt'])).toEqual([undefined, 1, 2]);
    expect(
      envelopes.every((envelope) => envelope.type === 'events_api' && envelope['accepts_response_payload'] === false),
    ).toBe(true);
  });

  it('takes turns between connections', async () => {
    const [first, second] = [await connect(), await connect()];

    for (let count = 0; count < 4; count += 1) {
      await slack.drivers.openHome();
    }

    expect([first.received.length, second.received.length]).toEqual([3, 3]);
  });

  it('delivers again on another connection when one breaks before the acknowledgement', async () => {
    const deaf = await connect(false);
    const other = await connect();

    const delivering = slack.drivers.command();
    await expect.poll(() => deaf.received.length).toBe(2);
    deaf.close();
    const delivery = await delivering;

    expect(delivery.outcome).toBe('answered');
    expect(other.received[1]).toMatchObject({ retry_attempt: 1, envelope_id: deaf.received[1]?.['envelope_id'] });
  });

  it('reports silence, and that nobody is there', async () => {
    const nobody = await slack.drivers.command();
    await connect(false);
    const silence = await slack.drivers.command();

    expect([nobody.outcome, silence.outcome]).toEqual(['unreachable', 'timeout']);
  });

  it('lets each ticket in once', async () => {
    const url = await openUrl();
    const first = new RawClient(url);
    await slack.waitFor(() => slack.socketConnections() === 1);
    const second = new RawClient(url);
    const without = new RawClient(`${slack.url.replace('http', 'ws')}/link/`);

    await second.closed;
    await without.closed;

    expect(slack.socketConnections()).toBe(1);
    first.close();
    await slack.waitFor(() => slack.socketConnections() === 0);
  });

  it('lets ten connections in', async () => {
    for (let count = 0; count < 10; count += 1) {
      await connect();
    }
    const eleventh = new RawClient(await openUrl());

    await eleventh.closed;

    expect(eleventh.received).toEqual([{ type: 'disconnect', reason: 'too_many_websockets' }]);
    expect(slack.socketConnections()).toBe(10);
  });

  it('announces and asks for a refresh', async () => {
    const client = await connect();

    slack.faults.warnSockets();
    slack.faults.refreshSockets();
    await expect.poll(() => client.received.length).toBe(3);

    expect(client.received.slice(1).map(({ type, reason }) => [type, reason])).toEqual([
      ['disconnect', 'warning'],
      ['disconnect', 'refresh_requested'],
    ]);
  });

  it('freezes and drops connections', async () => {
    const frozen = await connect();
    slack.faults.freezeSockets();
    const delivery = await slack.drivers.command();
    const connectionsWhileFrozen = slack.socketConnections();
    slack.faults.dropSockets();
    await frozen.closed;
    await slack.waitFor(() => slack.socketConnections() === 0);

    expect(delivery.outcome).toBe('timeout');
    expect(connectionsWhileFrozen).toBe(1);
  });

  it('notices that a frozen connection was left', async () => {
    const app = new PlainWebSocket(await openUrl());
    await once(app, 'open');
    slack.faults.freezeSockets();

    app.terminate();
    await slack.waitFor(() => slack.socketConnections() === 0);
    const delivery = await slack.drivers.command();

    expect(delivery.outcome).toBe('unreachable');
  });

  it('closes a connection that breaks the protocol, and goes on', async () => {
    const url = new URL(await openUrl());
    const stream = connectTcp(Number(url.port), '127.0.0.1');
    const key = Buffer.alloc(16).toString('base64');
    const head = `Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}`;
    stream.write(`GET ${url.pathname}${url.search} HTTP/1.1\r\nHost: localhost\r\n${head}\r\n\r\n`);
    await slack.waitFor(() => slack.socketConnections() === 1);

    stream.write('no frame at all');
    stream.resume();
    await slack.waitFor(() => slack.socketConnections() === 0);
    const client = await connect();

    expect(client.received).toMatchObject([{ type: 'hello' }]);
  });

  it('notes messages without envelope_id', async () => {
    const client = await connect();

    client.send('hello');
    client.send('{}');
    await expect.poll(() => slack.problems().length).toBe(2);

    expect(slack.problems()[0]).toBe('Socket Mode: a message without envelope_id: hello');
  });

  it('has Bolt reconnect after a refresh', async () => {
    const running = await socketApp(slack, { clientPingTimeout: 50 });
    running.app.command('/k8s', ({ ack }) => ack('hi'));

    slack.faults.refreshSockets();
    await slack.waitFor(() => slack.socketConnections() === 0);
    await slack.waitFor(() => slack.socketConnections() === 1);
    const delivery = await slack.drivers.command();
    await running.stop();

    expect(delivery.json).toEqual({ text: 'hi' });
    expect(slack.calls('apps.connections.open')).toHaveLength(2);
  });
});
