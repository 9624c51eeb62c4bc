import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readArguments } from './arguments.ts';
import { FAULTS } from './cell.ts';
import { openPlayground, type Playground, playLanes } from './play-lanes.ts';
import type { ChaosResult } from './report.ts';

const PLAY_MS = 30 * 60_000;

/** What `npm run chaos` plays, each fault a test. */
describe('changes that are asked for, approved and made', () => {
  let playground: Playground | undefined;
  let result: ChaosResult;

  beforeAll(async () => {
    const options = readArguments([]);
    if (options === undefined) {
      throw new Error('the usual options are none');
    }
    playground = await openPlayground(options);
    result = await playLanes(options, playground, () => undefined);
  }, PLAY_MS);

  afterAll(async () => {
    await playground?.close(false);
  });

  it.each(FAULTS)('keep every promise when %s happens at any step', (fault) => {
    const cells = result.cells.filter(({ cell }) => cell.fault === fault);

    expect(cells.flatMap(({ runs }) => runs.flatMap(({ violations }) => violations))).toEqual([]);
    const unmet = cells.filter(({ runs }) => !runs.some(({ struck }) => struck)).map(({ cell }) => cell.step);
    expect({ played: cells.length, unmet }).toEqual({ played: 12, unmet: [] });
  });

  it('keep every promise in a row, while executors and Redis die', () => {
    expect(result.many.flatMap(({ runs }) => runs.flatMap(({ violations }) => violations))).toEqual([]);
    expect(result.many.reduce((sum, { kills }) => sum + kills, 0)).toBeGreaterThan(0);
  });

  it('leave a whole audit, and no secret anywhere', () => {
    expect(result.violations).toEqual([]);
    expect(result.auditEntries).toBeGreaterThan(0);
  });
});
