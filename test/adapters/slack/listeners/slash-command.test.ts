import type { App } from '@slack/bolt';
import { beforeEach, expect, it } from 'vitest';
import type { ListenerDeps } from '../../../../src/adapters/slack/listeners/listener-deps.ts';
import { listenToCommand } from '../../../../src/adapters/slack/listeners/slash-command.ts';
import type { AskReply } from '../../../../src/ports/bot.ts';
import { FakeChat } from '../../../fakes/fake-chat.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';
import { FakeOutbox } from '../../../fakes/fake-outbox.ts';
import { RecordingLogger } from '../../../fakes/recording-logger.ts';
import { asked, FakeBot, SpyMetrics } from '../fakes.ts';

type Handler = (delivery: {
  readonly body: object;
  readonly ack: (response: object) => Promise<void>;
}) => Promise<void>;

let bot: FakeBot;
let metrics: SpyMetrics;
let logger: RecordingLogger;
let responses: unknown[];
let handle: Handler;

beforeEach(() => {
  bot = new FakeBot();
  metrics = new SpyMetrics();
  logger = new RecordingLogger();
  responses = [];
  const deps: ListenerDeps = {
    bot,
    metrics,
    logger,
    outbox: new FakeOutbox(new FakeClock()),
    chat: new FakeChat(),
    client: { call: async () => ({ kind: 'ok', body: {} }) },
    postResponse: async (_, payload) => {
      responses.push(payload['text']);
      return { kind: 'ok', body: 'ok' };
    },
    identity: { team: 'T1', botId: 'B1', botUser: 'UBOT', botName: 'kubewhy' },
    command: '/k8s',
  };
  const app = { command: (_: RegExp, handler: Handler) => (handle = handler) };
  listenToCommand(app as unknown as App, deps);
});

/** One arrival of the command; returns the text of its acknowledgement. */
async function deliver(trigger: string, ack: () => Promise<void> = async () => undefined): Promise<unknown> {
  let said: unknown;
  const body = {
    command: '/k8s',
    text: 'why web-0',
    trigger_id: trigger,
    user_id: 'U1',
    channel_id: 'C1',
    response_url: 'https://hooks.slack.com/commands/x',
  };
  await handle({
    body,
    ack: async (response) => {
      said = 'text' in response ? response.text : '';
      await ack();
    },
  });
  return said;
}

it('acknowledges a command that comes again in the words of the first, whichever is ready first', async () => {
  const reply = Promise.withResolvers<AskReply>();
  bot.askReply = () => reply.promise;

  const both = Promise.all([deliver('t1'), deliver('t1')]);
  reply.resolve(asked({ delivery: 't1', team: 'T1', user: 'U1', channel: 'C1' }));
  const [first, second] = await both;
  const third = await deliver('t1');

  expect(first).toEqual(expect.stringContaining('Looking at'));
  expect([second, third]).toEqual([first, first]);
  expect(bot.calls).toHaveLength(1);
  expect(metrics.counts).toEqual(['duplicates_total kind=command', 'duplicates_total kind=command']);
});

it('says the rest once when both have waited too long', async () => {
  const reply = Promise.withResolvers<AskReply>();
  bot.askReply = () => reply.promise;

  const acknowledged = [deliver('t1'), deliver('t1')];
  const second = await acknowledged[1];
  reply.resolve({ kind: 'refused', reason: 'Not here.' });
  const first = await acknowledged[0];

  expect([first, second]).toEqual([expect.stringContaining('Still on it'), expect.stringContaining('Still on it')]);
  expect(responses).toEqual([expect.stringContaining('Not here.')]);
});

it('leaves the response_url to the first when the acknowledgement of the second is lost', async () => {
  await deliver('t1');
  await deliver('t1', () => Promise.reject(new Error('gone')));

  expect(responses).toEqual([]);
  expect(logger.lines).toMatchObject([{ level: 'warn', message: expect.stringContaining('repeated command') }]);
});
