import { afterEach, describe, expect, it } from 'vitest';
import type { Delivery } from '../../src/sim/slack/delivery/delivery-types.ts';
import { acceptedId, askAndWait, command, messagesOf, toldAlone, untilSent } from './bot-talk.ts';
import { type BotWorld, openBotWorld } from './bot-world.ts';

const TEST_MS = 60_000;

const COMMANDS: readonly string[] = [
  '',
  '   \n\t ',
  'why',
  'why ""',
  'why "blog-api',
  "why 'deploy/blog-api' -n 'shop",
  'why \u201cdeploy/blog-api\u201d \u2014namespace shop',
  'why 🔥🔥🔥 -n 🚀',
  'why web\u0000\u0007\u001b[31m-0 -n shop',
  'why \u202eipa-golb\u202c -n shop',
  'why שלום-מתים -n shop',
  'why \u200b\u200d\ufeff',
  `why ${'a'.repeat(4000)}`,
  `why ${'🔥'.repeat(2000)}`,
  `why ${'-n shop '.repeat(500)}`,
  'why <!channel> <!here> <!everyone>',
  'why <@U0BOB0001> -n shop',
  'why <#C0OPS0001|ops>',
  'why <https://evil.example|click> -n <https://evil.example>',
  'why <mailto:bob@acme.example|bob@acme.example>',
  'why https://evil.example/pod/web-0',
  'why `web-0` -n `shop`',
  'why ```web-0``` *bold* _it_ ~no~',
  'why web-0\n-n shop\nwhy web-1',
  'why &lt;!channel&gt; &amp;amp;',
  'why --help',
  'why -n',
  'why -n -n -n',
  'why --namespace=shop --namespace=other web-0 --cluster=<!channel>',
  'why web-0 -c <!channel>',
  'why web-0 -c prod; rm -rf /',
  'why web-0 --all-namespaces -o yaml',
  'why -x --yes --force=<!here>',
  `why ${Array.from({ length: 60 }, (_, index) => `--o${index}=<!channel>`).join(' ')}`,
  'why ../../secrets/token -n kube-system',
  'why pod/web-0/../../secrets -n shop%2f..',
  'why {"a":1} $(id) ${HOME} %s %n',
  'why __proto__/constructor -n toString',
  'delete pod web-0 <!channel>',
  'wyh <!channel> -n shop',
  'HELP <!here>',
];

let world: BotWorld;

afterEach(async () => {
  const problems = world.slack.problems();
  await world.close();
  expect(problems).toEqual([]);
});

async function start(mode: 'socket' | 'http'): Promise<void> {
  world = await openBotWorld({
    mode,
    slack: { rateLimits: 'off', allowed: { mentions: ['U0ALICE01'] } },
  });
  await world.start();
}

describe.each(['socket', 'http'] as const)('over %s', (mode) => {
  it(
    'every command is acknowledged with words in time, and what it asks is answered',
    async () => {
      await start(mode);

      const deliveries: Delivery[] = [];
      for (const text of COMMANDS) {
        deliveries.push(await command(world, { text }));
      }
      const accepted = deliveries.map(acceptedId).filter((id) => id !== undefined);
      await world.slack.waitFor(() => accepted.every((id) => messagesOf(world, id).length > 0) || undefined, 50_000);
      await untilSent(world);

      const unanswered = deliveries.filter(({ outcome, body }) => outcome !== 'answered' || body === '');
      expect(unanswered.map(({ payload }) => payload['text'])).toEqual([]);
      expect(deliveries.filter(({ milliseconds }) => milliseconds >= 3000)).toEqual([]);
      expect(accepted.map((id) => messagesOf(world, id).length)).toEqual(accepted.map(() => 1));
      expect(accepted.length).toBeGreaterThan(0);
      expect(world.slack.sent()).toHaveLength(accepted.length);
      expect(world.logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
    },
    TEST_MS,
  );
});

it(
  'every mention is answered in its thread or to its author alone',
  async () => {
    await start('socket');

    for (const text of COMMANDS) {
      const told = toldAlone(world).length + world.slack.sent().length;
      await world.slack.drivers.mention({ text });
      await world.slack.waitFor(() => toldAlone(world).length + world.slack.sent().length > told, 20_000);
    }
    await untilSent(world);

    expect(world.slack.sent().filter(({ threadTs }) => threadTs === undefined)).toEqual([]);
    expect(world.logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
  },
  TEST_MS,
);

it(
  'every message is understood or not by the shortcut, and the bot goes on',
  async () => {
    await start('socket');
    const { ops } = world.slack.channels;

    for (const text of COMMANDS.filter((text) => text.trim() !== '')) {
      const told = toldAlone(world).length + world.slack.sent().length;
      const ts = world.slack.drivers.say({ text: text.slice(0, 3900) });
      await world.slack.drivers.shortcut({ callbackId: 'kubewhy_why', channel: ops.id, ts });
      await world.slack.waitFor(() => toldAlone(world).length + world.slack.sent().length > told, 20_000);
    }
    await askAndWait(world);

    expect(world.logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
  },
  TEST_MS,
);
