import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import type { MessageRecord } from '../../src/sim/slack/store/records.ts';
import { keyOf, openAlertWorld, parents, payloadOf, post, replies, SOON_MS, seen } from './alerts-talk.ts';
import { type BotProcess, startBotProcess } from './bot-process.ts';
import { untilSent } from './bot-talk.ts';
import type { BotWorld } from './bot-world.ts';

const CAUSE = 'blog-api-appsettings';
/** Something was left out, so that the thread has details as well. */
const CUT = { truncatedAlerts: 3 };
const ALERTS = [
  { alertname: 'KubeDeploymentReplicasMismatch', namespace: 'shop', deployment: 'blog-api' },
  { alertname: 'KubePodCrashLooping', namespace: 'shop', pod: 'blog-api-599bdd9787-9cpn7' },
];

/** A world whose bots are processes that can be killed. */
export interface KillingWorld {
  readonly world: BotWorld;
  start(): Promise<BotProcess>;
  /** Sends some of two alerts with one cause to the bot that runs; answers the status. */
  send(status?: 'firing' | 'resolved', most?: 1 | 2): Promise<number>;
  /** The parent message and its thread, once both alerts are shown and nothing more is to be sent. */
  whole(): Promise<readonly MessageRecord[]>;
  /** Kills everything, and answers what Slack would have refused. */
  close(): Promise<readonly string[]>;
}

/** Opens one without a bot. */
export async function openKillingWorld(): Promise<KillingWorld> {
  const world = await openAlertWorld();
  const processes: BotProcess[] = [];
  return {
    world,
    async start() {
      const bot = await startBotProcess(world, 'all');
      processes.push(bot);
      return bot;
    },
    async send(status = 'firing', most = 2) {
      const internalPort = Number(/internalPort\D+(\d+)/.exec(processes.at(-1)?.log() ?? '')?.[1]);
      const payload = { ...payloadOf(ALERTS.slice(0, most), { status }), ...CUT };
      // A machine that is busy may need a second try, as Alertmanager makes it.
      const end = Date.now() + SOON_MS;
      let response = await post({ internalPort }, payload);
      while (response.status === 503 && Date.now() < end) {
        await pause(500);
        response = await post({ internalPort }, payload);
      }
      return response.status;
    },
    whole: () => wholeThread(world),
    async close() {
      world.slack.faults.clear();
      world.slack.faults.release();
      await Promise.all(processes.map((bot) => bot.kill()));
      const problems = world.slack.problems();
      await world.close();
      return problems;
    },
  };
}

async function wholeThread(world: BotWorld): Promise<readonly MessageRecord[]> {
  const parent = await seen(world, () =>
    parents(world).find(({ text }) => text.includes(CAUSE) && text.includes('2 firing')),
  );
  await seen(world, () => replies(world, parent).some(({ text }) => text.includes(CAUSE)));
  await seen(world, () => replies(world, parent).some(({ text }) => text.startsWith('What else is known')));
  await untilSent(world);
  return [...parents(world), ...replies(world, parent)];
}

/** Where a process is when it is killed. */
export interface Step {
  /** Makes it stay there. */
  readonly hold?: (world: BotWorld) => void;
  readonly reached: (world: BotWorld) => Promise<unknown>;
}

/** What is told in the end. */
export interface Aftermath {
  readonly parents: number;
  /** Keys of messages that are there more than once. */
  readonly doubled: readonly string[];
  /** What Slack would have refused. */
  readonly problems: readonly string[];
}

/** As it should be. */
export const ONE_THREAD: Aftermath = { parents: 1, doubled: [], problems: [] };

/** Kills a bot at a step of its work on two alerts and starts another one, in a world of their own. */
export async function killedAt({ hold, reached }: Step): Promise<Aftermath> {
  const here = await openKillingWorld();
  const { world } = here;
  try {
    const bot = await here.start();
    hold?.(world);
    expect(await here.send()).toBe(200);
    await reached(world);
    await bot.kill();
    world.slack.faults.clear();
    world.slack.faults.release();
    await here.start();
    const told = await here.whole();
    return { parents: parents(world).length, doubled: doubledKeys(told), problems: world.slack.problems() };
  } finally {
    await here.close();
  }
}

/** A request to the cluster whose address has this in it. */
export function asked(part: string): Step['reached'] {
  return (world) =>
    expect.poll(() => world.cluster.requests().some(({ url }) => url.includes(part)), { timeout: SOON_MS }).toBe(true);
}

/** So many calls of one method of Slack's. */
export function called(method: string, times = 1): Step['reached'] {
  return (world) => seen(world, () => world.slack.calls(method).length >= times);
}

/** Keys of messages that are there more than once. */
export function doubledKeys(messages: readonly MessageRecord[]): readonly string[] {
  const keys = messages.map(keyOf);
  return keys.filter((key, index) => keys.indexOf(key) !== index);
}
