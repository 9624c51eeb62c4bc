import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Output } from '../../src/cli/output.ts';
import { runCommandLine } from '../../src/cli/run.ts';
import { parseConfig } from '../../src/config/config.ts';
import { KubewhyError } from '../../src/core/errors/kubewhy-error.ts';
import { type AlertsStage, startStage, TOKEN } from '../adapters/http/alerts-stage.ts';
import { wireAlert, wirePayload } from '../core/triage/payloads.ts';

const folder = mkdtempSync(join(tmpdir(), 'kubewhy-send-'));
const PAYLOAD = fileOf('payload.json', wirePayload([wireAlert({ alertname: 'KubePodNotReady', namespace: 'shop' })]));
let stage: AlertsStage;
let other: Server | undefined;

beforeEach(async () => {
  vi.stubEnv('KUBEWHY_ALERT_TOKEN', TOKEN);
  stage = await startStage();
});

afterEach(async () => {
  vi.unstubAllEnvs();
  other?.close();
  other?.closeAllConnections();
  await stage.close();
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function fileOf(name: string, content: object | string): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

async function send(...args: readonly string[]) {
  const out: string[] = [];
  const notes: string[] = [];
  const output: Output = {
    width: 200,
    noteWidth: Number.POSITIVE_INFINITY,
    terminal: false,
    print: (text) => void out.push(text),
    note: (text) => void notes.push(text),
    waiting: (_text, task) => task(),
  };
  const code = await runCommandLine(['alert', ...args], {
    output,
    readConfig: () => parseConfig({}),
    loadPlaybooks: async () => [],
  });
  return { code, out: out.join('\n'), note: notes.join('\n').split('\n')[0] ?? '' };
}

/** Somebody else who answers at an address. */
async function answering(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  other = server;
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('kubewhy alert --send', () => {
  it('gives the payload to the bot, and says what became of it', async () => {
    const path = fileOf(
      'several.json',
      wirePayload([
        wireAlert({ alertname: 'KubePodNotReady', namespace: 'shop' }),
        wireAlert({ alertname: 'KubePodNotReady', namespace: 'shop' }, { fingerprint: 'b' }),
        wireAlert({ alertname: 'Watchdog' }, { fingerprint: 'c' }),
      ]),
    );

    const first = await send(path, '--send', stage.url);
    const again = await send(PAYLOAD, '--send', stage.url);

    expect([first, again]).toEqual([
      { code: 0, out: 'the bot has taken 3 alerts: 2 said something new, 1 is ignored by the settings', note: '' },
      { code: 0, out: 'the bot has taken 1 alert: 1 was known already', note: '' },
    ]);
  });

  it('says it as data', async () => {
    const { code, out } = await send(PAYLOAD, '--send', stage.url, '-o', 'json');

    expect([code, JSON.parse(out)]).toEqual([0, { accepted: 1, repeated: 0, ignored: 0, withoutChannel: 0 }]);
  });

  it('finds the way when the address has no path', async () => {
    const { code } = await send(PAYLOAD, '--send', `http://127.0.0.1:${stage.port}`);

    expect([code, stage.intake.alerts.length]).toEqual([0, 1]);
  });

  it('sends all of a payload, however long it is', async () => {
    const alert = wireAlert({ alertname: 'KubePodNotReady' }, { annotations: { summary: 'x'.repeat(12_000_000) } });
    const path = fileOf('long.json', wirePayload([wireAlert({ alertname: 'KubePodNotReady' }), alert]));

    const { code } = await send(path, '--send', stage.url);

    expect([code, stage.intake.alerts.map(({ notes }) => notes.length)]).toEqual([0, [1]]);
  });

  it('names a payload that the bot refuses', async () => {
    const { code, note } = await send(fileOf('broken.json', '{"version"'), '--send', stage.url);

    expect([code, note]).toEqual([
      3,
      `kubewhy: 127.0.0.1:${stage.port} refuses it: the payload is not accepted: it is not JSON.`,
    ]);
  });

  it('names a token that the bot does not accept, also while it still sends', async () => {
    vi.stubEnv('KUBEWHY_ALERT_TOKEN', 'some-other-token-of-mine');
    const path = fileOf('large.json', `{"x":"${'x'.repeat(40_000_000)}"}`);

    const answers = [await send(PAYLOAD, '--send', stage.url), await send(path, '--send', stage.url)];

    const note = `kubewhy: 127.0.0.1:${stage.port} does not accept KUBEWHY_ALERT_TOKEN.`;
    expect(answers).toEqual([
      { code: 3, out: '', note },
      { code: 3, out: '', note },
    ]);
  });

  it('needs a token, which may be in a file', async () => {
    vi.stubEnv('KUBEWHY_ALERT_TOKEN', '');
    const without = await send(PAYLOAD, '--send', stage.url);
    vi.stubEnv('KUBEWHY_ALERT_TOKEN_FILE', fileOf('token', `${TOKEN}\n`));
    const inFile = await send(PAYLOAD, '--send', stage.url);

    expect([without.code, without.note, inFile.code]).toEqual([
      3,
      'kubewhy: KUBEWHY_ALERT_TOKEN is not set: the bot takes alerts only with a token.',
      0,
    ]);
  });

  it('says that the bot cannot store it now', async () => {
    stage.intake.failure = new KubewhyError('STORE_UNAVAILABLE', { message: 'Redis does not answer.' });

    const { code, note } = await send(PAYLOAD, '--send', stage.url);

    expect([code, note]).toEqual([
      4,
      `kubewhy: 127.0.0.1:${stage.port} takes no alerts at the moment: the alerts could not be stored.`,
    ]);
  });

  it('says that nobody is there', async () => {
    await stage.close();

    const { code, note } = await send(PAYLOAD, '--send', stage.url);

    expect([code, note]).toEqual([4, `kubewhy: 127.0.0.1:${stage.port} cannot be reached (ECONNREFUSED).`]);
  });

  it('follows no redirect, so that the token goes nowhere else', async () => {
    const asked: (string | undefined)[] = [];
    const address = await answering((request, response) => {
      asked.push(request.url);
      response.writeHead(307, { location: stage.url }).end();
    });

    const { code, note } = await send(PAYLOAD, '--send', address);

    expect([code, note, asked]).toEqual([
      4,
      `kubewhy: ${address.slice(7)} answers with a redirect (307), which is not followed.`,
      ['/alerts'],
    ]);
    expect(stage.intake.calls).toBe(0);
  });

  it.each([
    [200, '<html>hello</html>', 'What answers at HOST/alerts is not Kubewhy.'],
    [404, `not\u001b[2J found\n${'x'.repeat(10_000)}`, `HOST answers with 404: not found ${'x'.repeat(489)}….`],
    [503, '', 'HOST takes no alerts at the moment: it says nothing more.'],
  ])('says what somebody else answers: %i', async (status, body, says) => {
    const address = await answering((_request, response) => {
      response.writeHead(status).end(body);
    });

    const { code, note } = await send(PAYLOAD, '--send', address);

    expect([code, note]).toEqual([4, `kubewhy: ${says.replace('HOST', address.slice(7))}`]);
  });

  it.each([
    ['ftp://127.0.0.1/alerts', '"ftp://127.0.0.1/alerts" is no address such as http://127.0.0.1:9464/alerts.'],
    ['127.0.0.1:9464', '"127.0.0.1:9464" is no address such as http://127.0.0.1:9464/alerts.'],
    ['file:///etc/passwd', '"file:///etc/passwd" is no address such as http://127.0.0.1:9464/alerts.'],
    ['http://me:secret@127.0.0.1/', 'The address must hold no user and password; the token is in KUBEWHY_ALERT_TOKEN.'],
  ])('refuses the address %s', async (address, says) => {
    const { code, note } = await send(PAYLOAD, '--send', address);

    expect([code, note]).toEqual([3, `kubewhy: ${says}`]);
  });

  it('refuses a file that is not there, and options that say how to read it here', async () => {
    const missing = await send(join(folder, 'missing.json'), '--send', stage.url);
    const explained = await send(PAYLOAD, '--send', stage.url, '--explain');

    expect([missing.code, missing.note]).toEqual([3, expect.stringContaining('cannot be read (ENOENT).')]);
    expect([explained.code, explained.note]).toEqual([
      3,
      'kubewhy: --send and --explain cannot be used together: the bot reads it by its own settings.',
    ]);
    expect(stage.intake.calls).toBe(0);
  });
});
