import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startInternalServer } from '../../../src/adapters/http/internal-server.ts';
import { KubewhyError } from '../../../src/core/errors/kubewhy-error.ts';
import { wireAlert, wirePayload } from '../../core/triage/payloads.ts';
import { type AlertsStage, OTHER_TOKEN, post, ROBUSTA_TOKEN, startStage, TOKEN } from './alerts-stage.ts';

let stage: AlertsStage;

afterEach(async () => {
  await stage.close();
});

const LABELS = { alertname: 'KubePodCrashLooping', namespace: 'shop', pod: 'web-0' };
const PAYLOAD = wirePayload([wireAlert(LABELS)]);
const ONE_ACCEPTED = '{"accepted":1,"repeated":0,"ignored":0,"withoutChannel":0}';
const unavailable = (): Error => new KubewhyError('STORE_UNAVAILABLE', { message: 'Redis does not answer.' });
const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`;

function open(port: number): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  return socket;
}

/** What a server says to a request that is never sent to its end. */
async function halfRequest(port: number, headers: readonly string[], body = ''): Promise<string> {
  const socket = open(port);
  socket.write(['POST /alerts HTTP/1.1', 'Host: x', ...headers, '', body].join('\r\n'));
  return text(socket);
}

describe('who may deliver', () => {
  it.each([
    ['a bearer token', `Bearer ${TOKEN}`],
    ['another one of the same sender', `bearer  ${OTHER_TOKEN}`],
    ['one of another sender', `Bearer ${ROBUSTA_TOKEN}`],
    ['a token as the password of anybody', basic(`alertmanager:${TOKEN}`)],
  ])('%s is enough', async (_what, authorization) => {
    stage = await startStage();

    const answer = await post(stage.url, PAYLOAD, { authorization });

    expect([answer.status, answer.body]).toEqual([200, ONE_ACCEPTED]);
  });

  it.each([
    ['no token', ''],
    ['a wrong one', 'Bearer a-token-of-prometheuS'],
    ['the beginning of one', 'Bearer a-token-of-prom'],
    ['one with more behind it', `Bearer ${TOKEN}x`],
    ['one in the place of the user', basic(`${TOKEN}:`)],
    ['one with another scheme', `Digest ${TOKEN}`],
    ['the name of a sender', basic('prometheus:prometheus')],
    ['a very long one', `Bearer ${'x'.repeat(10_000)}`],
    ['two', `Bearer ${TOKEN} ${OTHER_TOKEN}`],
  ])('%s is not', async (_what, authorization) => {
    stage = await startStage();

    const answer = await post(stage.url, PAYLOAD, { authorization });

    expect([answer.status, stage.intake.alerts]).toEqual([401, []]);
    expect(stage.metrics.counts).toEqual({ 'alert_payloads_total unauthorized': 1 });
  });

  it('answers a stranger without a look at the body, and closes the connection', async () => {
    stage = await startStage();

    const said = await halfRequest(stage.port, ['Content-Length: 300000000', 'Authorization: Bearer wrong'], '{"vers');

    expect(said).toMatch(/^HTTP\/1\.1 401 .*\r\nwww-authenticate: Bearer\r\n/s);
    expect(said).toMatch(/connection: close/i);
  });

  it('tells a stranger not to send the body at all', async () => {
    stage = await startStage();

    const said = await halfRequest(stage.port, ['Content-Length: 9', 'Expect: 100-continue']);

    expect(said).toMatch(/^HTTP\/1\.1 401 /);
  });

  it('logs strangers once a minute, without what they sent', async () => {
    stage = await startStage();

    await post(stage.url, PAYLOAD, { authorization: 'Bearer guess-1' });
    await post(stage.url, PAYLOAD, { authorization: 'Bearer guess-2' });

    expect(stage.logger.lines).toEqual([
      { level: 'warn', message: 'alerts came with no token or a wrong one', fields: { requests: 1 } },
    ]);
  });

  it('takes nothing at all while there are no tokens', async () => {
    stage = await startStage({}, []);

    const answer = await post(stage.url, PAYLOAD, { authorization: 'Bearer ' });

    expect([answer.status, answer.body]).toEqual([
      503,
      'no alerts are taken: set KUBEWHY_ALERT_TOKENS to name=token and restart Kubewhy\n',
    ]);
  });
});

describe('what is answered', () => {
  it('says what became of the alerts, and knows a repeat', async () => {
    stage = await startStage();
    const payload = wirePayload([
      wireAlert(LABELS),
      wireAlert({ alertname: 'Watchdog' }, { fingerprint: 'aaaaaaaaaaaaaaaa' }),
    ]);

    const answers = [await post(stage.url, payload), await post(stage.url, payload)];

    expect(answers.map(({ status, body }) => [status, JSON.parse(body)])).toEqual([
      [200, { accepted: 1, repeated: 0, ignored: 1, withoutChannel: 0 }],
      [200, { accepted: 0, repeated: 1, ignored: 1, withoutChannel: 0 }],
    ]);
    expect(stage.metrics).toMatchObject({
      counts: {
        'alert_payloads_total accepted': 2,
        'alerts_received_total changed': 1,
        'alerts_received_total ignored': 2,
        'alerts_received_total repeated': 1,
      },
      observed: 2,
    });
  });

  it.each([
    ['broken JSON', '{"version": "4", "alerts": [', 'it is not JSON'],
    ['nothing', '', 'it is not JSON'],
    ['binary', '\u0000\u0001\ufffd', 'it is not JSON'],
    [
      'another version',
      JSON.stringify(wirePayload([], { version: '5' })),
      'it has version "5", not "4" of the webhook of Alertmanager',
    ],
    [
      'hostile text as the version',
      JSON.stringify(wirePayload([], { version: '\u001b[2J<!channel>\u202e' })),
      String.raw`it has version "<!channel>\u{202e}", not "4" of the webhook of Alertmanager`,
    ],
    ['a list of no alerts', '{"version":"4","alerts":[1,null,[]]}', 'none of the 3 entries of its list is an alert'],
    ['deep nesting', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, expect.stringContaining('a custom payload')],
  ])('refuses %s, says why and logs it', async (_what, body, reason) => {
    stage = await startStage();

    const answer = await post(stage.url, body);

    expect([answer.status, answer.body.replace('the payload is not accepted: ', '').trim()]).toEqual([400, reason]);
    expect(stage.logger.lines).toEqual([
      { level: 'warn', message: 'a payload of alerts was refused', fields: { sender: 'prometheus', reason } },
    ]);
    expect(stage.metrics.counts).toEqual({ 'alert_payloads_total refused': 1 });
  });

  it('asks for the same again while the store fails, and takes it then', async () => {
    stage = await startStage();
    stage.intake.failure = unavailable();
    const failed = await post(stage.url, PAYLOAD);
    stage.intake.failure = undefined;

    const again = await post(stage.url, PAYLOAD);

    expect(failed).toEqual({ status: 503, body: 'the alerts could not be stored\n', retryAfter: '10' });
    expect([again.status, again.body]).toEqual([200, ONE_ACCEPTED]);
  });

  it('asks for the same again when Kubewhy itself fails, and says nothing of how', async () => {
    stage = await startStage();
    stage.intake.failure = new TypeError('secret detail');

    const answer = await post(stage.url, PAYLOAD);

    expect([answer.status, answer.body]).toEqual([503, 'the alerts could not be stored\n']);
    expect(stage.logger.lines.map(({ level, message }) => [level, message])).toEqual([
      ['error', 'a payload of alerts could not be taken'],
    ]);
  });

  it('takes no other method and no compressed body', async () => {
    stage = await startStage();

    const got = await fetch(stage.url);
    const packed = await post(stage.url, PAYLOAD, { 'content-encoding': 'gzip' });
    const plain = await post(stage.url, PAYLOAD, { 'content-encoding': 'identity', 'content-type': 'text/plain' });

    expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST']);
    expect([packed.status, plain.status]).toEqual([415, 200]);
  });

  it('is not there where no alerts are taken', async () => {
    stage = await startStage();
    const server = await startInternalServer({
      port: 0,
      host: '127.0.0.1',
      readiness: async () => [],
      metrics: async () => ({ type: 'text/plain', body: '' }),
    });

    const answer = await post(`http://127.0.0.1:${server.port}/alerts`, PAYLOAD);
    await server.close();

    expect([answer.status, answer.body]).toEqual([404, 'this process takes no alerts; send them to a gateway\n']);
  });

  it('goes on when senders go away before the end', async () => {
    stage = await startStage();
    const socket = open(stage.port);
    const beginning = `POST /alerts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Length: 900\r\n\r\n{"v`;
    socket.write(beginning, () => socket.destroy());

    await vi.waitFor(() => expect(stage.metrics.counts).toEqual({ 'alert_payloads_total aborted': 1 }));
    const answer = await post(stage.url, PAYLOAD);

    expect([answer.status, stage.intake.alerts.length]).toEqual([200, 1]);
  });
});

describe('many at once', () => {
  it('wait in order instead of being refused', async () => {
    stage = await startStage({ atOnce: 2 });

    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        post(stage.url, wirePayload([wireAlert(LABELS, { fingerprint: `f${index}` })])),
      ),
    );

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(stage.intake.alerts.length).toBe(60);
  });

  it('wait for each other when they are large, and let small ones pass', async () => {
    stage = await startStage({ largeBytes: 1000, largeAtOnce: 1 });
    const { promise, resolve } = Promise.withResolvers<void>();
    const payload = (name: string, spaces: number): string =>
      `${' '.repeat(spaces)}${JSON.stringify(wirePayload([wireAlert(LABELS, { fingerprint: name })]))}`;
    stage.intake.gate = promise;
    const large = ['large-1', 'large-2'].map((name) => post(stage.url, payload(name, 2000)));
    await vi.waitFor(() => expect(stage.intake.calls).toBe(1));
    const small = post(stage.url, payload('small', 0));
    await vi.waitFor(() => expect(stage.intake.calls).toBe(2));
    resolve();

    const all = await Promise.all([...large, small]);

    expect(all.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(stage.intake.alerts.map(({ mapped }) => mapped.alert.fingerprint).at(-1)).toMatch(/^large/);
  });

  it('are told to come again when too many wait', async () => {
    stage = await startStage({ atOnce: 1, waiting: 1 });
    const { promise, resolve } = Promise.withResolvers<void>();
    stage.intake.gate = promise;
    const answers = Array.from({ length: 3 }, () => post(stage.url, PAYLOAD));
    const busy = await Promise.race(answers);
    resolve();

    const all = await Promise.all(answers);

    expect(busy).toEqual({ status: 503, body: 'too many payloads at once\n', retryAfter: '10' });
    expect(all.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 200, 503]);
    expect(stage.metrics.counts).toMatchObject({ 'alert_payloads_total busy': 1, 'alert_payloads_total accepted': 2 });
  });
});
