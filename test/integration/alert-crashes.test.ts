import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { asked, doubledKeys, killedAt, ONE_THREAD, openKillingWorld, type Step } from './alert-killing.ts';
import { parents, replies, seen } from './alerts-talk.ts';
import { untilSent } from './bot-talk.ts';

const TEST_MS = 180_000;
const STEPS: readonly (readonly [string, Step])[] = [
  ['as soon as the alerts are taken', { reached: async () => undefined }],
  [
    'while root objects are looked for',
    {
      hold: ({ cluster }) => cluster.faults.add({ path: '*/pods/*', times: 1, effect: { kind: 'hang' } }),
      reached: asked('/pods/'),
    },
  ],
  [
    'while it diagnoses',
    {
      hold: ({ cluster }) => cluster.faults.add({ path: '*/deployments/*', times: 1, effect: { kind: 'hang' } }),
      reached: asked('/deployments/'),
    },
  ],
];

// Whoever goes on waits for the leases of what was killed, so that they take long and cost little.
describe.concurrent('a bot that is killed while it finds out about alerts', () => {
  it.each(STEPS)(
    '%s leaves one parent message with each reply once',
    async (_name, step) => {
      const aftermath = await killedAt(step);

      expect(aftermath).toEqual(ONE_THREAD);
    },
    TEST_MS,
  );

  it(
    'again and again, a little later each time, loses nothing and doubles nothing',
    async () => {
      const here = await openKillingWorld();
      const { world } = here;
      const first = await here.start();
      await here.send('firing', 1);
      await pause(700);
      await first.kill();
      const second = await here.start();
      await pause(1500);
      await second.kill();
      const last = await here.start();
      await here.send();
      const told = await here.whole();
      await here.send('resolved');
      await last.kill();
      await here.start();
      const parent = await seen(world, () => parents(world).find(({ text }) => text.includes('Resolved:')));
      const ends = () => replies(world, parent).filter(({ text }) => text.includes('All 2 alerts are resolved'));
      await seen(world, () => ends().length > 0);
      await untilSent(world);
      const shown = { parents: parents(world).length, doubled: doubledKeys(told), ends: ends().length };
      const problems = await here.close();

      expect({ ...shown, problems }).toEqual({ ...ONE_THREAD, ends: 1 });
    },
    TEST_MS,
  );
});
