import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Bot } from '../../../src/ports/bot.ts';
import { createBot } from '../../../src/usecases/bot/create-bot.ts';
import { act, type BotStage, openBotStage, SETTINGS } from './bot-stage.ts';

let stage: BotStage;
let bot: Bot;

beforeAll(async () => {
  stage = await openBotStage();
  bot = createBot(stage.deps);
});

beforeEach(() => stage.reset());
afterAll(() => stage.close());

describe.each([
  ['a guest', { guest: true }],
  ['a deactivated account', { deactivated: true }],
  ['somebody of another workspace', { foreign: true }],
])('%s is told the name of no cluster and no namespace', (_name, person) => {
  beforeEach(() => {
    stage.world.person = person;
  });

  it('by the help', async () => {
    expect(await bot.ask(act(), 'help')).toEqual({
      kind: 'help',
      help: { command: '/k8s', botName: 'kubewhy', version: '1.2.3', clusters: [], namespaces: [] },
    });
  });

  it('by a question about a cluster that does not exist', async () => {
    const reply = await bot.ask(act(), 'why web-0 -c nope');

    expect(reply).toMatchObject({ kind: 'refused' });
    expect(JSON.stringify(reply)).not.toMatch(/prod|staging|shop|team/);
  });

  it('by a question that must name its cluster', async () => {
    const { defaultCluster: _, ...settings } = SETTINGS;
    stage.world.settings = settings;

    const reply = await bot.ask(act(), 'why web-0');

    expect(reply).toMatchObject({ kind: 'refused' });
    expect(JSON.stringify(reply)).not.toMatch(/prod|staging/);
  });

  it('by the home', async () => {
    const home = await bot.home('T1', 'UALICE');

    expect([home.clusters, home.help.clusters, home.help.namespaces]).toEqual([[], [], []]);
  });
});

it('names only the clusters that may be asked about here', async () => {
  const rules = [{ channels: ['COPS'], clusters: ['staging'], namespaces: ['shop'] }];
  stage.world.settings = { ...SETTINGS, reading: { ...SETTINGS.reading, rules } };

  const help = await bot.ask(act(), 'help');
  const unknown = await bot.ask(act(), 'why web-0 -c prd');

  expect(help).toMatchObject({ help: { clusters: ['staging'], namespaces: ['shop'] } });
  expect(help).not.toHaveProperty('help.defaultCluster');
  expect(unknown).toMatchObject({ help: { problem: { message: 'There is no cluster "prd"; there is staging.' } } });
});

it('shows on a home the namespaces of rules for direct messages and for that person, not those of channels', async () => {
  const rules = [
    { channels: ['CSECRET'], namespaces: ['payments'] },
    { channels: ['COPS'], users: ['UALICE'], namespaces: ['shop'] },
    { channels: ['COPS'], users: ['UBOB'], namespaces: ['bobs'] },
    { channels: ['direct'], namespaces: ['team-*'] },
  ];
  stage.world.settings = { ...SETTINGS, reading: { ...SETTINGS.reading, rules } };

  const home = await bot.home('T1', 'UALICE');

  expect(home.help.namespaces).toEqual(['shop', 'team-*']);
});
