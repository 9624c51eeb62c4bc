import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { blankDiagnosis } from '../../../src/core/diagnosis/diagnosis.ts';
import type { Bot } from '../../../src/ports/bot.ts';
import { createBot } from '../../../src/usecases/bot/create-bot.ts';
import { act, type BotStage, NOW, openBotStage, SETTINGS } from './bot-stage.ts';

let stage: BotStage;
let bot: Bot;

beforeAll(async () => {
  stage = await openBotStage();
  bot = createBot(stage.deps);
});

beforeEach(() => stage.reset());
afterAll(() => stage.close());

async function answeredQuestion(): Promise<string> {
  const reply = await bot.ask(act(), 'why web-0');
  const id = reply.kind === 'asked' ? reply.question.id : '';
  const subject = { kind: 'Pod', namespace: 'shop', name: 'web-0', uid: 'u1' } as const;
  const diagnosis = blankDiagnosis(subject, NOW.toISOString(), 'Running');
  const counts = { tookMs: 20, requests: 4, playbooks: 'abcdef123456' };
  await stage.deps.questions.finish(id, 1, { kind: 'answered', diagnosis, ...counts });
  return id;
}

it('keeps what somebody typed when it is sent once more after a failure, and keeps it once', async () => {
  const id = await answeredQuestion();
  // The window stays open with its text and sends itself under the same name.
  const submission = act();
  stage.world.slackDown = true;
  const failed = await bot.giveFeedback(submission, id, 'it was the node');
  stage.world.slackDown = false;

  const again = await bot.giveFeedback(submission, id, 'it was the node');
  const redelivered = await bot.giveFeedback(submission, id, 'it was the node');

  expect([failed.kind, again.kind, redelivered.kind]).toEqual(['unavailable', 'done', 'done']);
  expect(await stage.deps.questions.feedback()).toMatchObject([{ text: 'it was the node' }]);
});

it('checks again with what both the first asker and the clicker may see', async () => {
  const id = await answeredQuestion();
  const { reading } = SETTINGS;
  const rules = [
    { channels: ['COPS'], users: ['UALICE'], namespaces: ['shop', 'team-*'] },
    { channels: ['COPS'], users: ['UBOB'], namespaces: ['shop', 'team-a', 'payments'] },
  ];
  stage.world.settings = { ...SETTINGS, reading: { ...reading, rules } };

  const reply = await bot.checkAgain(act({ user: 'UBOB' }), id);

  expect(reply).toEqual({ kind: 'done' });
  const record = await stage.deps.questions.read(id);
  expect(record).toMatchObject({ run: 2, question: { readable: ['shop', 'team-a'], asker: { user: 'UALICE' } } });
});

it('does not check again in a cluster that is no longer served', async () => {
  const id = await answeredQuestion();
  stage.world.settings = { ...SETTINGS, clusters: ['staging'] };

  const reply = await bot.checkAgain(act(), id);

  expect(reply).toEqual({
    kind: 'refused',
    reason: 'Kubewhy does not serve the cluster "prod" any more, so this answer cannot be renewed.',
  });
  expect(await stage.deps.questions.read(id)).toMatchObject({ run: 1, answeredRun: 1 });
});

it.each([
  [true, true, 'asked'],
  [true, false, 'refused'],
  [undefined, false, 'asked'],
])('what is written by a bot (%s) while bots may ask (%s) is %s', async (byBot, botsMayAsk, kind) => {
  stage.world.settings = { ...SETTINGS, reading: { ...SETTINGS.reading, botsMayAsk } };

  const reply = await bot.ask(act(byBot === undefined ? {} : { byBot }), 'why web-0');

  expect(reply.kind).toBe(kind);
});
