import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SlackBench, startSlackBench, until } from './slack-bench.ts';

const SECRET = 'sim-signing-secret';

describe('the public server', () => {
  let bench: SlackBench;

  beforeEach(async () => {
    bench = await startSlackBench();
  });

  afterEach(async () => {
    await bench.close();
  });

  it.each([
    ['bad', 'forged'],
    ['missing', 'unsigned'],
    ['old', 'stale'],
    ['future', 'future'],
  ] as const)('refuses a %s signature', async (signature, reason) => {
    const { slack, bot, metrics } = bench;

    const answer = await slack.drivers.command({ text: 'why web-0', signature });

    expect(answer).toMatchObject({ status: 401, body: '', headers: { 'x-slack-no-retry': '1' } });
    expect(bot.calls).toEqual([]);
    expect(metrics.counts).toContain(`slack_requests_refused_total reason=${reason}`);
  });

  it('does nothing the second time the same signed request comes', async () => {
    const { slack, bot, metrics } = bench;

    const answer = await slack.drivers.command({ text: 'why web-0', signature: 'replayed' });

    expect(answer.answers.map(({ status, body }) => [status, body.length > 0])).toEqual([
      [200, true],
      [200, false],
    ]);
    expect(bot.calls).toHaveLength(1);
    expect(metrics.counts).toContain('duplicates_total kind=request');
  });

  it('knows replays in this process while the store does not answer', async () => {
    const { slack, bot, seen } = bench;
    seen.down = true;

    const answer = await slack.drivers.command({ text: 'why web-0', signature: 'replayed' });

    expect(answer.answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(bot.calls).toHaveLength(1);
  });

  it('knows replays that another gateway has seen', async () => {
    const { slack, bot, seen } = bench;
    const body = new URLSearchParams({ command: '/k8s', text: 'why web-0' }).toString();
    const signed = sign(body);
    await seen.firstTime(`slack-signature:${signed['x-slack-signature']}`, 60);

    const response = await post(bench, body, { ...signed, 'content-type': 'application/x-www-form-urlencoded' });

    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(bot.calls).toEqual([]);
    expect(slack.problems()).toEqual([]);
  });

  it('takes a request whose content type a proxy has given a charset', async () => {
    const { slack, bot } = bench;

    const answer = await slack.drivers.command({ text: 'why web-0', charset: true });

    expect(answer.status).toBe(200);
    expect(bot.calls).toHaveLength(1);
  });

  it.each([
    ['GET', '/slack/events', 404],
    ['POST', '/', 404],
    ['POST', '/slack/events/more', 404],
    ['PUT', '/slack/events', 404],
  ])('has nothing at %s %s', async (method, path, status) => {
    const response = await fetch(`${urlOf(bench)}${path}`, { method });

    expect(response.status).toBe(status);
  });

  it('refuses a body over 1 MiB without reading it, with and without a length', async () => {
    const big = 'x'.repeat(1024 * 1024 + 1);
    const chunks = new Blob([big]).stream();

    const told = await post(bench, big, sign(big));
    const streamed = await fetch(`${urlOf(bench)}/slack/events`, {
      method: 'POST',
      body: chunks,
      headers: sign(big),
      duplex: 'half',
    }).catch(() => undefined);

    expect(told.status).toBe(413);
    expect([413, undefined]).toContain(streamed?.status);
    expect(bench.bot.calls).toEqual([]);
  });

  it.each([['null'], ['[]'], ['"x"'], ['{'], ['']])('answers 400 to the signed body %j', async (body) => {
    const response = await post(bench, body, { ...sign(body), 'content-type': 'application/json' });

    expect(response.status).toBe(400);
  });

  it('answers signed bodies of strange shapes', async () => {
    const bodies = [
      { event: null },
      { event: 'x' },
      { event: { type: 7, channel: null } },
      { command: {} },
      { type: 'block_actions' },
      { type: 'block_actions', actions: [], user: null, team: null },
      { type: 'view_submission', view: null },
      { type: 'message_action', message: 1, team: { id: 'T0ACME001' } },
      { name: 'x', type: 'block_suggestion' },
      { team_id: 'T0ACME001', event: { type: 'app_mention' } },
    ].map((body) => JSON.stringify(body));

    const answers = await Promise.all(
      bodies.map((body) => post(bench, body, { ...sign(body), 'content-type': 'application/json' })),
    );

    expect(answers.map(({ status }) => status)).toEqual(bodies.map(() => 200));
    expect(bench.bot.calls).toEqual([]);
  });

  it('answers the verification of its address', async () => {
    const body = JSON.stringify({ type: 'url_verification', challenge: 'c-1', token: 't' });

    const response = await post(bench, body, { ...sign(body), 'content-type': 'application/json' });

    expect(await response.json()).toEqual({ challenge: 'c-1' });
  });

  it('survives a sender that goes away in the middle', async () => {
    const { port } = new URL(urlOf(bench));
    const socket = connect(Number(port), '127.0.0.1');
    await new Promise((resolve) => {
      socket.write('POST /slack/events HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf', resolve);
    });
    socket.destroy();

    const answer = await bench.slack.drivers.command({ text: 'why web-0' });

    expect(answer.status).toBe(200);
  });

  it('runs nothing for 200 mutations of a signed request', async () => {
    const { bot } = bench;
    const body = commandBody();
    const signed = { ...sign(body), 'content-type': 'application/x-www-form-urlencoded' };

    const statuses: number[] = [];
    for (let start = 0; start < 200; start += 20) {
      const requests = Array.from({ length: 20 }, (_, index) => mutated({ body, signed }, start + index));
      const responses = await Promise.all(requests.map((request) => post(bench, request.body, request.signed)));
      statuses.push(...responses.map(({ status }) => status));
    }

    expect(new Set(statuses)).toEqual(new Set([401]));
    expect(bot.calls).toEqual([]);
  });

  it('refuses what comes after it was stopped', async () => {
    await bench.app.stop();

    const answer = await bench.slack.drivers.command({ text: 'why web-0' });

    expect(answer.outcome).toBe('unreachable');
    expect(bench.bot.calls).toEqual([]);
  });

  it('stops in spite of a handler that never ends', async () => {
    await bench.close();
    bench = await startSlackBench({ drainMs: 300 });
    bench.bot.askReply = () => new Promise(() => undefined);
    const answer = await bench.slack.drivers.command({ text: 'why web-0' });

    await bench.app.stop();

    expect(answer.body).toContain('Still on it');
    expect(bench.app.status().inFlight).toBe(1);
  });
});

describe('a rotation of the signing secret', () => {
  it('takes requests that are signed with the new or the old one', async () => {
    const bench = await startSlackBench({ signingSecrets: ['the-new-one', SECRET] });
    const body = commandBody();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };

    const old = await bench.slack.drivers.command({ text: 'why web-0' });
    const fresh = await post(bench, body, { ...sign(body, 'the-new-one'), ...headers });
    const wrong = await post(bench, body, { ...sign(body, 'a-third-one'), ...headers });
    await until(() => bench.bot.calls.length === 2);
    await bench.close();

    expect([old.status, fresh.status, wrong.status]).toEqual([200, 200, 401]);
  });
});

type Signed = Readonly<Record<string, string>>;

function commandBody(): string {
  const fields = {
    command: '/k8s',
    text: 'why web-0',
    team_id: 'T0ACME001',
    user_id: 'U0ALICE01',
    channel_id: 'C0OPS0001',
    trigger_id: '1.2.3',
    is_enterprise_install: 'false',
  };
  return new URLSearchParams(fields).toString();
}

function sign(body: string, secret = SECRET): Signed {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const digest = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${digest}` };
}

function urlOf({ app }: SlackBench): string {
  const port = /\d+$/.exec(app.status().detail)?.[0] ?? '';
  return `http://127.0.0.1:${port}`;
}

function post(bench: SlackBench, body: string, headers: Signed): Promise<Response> {
  return fetch(`${urlOf(bench)}/slack/events`, { method: 'POST', body, headers });
}

/** One change of the request, another for each number; never the request itself. */
function mutated(
  { body, signed }: { readonly body: string; readonly signed: Signed },
  number: number,
): { readonly body: string; readonly signed: Signed } {
  const at = (number * 7919) % body.length;
  const signature = signed['x-slack-signature'] ?? '';
  const position = 3 + (number % 64);
  const other = signature[position] === '0' ? '1' : '0';
  switch (number % 5) {
    case 0:
      return { body: `${body.slice(0, at)}~${body.slice(at + 1)}`, signed };
    case 1:
      return { body: `${body}&x=${number}`, signed };
    case 2:
      return { body: body.slice(0, at), signed };
    case 3: {
      const changed = `${signature.slice(0, position)}${other}${signature.slice(position + 1)}`;
      return { body, signed: { ...signed, 'x-slack-signature': changed } };
    }
    default: {
      const later = String(Number(signed['x-slack-request-timestamp']) - 1 - (number % 200));
      return { body, signed: { ...signed, 'x-slack-request-timestamp': later } };
    }
  }
}
