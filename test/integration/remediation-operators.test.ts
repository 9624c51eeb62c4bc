import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHANNELS, USERS } from '../../src/sim/slack/world/default-world.ts';
import type { BotWorld } from './bot-world.ts';
import {
  auditOf,
  brokenIn,
  CAROL,
  type Change,
  eventsIn,
  eventsOf,
  inRedis,
  keyNamed,
  PEOPLE,
  proposeIn,
  rulesFor,
  SOON_MS,
  told,
  toldTo,
  writesIn,
} from './remediation-talk.ts';
import { approve, openRemediationWorld } from './remediation-world.ts';

const { alice, bob } = USERS;
const MAIN = join(import.meta.dirname, '../../src/main.ts');
const run = promisify(execFile);
/** The App Home leads to the threads of changes. */
const THREADS = 'https://acme.slack.com/archives/';

let world: BotWorld;
let done: Change;
let waiting: Change;

beforeAll(async () => {
  world = await openRemediationWorld({
    slack: { world: PEOPLE, allowed: { mentions: [alice.id, bob.id, CAROL.id], links: [THREADS] } },
    recordings: await brokenIn(['done', 'waiting']),
    controllers: { stopMs: 50, startMs: 50 },
    remediation: { ...rulesFor([bob.id, CAROL.id]), auditChannel: CHANNELS.ops.id },
  });
  await world.start();
  done = await proposeIn(world, 'done');
  await approve(world, done.card(), { reason: 'it blocks the shop' });
  waiting = await proposeIn(world, 'waiting');
  await done.says('Fixed');
});

afterAll(async () => {
  const problems = world.slack.problems();
  await world.close();
  expect(problems).toEqual([]);
});

/** `kubewhy audit …` as an operator runs it, on this Redis. */
async function audit(...words: readonly string[]): Promise<{ readonly code: number; readonly text: string }> {
  const env = { ...world.environment, PATH: process.env['PATH'] ?? '' };
  try {
    const { stdout } = await run(process.execPath, [MAIN, 'audit', ...words], { env, maxBuffer: 10_000_000 });
    return { code: 0, text: stdout };
  } catch (error) {
    const { code, stdout } = error as { readonly code: number; readonly stdout: string };
    return { code, text: stdout };
  }
}

describe('the App Home', () => {
  it('shows what waits for those who may approve it, with a button only for them', async () => {
    await world.slack.drivers.openHome({ user: bob.id });
    await world.slack.drivers.openHome({ user: alice.id });

    const homeOf = (user: string): string =>
      JSON.stringify(world.slack.homes().find((home) => home.user === user)?.blocks ?? '');
    await world.slack.waitFor(
      () => homeOf(bob.id).includes('waiting/') && homeOf(alice.id).includes('waiting/'),
      SOON_MS,
    );
    expect(homeOf(bob.id)).toContain(`"value":"${waiting.id}"`);
    expect(homeOf(bob.id)).toContain('Recent decisions');
    expect(homeOf(bob.id)).toContain('helped');
    // She asked for it herself.
    expect(homeOf(alice.id)).not.toContain(`"value":"${waiting.id}"`);
  });
});

describe('/k8s audit', () => {
  it('tells operators what happened, and nobody else', async () => {
    await world.slack.drivers.command({ user: bob.id, text: 'audit 30' });
    await world.slack.drivers.command({ user: CAROL.id, text: 'audit 30' });

    const text = await told(world, bob.id, 'of the audit');
    expect(text).toContain('R-POD-DELETE Pod waiting/');
    expect(text).toContain('posted proposed → awaiting_approval');
    await told(world, CAROL.id, 'You may not do that');
    expect(toldTo(world, CAROL.id).join()).not.toContain('R-POD-DELETE');
  });

  it('names every step of a change in order, with who did it', async () => {
    const events = (await eventsOf(world, done)).filter((event) => event !== 'step');

    expect(events).toEqual([
      'proposed',
      'awaiting_approval',
      'vote',
      'approved',
      'executing',
      'checked',
      'dry-run',
      'intent',
      'result',
      'verifying',
      'succeeded',
    ]);
    const vote = (await auditOf(world)).find(({ event, remediation }) => event === 'vote' && remediation === done.id);
    expect(vote).toMatchObject({
      actor: `slack:${world.slack.team.id}/${bob.id}`,
      action: 'R-POD-DELETE',
      detail: { reason: 'it blocks the shop' },
    });
    expect(writesIn(world, 'done')).toHaveLength(1);
    expect(eventsIn(world, 'done')).toEqual(['RemediationSucceeded']);
  });
});

describe('kubewhy audit', () => {
  it('finds the chain whole, and exports what was logged as lines', async () => {
    await expect.poll(async () => (await audit('verify')).text, { timeout: SOON_MS }).not.toContain('not chained yet');

    const verified = await audit('verify');
    const exported = (await audit('export')).text.trim().split('\n');

    expect(verified).toEqual({ code: 0, text: expect.stringContaining('the audit is whole') });
    const logged = world.logger.lines.filter(({ message }) => message === 'audit').map(({ fields }) => fields['audit']);
    // A line may come twice.
    const once = new Set(logged.map((entry) => JSON.stringify(entry)));
    expect(exported.map((line) => JSON.parse(line))).toEqual([...once].map((line) => JSON.parse(line)));
  });

  it('still holds the entry that the channel of the audit was told, once', async () => {
    const ends = () => world.slack.sent().filter(({ text }) => text.includes('The audit of changes has'));
    await world.slack.waitFor(() => ends().length > 0, SOON_MS);
    const [, anchor = ''] = /--anchor (\d+:[0-9a-f]{64})/.exec(JSON.stringify(ends())) ?? [];

    const verified = await audit('verify', '--anchor', anchor);

    expect(ends()).toMatchObject([{ channel: CHANNELS.ops.id }]);
    expect(verified).toEqual({ code: 0, text: expect.stringContaining('the audit is whole') });
  });

  it('names the entry that somebody changed', async () => {
    const chain = keyNamed('audit:chain');
    const rows = await inRedis(world, (redis) => redis.xrange(chain, '-', '+'));
    const place = rows.findIndex(([, fields]) => fields[1]?.includes('"event":"vote"') ?? false);
    const number = Number(rows[place]?.[0].split('-')[0]);

    // Entries of a stream cannot be changed: whoever forges one writes all of them anew.
    await inRedis(world, async (redis) => {
      await redis.del(chain);
      for (const [id, fields] of rows) {
        const forged = id.startsWith(`${number}-`) ? (fields[1] ?? '').replaceAll(bob.id, CAROL.id) : (fields[1] ?? '');
        await redis.xadd(chain, id, 'entry', forged);
      }
    });
    const verified = await audit('verify');

    expect(verified.code).not.toBe(0);
    expect(verified.text).toContain('the audit is NOT whole');
    expect(verified.text).toContain(`certain up to entry ${number - 1}`);
  });

  it('names the entry that is missing', async () => {
    await inRedis(world, (redis) => redis.xdel(keyNamed('audit:chain'), '2-0'));

    const verified = await audit('verify');

    expect(verified.code).not.toBe(0);
    expect(verified.text).toContain('certain up to entry 1');
  });
});
