import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { FakeClock } from '../fakes/fake-clock.ts';
import { FakeRemediationStore } from '../fakes/fake-remediation-store.ts';
import { playRemediations } from './play-remediations.ts';

/** Of up to 50 steps each. */
const SEQUENCES = 10_000;
const STEPS = 50;
/** Without these the sequences would be too tame to prove anything. */
const WAYS_THAT_MUST_BE_MET = [
  'propose proposed',
  'propose exists',
  'propose blocked',
  'approve counted',
  'approve decided approved',
  'approve own',
  'approve voted',
  'approve stale',
  'approve expired',
  'claim claimed',
  'claim busy',
  'claim already blocked',
  'claim already expired',
  'claim already unknown_outcome',
  'intend true',
  'intend false',
  'advance true',
  'advance false',
  'renew true',
  'renew false',
  'step false',
  'cancel decided cancelled',
  'read succeeded',
  'read failed',
  'read denied',
  'read verify_failed',
  'read unknown_outcome',
];

test('the fake store does what the model says, whatever happens in whatever order', { timeout: 120_000 }, async () => {
  const answers = new Set<string>();

  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(), { minLength: STEPS, maxLength: STEPS }), async (numbers) => {
      const clock = new FakeClock();
      const store = new FakeRemediationStore(clock);
      for (const answer of await playRemediations({ store, pass: async (ms) => clock.advance(ms) }, numbers)) {
        answers.add(answer.replaceAll(/ m-\d+.*| \d.*/g, ''));
      }
    }),
    { seed: 44, numRuns: SEQUENCES },
  );

  expect([...answers]).toEqual(expect.arrayContaining(WAYS_THAT_MUST_BE_MET));
});
