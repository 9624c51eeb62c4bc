import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../src/sim/slack/faults.ts';
import { ask, askAndWait, CAUSE, menuChoice, messagesOf, placeOf, toldAlone, untilSent } from './bot-talk.ts';
import { type BotWorld, openBotWorld } from './bot-world.ts';

const TEST_MS = 60_000;

let world: BotWorld;

beforeEach(async () => {
  world = await openBotWorld();
  await world.start();
});

afterEach(async () => {
  world.slack.faults.release();
  const problems = world.slack.problems();
  await world.close();
  expect(problems).toEqual([]);
});

describe('a channel that does not take the answer', () => {
  it.each(['not_in_channel', 'is_archived', 'channel_not_found'])(
    'sends it to the asker with %s, where it stays, and the next question is answered',
    async (error) => {
      world.slack.faults.add({ method: 'chat.postMessage', fault: { kind: 'error', error } });

      const refused = await ask(world);
      const direct = await world.slack.waitFor(() => messagesOf(world, refused)[0], 20_000);
      await world.slack.drivers.action({ place: placeOf(direct), actionId: 'case.recheck' });
      await world.slack.waitFor(() => versionOf(direct.ts) === 29, 20_000);
      await askAndWait(world);

      const said = world.logger.lines.filter(({ message }) => message === 'delivery detour');
      expect(said.map(({ fields }) => fields)).toMatchObject([{ key: refused, reason: error }]);
      expect(messagesOf(world, refused)).toMatchObject([
        { ts: direct.ts, channel: expect.stringMatching(/^D/), text: expect.stringContaining(CAUSE) },
      ]);
      expect(JSON.stringify(messagesOf(world, refused))).toContain('Sent only to you');
    },
    TEST_MS,
  );
});

describe('a card', () => {
  it(
    'that somebody has deleted is posted anew when it is checked again',
    async () => {
      const first = await askAndWait(world);

      const clicked = world.slack.drivers.action({ place: placeOf(first), actionId: 'case.recheck' });
      await deleteMessage(first);
      await clicked;
      const second = await world.slack.waitFor(
        () => world.slack.sent().find(({ ts, text }) => ts !== first.ts && text.includes(CAUSE)),
        20_000,
      );
      await world.slack.drivers.action({ place: placeOf(second), actionId: 'case.recheck' });
      await world.slack.waitFor(() => versionOf(second.ts) === 39, 20_000);

      expect(world.slack.sent()).toHaveLength(2);
    },
    TEST_MS,
  );

  it.each<[string, Fault]>([
    ['breaks the connection before it takes the edit', { kind: 'reset-before-accept' }],
    ['breaks the connection after it has taken the edit', { kind: 'drop-after-accept' }],
    ['answers an edit with an error page', { kind: 'http-error', status: 500 }],
    ['says that an edit failed halfway', { kind: 'error', error: 'internal_error' }],
  ])(
    'shows its newest version when Slack %s',
    async (_name, fault) => {
      const answer = await askAndWait(world);
      world.slack.faults.add({ method: 'chat.update', fault });

      await world.slack.drivers.action({ place: placeOf(answer), actionId: 'case.recheck' });
      await world.slack.waitFor(() => versionOf(answer.ts) === 29, 20_000);
      await untilSent(world);

      expect(world.slack.sent()).toMatchObject([{ ts: answer.ts, text: expect.stringContaining(CAUSE) }]);
    },
    TEST_MS,
  );

  it.each([
    ['a table', ['table'], 'section'],
    ['any block', ['section', 'table'], undefined],
  ] as const)(
    'falls to a plainer layout when Slack refuses %s, and stays with it',
    async (_name, types, kept) => {
      world.slack.faults.add({
        method: '*',
        fault: { kind: 'invalid-blocks', types },
        times: Number.POSITIVE_INFINITY,
      });

      const first = await askAndWait(world);
      const calls = world.slack.calls('chat.postMessage').length;
      const second = await askAndWait(world);

      for (const message of [first, second]) {
        const blocks = message.blocks.map(({ type }) => type);
        expect(blocks).not.toContain('table');
        expect(blocks[0]).toBe(kept);
        expect(message.text).toContain(CAUSE);
      }
      expect(world.slack.calls('chat.postMessage')).toHaveLength(calls + 1);
    },
    TEST_MS,
  );
});

describe('a person who asks while Slack is in trouble', () => {
  it.each<[string, Fault]>([
    ['hangs', { kind: 'hang' }],
    ['fails', { kind: 'http-error', status: 500 }],
    ['is asked too often', { kind: 'rate-limited', retryAfter: 2 }],
    ['breaks the connection', { kind: 'reset-before-accept' }],
  ])(
    'is told that Slack does not say who they are when users.info %s, and may ask again',
    async (_name, fault) => {
      world.slack.faults.add({ method: 'users.info', fault });

      const refused = await world.slack.drivers.command({ text: 'why deploy/blog-api -n shop' });
      await world.slack.waitFor(() => toldAlone(world).find((text) => text.includes('who you are')), 10_000);
      await askAndWait(world);

      expect(refused.milliseconds).toBeLessThan(3000);
      expect(world.slack.sent()).toHaveLength(1);
    },
    TEST_MS,
  );

  it(
    'is told when the window for a wrong diagnosis opens too late',
    async () => {
      const answer = await askAndWait(world);
      const value = menuChoice(answer, 'wrong');
      world.slack.faults.expireTriggers();

      await world.slack.drivers.action({
        place: placeOf(answer),
        actionId: 'case.more',
        chosen: { selected_option: { value } },
      });
      const told = await world.slack.waitFor(
        () => toldAlone(world).find((text) => text.includes('three seconds')),
        10_000,
      );

      expect(told).toContain('Choose it again');
      expect(world.slack.views()).toEqual([]);
    },
    TEST_MS,
  );
});

/** What somebody with the right to it does in Slack. */
async function deleteMessage({ channel, ts }: { readonly channel: string; readonly ts: string }): Promise<void> {
  const { slack } = world;
  await fetch(`${slack.apiUrl}chat.delete`, {
    method: 'POST',
    headers: { authorization: `Bearer ${slack.botToken}` },
    body: new URLSearchParams({ channel, ts }),
  });
}

function versionOf(ts: string): unknown {
  const message = world.slack.sent().find((sent) => sent.ts === ts);
  return message?.metadata?.event_payload['version'];
}
