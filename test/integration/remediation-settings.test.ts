import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningBot } from '../../src/app/bot/start-bot.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { USERS } from '../../src/sim/slack/world/default-world.ts';
import type { BotWorld } from './bot-world.ts';
import {
  auditOf,
  brokenIn,
  CAROL,
  type Change,
  eventsOf,
  PEOPLE,
  proposeIn,
  refusalsOf,
  rulesFor,
  SOON_MS,
  told,
  writesIn,
} from './remediation-talk.ts';
import { approve, openRemediationWorld, press } from './remediation-world.ts';

const { alice, bob } = USERS;
const NAMESPACES = ['harmless', 'rule', 'playbook', 'frozen', 'shielded', 'named', 'nobody'];
const PLAYBOOK = join(import.meta.dirname, '../../playbooks/j-workloads/statefulset-broken-revision-kept.yaml');
const ALWAYS = { starts: '2026-01-01T00:00:00Z', ends: '2099-01-01T00:00:00Z' };

let world: BotWorld;
let executor: RunningBot;
let saved = 0;

beforeAll(async () => {
  world = await openRemediationWorld({
    slack: { world: PEOPLE, allowed: { mentions: [alice.id, bob.id, CAROL.id] } },
    recordings: await brokenIn(NAMESPACES),
    controllers: { stopMs: 50, startMs: 50 },
    remediation: rulesFor([bob.id, CAROL.id]),
  });
  const settingsFile = fileOf();
  await world.start({ role: 'gateway', settingsFile });
  await world.start({ role: 'diagnoser', settingsFile });
  executor = await world.start({ role: 'executor', settingsFile });
});

afterAll(async () => {
  const problems = world.slack.problems();
  await world.close();
  expect(problems).toEqual([]);
});

function fileOf(): string {
  return world.environment['KUBEWHY_CONFIG'] ?? '';
}

/** Writes the settings with changes, and waits until everything follows them. */
async function save(changes: Readonly<Record<string, unknown>>): Promise<void> {
  const reloads = (): number =>
    world.logger.lines.filter(({ message }) => message === 'the settings have changed').length;
  const before = reloads();
  saved += 1;
  const limits = { questionsPerUserPerMinute: 900 - saved };
  await writeFile(fileOf(), JSON.stringify({ ...world.document, limits, ...changes }));
  // Gateway, diagnoser and executor.
  await expect.poll(reloads, { timeout: SOON_MS }).toBe(before + 3);
}

function remediationWith(changes: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { remediation: { ...(world.document['remediation'] as object), ...changes } };
}

async function expectStopped(change: Change, state: string, words: string): Promise<void> {
  await change.says(words);
  await expect.poll(() => eventsOf(world, change), { timeout: SOON_MS }).toContain(state);
  expect(writesIn(world, change.namespace)).toEqual([]);
  const entry = (await auditOf(world)).find(({ remediation, to }) => remediation === change.id && to === state);
  expect(entry?.detail['reason']).toContain(words);
}

describe('settings that change while a proposal waits', () => {
  it('and say nothing about it leave it as it is', async () => {
    const change = await proposeIn(world, 'harmless');

    await save({});
    await approve(world, change.card());

    await expect.poll(() => writesIn(world, 'harmless'), { timeout: SOON_MS }).toMatchObject([{ verb: 'delete' }]);
  });

  it('and need another approval end it for everybody', async () => {
    const change = await proposeIn(world, 'rule');

    await save(remediationWith(rulesFor([bob.id, CAROL.id], { quorum: { T1: 2 } })));
    await press(world, change.card(), 'proposal.approve', bob.id);
    await told(world, bob.id, 'The settings changed since this change was proposed');

    expect(await refusalsOf(world, change)).toMatchObject([{ detail: { deed: 'open-approval', why: 'policy' } }]);
    expect(writesIn(world, 'rule')).toEqual([]);
    await save({});
  });
});

describe('an executor whose settings changed between the proposal and the act', () => {
  it.each([
    ['a freeze', 'frozen', { freezes: [{ name: 'release week', windows: [ALWAYS] }] }, 'release week'],
    ['a protected namespace', 'shielded', { protectedNamespaces: ['shield*'] }, 'is protected'],
    ['other approvers', 'named', rulesFor([CAROL.id, alice.id], { owners: [CAROL.id] }), 'names neither that person'],
    ['no identity', 'nobody', { identities: [] }, 'does not say any more who that person is'],
  ])('does not make the change: %s', async (_name, namespace, changes, words) => {
    const change = await proposeIn(world, namespace);
    await executor.stop();
    await approve(world, change.card());

    executor = await startExecutor({ ...world.document, ...remediationWith(changes) });

    await expectStopped(change, 'blocked', words);
    await executor.stop();
    executor = await startExecutor(world.document);
  });
});

describe('a playbook that changes between the proposal and the act', () => {
  it('ends the change, which rests on what the playbooks said', async () => {
    const change = await proposeIn(world, 'playbook');
    const folder = join(dirname(fileOf()), 'own');
    await mkdir(folder);
    const text = await readFile(PLAYBOOK, 'utf8');
    await writeFile(join(folder, 'own.yaml'), text.replace(/title: .*/, 'title: What we call it here'));
    await executor.stop();
    await approve(world, change.card());

    executor = await startExecutor({ ...world.document, playbooks: [folder] });

    await expectStopped(change, 'superseded', 'The playbooks were changed since this was proposed');
  });
});

/** An executor with settings of its own, as after a change that it has read first. */
async function startExecutor(document: unknown): Promise<RunningBot> {
  const result = parseSettings(document);
  if (result.kind === 'invalid') {
    throw new Error(JSON.stringify(result.problems));
  }
  return world.start({ role: 'executor', settings: result.settings, settingsFile: fileOf() });
}
