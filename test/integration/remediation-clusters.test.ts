import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { type ClusterSim, startClusterSim } from '../../src/sim/cluster/cluster-sim.ts';
import { EXECUTOR_USER } from '../../src/sim/cluster/users.ts';
import { USERS } from '../../src/sim/slack/world/default-world.ts';
import type { BotWorld } from './bot-world.ts';
import {
  brokenIn,
  CAROL,
  eventsOf,
  inRedis,
  keyNamed,
  PEOPLE,
  planOf,
  proposeIn,
  refusalsOf,
  rowOf,
  rulesFor,
  SOON_MS,
  writesIn,
} from './remediation-talk.ts';
import { APPROVERS, approve, openRemediationWorld } from './remediation-world.ts';

const { alice, bob } = USERS;

let world: BotWorld;
let twin: ClusterSim;
let folder: string;

beforeAll(async () => {
  const recordings = await brokenIn(['same', 'moved']);
  const controllers = { stopMs: 50, startMs: 50 };
  world = await openRemediationWorld({
    slack: { world: PEOPLE, allowed: { mentions: [alice.id, bob.id, CAROL.id] } },
    recordings,
    controllers,
    remediation: rulesFor([bob.id, CAROL.id]),
  });
  twin = await startClusterSim({ recordings, controllers });
  twin.setIdentities([{ group: APPROVERS, rules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }] }]);
  folder = await mkdtemp(join(tmpdir(), 'kubewhy-twin-'));
  const [reader, executor] = [join(folder, 'reader'), join(folder, 'executor')];
  await Promise.all([twin.writeKubeconfig(reader), twin.writeKubeconfig(executor, EXECUTOR_USER.token)]);
  const [prod] = world.document['clusters'] as readonly object[];
  const clusters = [prod, { name: 'twin', kubeconfig: reader, executor: { kubeconfig: executor } }];
  const result = parseSettings({ ...world.document, clusters });
  if (result.kind === 'invalid') {
    throw new Error(JSON.stringify(result.problems));
  }
  await world.start({ settings: result.settings });
});

afterAll(async () => {
  const problems = world.slack.problems();
  await world.close();
  await twin.close();
  await rm(folder, { recursive: true, force: true });
  expect(problems).toEqual([]);
});

function twinWrites(namespace: string): readonly unknown[] {
  return twin.writes().filter((write) => write.namespace === namespace && write.resource !== 'events');
}

describe('two clusters with objects of the same names and uids', () => {
  it('have changes of their own, and each reaches only its cluster', async () => {
    const first = await proposeIn(world, 'same', { query: 'why deploy/blog-api -n same -c prod' });
    const second = await proposeIn(world, 'same', { query: 'why deploy/blog-api -n same -c twin' });
    const [one, other] = [await planOf(world, first), await planOf(world, second)];

    await approve(world, second.card());
    await expect.poll(() => twinWrites('same'), { timeout: SOON_MS }).toMatchObject([{ verb: 'delete' }]);

    expect(first.id).not.toBe(second.id);
    expect([one.cluster, other.cluster]).toEqual(['prod', 'twin']);
    expect(one.target).toEqual(other.target);
    expect(writesIn(world, 'same')).toEqual([]);
    await first.says('proposal.approve');
  });

  it('do not take the plan of each other, however it is signed', async () => {
    const change = await proposeIn(world, 'moved', { query: 'why deploy/blog-api -n moved -c prod' });

    // The row says that it is approved, and is offered to the executor of the other cluster.
    await inRedis(world, async (redis) => {
      const due = Date.now() + 600_000;
      await redis.hset(rowOf(change), { state: 'approved', cluster: 'twin', due, actBefore: due });
      await redis.zadd(keyNamed('runnable:twin'), Date.now(), change.id);
    });

    await expect
      .poll(() => refusalsOf(world, change), { timeout: SOON_MS })
      .toMatchObject([{ security: 5, detail: { forged: 'its plan is for another cluster' } }]);
    await expect.poll(() => eventsOf(world, change), { timeout: SOON_MS }).toContain('blocked');
    expect([writesIn(world, 'moved'), twinWrites('moved')]).toEqual([[], []]);
  });
});
