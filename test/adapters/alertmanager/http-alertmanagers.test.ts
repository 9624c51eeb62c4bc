import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { httpAlertmanagers } from '../../../src/adapters/alertmanager/http-alertmanagers.ts';
import { probeAlertmanager } from '../../../src/adapters/alertmanager/probe-alertmanager.ts';
import { parseMatchers, type SilenceDraft, type SilenceMatcher } from '../../../src/core/triage/silence.ts';
import { startAlertmanager, type TestAlertmanager } from '../../alertmanager/start-alertmanager.ts';

const MATCHERS: readonly SilenceMatcher[] = [
  { name: 'alertname', value: 'A|B', isRegex: true, isEqual: true },
  { name: 'namespace', value: 'shop', isRegex: false, isEqual: true },
  { name: 'pod', value: 'q"\\\n€', isRegex: false, isEqual: false },
];
let marks = 0;

function draft(changes: Partial<SilenceDraft> = {}): SilenceDraft {
  marks += 1;
  return {
    matchers: MATCHERS,
    startsAt: new Date(Date.now() - 600_000).toISOString(),
    endsAt: new Date(Date.now() + 3_600_000).toISOString(),
    createdBy: 'Alice (UALICE)',
    comment: `rollout (mark ${marks})`,
    ...changes,
  };
}

describe('against the real Alertmanager', () => {
  let server: TestAlertmanager;
  beforeAll(async () => {
    server = await startAlertmanager();
  });
  afterAll(() => server.stop());

  async function silences(): Promise<readonly Record<string, unknown>[]> {
    const response = await fetch(`${server.url}/api/v2/silences`);
    // Its own words, read by nobody else.
    return (await response.json()) as readonly Record<string, unknown>[];
  }

  function open(timeoutMs?: number) {
    return httpAlertmanagers(() => [{ name: 'main', url: `${server.url}/` }], timeoutMs);
  }

  it('makes a silence that holds at once, and makes it once', async () => {
    const wanted = draft();

    const first = await open().silence('main', wanted);
    const again = await open().silence('main', wanted);

    expect(first).toEqual({ kind: 'made', id: expect.stringMatching(/^[\w-]{36}$/), ended: false });
    expect(again).toEqual(first);
    const same = (await silences()).filter(({ comment }) => comment === wanted.comment);
    expect(same).toEqual([
      expect.objectContaining({
        status: { state: 'active' },
        createdBy: 'Alice (UALICE)',
        endsAt: wanted.endsAt,
        matchers: expect.arrayContaining([...MATCHERS]),
      }),
    ]);
  });

  it('ends it, and does so again without complaint', async () => {
    const wanted = draft();
    const made = await open().silence('main', wanted);
    const id = made.kind === 'made' ? made.id : '';

    const ended = [await open().endSilence('main', id), await open().endSilence('main', id)];
    const again = await open().silence('main', wanted);

    expect(ended).toEqual([{ kind: 'ended' }, { kind: 'ended' }]);
    expect(again).toEqual({ kind: 'made', id, ended: true });
  });

  it('tells a silence that it does not know', async () => {
    const ended = await open().endSilence('main', '6f9bd5a6-8d1c-4a1a-9d57-111111111111');

    expect(ended).toEqual({ kind: 'gone' });
  });

  it('passes on why it refuses', async () => {
    const refused = await open().silence('main', draft({ endsAt: new Date(Date.now() - 300_000).toISOString() }));
    const unclear = await open().endSilence('main', 'nonsense');

    expect(refused).toMatchObject({ kind: 'refused', reason: expect.stringMatching(/past.* \(HTTP 400\)$/) });
    expect(unclear).toMatchObject({ kind: 'refused', reason: expect.stringContaining('must be of type uuid') });
  });

  it.each([
    ['a="x"', 'taken', 'taken'],
    ['a!~".*"', 'taken', 'taken'],
    ['a=""', 'refused', 'refused'],
    ['a=~".*"', 'refused', 'refused'],
    ['a=~"x|"', 'refused', 'refused'],
    // These fit nearly every alert, which Alertmanager does not mind.
    ['a=~".+"', 'refused', 'taken'],
    ['a!=""', 'refused', 'taken'],
    ['a!~"x|"', 'refused', 'taken'],
    ['a!="x"', 'refused', 'taken'],
    ['a!~"x"', 'refused', 'taken'],
  ])('of %s: %s by our rules, %s by it', async (text, ours, its) => {
    const [, name = '', operator = '', value = ''] = /^(\w+)([=!~]+)"(.*)"$/.exec(text) ?? [];
    const matcher = { name, value, isRegex: operator.endsWith('~'), isEqual: operator.startsWith('=') };

    const real = await open().silence('main', draft({ matchers: [matcher] }));

    expect([parseMatchers(text).kind === 'valid', real.kind === 'made']).toEqual([ours === 'taken', its === 'taken']);
  });

  it('does not answer: nothing was sent, and it says so', async () => {
    server.freeze();

    const made = await open(200).silence('main', draft());
    const probed = await probeAlertmanager({ name: 'main', url: server.url }, 200);

    server.thaw();
    expect(made).toEqual({ kind: 'unavailable', reason: 'no answer in time' });
    expect(probed).toEqual({ kind: 'unreachable', name: 'main', reason: 'no answer in time' });
  });

  it('says which version it is', async () => {
    const probed = await probeAlertmanager({ name: 'main', url: server.url });

    expect(probed).toEqual({ kind: 'answered', name: 'main', version: expect.stringMatching(/^\d+\.\d+/) });
  });
});

type Handle = (request: IncomingMessage, response: ServerResponse, body: string) => void;
const servers: Server[] = [];

/** Something that answers in place of an Alertmanager. */
async function serve(handle: Handle): Promise<string> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => handle(request, response, Buffer.concat(chunks).toString()));
  });
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

describe('against something that answers otherwise', () => {
  it('looks for a silence of which nothing was heard after it was sent', async () => {
    const kept: unknown[] = [];
    const url = await serve((request, response, body) => {
      if (request.method === 'GET') {
        json(response, kept);
      } else {
        // It was taken, and the answer is lost.
        kept.push({ ...JSON.parse(body), id: 'kept-1', status: { state: 'active' } });
        request.socket.destroy();
      }
    });

    const made = await httpAlertmanagers(() => [{ name: 'main', url }]).silence('main', draft());

    expect(made).toEqual({ kind: 'made', id: 'kept-1', ended: false });
    expect(kept).toHaveLength(1);
  });

  it('is not sure when it cannot be found', async () => {
    const url = await serve((request, response) => {
      if (request.method === 'GET') {
        json(response, []);
      }
    });

    const made = await httpAlertmanagers(() => [{ name: 'main', url }], 200).silence('main', draft());

    expect(made).toEqual({ kind: 'uncertain', reason: 'no answer in time' });
  });

  it('sends the token, below the path of the settings, and nothing to where a redirect leads', async () => {
    const asked: string[] = [];
    const url = await serve((request, response) => {
      asked.push(`${request.url?.split('?')[0]} ${request.headers.authorization}`);
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    const servers = [{ name: 'main', url: `${url}/am/?x=1#y`, token: 'secret' }];

    const made = await httpAlertmanagers(() => servers).silence('main', draft());

    expect(made).toEqual({ kind: 'refused', reason: 'it answers with a redirect (302), which is not followed' });
    expect(asked).toEqual(['/am/api/v2/silences Bearer secret']);
  });

  it.each<[string, Handle, object]>([
    [
      'a refusal in hostile words',
      (_request, response) => json(response, '\u202eno\u0007 <!channel>', 403),
      { kind: 'refused', reason: String.raw`\u{202e}no\u{7} <!channel> (HTTP 403)` },
    ],
    [
      'the page of a proxy',
      (_request, response) => response.writeHead(502).end('<html>bad gateway</html>'),
      { kind: 'unavailable', reason: 'HTTP 502' },
    ],
    [
      'something else',
      (_request, response) => response.end('hello'),
      { kind: 'refused', reason: 'what answers there is no Alertmanager' },
    ],
    [
      'too much',
      (_request, response) => response.end('x'.repeat(5 * 1024 * 1024)),
      { kind: 'unavailable', reason: 'the answer is longer than 4 MiB' },
    ],
  ])('takes %s for what it is', async (_what, handle, expected) => {
    const url = await serve(handle);

    expect(await httpAlertmanagers(() => [{ name: 'main', url }]).silence('main', draft())).toEqual(expected);
  });

  it('is unavailable when nothing listens', async () => {
    const url = await serve(() => undefined);
    servers.splice(0).map((server) => server.close());

    const made = await httpAlertmanagers(() => [{ name: 'main', url }]).silence('main', draft());
    const probed = await probeAlertmanager({ name: 'main', url });

    expect(made).toEqual({ kind: 'unavailable', reason: 'ECONNREFUSED' });
    expect(probed).toEqual({ kind: 'unreachable', name: 'main', reason: 'ECONNREFUSED' });
  });

  it('probes what is no Alertmanager', async () => {
    const url = await serve((_request, response) => json(response, { status: 'ok' }));

    expect(await probeAlertmanager({ name: 'main', url })).toMatchObject({ kind: 'refused', name: 'main' });
  });
});

it('knows which ones send the alerts of a cluster, as the settings say now', async () => {
  let servers = [
    { name: 'eu', url: 'http://x', clusters: ['prod'] },
    { name: 'all', url: 'http://x' },
  ];
  const alertmanagers = httpAlertmanagers(() => servers);
  const before = ['prod', 'stage', ''].map((cluster) => alertmanagers.namesFor(cluster));
  servers = [];

  const after = [alertmanagers.namesFor('prod'), await alertmanagers.endSilence('eu', 'x')];

  expect(before).toEqual([['eu', 'all'], ['all'], ['eu', 'all']]);
  expect(after).toEqual([[], { kind: 'refused', reason: 'it is not in the settings any more' }]);
});
