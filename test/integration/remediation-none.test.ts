import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { parseServiceConfig } from '../../src/config/service-config.ts';
import type { Settings } from '../../src/config/settings.ts';
import { CHANNELS, USERS } from '../../src/sim/slack/world/default-world.ts';
import type { BotWorld } from './bot-world.ts';
import { answerIn, brokenIn, inRedis, keyNamed, SOON_MS, shown, told } from './remediation-talk.ts';
import { openRemediationWorld, press } from './remediation-world.ts';

const { alice, bob } = USERS;

let world: BotWorld;

beforeAll(async () => {
  world = await openRemediationWorld({ recordings: await brokenIn(['plain', 'shared', 'kept']) });
});

afterAll(async () => {
  const problems = world.slack.problems();
  await world.close();
  expect(problems).toEqual([]);
});

function settingsWith(changes: Readonly<Record<string, unknown>>): Settings {
  const result = parseSettings({ ...world.document, ...changes });
  if (result.kind === 'invalid') {
    throw new Error(JSON.stringify(result.problems));
  }
  return result.settings;
}

describe('a bot whose settings let somebody approve changes', () => {
  it.each(['all', 'gateway', 'executor'] as const)(
    'does not start without the key that signs them: %s',
    async (role) => {
      const { KUBEWHY_SIGNING_KEY: _none, ...environment } = world.environment;
      const service = parseServiceConfig(environment, () => '');

      await expect(world.start({ role, service })).rejects.toThrow(/KUBEWHY_SIGNING_KEY/);
    },
  );

  it('starts a diagnoser without it', async () => {
    const { KUBEWHY_SIGNING_KEY: _none, ...environment } = world.environment;

    const bot = await world.start({ role: 'diagnoser', service: parseServiceConfig(environment, () => '') });

    expect(bot.internalPort).toBeGreaterThan(0);
    await bot.stop();
  });
});

describe('a bot without rules', () => {
  it('shows no button, needs no executor and no key, and refuses a button that somebody made up', async () => {
    const { KUBEWHY_SIGNING_KEY: _none, ...environment } = world.environment;
    const bot = await world.start({
      settings: settingsWith({ remediation: {} }),
      service: parseServiceConfig(environment, () => ''),
    });

    const answer = await answerIn(world, 'plain');
    const question = /"value":"(q-[a-z2-7]+)"/.exec(JSON.stringify(answer.blocks))?.[1] ?? '';
    const made = { type: 'button', value: question };
    const place = { channel: answer.channel, ts: answer.ts };
    await world.slack.drivers.action({ place, user: bob.id, actionId: 'remediation.review', unlisted: made });
    await told(world, bob.id, 'Kubewhy changes nothing here');
    await world.slack.drivers.action({
      place,
      user: alice.id,
      actionId: 'proposal.approve',
      unlisted: { type: 'button', value: 'm-aaaaaaaaaaaaaaaa' },
    });
    await told(world, alice.id, 'Kubewhy changes nothing here');

    expect(shown(answer)).not.toContain('remediation.review');
    expect((await bot.readiness()).map(({ name }) => name).filter((name) => name.startsWith('executor'))).toEqual([]);
    expect(world.cluster.writes()).toEqual([]);
    expect(await inRedis(world, (redis) => redis.keys(keyNamed('*')))).toEqual([]);
    await bot.stop();
  });
});

describe('a channel that other organisations see', () => {
  it(
    'is no place for changes, and only who clicked is told',
    async () => {
      const { shopAlerts } = CHANNELS;
      const bot = await world.start();
      const answer = await answerIn(world, 'shared', { channel: shopAlerts.id });
      world.slack.world.putChannel({ ...shopAlerts, isExtShared: true });

      await press(world, answer, 'remediation.review', alice.id);

      await told(world, alice.id, 'shared with another organisation');
      expect(world.slack.sent().some(({ metadata }) => String(metadata?.event_payload['key']).startsWith('m-'))).toBe(
        false,
      );
      expect(world.cluster.writes()).toEqual([]);
      world.slack.world.putChannel(shopAlerts);
      await bot.stop();
    },
    2 * SOON_MS,
  );
});
