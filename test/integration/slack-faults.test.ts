import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../src/sim/slack/faults.ts';
import { ask, askAndWait, CAUSE, isAnswered, messagesOf, placeOf, untilSent } from './bot-talk.ts';
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

function answered(id: string): Promise<true> {
  return world.slack.waitFor(() => isAnswered(world, id) || undefined, 40_000);
}

describe('an answer that Slack does not take at once', () => {
  it.each<[string, Fault]>([
    ['hangs after it has taken it', { kind: 'hang', accepted: true }],
    ['breaks the connection before it takes it', { kind: 'reset-before-accept' }],
    ['breaks the connection after it has taken it', { kind: 'drop-after-accept' }],
    ['answers with an error page', { kind: 'http-error', status: 500 }],
    ['answers with a gateway time-out', { kind: 'http-error', status: 504 }],
    ['says that it failed halfway', { kind: 'error', error: 'internal_error' }],
    ['is not available', { kind: 'error', error: 'service_unavailable' }],
  ])(
    'is posted once when Slack %s',
    async (_name, fault) => {
      world.slack.faults.add({ method: 'chat.postMessage', fault });

      const id = await ask(world);
      await answered(id);
      await untilSent(world);

      expect(world.slack.calls('chat.postMessage')[0]?.fault).toBe(fault.kind);
      expect(messagesOf(world, id)).toHaveLength(1);
      expect(world.slack.sent()).toHaveLength(1);
    },
    TEST_MS,
  );

  it.each(['chat.postMessage', 'chat.update'] as const)(
    'waits as long as Slack says when %s comes too often',
    async (method) => {
      const first = await askAndWait(world);
      world.slack.faults.add({ method, fault: { kind: 'rate-limited', retryAfter: 2 } });

      if (method === 'chat.update') {
        await world.slack.drivers.action({ place: placeOf(first), actionId: 'case.recheck' });
      } else {
        await ask(world);
      }
      const calls = await world.slack.waitFor(() => {
        const made = world.slack.calls(method);
        const refused = made.findIndex(({ fault }) => fault !== undefined);
        return refused >= 0 && made.length > refused + 1 ? made.slice(refused) : undefined;
      }, 20_000);

      await untilSent(world);

      const [refused, next] = calls;
      expect((next?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(2000);
      expect(world.slack.sent().filter(({ text }) => !text.includes(CAUSE))).toEqual([]);
    },
    TEST_MS,
  );

  it(
    'lets answers to other channels through while one hangs',
    async () => {
      const { ops, shopAlerts } = world.slack.channels;
      world.slack.faults.add({
        method: 'chat.postMessage',
        fault: { kind: 'hang' },
        when: ({ args }) => args['channel'] === ops.id,
      });

      const stuck = await ask(world, ops.id);
      const other = await ask(world, shopAlerts.id);
      await answered(other);

      expect(isAnswered(world, stuck)).toBe(false);
      await answered(stuck);
      await untilSent(world);
      expect(messagesOf(world, stuck)).toHaveLength(1);
    },
    TEST_MS,
  );
});
