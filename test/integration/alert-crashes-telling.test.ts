import { describe, expect, it } from 'vitest';
import { called, killedAt, ONE_THREAD, type Step } from './alert-killing.ts';
import { parents, replies, seen } from './alerts-talk.ts';

const TEST_MS = 180_000;
const METHOD = 'chat.postMessage';
const STEPS: readonly (readonly [string, Step])[] = [
  [
    'while the parent message is sent, which arrives',
    {
      hold: ({ slack }) => slack.faults.add({ method: METHOD, fault: { kind: 'hang', accepted: true } }),
      reached: called(METHOD),
    },
  ],
  [
    'while the parent message is sent, which does not arrive',
    { hold: ({ slack }) => slack.faults.add({ method: METHOD, fault: { kind: 'hang' } }), reached: called(METHOD) },
  ],
  ['when the parent message is posted', { reached: (world) => seen(world, () => parents(world).length > 0) }],
  [
    'while the first reply is sent, which arrives',
    {
      hold: ({ slack }) =>
        slack.faults.add({
          method: METHOD,
          fault: { kind: 'hang', accepted: true },
          when: ({ args }) => args['thread_ts'] !== undefined,
        }),
      reached: called(METHOD, 2),
    },
  ],
  [
    'between the replies',
    {
      reached: (world) => seen(world, () => parents(world).some((parent) => replies(world, parent).length > 0)),
    },
  ],
];

// Whoever goes on waits for the leases of what was killed, so that they take long and cost little.
describe.concurrent('a bot that is killed while it tells of alerts', () => {
  it.each(STEPS)(
    '%s leaves one parent message with each reply once',
    async (_name, step) => {
      const aftermath = await killedAt(step);

      expect(aftermath).toEqual(ONE_THREAD);
    },
    TEST_MS,
  );
});
