import { expect } from 'vitest';
import { USERS } from '../../src/sim/slack/world/default-world.ts';
import { type BotProcess, startBotProcess } from './bot-process.ts';
import type { BotWorld } from './bot-world.ts';
import { brokenIn, CAROL, type Change, inRedis, PEOPLE, rowOf, rulesFor, writesIn } from './remediation-talk.ts';
import { openRemediationWorld } from './remediation-world.ts';

/** An executor takes over what another one had when that was silent for ten seconds. */
const LATER_MS = 45_000;

/** A world in which each role is a process of its own. */
export interface RolesWorld {
  readonly world: BotWorld;
  /** Starts so many executors; there is one at the beginning. */
  startExecutors(count: number): Promise<void>;
  killExecutors(): Promise<void>;
  /** Ends everything, and answers what Slack would have refused. */
  close(): Promise<readonly string[]>;
}

/** Starts a gateway, a diagnoser and an executor, with a broken workload in each of the namespaces. */
export async function openRolesWorld(namespaces: readonly string[]): Promise<RolesWorld> {
  const { alice, bob } = USERS;
  const world = await openRemediationWorld({
    slack: { world: PEOPLE, allowed: { mentions: [alice.id, bob.id, CAROL.id] } },
    recordings: await brokenIn(namespaces),
    controllers: { stopMs: 50, startMs: 50 },
    remediation: { ...rulesFor([bob.id, CAROL.id]), times: { leaseSeconds: 10 } },
  });
  const start = (role: 'gateway' | 'diagnoser' | 'executor'): Promise<BotProcess> => startBotProcess(world, role);
  const [executor, ...others] = await Promise.all([start('executor'), start('gateway'), start('diagnoser')]);
  let executors = [executor];
  const killExecutors = async (): Promise<void> => {
    await Promise.all(executors.map((one) => one.kill()));
  };
  return {
    world,
    killExecutors,
    async startExecutors(count) {
      executors = await Promise.all(Array.from({ length: count }, () => start('executor')));
    },
    async close() {
      const problems = world.slack.problems();
      await killExecutors();
      await Promise.all(others.map((one) => one.kill()));
      await world.close();
      return problems;
    },
  };
}

/** The state of a change as it is stored. */
export async function stateOf(world: BotWorld, change: Change): Promise<string | null> {
  return inRedis(world, (redis) => redis.hget(rowOf(change), 'state'));
}

/** Waits until a change has helped; it was made once, by the account of the executor. */
export async function expectMadeOnce(world: BotWorld, change: Change): Promise<void> {
  await expect.poll(() => stateOf(world, change), { timeout: LATER_MS }).toBe('succeeded');
  expect(writesIn(world, change.namespace)).toMatchObject([
    { verb: 'delete', resource: 'pods', user: 'system:serviceaccount:kubewhy:kubewhy-executor' },
  ]);
  await change.says('Fixed');
}
