import { afterEach, describe, expect, it } from 'vitest';
import type { MessageRecord } from '../../src/sim/slack/store/records.ts';
import { keyOf, openAlertWorld, parents, payloadOf, post, replies, seen } from './alerts-talk.ts';
import { untilSent } from './bot-talk.ts';
import type { BotWorld } from './bot-world.ts';

const TEST_MS = 120_000;
const FIRING = { alertname: 'KubeDeploymentReplicasMismatch', namespace: 'shop', deployment: 'blog-api' };
const BILLING = { ...FIRING, deployment: 'billing' };
const POD = { alertname: 'KubePodCrashLooping', namespace: 'shop', pod: 'blog-api-599bdd9787-9cpn7' };
const CAUSE = 'blog-api-appsettings';

let world: BotWorld;

afterEach(async () => {
  const problems = world.slack.problems();
  await world.close();
  expect(problems).toEqual([]);
});

async function thread(parent: MessageRecord): Promise<readonly MessageRecord[]> {
  await seen(world, () => replies(world, parent).some(({ text }) => text.includes(CAUSE)));
  await untilSent(world);
  return [...parents(world), ...replies(world, parent)];
}

function expectOnce(messages: readonly MessageRecord[]): void {
  const keys = messages.map(keyOf);
  expect(new Set(keys).size, keys.join(', ')).toBe(keys.length);
}

/** Everything that a thread shows now, as JSON. */
function shown(parent: MessageRecord): string {
  return JSON.stringify([...parents(world), ...replies(world, parent)].map(({ blocks }) => blocks));
}

describe('several processes over one Redis', () => {
  it(
    'make one thread of what both gateways hear, whichever diagnoser looks',
    async () => {
      world = await openAlertWorld();
      const gateways = [await world.start({ role: 'gateway' }), await world.start({ role: 'gateway' })] as const;
      await world.start({ role: 'diagnoser' });
      await world.start({ role: 'diagnoser' });

      const answers = await Promise.all(gateways.map((bot) => post(bot, payloadOf([FIRING, POD]))));
      const parent = await seen(world, () => parents(world).find(({ text }) => text.includes(CAUSE)));
      const told = await thread(parent);
      await Promise.all(gateways.map((bot) => post(bot, payloadOf([FIRING, POD], { status: 'resolved' }))));
      await seen(world, () => parents(world).find(({ text }) => text.includes('Resolved:')));
      const over = () => replies(world, parent).filter(({ text }) => text.includes('All 2 alerts are resolved'));
      await seen(world, () => over().length > 0);
      await untilSent(world);

      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      expect(parents(world)).toHaveLength(1);
      expectOnce(told);
      expect(over()).toHaveLength(1);
    },
    TEST_MS,
  );

  it(
    'of which one stops go on where it was',
    async () => {
      world = await openAlertWorld();
      const first = await world.start();
      const second = await world.start();
      world.cluster.faults.add({ path: '*/deployments/*', times: 1, effect: { kind: 'delay', ms: 1500 } });

      await post(first, payloadOf([FIRING]));
      await first.stop();
      const parent = await seen(world, () => parents(world).find(({ text }) => text.includes(CAUSE)));
      await post(second, payloadOf([POD]));
      await seen(world, () => parents(world).find(({ text }) => text.includes('2 firing')));
      const told = await thread(parent);

      expect(parents(world)).toHaveLength(1);
      expectOnce(told);
    },
    TEST_MS,
  );
});

describe('a cluster whose diagnoser', () => {
  it(
    'was never there has threads that say so, and causes in them as soon as there is one',
    async () => {
      world = await openAlertWorld();
      const gateway = await world.start({ role: 'gateway', silentAfterMs: 6000 });

      await post(gateway, payloadOf([FIRING, BILLING]));
      const first = await seen(world, () => {
        const found = parents(world);
        return found.length === 2 ? found : undefined;
      });
      await world.start({ role: 'diagnoser', silentAfterMs: 6000 });
      const named = await seen(world, () => parents(world).find(({ text }) => text.includes(CAUSE)));
      const told = await thread(named);

      expect(
        first.map((message) => JSON.stringify(message.blocks)).filter((said) => said.includes('does not answer')),
      ).toHaveLength(2);
      expect(first.map(({ ts }) => ts)).toContain(named.ts);
      expect(parents(world)).toHaveLength(2);
      expectOnce(told);
    },
    TEST_MS,
  );

  it(
    'falls silent is stood in for, until it is back',
    async () => {
      world = await openAlertWorld();
      const gateway = await world.start({ role: 'gateway', silentAfterMs: 6000 });
      const diagnoser = await world.start({ role: 'diagnoser', silentAfterMs: 6000 });
      await post(gateway, payloadOf([BILLING]));
      const first = await seen(world, () => parents(world)[0]);
      await diagnoser.stop();

      await post(gateway, payloadOf([FIRING]));
      const silent = await seen(world, () =>
        parents(world).find(({ blocks }) => JSON.stringify(blocks).includes('does not answer')),
      );
      await post(gateway, payloadOf([BILLING], { status: 'resolved' }));
      const over = await seen(world, () => parents(world).find(({ text }) => text.includes('Resolved:')));
      await world.start({ role: 'diagnoser', silentAfterMs: 6000 });
      const named = await seen(world, () => parents(world).find(({ text }) => text.includes(CAUSE)));
      const told = await thread(named);

      // What was told of the silence does not stay.
      await seen(world, () => !shown(named).includes('does not answer'));
      expect(over.ts).toBe(first.ts);
      expect(named.ts).toBe(silent.ts);
      expect(parents(world)).toHaveLength(2);
      expectOnce(told);
    },
    TEST_MS,
  );
});
