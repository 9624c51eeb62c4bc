import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { acceptedId, command, isAnswered, QUESTION, toldAlone, untilSent } from './bot-talk.ts';
import { type BotWorld, openBotWorld } from './bot-world.ts';

const TEST_MS = 40_000;
const SHARED = 'C0SHARED1';
const ARCHIVED = 'C0ARCHIV1';

let world: BotWorld;

beforeAll(async () => {
  const members = ['U0ALICE01', 'U0GUEST01', 'U0DEACT01', 'U0OTHBOT1', 'U0FOREIGN', 'U0KUBEWHY'];
  const common = { kind: 'public', members } as const;
  world = await openBotWorld({
    mode: 'http',
    slack: {
      world: {
        channels: [
          { ...common, id: SHARED, name: 'with-partners', isArchived: false, isExtShared: true },
          { ...common, id: ARCHIVED, name: 'old', isArchived: true, isExtShared: false },
        ],
      },
    },
    settings: {
      reading: [
        { channels: ['C0OPS0001', 'C0RANDOM1', SHARED, ARCHIVED], namespaces: ['shop'] },
        { channels: ['C0SHOPAL1'], users: ['U0BOB0001'], namespaces: ['shop'] },
      ],
    },
  });
  await world.start();
}, TEST_MS);

afterEach(() => {
  expect(world.slack.problems()).toEqual([]);
});

afterAll(async () => {
  await world.close();
}, TEST_MS);

describe.each(['command', 'mention'] as const)('a %s', (driver) => {
  it.each([
    ['of a guest', { user: 'U0GUEST01' }, 'Guests of this workspace may not ask'],
    ['of a deactivated account', { user: 'U0DEACT01' }, 'Your account is deactivated'],
    ['of another bot', { user: 'U0OTHBOT1' }, 'Bots and workflows may not ask'],
    [
      'of somebody from another organisation',
      { user: 'U0FOREIGN' },
      /your account belongs to another one|serves another workspace/,
    ],
    ['in a channel that another organisation sees', { channel: SHARED }, 'shared with another organisation'],
    ['where a rule names others', { channel: 'C0SHOPAL1' }, 'You may not ask about anything in this channel'],
    ['about another namespace', { text: 'why deploy/web -n kube-system' }, 'only about shop'],
  ])(
    '%s is refused with the reason, and nothing is posted',
    async (_name, changes, reason) => {
      const told = toldAlone(world).length;

      await world.slack.drivers[driver]({ text: QUESTION, ...changes });
      const said = await world.slack.waitFor(() => toldAlone(world)[told], 10_000);
      await untilSent(world);

      expect(said).toMatch(reason);
      expect(toldAlone(world)).toHaveLength(told + 1);
      expect(world.slack.sent()).toEqual([]);
      expect(world.cluster.requests().filter(({ url }) => url.includes('/deployments'))).toEqual([]);
    },
    TEST_MS,
  );
});

describe('a command', () => {
  it(
    'in an archived channel is refused',
    async () => {
      const { body } = await command(world, { channel: ARCHIVED });

      expect(body).toContain('archived');
    },
    TEST_MS,
  );

  it(
    'from another workspace is refused',
    async () => {
      const { body } = await command(world, { team: 'T0OTHER01' });

      expect(body).toContain('This Kubewhy serves another workspace. Nothing was done.');
    },
    TEST_MS,
  );

  it(
    'where the bot is no member is answered to the asker alone',
    async () => {
      const { random } = world.slack.channels;

      const delivery = await command(world, { channel: random.id });
      const answer = await world.slack.waitFor(
        () => world.slack.ephemerals().find(({ text }) => text.includes('appsettings')),
        20_000,
      );

      expect(delivery.body).toContain('I am not in this channel, so only you will see the answer');
      expect(answer).toMatchObject({ channel: random.id, user: 'U0ALICE01', via: 'response_url' });
      expect(answer.blocks.flatMap(({ elements }) => elements ?? [])).not.toContainEqual(
        expect.objectContaining({ type: 'button' }),
      );
      expect(world.slack.sent()).toEqual([]);
    },
    TEST_MS,
  );
});

describe('a click', () => {
  it(
    'by somebody who may not ask does nothing but say so',
    async () => {
      const id = acceptedId(await command(world));
      await world.slack.waitFor(() => isAnswered(world, id) || undefined, 20_000);
      const [message] = world.slack.sent();
      const told = toldAlone(world).length;

      await world.slack.drivers.action({
        user: 'U0GUEST01',
        place: { channel: message?.channel ?? '', ts: message?.ts ?? '' },
        actionId: 'case.recheck',
      });
      const said = await world.slack.waitFor(() => toldAlone(world)[told], 10_000);

      expect(said).toContain('Guests of this workspace may not ask');
      expect(world.slack.sent()).toEqual([message]);
    },
    TEST_MS,
  );

  it(
    'from another workspace does nothing',
    async () => {
      const before = world.slack.sent();
      const [message] = before;

      await world.slack.drivers.action({
        team: 'T0OTHER01',
        place: { channel: message?.channel ?? '', ts: message?.ts ?? '' },
        actionId: 'case.recheck',
      });
      await untilSent(world);

      expect(world.slack.sent()).toEqual(before);
    },
    TEST_MS,
  );
});
