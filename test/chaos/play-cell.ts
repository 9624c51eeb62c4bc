import { setTimeout as pause } from 'node:timers/promises';
import type { AuditTrail } from './audit-trail.ts';
import type { Cell, CellReport, RunReport, Violation } from './cell.ts';
import { BOT_ROLES, CREW } from './chaos-bot.ts';
import type { ChaosWorld } from './chaos-world.ts';
import { isSettled, violationsOf } from './invariants.ts';
import { type Rendezvous, repair } from './person.ts';
import { failRun, learnIds, newRun, type Run } from './run.ts';
import { patternOf } from './steps.ts';
import { Strikes } from './strikes.ts';

/** Changes that meet one fault. */
const RUNS = 4;
/** After everything works again it must be told how it ended. */
const SETTLED_WITHIN_MS = 60_000;
/** Whoever waits for the others goes on without them after this time. */
const TOGETHER_MS = 8000;
const LOOK_MS = 200;
const TOLD_WITHIN_MS = 20_000;

/** Plays one fault at one step: a few changes come to the step, the fault meets them there, and what became of them is judged. */
export async function playCell(cell: Cell, world: ChaosWorld, trail: AuditTrail): Promise<CellReport> {
  const startedAt = Date.now();
  await prepare(cell, world);
  const runs = await openRuns(cell, world);
  const strikes = armGates(cell, runs, world);
  const together = rendezvous(runs.length);
  await Promise.all(runs.map((run) => repair(run, world, together).catch((error: unknown) => failRun(run, error))));
  // What is told last may come later.
  await strikes.allStruck(cell.step === 'finish' ? TOLD_WITHIN_MS : 0);
  world.gates.disarm();
  const overAt = await strikes.over();
  await noteTimes(runs, world);
  world.bots.forEach((bot) => bot.isAlive() && bot.shiftClock(0));
  const { reports, settledAt } = await judge(runs, { world, trail, until: Date.now() + SETTLED_WITHIN_MS });
  world.gates.forget();
  await Promise.all(runs.map((run) => world.cluster.forget(run.namespace)));
  return {
    cell,
    seconds: (Date.now() - startedAt) / 1000,
    ...(overAt === undefined ? {} : { recoverySeconds: Math.max(0, settledAt - overAt) / 1000 }),
    runs: reports.map((report, index) => ({ ...report, struck: strikes.isStruck(index) })),
  };
}

/** The way to a cell that knows nothing of the one before it. */
async function prepare(cell: Cell, world: ChaosWorld): Promise<void> {
  await forgetStorms(cell, world);
  await fullCrew(world);
  world.slackGate.arm();
  await freshMinute(world);
}

/** Holds each change at the step until the fault is there. */
function armGates(cell: Cell, runs: readonly Run[], world: ChaosWorld): Strikes {
  const expected = runs.filter(({ isDenied }) => !isDenied);
  const strikes = new Strikes(world, cell, expected.length);
  learnIds(world.gates, runs);
  for (const run of expected) {
    const pattern = patternOf(cell, run.index);
    world.gates.arm({
      subject: run,
      phase: pattern.phase,
      fits: (passing) => pattern.fits(passing, run),
      reached: (bot, holdMs) => strikes.arrive({ subject: run, index: run.index, bot }, holdMs),
    });
  }
  return strikes;
}

/** Every role is there once, and executors twice; what is more than that ends. */
export async function fullCrew(world: ChaosWorld): Promise<void> {
  for (const role of BOT_ROLES) {
    const there = world.bots.filter((bot) => bot.role === role && bot.isAlive());
    const surplus = there.slice(0, Math.max(0, there.length - CREW[role]));
    await Promise.all(surplus.map((bot) => bot.kill()));
    await Promise.all(Array.from({ length: Math.max(0, CREW[role] - there.length) }, () => world.start(role)));
  }
}

/** Whoever saw the API server fail proposes and changes nothing for ten minutes: the next cell knows nothing of that. */
async function forgetStorms({ fault }: Cell, world: ChaosWorld): Promise<void> {
  if (world.sawStorm) {
    await Promise.all(world.bots.filter((bot) => bot.role !== 'gateway' && bot.isAlive()).map((bot) => bot.kill()));
  }
  world.sawStorm = fault.startsWith('api-');
}

/** Slack's limits of a minute count anew: cells follow each other faster than people do. Trips of the breaker are forgotten. */
export async function freshMinute({ redis, store }: ChaosWorld): Promise<void> {
  const used = await redis.client.keys('kubewhy:{outbox}:used:*');
  if (used.length > 0) {
    await redis.client.del(...used);
  }
  await store.resume('*', 'chaos').catch(() => undefined);
}

async function openRuns(cell: Cell, world: ChaosWorld): Promise<readonly Run[]> {
  const { fault, step, round } = cell;
  const count = RUNS + (hasBystander(cell) ? 1 : 0);
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const namespace = `${world.cluster.prefix}-${fault}-${step}-${round}-${index}`;
      const pod = await world.cluster.breakPod(namespace);
      return newRun({ name: `${fault} × ${step} #${round}.${index}`, pod, index, isDenied: index >= RUNS }, world);
    }),
  );
}

/** In some cells somebody denies a further change at the same time. */
function hasBystander({ fault, step, round }: Cell): boolean {
  return (fault.length + step.length + round) % 3 === 0;
}

/** Those who come first wait for the others, each time anew. */
function rendezvous(count: number): Rendezvous {
  const rooms = new Map<string, { waiting: number; open: PromiseWithResolvers<void> }>();
  return async (name) => {
    const room = rooms.get(name) ?? { waiting: 0, open: Promise.withResolvers<void>() };
    rooms.set(name, room);
    room.waiting += 1;
    if (room.waiting >= count) {
      room.open.resolve();
    }
    await Promise.race([room.open.promise, pause(TOGETHER_MS, undefined, { ref: false })]);
    room.open.resolve();
  };
}

/** What was found, and when nothing was wrong any more. */
interface Judgement {
  readonly reports: readonly RunReport[];
  /** Epoch milliseconds. */
  readonly settledAt: number;
}

/** Judges again and again until nothing is wrong, or the time for that is over. */
export async function judge(
  runs: readonly Run[],
  { world, trail, until }: { readonly world: ChaosWorld; readonly trail: AuditTrail; readonly until: number },
): Promise<Judgement> {
  for (;;) {
    const found = await Promise.all(runs.map((run) => judgeOnce(run, world, trail)));
    const settledAt = Date.now();
    if (found.every((violations) => violations.length === 0) || settledAt > until) {
      return { reports: runs.map((run, index) => reportOf(run, world, found[index] ?? [])), settledAt };
    }
    await pause(LOOK_MS);
  }
}

/** What is wrong with a run at this moment; what is still under way is, and so is what cannot be read. */
async function judgeOnce(run: Run, world: ChaosWorld, trail: AuditTrail): Promise<readonly Violation[]> {
  try {
    await trail.read();
    const violations = await violationsOf(run, world, trail);
    const isOver = violations.length > 0 || (await isSettled(run, world));
    return isOver ? violations : [{ invariant: 'I1', says: `${run.name}: it did not come to its end` }];
  } catch (error) {
    return [{ invariant: 'other', says: `${run.name} could not be judged: ${String(error)}` }];
  }
}

function reportOf(run: Run, { api }: ChaosWorld, violations: readonly Violation[]): RunReport {
  const effects = api.effects.filter(({ url }) => url.includes(`/${run.namespace}/`)).length;
  return { name: run.name, outcome: run.outcome, struck: false, isBystander: run.isDenied, effects, violations };
}

/** For whoever reads the log of a lane. */
async function noteTimes(runs: readonly Run[], { store }: ChaosWorld): Promise<void> {
  for (const run of runs) {
    const ids = [...run.ids].filter((id) => id.startsWith('m-'));
    const records = await Promise.all(ids.map((id) => store.read(id).catch(() => undefined)));
    const history = records
      .flatMap((record) => record?.history ?? [])
      .map(({ state, at }) => `${at.slice(14, 23)} ${state}`);
    const accepted = run.accepted.map(({ what, at }) => `${new Date(at).toISOString().slice(14, 23)} ${what}`);
    const reasons = records.flatMap((record) => record?.ending?.reason ?? []);
    console.log(
      [run.name, [...accepted, ...history].toSorted().join(', '), run.outcome, ...reasons, ...run.complaints].join(
        ': ',
      ),
    );
  }
}
