import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunningBot } from '../../src/app/bot/start-bot.ts';
import type { MessageRecord } from '../../src/sim/slack/store/records.ts';
import { type BotWorld, openBotWorld } from './bot-world.ts';

const QUESTION = 'why deploy/blog-api -n shop';
const CAUSE = 'ConfigMap blog-api-appsettings changed under its subPath mount';

/** The version of a card that shows the answer of the second run. */
const SECOND_ANSWER = 29;

let world: BotWorld;

afterEach(async () => {
  const problems = world.slack.problems();
  await world.close();
  expect(problems).toEqual([]);
});

/** The messages of the bot in a channel. */
function answers(channel = world.slack.channels.ops.id): readonly MessageRecord[] {
  return world.slack.messages(channel).filter(({ user }) => user === world.slack.app.botUserId);
}

async function answer(number = 1, channel = world.slack.channels.ops.id): Promise<MessageRecord> {
  const found = await world.slack.waitFor(() => answers(channel)[number - 1], 15_000);
  return found;
}

/** The version of a card, from the metadata that every message carries. */
function versionOf(message: MessageRecord | undefined): unknown {
  return message?.metadata?.event_payload['version'];
}

function place({ channel, ts }: MessageRecord) {
  return { channel, ts };
}

describe.each(['socket', 'http'] as const)('a bot over %s', (mode) => {
  let bot: RunningBot;

  beforeEach(async () => {
    world = await openBotWorld({ mode });
    bot = await world.start();
  });

  it('says at once what it looks at, and then the cause in one message', async () => {
    const { slack } = world;

    const acknowledged = await slack.drivers.command({ text: QUESTION });
    const message = await answer();

    expect(acknowledged.body).toContain('Looking at `Deployment shop/blog-api` in prod');
    expect(message.text).toContain(CAUSE);
    expect(answers()).toHaveLength(1);
    expect((await bot.readiness()).filter(({ ok }) => !ok)).toEqual([]);
  });

  it('answers the same command once, however often it is delivered', async () => {
    await world.slack.drivers.command({ text: QUESTION, times: 4, concurrently: true });
    await answer();

    await world.slack.drivers.command({ text: 'why deploy/blog-api -n shop' });
    await answer(2);

    expect(answers()).toHaveLength(2);
  });

  it('checks again in the same message', async () => {
    const { slack } = world;
    await slack.drivers.command({ text: QUESTION });
    const message = await answer();

    await slack.drivers.action({ place: place(message), actionId: 'case.recheck' });
    await slack.waitFor(() => versionOf(answers()[0]) === SECOND_ANSWER, 15_000);

    expect(answers()).toHaveLength(1);
    expect(answers()[0]?.text).toContain(CAUSE);
  });

  it('puts all evidence into the thread as a file', async () => {
    const { slack } = world;
    await slack.drivers.command({ text: QUESTION });
    const message = await answer();

    await slack.drivers.action({ place: place(message), actionId: 'case.evidence' });
    const file = await slack.waitFor(() => slack.files().find(({ messageTs }) => messageTs !== undefined), 15_000);

    expect(file.content.toString()).toContain('blog-api-appsettings');
    expect(slack.replies(message.channel, message.ts)).toHaveLength(1);
  });

  it('answers a mention in its thread', async () => {
    const { slack } = world;
    const { dm: _, ops } = slack.channels;

    await slack.drivers.mention({ text: QUESTION });
    const reply = await slack.waitFor(
      () => slack.messages(ops.id).find(({ threadTs, user }) => threadTs !== undefined && user === slack.app.botUserId),
      15_000,
    );

    expect(reply.text).toContain(CAUSE);
  });

  it('answers what is written to it directly', async () => {
    const { slack } = world;

    await slack.drivers.direct({ text: QUESTION });
    const message = await answer(1, slack.channels.dm.id);

    expect(message.text).toContain(CAUSE);
    expect(message.threadTs).toBeUndefined();
    expect(answers(slack.channels.dm.id)).toHaveLength(1);
  });

  it('shows help and the clusters on its home', async () => {
    const { slack } = world;

    await slack.drivers.openHome();
    const home = await slack.waitFor(() => slack.homes()[0], 15_000);

    expect(JSON.stringify(home.blocks)).toContain('prod');
  });
});

describe('a bot', () => {
  it('tells at once that Redis is gone, and answers again when it is back', async () => {
    world = await openBotWorld();
    await world.start();
    await world.redis.kill();

    const down = await world.slack.drivers.command({ text: QUESTION });
    await world.redis.start();
    await expect
      .poll(async () => (await world.slack.drivers.command({ text: QUESTION })).body, {
        timeout: 15_000,
        interval: 300,
      })
      .toContain('Looking at');
    const message = await answer();

    expect(down.body).toContain('nothing was started');
    expect(down.milliseconds).toBeLessThan(3000);
    expect(message.text).toContain(CAUSE);
  });

  it('asks which one was meant', async () => {
    world = await openBotWorld();
    await world.start();
    const { slack } = world;

    await slack.drivers.command({ text: 'why blog-appi -n shop' });
    const message = await answer();
    const button = JSON.stringify(message.blocks).match(/"action_id":"(ask\.suggested[^"]*)"/)?.[1] ?? '';
    await slack.drivers.action({ place: place(message), actionId: button });

    const second = await answer(2);
    expect(message.text).toContain('There is no pod or workload');
    expect(second.text).toContain('blog-api');
  });

  it('works in two gateways and two diagnosers at once without doing anything twice', async () => {
    world = await openBotWorld();
    await world.start({ role: 'gateway' });
    await world.start({ role: 'gateway' });
    await world.start({ role: 'diagnoser' });
    await world.start({ role: 'diagnoser' });
    const { ops, shopAlerts } = world.slack.channels;
    const channels = [ops.id, shopAlerts.id];

    await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        world.slack.drivers.command({
          text: QUESTION,
          channel: channels[index % 2] ?? '',
          times: 2,
          concurrently: true,
        }),
      ),
    );
    await Promise.all(channels.map((channel) => answer(4, channel)));

    expect(channels.map((channel) => answers(channel).length)).toEqual([4, 4]);
  });

  it('refuses to start without what it needs, all of it at once', async () => {
    world = await openBotWorld();
    const { parseServiceConfig } = await import('../../src/config/service-config.ts');

    const start = world.start({ service: parseServiceConfig({ REDIS_URL: world.redis.url }, () => '') });

    await expect(start).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/SLACK_BOT_TOKEN[\s\S]*SLACK_APP_TOKEN/),
    });
  });
});
