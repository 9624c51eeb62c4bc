import { readFile } from 'node:fs/promises';
import { Redis } from 'ioredis';
import { openAlertWorld, TOKEN } from '../integration/alerts-talk.ts';
import { type BotProcess, BUILT, startBotProcess } from '../integration/bot-process.ts';
import type { BotWorld, BotWorldOptions } from '../integration/bot-world.ts';
import { freePort } from '../redis/start-redis.ts';
import { type Sending, type Sent, sendAlerts } from './alert-sender.ts';

/** A gateway and a diagnoser in processes of their own, between the stand-ins and a Redis that writes every change to disk. */
export interface AlertBots {
  readonly world: BotWorld;
  send(sending: Omit<Sending, 'port' | 'token'>): Promise<Sent>;
  /** Ids of the incidents that the alerts were put into, and how many alerts were put nowhere. */
  placed(): Promise<{ readonly incidents: readonly string[]; readonly nowhere: number; readonly known: number }>;
  /** Fields of `INFO` of the Redis server. */
  redisInfo(field: string): Promise<number>;
  /** The most memory of gateway and diagnoser so far, in MiB. */
  peakMebibytes(): Promise<readonly number[]>;
  /** The longest that the event loop of gateway and diagnoser was held up since this was asked last, in milliseconds. */
  heldUpMs(): Promise<readonly number[]>;
  /** A sum of a metric over both processes; like `heldUpMs` it begins the count of that anew. */
  metric(name: string): Promise<number>;
  close(): Promise<void>;
}

const PAGE = 1000;

/** Starts them in a world with that cluster. */
export async function startAlertBots(options: BotWorldOptions): Promise<AlertBots> {
  const world = await openAlertWorld(options);
  const ports = [await freePort(), await freePort()];
  const roles = ['gateway', 'diagnoser'] as const;
  const bots: BotProcess[] = [];
  for (const [index, role] of roles.entries()) {
    const environment = { ...world.environment, KUBEWHY_INTERNAL_PORT: String(ports[index]) };
    bots.push(await startBotProcess({ ...world, environment }, role, BUILT));
  }
  const redis = new Redis(world.redis.url);
  return {
    world,
    send: (sending) => sendAlerts({ ...sending, port: ports[0] ?? 0, token: TOKEN }),
    placed: () => placesIn(redis),
    redisInfo: async (field) => Number(new RegExp(`^${field}:(\\d+)`, 'm').exec(await redis.info())?.[1]),
    peakMebibytes: () => Promise.all(bots.map(({ pid }) => peakOf(pid))),
    heldUpMs: async () => {
      const texts = await Promise.all(ports.map(metricsAt));
      return texts.map((text) => 1000 * sumOf('kubewhy_nodejs_eventloop_lag_max_seconds', text));
    },
    metric: async (name) => {
      const texts = await Promise.all(ports.map(metricsAt));
      return texts.reduce((sum, text) => sum + sumOf(name, text), 0);
    },
    async close() {
      await Promise.all(bots.map((bot) => bot.end()));
      redis.disconnect();
      await world.close();
    },
  };
}

async function placesIn(redis: Redis): ReturnType<AlertBots['placed']> {
  const incidents = new Set<string>();
  let nowhere = 0;
  let known = 0;
  for await (const keys of redis.scanStream({ match: 'kubewhy:{triage}:alert:*', count: PAGE })) {
    for (const key of keys as readonly string[]) {
      const incident = await redis.hget(key, 'incident');
      known += 1;
      nowhere += incident === null || incident === '' ? 1 : 0;
      incidents.add(incident ?? '');
    }
  }
  return { incidents: [...incidents].filter((id) => id !== ''), nowhere, known };
}

async function peakOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1]) / 1024;
}

async function metricsAt(port: number): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
  return answer.text();
}

function sumOf(name: string, text: string): number {
  const lines = text.split('\n').filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
