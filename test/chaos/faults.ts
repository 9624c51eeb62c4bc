import { setTimeout as pause } from 'node:timers/promises';
import type { FaultRule, Fault as SlackFault } from '../../src/sim/slack/faults.ts';
import type { Cell, FaultName } from './cell.ts';
import { type ChaosBot, CREW } from './chaos-bot.ts';
import { type ChaosWorld, LEASE_SECONDS } from './chaos-world.ts';
import type { Subject } from './gates.ts';
import type { ApiFault } from './http-wire.ts';

/** Somebody whom the fault meets. */
export interface Victim {
  readonly subject: Subject;
  /** Which of the changes of the cell it is. */
  readonly index: number;
  /** The process in which it was met; undefined where it cannot be told. */
  readonly bot: ChaosBot | undefined;
}

/** Longer than the lease of a claim and than the lock of a job. */
const ZOMBIE_MS = 2.6 * LEASE_SECONDS * 1000;
const REDIS_DOWN_MS = 1000;
/** Longer than the lease, and than any command is waited for. */
const REDIS_FROZEN_MS = 6500;
const REDIS_FULL_MS = 4000;
const SERVER_ILL_MS = 4000;
const CLOCK_MS = 10 * 60_000;

/** One for each change of a cell. */
export const API_ERRORS: readonly ApiFault[] = [
  { kind: 'hang' },
  { kind: 'status', status: 429 },
  { kind: 'status', status: 500 },
  { kind: 'status', status: 409 },
];
const SLACK_ERRORS: readonly SlackFault[] = [
  { kind: 'rate-limited', retryAfter: 2 },
  { kind: 'http-error', status: 500 },
  { kind: 'hang' },
];

/** Lets it happen: resolves as soon as it is there, with what resolves when it is over. */
export type Inject = (
  victims: readonly Victim[],
  world: ChaosWorld,
  cell: Cell,
) => Promise<{ readonly over: Promise<unknown> }>;

export const INJECTIONS: Readonly<Record<FaultName, Inject>> = {
  'worker-kill': async (victims, world) => {
    const bots = processesOf(victims, world);
    await Promise.all(bots.map((bot) => bot.kill()));
    return { over: replaceAll(bots, world) };
  },
  'worker-freeze': async (victims, world) => {
    const bots = processesOf(victims, world);
    bots.forEach((bot) => bot.freeze());
    return { over: zombies(bots, world, () => bots.forEach((bot) => bot.isAlive() && bot.thaw())) };
  },
  'worker-block': async (victims, world) => {
    const bots = processesOf(victims, world);
    bots.forEach((bot) => bot.block(ZOMBIE_MS));
    // It reads the order before anything that comes after it.
    await pause(20);
    return { over: zombies(bots, world, () => undefined) };
  },
  'redis-kill': async (_, { redis }) => {
    const over = redis.die(REDIS_DOWN_MS);
    await pause(20);
    return { over };
  },
  'redis-power': async (_, { redis }) => {
    const over = redis.losePower(REDIS_DOWN_MS);
    await pause(60);
    return { over };
  },
  'redis-freeze': async (_, { redis }) => ({ over: redis.standStill(REDIS_FROZEN_MS) }),
  'redis-full': async (_, { redis }) => {
    const over = redis.fill(REDIS_FULL_MS);
    await pause(20);
    return { over };
  },
  'api-error': async (victims, world) => {
    return apiFault(world, (text) => {
      const victim = victims.find(({ subject }) => text.includes(subject.namespace));
      return victim === undefined ? undefined : API_ERRORS[victim.index % API_ERRORS.length];
    });
  },
  'api-reset': async (victims, world) =>
    apiFault(world, (text) =>
      victims.some(({ subject }) => text.includes(subject.namespace)) ? { kind: 'reset-after' } : undefined,
    ),
  'slack-error': async (victims, world, { round }) => {
    const turn = { count: round };
    const ofVictim = (text: string): number | undefined => {
      const victim = victims.find(({ subject: { namespace, ids } }) =>
        [namespace, ...ids].some((id) => text.includes(id)),
      );
      return victim?.index;
    };
    const rules = SLACK_ERRORS.map(
      (fault, kind): FaultRule => ({
        method: '*',
        times: Number.POSITIVE_INFINITY,
        fault,
        when: ({ args }) => {
          const index = ofVictim(JSON.stringify(args));
          if (index !== undefined) {
            return (index + round) % SLACK_ERRORS.length === kind;
          }
          // What names no change, such as looking a person up, meets each of them in turn.
          turn.count += kind === 0 ? 1 : 0;
          return turn.count % SLACK_ERRORS.length === kind;
        },
      }),
    );
    return slackFault(world, rules);
  },
  'slack-reset': async (_, world) =>
    slackFault(world, [{ method: '*', times: Number.POSITIVE_INFINITY, fault: { kind: 'drop-after-accept' } }]),
  clock: async (victims, world, { round, step }) => {
    const ahead = (step.length + round) % 2 === 0;
    processesOf(victims, world).forEach((bot, index) => {
      bot.shiftClock((index % 2 === 0) === ahead ? CLOCK_MS : -CLOCK_MS);
    });
    // It stays wrong until the cell ends.
    return { over: pause(50) };
  },
};

/** Where it cannot be told which process it was, all gateways: nobody else posts. */
function processesOf(victims: readonly Victim[], { bots }: ChaosWorld): readonly ChaosBot[] {
  const known = victims.map(({ bot }) => bot);
  const gateways = known.includes(undefined) ? bots.filter(({ role }) => role === 'gateway') : [];
  return [...new Set([...known.filter((bot) => bot !== undefined), ...gateways])].filter(
    (bot) => bot.isAlive() && !bot.isFrozen(),
  );
}

/** Somebody else does their work meanwhile. */
async function zombies(bots: readonly ChaosBot[], world: ChaosWorld, wake: () => void): Promise<void> {
  await Promise.all([pause(ZOMBIE_MS), replaceAll(bots, world)]);
  wake();
}

/** Starts what is missing in their place; no more than that, since Slack takes ten connections and not one more. */
async function replaceAll(bots: readonly ChaosBot[], world: ChaosWorld): Promise<void> {
  const roles = new Set(bots.map(({ role }) => role));
  const missing = [...roles].flatMap((role) => {
    const working = world.bots.filter((bot) => bot.role === role && bot.isAlive() && !bot.isFrozen());
    return Array.from({ length: Math.max(0, CREW[role] - working.length) }, () => role);
  });
  await Promise.all(missing.map((role) => world.start(role)));
}

function apiFault(
  { api }: ChaosWorld,
  faultOf: (text: string) => ApiFault | undefined,
): { readonly over: Promise<unknown> } {
  const fault = (request: { readonly url: string; readonly body: Buffer }): ApiFault | undefined =>
    faultOf(request.url) ?? faultOf(request.body.toString());
  api.faults.push(fault);
  const heal = (): void => {
    api.faults.splice(api.faults.indexOf(fault), 1);
  };
  return { over: pause(SERVER_ILL_MS).then(heal) };
}

function slackFault({ slackGate }: ChaosWorld, rules: readonly FaultRule[]): { readonly over: Promise<unknown> } {
  slackGate.fail(rules);
  return { over: pause(SERVER_ILL_MS).then(() => slackGate.heal()) };
}
