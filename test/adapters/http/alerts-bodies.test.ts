import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { wireAlert, wirePayload } from '../../core/triage/payloads.ts';
import { type AlertsStage, post, startStage, TOKEN } from './alerts-stage.ts';

const MIB = 1024 * 1024;
const CUT = 'the end of the payload was not read: it was longer than 8 MiB, or too slow to come';
const LABELS = { alertname: 'KubePodCrashLooping', namespace: 'shop', pod: 'web-0' };
let stage: AlertsStage | undefined;

afterEach(async () => {
  await stage?.close();
  stage = undefined;
});

/** The beginning of a payload: one whole alert and the comma behind it. */
const BEGINNING = `{"version":"4","groupKey":"k","alerts":[${JSON.stringify(wireAlert(LABELS))},`;

/** Posts parts of a body as they come, and returns the answer, also one that comes before the end. */
async function postParts(url: string, parts: Iterable<string> | AsyncIterable<string>) {
  const outgoing = request(url, { method: 'POST', headers: { authorization: `Bearer ${TOKEN}` } });
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  outgoing.on('response', (incoming) => {
    void text(incoming).then((body) => resolve({ status: incoming.statusCode ?? 0, body }));
  });
  outgoing.on('error', reject);
  Readable.from(parts).pipe(outgoing);
  return promise;
}

function* flood(mebibytes: number): Generator<string> {
  yield BEGINNING;
  const part = `{"labels":{"alertname":"x"},"annotations":{"summary":"${'a'.repeat(MIB)}"},"status":"firing"},`;
  for (let sent = 0; sent < mebibytes; sent += 1) {
    yield part;
  }
}

describe('a body that is too long', () => {
  it('is read to its end in bounded memory, and its beginning is taken', async () => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'alerts-process.ts')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const url = String((await lines.next()).value);
    // Payloads of that size grow the heap for good, until garbage is collected often enough.
    await postParts(url, flood(9));
    await postParts(url, flood(9));
    await postParts(url, flood(9));
    child.stdin.write('measure\n');
    await lines.next();

    const answer = await postParts(url, flood(300));
    child.stdin.end('report\n');
    const { grownMib, notes, alerts } = JSON.parse(String((await lines.next()).value));
    child.kill();
    await once(child, 'exit');

    expect([answer.status, notes]).toEqual([200, [CUT]]);
    expect(alerts).toBeGreaterThan(1);
    expect(grownMib).toBeLessThan(64);
  });

  it('is not read without end', async () => {
    stage = await startStage({ readBytes: 20 * MIB });

    const answer = await postParts(stage.url, flood(4000));

    expect([answer.status, stage.intake.alerts[0]?.notes]).toEqual([200, [CUT, expect.stringContaining('shortened')]]);
  });

  it('may end within a character', async () => {
    const beginning = Buffer.byteLength(BEGINNING);
    stage = await startStage({ keptBytes: beginning + 1 });

    const answer = await postParts(stage.url, [`${BEGINNING}€€€`]);

    expect([answer.status, stage.intake.alerts.length]).toEqual([200, 1]);
  });
});

describe('a body that is too slow', () => {
  async function* trickle(beginning: string): AsyncGenerator<string> {
    yield beginning;
    for (;;) {
      await sleep(20);
      yield ' ';
    }
  }

  it('is cut, and what was there is taken', async () => {
    stage = await startStage({ readMs: 200 });

    const answer = await postParts(stage.url, trickle(BEGINNING));

    expect([answer.status, stage.intake.alerts.map(({ notes }) => notes)]).toEqual([200, [[CUT]]]);
  });

  it('is asked for again when not one alert was there', async () => {
    stage = await startStage({ readMs: 200 });

    const answer = await postParts(stage.url, trickle('{"version":"4","alerts":['));

    expect(answer).toEqual({ status: 503, body: 'the body did not come in time\n' });
  });

  it('keeps nobody else waiting for longer', async () => {
    stage = await startStage({ readMs: 300, atOnce: 1 });
    const slow = postParts(stage.url, trickle('{'));

    const quick = await post(stage.url, wirePayload([wireAlert(LABELS)]));

    expect([quick.status, (await slow).status]).toEqual([200, 503]);
  });

  it('that announces one and sends none is answered', async () => {
    stage = await startStage({ readMs: 200 });
    const socket = connect(stage.port, '127.0.0.1');
    socket.write(`POST /alerts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Length: 9\r\n\r\n`);

    expect(await text(socket)).toMatch(/^HTTP\/1\.1 503 /);
  });
});

describe('a body that asks before it is sent', () => {
  it('is told to come', async () => {
    stage = await startStage();
    const socket = connect(stage.port, '127.0.0.1');
    const body = JSON.stringify(wirePayload([wireAlert(LABELS)]));
    socket.write(
      `POST /alerts HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${TOKEN}\r\nExpect: 100-continue\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    const [first] = await once(socket, 'data');
    socket.write(body);

    expect(String(first)).toMatch(/^HTTP\/1\.1 100 /);
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 .*"accepted":1/s);
  });
});

describe('a body full of what nobody expects', () => {
  it('is taken with everything bounded', async () => {
    stage = await startStage();
    const labels = {
      ...LABELS,
      hostile: '\u0000\u001b[2J<!channel> \u202e https://evil.example/',
      long: 'x'.repeat(MIB),
      ...Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`label_${index}`, 'v'])),
    };
    const alert = JSON.stringify(wireAlert(labels, { annotations: { summary: 'y'.repeat(MIB) } }));
    const withPrototype = alert.replace('"labels":{', '"__proto__":{"status":"resolved"},"labels":{"__proto__":"x",');

    const answer = await post(stage.url, `{"version":"4","alerts":[${withPrototype}]}`);

    const [stored] = stage.intake.alerts;
    const kept = stored?.mapped.alert;
    expect(answer.status).toBe(200);
    expect(stored?.mapped).toMatchObject({
      target: { kind: 'object', object: { kind: 'Pod', namespace: 'shop', name: 'web-0' } },
      alert: { status: 'firing' },
      trail: [],
    });
    expect(Object.keys(kept?.labels ?? {}).length).toBe(40);
    expect(JSON.stringify(stored).length).toBeLessThan(5000);
    expect(stored?.notes).toEqual([
      '2 labels or annotations were too long and shortened',
      '406 labels or annotations were not usable and dropped',
    ]);
  });

  it('is taken to the ten thousandth alert', async () => {
    stage = await startStage();
    const alerts = Array.from({ length: 10_003 }, (_, index) => wireAlert(LABELS, { fingerprint: `f${index}` }));

    const answer = await post(stage.url, wirePayload(alerts, { truncatedAlerts: 7 }));

    expect([answer.status, JSON.parse(answer.body).accepted]).toEqual([200, 10_000]);
    expect(stage.intake.alerts[0]?.notes).toEqual([
      '7 alerts were left out by the sender',
      '3 alerts were left out: one payload may hold 10,000',
    ]);
    expect(stage.intake.alerts.slice(1).flatMap(({ notes }) => notes)).toEqual([]);
  });
});
