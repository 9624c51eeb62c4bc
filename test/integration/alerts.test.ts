import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openAlertWorld, parents, payloadOf, post, replies } from './alerts-talk.ts';
import type { BotWorld } from './bot-world.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples/alerts');
const CRASHING = { alertname: 'KubeDeploymentReplicasMismatch', namespace: 'shop', deployment: 'blog-api' };

let world: BotWorld;

afterEach(async () => {
  const problems = world.slack.problems();
  await world.close();
  expect(problems).toEqual([]);
});

describe('alerts', () => {
  it('become one thread with the primary cause on its first line, and what follows from it explained', async () => {
    world = await openAlertWorld();
    const bot = await world.start();

    const response = await post(bot, await readFile(join(EXAMPLES, 'incident-a.json'), 'utf8'));
    const parent = await world.slack.waitFor(
      () => parents(world).find(({ text }) => text.includes('blog-api-appsettings')),
      20_000,
    );
    const details = await world.slack.waitFor(
      () => replies(world, parent).find(({ text }) => text.startsWith('What else is known')),
      20_000,
    );

    expect(response.status).toBe(200);
    expect(parents(world)).toHaveLength(1);
    expect(JSON.stringify(details.blocks)).toMatch(/explains 2 objects: [^◦]*◦ Deployment shop\/i-web: [^•]*blog-api/);
  });

  it('that end edit their message and say so once', async () => {
    world = await openAlertWorld();
    const bot = await world.start();
    await post(bot, payloadOf([CRASHING]));
    const parent = await world.slack.waitFor(() => parents(world)[0], 20_000);

    await post(bot, payloadOf([CRASHING], { status: 'resolved' }));
    await post(bot, payloadOf([CRASHING], { status: 'resolved' }));
    await post(bot, payloadOf([CRASHING]));
    const resolved = await world.slack.waitFor(
      () => parents(world).find(({ text }) => text.includes('Resolved:')),
      20_000,
    );

    expect(resolved.ts).toBe(parent.ts);
    expect(parents(world)).toHaveLength(1);
  });
});
