import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import {
  acceptedId,
  acceptedIds,
  ask,
  askAndWait,
  command,
  isAnswered,
  messagesOf,
  placeOf,
  QUESTION,
  toldAlone,
  untilSent,
} from './bot-talk.ts';
import { type BotWorld, openBotWorld } from './bot-world.ts';

const TEST_MS = 60_000;

let world: BotWorld;

afterEach(async () => {
  const problems = world.slack.problems();
  await world.close();
  expect(problems).toEqual([]);
});

async function start(mode: 'socket' | 'http'): Promise<void> {
  world = await openBotWorld({ mode });
  await world.start();
}

describe.each(['socket', 'http'] as const)('over %s', (mode) => {
  it(
    'the same command five times at once is one question',
    async () => {
      await start(mode);

      const asked = await world.slack.drivers.command({ text: QUESTION, times: 5, concurrently: true });
      // Any of the five may be the one that is told; the stand-in shows the first.
      const ids = () => [...new Set([...asked.answers.flatMap((one) => acceptedId(one) ?? []), ...acceptedIds(world)])];
      await world.slack.waitFor(() => isAnswered(world, ids()[0]) || undefined, 20_000);
      await untilSent(world);

      expect(ids()).toHaveLength(1);
      expect(asked.answers.map(({ outcome }) => outcome)).toEqual(asked.answers.map(() => 'answered'));
      expect(world.slack.sent()).toHaveLength(1);
    },
    TEST_MS,
  );

  it(
    'the same mention and the same clicks several times are done once',
    async () => {
      await start(mode);
      const often = { times: 5, concurrently: true };

      await world.slack.drivers.mention({ text: QUESTION, ...often });
      const answer = await world.slack.waitFor(() => world.slack.sent()[0], 20_000);
      await world.slack.drivers.action({ place: placeOf(answer), actionId: 'case.recheck', ...often });
      await world.slack.waitFor(() => world.slack.sent()[0]?.metadata?.event_payload['version'] === 29, 20_000);
      await world.slack.drivers.action({ place: placeOf(answer), actionId: 'case.evidence', ...often });
      await world.slack.waitFor(() => world.slack.files().find(({ messageTs }) => messageTs !== undefined), 20_000);
      await untilSent(world);

      expect(world.slack.files()).toHaveLength(1);
      expect(world.slack.sent().filter(({ files }) => files.length === 0)).toHaveLength(1);
    },
    TEST_MS,
  );

  it(
    'a button of an older version says so',
    async () => {
      await start(mode);
      const answer = await askAndWait(world);

      for (const actionId of ['case.silence', 'case.recheck', 'case.more', 'ask.suggested:0']) {
        const told = toldAlone(world).length;
        const unlisted = { type: 'button', value: 'c_01J8ZK4:v7' };
        await world.slack.drivers.action({ place: placeOf(answer), actionId, unlisted });
        const said = await world.slack.waitFor(() => toldAlone(world)[told], 10_000);

        expect(said).toMatch(/older version|too old/);
      }
      expect(world.slack.sent()).toHaveLength(1);
    },
    TEST_MS,
  );
});

describe('Socket Mode', () => {
  it.each(['refreshSockets', 'dropSockets', 'freezeSockets'] as const)(
    'loses no accepted question when Slack plays %s in the middle of it',
    async (fault) => {
      await start('socket');
      world.cluster.faults.add({ path: '*/deployments/*', times: 1, effect: { kind: 'delay', ms: 800 } });
      const first = await ask(world);

      world.slack.faults[fault]();
      await world.slack.waitFor(() => isAnswered(world, first) || undefined, 20_000);
      await world.slack.waitFor(() => world.slack.socketConnections() >= 2 || undefined, 30_000);
      const second = await untilAccepted();
      await world.slack.waitFor(() => isAnswered(world, second) || undefined, 20_000);
      await untilSent(world);

      expect([messagesOf(world, first).length, messagesOf(world, second).length]).toEqual([1, 1]);
    },
    TEST_MS,
  );

  it(
    'renewed again and again answers every question that it has acknowledged',
    async () => {
      await start('socket');
      const { ops, shopAlerts } = world.slack.channels;
      const asked = [];
      for (let round = 0; round < 4; round += 1) {
        asked.push(world.slack.drivers.command({ text: QUESTION, channel: round % 2 === 0 ? ops.id : shopAlerts.id }));
        world.slack.faults[round % 2 === 0 ? 'refreshSockets' : 'dropSockets']();
        await pause(700);
      }
      await Promise.all(asked);
      // Where an acknowledgement was lost with its connection, the same is said through the response_url, some time later.
      const allAnswered = (): boolean => acceptedIds(world).every((id) => isAnswered(world, id));
      await world.slack.waitFor(() => allAnswered() && world.slack.sent().length === acceptedIds(world).length, 30_000);
      await pause(1000);
      await untilSent(world);

      const accepted = acceptedIds(world);
      expect(accepted.length).toBeGreaterThan(0);
      expect(world.slack.sent()).toHaveLength(accepted.length);
      expect(accepted.map((id) => messagesOf(world, id).length)).toEqual(accepted.map(() => 1));
    },
    TEST_MS,
  );
});

describe('signed HTTP', () => {
  it(
    'does nothing for what is replayed, from another time, or not signed',
    async () => {
      await start('http');

      const statuses = [];
      for (const signature of ['bad', 'missing', 'old', 'future'] as const) {
        const { status } = await world.slack.drivers.command({ text: QUESTION, signature });
        statuses.push(status);
      }
      const replayed = await world.slack.drivers.command({ text: QUESTION, signature: 'replayed' });
      await world.slack.waitFor(() => isAnswered(world, acceptedIds(world)[0]) || undefined, 20_000);
      await untilSent(world);

      expect(statuses).toEqual([401, 401, 401, 401]);
      expect(replayed.answers.map(({ status, body }) => [status, body === ''])).toEqual([
        [200, false],
        [200, true],
      ]);
      expect(world.slack.sent()).toHaveLength(1);
    },
    TEST_MS,
  );
});

async function untilAccepted(): Promise<string | undefined> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const id = acceptedId(await command(world));
    if (id !== undefined) {
      return id;
    }
    await pause(300);
  }
  return undefined;
}
