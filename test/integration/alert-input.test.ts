import { writeFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { massStart, massStartAlerts } from '../../src/sim/cluster/mass-start.ts';
import { openAlertWorld, parents, payloadOf, post, replies, seen } from './alerts-talk.ts';
import { untilSent } from './bot-talk.ts';
import type { BotWorld } from './bot-world.ts';

const TEST_MS = 120_000;
const FIRING = { alertname: 'KubeDeploymentReplicasMismatch', namespace: 'shop', deployment: 'blog-api' };
const BILLING = { ...FIRING, deployment: 'billing' };
const CAUSE = 'blog-api-appsettings';

let world: BotWorld;

afterEach(async () => {
  const problems = world.slack.problems();
  await world.close();
  expect(problems).toEqual([]);
});

describe('hostile alerts', () => {
  it(
    'bring nothing foreign into Slack: no mention, no link, no control character, nothing endless',
    async () => {
      world = await openAlertWorld();
      const bot = await world.start();
      const nasty =
        '<!channel> @here <@U0ALICE01> <https://evil.example|click> *bold* `x` \u0000\u001b[31m\u202e \n\n@everyone';
      const alerts = [
        { ...FIRING, severity: nasty, owner: nasty, team: nasty, container: nasty, description: nasty },
        { alertname: nasty, namespace: nasty, pod: nasty },
        { alertname: 'http://evil.example/a', namespace: 'shop', pod: '../../secrets' },
        { alertname: 'Long', namespace: 'shop', deployment: 'billing', long: 'x'.repeat(1024 * 1024) },
        { alertname: 'a'.repeat(1024 * 1024), namespace: 'shop', deployment: 'checkout' },
      ];

      const response = await post(
        bot,
        payloadOf(alerts, { annotations: { summary: nasty, description: 'y'.repeat(1024 * 1024), owner: nasty } }),
      );
      await seen(world, () => parents(world).find(({ text }) => text.includes(CAUSE)));
      await seen(world, () => parents(world).length >= 4);
      await untilSent(world);

      expect(response.status).toBe(200);
      const everything = [...parents(world), ...parents(world).flatMap((parent) => replies(world, parent))];
      for (const { text, blocks } of everything) {
        // What buttons say to a screen reader is plain text for Slack.
        const said = JSON.stringify([text, blocks], (key, value) => (key === 'accessibility_label' ? '' : value));
        // The whole message of one incident stays far below what Slack takes.
        expect(said.length).toBeLessThan(20_000);
        expect(said).not.toMatch(/<!channel|<!here|<!everyone|<@U0ALICE01>|<https?:\/\/evil/);
        expect(['\\u0000', '\\u001b', '\u202e'].filter((character) => said.includes(character))).toEqual([]);
      }
    },
    TEST_MS,
  );
});

describe('alerts by other clocks', () => {
  it.each([
    ['2999-01-01T00:00:00Z', 'the future'],
    ['0001-01-01T00:00:00Z', 'the year 1'],
    ['1970-01-01T00:00:00Z', 'the epoch'],
  ])(
    'that began at %s have a thread that begins now and ends',
    async (startsAt) => {
      world = await openAlertWorld();
      const bot = await world.start();

      await post(bot, payloadOf([FIRING], { startsAt }));
      const parent = await seen(world, () => parents(world).find(({ text }) => text.includes(CAUSE)));
      await post(bot, payloadOf([FIRING], { startsAt, status: 'resolved' }));
      const over = await seen(world, () => parents(world).find(({ text }) => text.includes('Resolved:')));

      const shown = JSON.stringify(parent.blocks);
      expect(shown).not.toMatch(/2999|1970-01|0001-01|\d{4,} d /);
      expect(over.ts).toBe(parent.ts);
      expect(parents(world)).toHaveLength(1);
    },
    TEST_MS,
  );
});

describe('settings that change while the bot runs', () => {
  it(
    'hold for new incidents, and what is open stays where it is',
    async () => {
      world = await openAlertWorld();
      const settingsFile = world.environment['KUBEWHY_CONFIG'] ?? '';
      const { ops, shopAlerts } = world.slack.channels;
      const bot = await world.start({ settingsFile });
      await post(bot, payloadOf([FIRING]));
      const first = await seen(world, () => parents(world).find(({ text }) => text.includes(CAUSE)));

      const document = { ...world.document, alerts: { channel: shopAlerts.id, routes: [{ channel: ops.id }] } };
      await writeFile(settingsFile, JSON.stringify(document));
      await seen(world, () => parents(world).length > 0 && changed());
      await post(bot, payloadOf([BILLING]));
      const second = await seen(world, () => parents(world, ops.id)[0]);
      await post(bot, payloadOf([FIRING, BILLING], { status: 'resolved' }));
      const over = await seen(world, () => parents(world).find(({ text }) => text.includes('Resolved:')));

      expect(second.channel).toBe(ops.id);
      expect(over.ts).toBe(first.ts);
      expect(parents(world)).toHaveLength(1);
    },
    TEST_MS,
  );
});

describe('a person who asks in the middle of a storm', () => {
  it(
    'is answered while the storm goes on, and the storm is one message',
    async () => {
      const size = { nodes: 12, broken: 10, deployments: 40, podsPerDeployment: 5 };
      world = await openAlertWorld(
        { recordings: [massStart(size)] },
        { storm: { incidentsPerMinute: 3, calmMinutes: 5 } },
      );
      const bot = await world.start();
      const alerts = massStartAlerts(size).map(({ labels }) => labels);
      const half = Math.ceil(alerts.length / 2);

      await post(bot, payloadOf(alerts.slice(0, half)));
      await seen(world, () => parents(world).length > 0);
      const asked = world.slack.drivers.command({ text: 'why node/worker-1', channel: world.slack.channels.ops.id });
      await post(bot, payloadOf(alerts.slice(half)));
      const { body } = await asked;
      const id = /run `(q-[a-z2-7]+)`/.exec(body)?.[1];
      const answer = await seen(world, () =>
        world.slack
          .messages(world.slack.channels.ops.id)
          .find(({ metadata, text }) => metadata?.event_payload['key'] === id && !text.includes('ooking')),
      );
      await untilSent(world);

      expect(id).toBeDefined();
      expect(answer.text).toContain('worker-1');
      expect(parents(world).length).toBeLessThanOrEqual(3);
    },
    TEST_MS,
  );
});

function changed(): boolean {
  return world.logger.lines.some(({ message }) => message === 'the settings have changed');
}
