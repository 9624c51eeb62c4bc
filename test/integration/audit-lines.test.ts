import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sampleDraft } from '../fakes/remediation-samples.ts';
import type { BotWorld } from './bot-world.ts';
import { inRedis, keyNamed } from './remediation-talk.ts';
import { openRemediationWorld } from './remediation-world.ts';

const MAIN = join(import.meta.dirname, '../../src/main.ts');
const SOON_MS = 50_000;
const OUTPUT = 'rbd: image has watchers, not removing. '.repeat(200);

let world: BotWorld;

beforeAll(async () => {
  world = await openRemediationWorld();
});

afterAll(async () => {
  await world.close();
});

it('a bot that logs errors only writes every entry of the audit to standard output, whole', async () => {
  const env = { ...world.environment, PATH: process.env['PATH'] ?? '', KUBEWHY_LOG_LEVEL: 'error' };
  const drafts = ['m-1', 'm-2'].map((remediation) => sampleDraft({ remediation, detail: { output: OUTPUT } }));
  const rows = drafts.map((draft) => `${Date.now()} ${JSON.stringify(draft)}`);
  await inRedis(world, (redis) => redis.rpush(keyNamed('audit:pending'), ...rows));
  let said = '';

  const bot = spawn(process.execPath, [MAIN, 'serve'], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  bot.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const exited = once(bot, 'exit');
  await expect.poll(() => said, { timeout: SOON_MS }).toContain('"remediation":"m-2"');
  bot.kill('SIGTERM');
  await exited;

  const lines = said.trim().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { level: 'info', msg: 'audit', audit: { seq: 1, remediation: 'm-1', detail: { output: OUTPUT } } },
    { level: 'info', msg: 'audit', audit: { seq: 2, remediation: 'm-2', detail: { output: OUTPUT } } },
  ]);
});
