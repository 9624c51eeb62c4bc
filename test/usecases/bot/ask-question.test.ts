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

it('counts a question that is delivered again once, also when nothing more may be asked', async () => {
  stage.world.place = { kind: 'direct', member: true };
  stage.world.settings = { ...stage.world.settings, questionsPerUserPerMinute: 2 };
  const bot = createBot(stage.deps);
  const first = act({ channel: 'DBOT' });

  const replies = [
    await bot.ask(first, 'why web-0'),
    await bot.ask(first, 'why web-0'),
    await bot.ask(first, 'why web-0'),
    await bot.ask(act({ channel: 'DBOT' }), 'why web-1'),
    await bot.ask(act({ channel: 'DBOT' }), 'why web-2'),
    await bot.ask(first, 'why web-0'),
  ];

  expect(replies.map(({ kind }) => kind)).toEqual(['asked', 'duplicate', 'duplicate', 'asked', 'refused', 'duplicate']);
});

it('posts in a direct conversation with the bot', async () => {
  stage.world.place = { kind: 'direct', member: true };
  const responseUrl = 'https://hooks.slack.com/x';

  const reply = await createBot(stage.deps).ask(act({ channel: 'DBOT', responseUrl }), 'why web-0');

  expect(reply).toMatchObject({ kind: 'asked', privately: false });
  expect(reply).not.toHaveProperty('question.replyTo.responseUrl');
});

it('lets those ask about a namespace who may ask about what is in it, and nobody else', async () => {
  stage.world.place = { kind: 'direct', member: true };
  const bot = createBot(stage.deps);

  const replies = [
    await bot.ask(act({ channel: 'DBOT' }), 'why ns/shop'),
    await bot.ask(act({ channel: 'DBOT' }), 'why namespace payments'),
    await bot.ask(act({ channel: 'DBOT' }), 'why -n shop ns/payments'),
    await bot.ask(act({ channel: 'DBOT' }), 'why node/worker-1'),
  ];

  expect(replies.map(({ kind }) => kind)).toEqual(['asked', 'refused', 'refused', 'refused']);
  expect(replies[0]).toMatchObject({ question: { subject: { kind: 'Namespace', namespace: '', name: 'shop' } } });
});
