import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AlertStage } from '../../../src/cli/try/alert-stage.ts';
import type { WebhookTarget } from '../../../src/cli/try/post-webhook.ts';

const ALERTS = Array.from({ length: 120 }, (_, index) => ({
  labels: { alertname: 'KubePodNotReady', namespace: 'shop', pod: `web-${index}` },
  annotations: {},
  startsAt: '2026-01-02T03:04:05.000Z',
}));

interface Taken {
  readonly token: string | undefined;
  readonly status: string;
  readonly alerts: number;
}

interface FakeBot {
  readonly target: WebhookTarget;
  readonly taken: readonly Taken[];
}

/** Takes alerts; the first requests are answered with these. */
async function fakeBot(statuses: number[] = []): Promise<FakeBot> {
  const taken: Taken[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    request.on('end', () => {
      const { status, alerts } = JSON.parse(text) as { status: string; alerts: unknown[] };
      taken.push({ token: request.headers.authorization, status, alerts: alerts.length });
      response.writeHead(statuses.shift() ?? 200).end('it says why');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { target: { url: `http://127.0.0.1:${port}/alerts`, token: 'secret' }, taken };
}

function stageOf(): AlertStage {
  const scene = { id: 'storm', label: 'Storm', alerts: async () => ALERTS, overMs: 0 };
  const stage = new AlertStage({ scenes: [scene], channel: 'C1' });
  onTestFinished(() => stage.close());
  return stage;
}

/** Begins an offer and waits for its end; returns what was said meanwhile. */
async function played(stage: AlertStage, offer: string): Promise<readonly string[]> {
  const said: string[] = [];
  await new Promise<void>((resolve) => {
    const stop = stage.listen(() => {
      const { offers, progress } = stage.shown();
      said.push(progress?.text ?? '');
      if (offers.some(({ enabled }) => enabled)) {
        stop();
        resolve();
      }
    });
    expect(stage.play(offer)).toEqual({ ok: true });
  });
  return said;
}

function enabled(stage: AlertStage): readonly string[] {
  return stage.shown().offers.flatMap((offer) => (offer.enabled ? [offer.id] : []));
}

describe('the stage of alerts', () => {
  it('offers nothing before there is somebody who takes alerts', () => {
    const stage = stageOf();

    const answer = stage.play('storm');

    expect({ answer, shown: stage.shown() }).toEqual({
      answer: { ok: false, error: 'This cannot be chosen now.' },
      shown: {
        title: 'Send alerts',
        hint: 'as Alertmanager would; they show in',
        channel: 'C1',
        offers: [
          { id: 'storm', label: 'Storm', enabled: false },
          { id: 'resolve', label: 'Resolve them', enabled: false },
        ],
      },
    });
  });

  it('sends them in groups with the token, and says how far it is', async () => {
    const [stage, { target, taken }] = [stageOf(), await fakeBot()];
    stage.open(target);

    const said = await played(stage, 'storm');

    const one = { token: 'Bearer secret', status: 'firing' };
    expect({ taken, said: [...new Set(said)], enabled: enabled(stage) }).toEqual({
      taken: [50, 50, 20].map((alerts) => ({ ...one, alerts })),
      said: [
        '',
        'Sending: 0 of 120 alerts',
        'Sending: 50 of 120 alerts',
        'Sending: 100 of 120 alerts',
        '120 alerts were sent.',
      ],
      enabled: ['storm', 'resolve'],
    });
  });

  it('repeats what fires, and resolves it once', async () => {
    const [stage, { target, taken }] = [stageOf(), await fakeBot()];
    stage.open(target);
    await played(stage, 'storm');

    const again = await played(stage, 'storm');
    const resolved = await played(stage, 'resolve');

    expect({
      again: again.at(-1),
      resolved: resolved.at(-1),
      statuses: taken.map(({ status }) => status),
      enabled: enabled(stage),
    }).toEqual({
      again: '120 alerts were sent again: the bot knew them, so nothing changes.',
      resolved: '120 alerts were resolved.',
      statuses: [...Array<string>(6).fill('firing'), ...Array<string>(3).fill('resolved')],
      enabled: ['storm'],
    });
  });

  it('sends again what could not be taken', async () => {
    const [stage, { target, taken }] = [stageOf(), await fakeBot([503])];
    stage.open(target);

    const said = await played(stage, 'storm');

    expect({ last: said.at(-1), sent: taken.map(({ alerts }) => alerts) }).toEqual({
      last: '120 alerts were sent.',
      sent: [50, 50, 50, 20],
    });
  });

  it('says why nothing is taken, and can be tried again', async () => {
    const [stage, { target }] = [stageOf(), await fakeBot([401])];
    stage.open(target);

    await played(stage, 'storm');

    expect({ progress: stage.shown().progress, enabled: enabled(stage) }).toEqual({
      progress: {
        text: 'Sending ended early: the bot answers with 401: it says why',
        done: 0,
        total: 120,
        failed: true,
      },
      enabled: ['storm', 'resolve'],
    });
  });
});
