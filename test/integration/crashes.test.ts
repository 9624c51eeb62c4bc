import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { type BotProcess, startBotProcess } from './bot-process.ts';
import { type BotWorld, openBotWorld } from './bot-world.ts';

const QUESTION = 'why deploy/blog-api -n shop';
const TEST_MS = 120_000;

let world: BotWorld;
const processes: BotProcess[] = [];

afterEach(async () => {
  await Promise.all(processes.splice(0).map((bot) => bot.kill()));
  const problems = world.slack.problems();
  await world.close();
  expect(problems).toEqual([]);
});

async function start(role: 'all' | 'gateway' | 'diagnoser'): Promise<BotProcess> {
  const bot = await startBotProcess(world, role);
  processes.push(bot);
  return bot;
}

/** The id of a question that was accepted. */
async function ask(channel: string): Promise<string | undefined> {
  const { body } = await world.slack.drivers.command({ text: QUESTION, channel });
  return /run `(q-[a-z2-7]+)`/.exec(body)?.[1];
}

/** How many messages each question has, by its key. */
function answersByKey(): ReadonlyMap<unknown, number> {
  const counts = new Map<unknown, number>();
  for (const { metadata } of world.slack.sent()) {
    const key = metadata?.event_payload['key'];
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function isAnswered(id: string): boolean {
  return world.slack
    .sent()
    .some(({ metadata, text }) => metadata?.event_payload['key'] === id && text.includes('blog-api-appsettings'));
}

describe('a process that dies', () => {
  it(
    'at any moment loses no accepted question and answers none twice',
    async () => {
      world = await openBotWorld();
      const { ops, shopAlerts } = world.slack.channels;
      const accepted: string[] = [];
      // Each round dies a little later in its work.
      for (const milliseconds of [0, 20, 45, 80, 140, 400]) {
        const bot = await startBotProcess(world, 'all');
        const asked = [ask(ops.id), ask(shopAlerts.id)];
        await pause(milliseconds);
        await bot.kill();
        accepted.push(...(await Promise.all(asked)).filter((id) => id !== undefined));
      }

      await start('all');
      await world.slack.waitFor(() => accepted.every(isAnswered), 90_000);

      expect(accepted.length).toBeGreaterThan(0);
      expect(accepted.map((id) => answersByKey().get(id))).toEqual(accepted.map(() => 1));
    },
    TEST_MS,
  );

  it(
    'while it diagnoses is replaced by another diagnoser',
    async () => {
      world = await openBotWorld();
      await start('gateway');
      const first = await start('diagnoser');
      world.cluster.faults.add({ path: '*/deployments/*', times: 1, effect: { kind: 'hang' } });
      const id = (await ask(world.slack.channels.ops.id)) ?? '';
      await pause(500);

      await first.kill();
      await start('diagnoser');
      await world.slack.waitFor(() => isAnswered(id), 60_000);

      expect(answersByKey().get(id)).toBe(1);
    },
    TEST_MS,
  );

  it(
    'is told apart from one that was frozen and wakes up: still one answer',
    async () => {
      world = await openBotWorld();
      await start('gateway');
      const first = await start('diagnoser');
      world.cluster.faults.add({ path: '*/deployments/*', times: 1, effect: { kind: 'delay', ms: 1000 } });
      const id = (await ask(world.slack.channels.ops.id)) ?? '';
      await pause(300);
      first.freeze();
      await start('diagnoser');
      await world.slack.waitFor(() => isAnswered(id), 60_000);
      const before = world.slack.sent().length;

      first.thaw();
      await pause(3000);

      expect(world.slack.sent()).toHaveLength(before);
      expect(answersByKey().get(id)).toBe(1);
    },
    TEST_MS,
  );

  it(
    'in order lets end what runs',
    async () => {
      world = await openBotWorld();
      const bot = await start('all');
      world.cluster.faults.add({ path: '*/deployments/*', times: 1, effect: { kind: 'delay', ms: 700 } });
      const id = (await ask(world.slack.channels.ops.id)) ?? '';

      const code = await bot.end();

      expect(code).toBe(0);
      expect(isAnswered(id)).toBe(true);
    },
    TEST_MS,
  );
});
