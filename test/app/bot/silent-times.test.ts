import { expect, it } from 'vitest';
import { silentTimes } from '../../../src/app/bot/silent-times.ts';

it('lets two reports of a diagnoser be lost before it counts as silent', () => {
  expect(silentTimes()).toEqual({ silentAfterMs: 60_000, heartbeatMs: 20_000, standInMs: 5000 });
  expect(silentTimes(6000)).toEqual({ silentAfterMs: 6000, heartbeatMs: 2000, standInMs: 500 });
});
