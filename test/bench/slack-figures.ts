import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { SlackChannel } from '../../src/sim/slack/world/world-types.ts';
import { type BotProcess, BUILT, startBotProcess } from '../integration/bot-process.ts';
import { type BotWorld, openBotWorld } from '../integration/bot-world.ts';
import { percentile } from './measure.ts';

/** What was measured and its figure. */
export type Figure = readonly [string, string];

const CHANNELS = 20;
const ONE_BY_ONE = 100;
const BUSY = 50;
const FLOOD = 200;
const IDLE_MS = 20_000;
const TICKS_PER_SECOND = 100;
const OUTAGES_SECONDS = [2, 5, 7, 10, 15, 20, 30, 60];
const WITHIN_MS = 240_000;

/** The bot between the stand-in for Slack and a real cluster: gateway and diagnoser in processes of their own. */
export async function slackFigures(kubeconfig: string, namespace: string): Promise<readonly Figure[]> {
  const channels = Array.from({ length: CHANNELS }, (_, index) => channelNumber(index));
  const world = await openBotWorld({
    kubeconfig,
    slack: { world: { channels } },
    settings: {
      channels: [],
      reading: [{ channels: channels.map(({ id }) => id), namespaces: [namespace] }],
    },
  });
  const bots = [await startBotProcess(world, 'gateway', BUILT), await startBotProcess(world, 'diagnoser', BUILT)];
  try {
    const asking: Asking = { world, channels: channels.map(({ id }) => id), text: `why crashing -n ${namespace}` };
    const figures = [
      ...(await oneByOne(asking)),
      ...(await whileBusy(asking)),
      ...(await flood(asking)),
      ...(await costs(bots)),
      ...(await outages(asking)),
    ];
    await Promise.all(bots.splice(0).map((bot) => bot.end()));
    const alone = await inOneProcess(asking);
    return [...figures, alone, ['messages that Slack would refuse', String(world.slack.problems().length)]];
  } finally {
    await Promise.all(bots.map((bot) => bot.end()));
    await world.close();
  }
}

/** A small installation has both in one process. */
async function inOneProcess(asking: Asking): Promise<Figure> {
  const bot = await startBotProcess(asking.world, 'all', BUILT);
  try {
    const asked = await Promise.all(Array.from({ length: FLOOD }, (_, number) => ask(asking, number)));
    await answered(
      asking,
      asked.map(({ id }) => id),
    );
    return [
      `memory after ${FLOOD} questions, all in one process`,
      `${(await residentMebibytes(bot.pid)).toFixed(0)} MiB`,
    ];
  } finally {
    await bot.end();
  }
}

interface Asking {
  readonly world: BotWorld;
  readonly channels: readonly string[];
  readonly text: string;
}

interface Asked {
  readonly id: string;
  readonly ackMs: number;
  readonly startedAt: number;
}

function channelNumber(index: number): SlackChannel {
  const id = `C0BENCH${String(index).padStart(2, '0')}`;
  return {
    id,
    name: `bench-${index}`,
    kind: 'public',
    members: ['U0ALICE01', 'U0KUBEWHY'],
    isArchived: false,
    isExtShared: false,
  };
}

async function ask({ world, channels, text }: Asking, number: number): Promise<Asked> {
  const startedAt = performance.now();
  const answer = await world.slack.drivers.command({ text, channel: channels[number % channels.length] ?? '' });
  const id = /run `(q-[a-z2-7]+)`/.exec(answer.body)?.[1];
  if (id === undefined) {
    throw new Error(`not accepted: ${answer.body}`);
  }
  return { id, ackMs: performance.now() - startedAt, startedAt };
}

function keysOf({ world }: Asking): readonly unknown[] {
  return world.slack.sent().map(({ metadata }) => metadata?.event_payload['key']);
}

async function answered(asking: Asking, ids: readonly string[]): Promise<void> {
  await asking.world.slack.waitFor(() => {
    const keys = new Set(keysOf(asking));
    return ids.every((id) => keys.has(id));
  }, WITHIN_MS);
}

/** Each channel has its rest of a second, so that what is measured is the bot and not Slack's limit. */
async function oneByOne(asking: Asking): Promise<readonly Figure[]> {
  const samples: number[] = [];
  for (let number = 0; number < ONE_BY_ONE; number += 1) {
    const { id, startedAt } = await ask(asking, number);
    await answered(asking, [id]);
    samples.push(performance.now() - startedAt);
    await pause(60);
  }
  return [['command received → answer posted', times(samples.slice(CHANNELS))]];
}

async function whileBusy(asking: Asking): Promise<readonly Figure[]> {
  const busy = Array.from({ length: BUSY }, (_, number) => ask(asking, number));
  const probes: Asked[] = [];
  for (let number = 0; number < BUSY; number += 1) {
    probes.push(await ask(asking, number));
  }
  const all = [...(await Promise.all(busy)), ...probes];
  await answered(
    asking,
    all.map(({ id }) => id),
  );
  return [[`acknowledgement while ${BUSY} questions run`, times(all.map(({ ackMs }) => ackMs))]];
}

async function flood(asking: Asking): Promise<readonly Figure[]> {
  const startedAt = performance.now();
  const asked = await Promise.all(Array.from({ length: FLOOD }, (_, number) => ask(asking, number)));
  await answered(
    asking,
    asked.map(({ id }) => id),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  const ids = new Set<unknown>(asked.map(({ id }) => id));
  const sent = asking.world.slack
    .sent()
    .filter(({ metadata }) => ids.has(metadata?.event_payload['key']))
    .toSorted((a, b) => Number(a.ts) - Number(b.ts));
  const perChannel = FLOOD / CHANNELS;
  return [
    [
      `${FLOOD} questions at once in ${CHANNELS} channels`,
      `${sent.length} answers in ${seconds.toFixed(1)} s (Slack's limit alone: ${perChannel - 1} s)`,
    ],
    ['furthest that one channel was ahead of another', `${lead(sent.map(({ channel }) => channel))} answer(s)`],
  ];
}

/** The largest difference between the answers of two channels at any moment. */
function lead(order: readonly string[]): number {
  const counts = new Map<string, number>(order.map((channel) => [channel, 0]));
  let most = 0;
  for (const channel of order) {
    counts.set(channel, (counts.get(channel) ?? 0) + 1);
    const values = [...counts.values()];
    most = Math.max(most, Math.max(...values) - Math.min(...values));
  }
  return most;
}

async function costs(bots: readonly BotProcess[]): Promise<readonly Figure[]> {
  const memory = await Promise.all(bots.map(({ pid }) => residentMebibytes(pid)));
  const before = await Promise.all(bots.map(({ pid }) => cpuSeconds(pid)));
  await pause(IDLE_MS);
  const after = await Promise.all(bots.map(({ pid }) => cpuSeconds(pid)));
  const spent = after.reduce((sum, seconds, index) => sum + seconds - (before[index] ?? 0), 0);
  return [
    ['memory after that, gateway + diagnoser', memory.map((value) => `${value.toFixed(0)} MiB`).join(' + ')],
    ['CPU when idle, both', `${((spent / (IDLE_MS / 1000)) * 100).toFixed(1)} % of a core`],
  ];
}

async function residentMebibytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024;
}

async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** From the moment that Redis listens again to the answer of a question that was asked as soon as it was taken. */
async function outages(asking: Asking): Promise<readonly Figure[]> {
  const { redis } = asking.world;
  const samples: number[] = [];
  for (const [number, seconds] of OUTAGES_SECONDS.entries()) {
    await redis.kill();
    await pause(seconds * 1000);
    await redis.start();
    const startedAt = performance.now();
    const id = await askUntilTaken(asking, number);
    await answered(asking, [id]);
    samples.push((performance.now() - startedAt) / 1000);
  }
  const words = samples.map((value, index) => `${OUTAGES_SECONDS[index]} s: ${value.toFixed(1)}`);
  return [['answering again after a Redis outage of', `${words.join(', ')} s`]];
}

async function askUntilTaken(asking: Asking, number: number): Promise<string> {
  for (;;) {
    try {
      const { id } = await ask(asking, number);
      return id;
    } catch {
      await pause(100);
    }
  }
}

function times(samples: readonly number[]): string {
  return `${percentile(samples, 0.5).toFixed(0)} / ${percentile(samples, 0.99).toFixed(0)} ms`;
}
