import { setTimeout as pause } from 'node:timers/promises';
import type { AuditTrail } from './audit-trail.ts';
import type { ManyReport, ManyTask, RunReport } from './cell.ts';
import { type ChaosWorld, LEASE_SECONDS } from './chaos-world.ts';
import type { ApiFault } from './http-wire.ts';
import { repair } from './person.ts';
import { freshMinute, fullCrew, judge } from './play-cell.ts';
import { failRun, learnIds, newRun, type Run } from './run.ts';

const REDIS_DIES_EVERY_MS = 6000;
const REDIS_DOWN_MS = 500;
/** Of so many executors that die one is only frozen, and wakes up later. */
const ZOMBIES = 4;
const AWAKE_MS = 3000;
/** Between two looks at whether it is time for a death. */
const KILL_LOOK_MS = 200;
const ZOMBIE_MS = 2.6 * LEASE_SECONDS * 1000;
/** Of so many answers to a change one is lost. */
const LOST_REPLIES = 10;
const SETTLED_WITHIN_MS = 60_000;

interface Toll {
  kills: number;
  zombies: number;
  redisKills: number;
  droppedReplies: number;
}

/** Many changes in a row while executors and Redis die and answers of the API server are lost. */
export async function playMany(task: ManyTask, world: ChaosWorld, trail: AuditTrail): Promise<ManyReport> {
  const startedAt = Date.now();
  await fullCrew(world);
  world.slackGate.arm();
  const toll: Toll = { kills: 0, zombies: 0, redisKills: 0, droppedReplies: 0 };
  world.api.faults.push((request) => lostReply(request, toll));
  const stop = new AbortController();
  const reports: RunReport[] = [];
  const active: Run[] = [];
  const due = (): boolean => (reports.length + active.length) / task.changesAKill >= toll.kills + 1;
  const disasters = [
    killers(due, world, toll, stop.signal),
    redisKiller(world, toll, stop.signal),
    pacing(world, stop.signal),
  ].map((disaster) => disaster.catch((error: unknown) => world.trouble.push(`what breaks things: ${String(error)}`)));
  learnIds(world.gates, active);
  const next = { number: 0 };
  const worker = async (_: unknown, index: number): Promise<void> => {
    while (next.number < task.count) {
      const number = next.number;
      next.number += 1;
      reports.push(await one({ number, index }, active, world, trail));
    }
  };
  await Promise.all(Array.from({ length: task.concurrency }, worker));
  stop.abort();
  await Promise.all(disasters);
  world.api.faults.length = 0;
  world.gates.forget();
  return { seconds: (Date.now() - startedAt) / 1000, runs: reports, ...toll };
}

/** `index`: whose turn it is; each has a channel and an approver of its own. */
async function one(
  { number, index }: { readonly number: number; readonly index: number },
  active: Run[],
  world: ChaosWorld,
  trail: AuditTrail,
): Promise<RunReport> {
  const namespace = `${world.cluster.prefix}-many-${String(number).padStart(4, '0')}`;
  const pod = await world.cluster.breakPod(namespace);
  const run: Run = newRun({ name: namespace, pod, index, isDenied: false }, world);
  active.push(run);
  await repair(run, world, async () => undefined).catch((error: unknown) => {
    failRun(run, error);
  });
  const {
    reports: [report],
  } = await judge([run], { world, trail, until: Date.now() + SETTLED_WITHIN_MS });
  active.splice(active.indexOf(run), 1);
  await world.cluster.forget(namespace);
  return report ?? { name: namespace, outcome: 'not judged', struck: false, effects: 0, violations: [] };
}

/** Executors die all the time; some are only frozen, and wake up when others have gone on. */
async function killers(due: () => boolean, world: ChaosWorld, toll: Toll, signal: AbortSignal): Promise<void> {
  const zombies: Promise<void>[] = [];
  while (!signal.aborted) {
    await rest(KILL_LOOK_MS, signal);
    const executors = world.bots.filter((bot) => bot.role === 'executor' && bot.isAlive() && !bot.isFrozen());
    const victim = executors[Math.floor(Math.random() * executors.length)];
    if (victim === undefined || !due()) {
      continue;
    }
    toll.kills += 1;
    if (toll.kills % ZOMBIES === 1) {
      toll.zombies += 1;
      victim.freeze();
      zombies.push(wakeAndEnd(victim));
    } else {
      await victim.kill();
    }
    await world.start('executor');
  }
  await Promise.all(zombies);
}

/** It has a little time to do harm. */
async function wakeAndEnd(bot: ChaosWorld['bots'][number]): Promise<void> {
  await pause(ZOMBIE_MS);
  bot.thaw();
  await pause(AWAKE_MS);
  await bot.kill();
}

async function redisKiller(world: ChaosWorld, toll: Toll, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await rest(REDIS_DIES_EVERY_MS, signal);
    if (!signal.aborted) {
      toll.redisKills += 1;
      await world.redis.die(REDIS_DOWN_MS);
    }
  }
}

/** Gives the bot more than Slack's minute, and closes breakers. */
async function pacing(world: ChaosWorld, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await freshMinute(world).catch(() => undefined);
    await rest(2000, signal);
  }
}

function lostReply({ isWrite }: { readonly isWrite: boolean }, toll: Toll): ApiFault | undefined {
  if (!isWrite || Math.random() * LOST_REPLIES >= 1) {
    return undefined;
  }
  toll.droppedReplies += 1;
  return { kind: 'reset-after' };
}

async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => undefined);
}
