import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createBot } from '../../../src/usecases/bot/create-bot.ts';
import { act, type BotStage, openBotStage, SETTINGS } from './bot-stage.ts';

let stage: BotStage;

beforeAll(async () => {
  stage = await openBotStage();
});

beforeEach(async () => {
  await stage.reset();
  const rules = [{ channels: ['direct'], namespaces: ['shop'] }];
  stage.world.settings = { ...SETTINGS, reading: { ...SETTINGS.reading, rules } };
});
afterAll(() => stage.close());

it('answers in a direct conversation of two people through the command, since the bot cannot post there', async () => {
  stage.world.place = { kind: 'direct', member: false };
  const responseUrl = 'https://hooks.slack.com/x';

  const reply = await createBot(stage.deps).ask(act({ channel: 'DCOLLEAGUE', responseUrl }), 'why web-0');

  expect(reply).toMatchObject({ kind: 'asked', privately: true, question: { replyTo: { responseUrl } } });
});

it('posts in a direct conversation with the bot', async () => {
  stage.world.place = { kind: 'direct', member: true };
  const responseUrl = 'https://hooks.slack.com/x';

  const reply = await createBot(stage.deps).ask(act({ channel: 'DBOT', responseUrl }), 'why web-0');

  expect(reply).toMatchObject({ kind: 'asked', privately: false });
  expect(reply).not.toHaveProperty('question.replyTo.responseUrl');
});
