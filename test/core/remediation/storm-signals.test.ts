import { describe, expect, it } from 'vitest';
import {
  alertStormReason,
  apiStormReason,
  KEEP_SLOTS_MS,
  noteRequest,
  type RequestSlot,
} from '../../../src/core/remediation/storm-signals.ts';

const NOW = 1_000_000_000;
const SECOND = 1000;
const MINUTE = 60 * SECOND;

function alerts(...counts: readonly (readonly [agoMs: number, count: number])[]) {
  return counts.map(([agoMs, count]) => ({ at: NOW - agoMs, count }));
}

function requests(agoMs: number, answered: number, failed: number): RequestSlot {
  return { at: NOW - agoMs, answered, failed };
}

describe('a storm of alerts', () => {
  it.each([
    ['none', [], undefined],
    ['as many as may be within a minute', alerts([50 * SECOND, 25], [0, 25]), undefined],
    ['one more', alerts([50 * SECOND, 25], [0, 26]), '51 alerts of this cluster began within a minute'],
    ['as many, but not within one minute', alerts([60 * SECOND, 25], [0, 26]), undefined],
    ['a storm that is not calm for long enough', alerts([10 * MINUTE, 60]), '60 alerts of this cluster'],
    ['a storm that has been calm for ten minutes', alerts([10 * MINUTE + 10 * SECOND, 60]), undefined],
    ['a storm whose end is near', alerts([10 * MINUTE + 20 * SECOND, 40], [10 * MINUTE, 11]), '51 alerts of this'],
  ])('%s', (_, slots, says) => {
    const reason = alertStormReason(slots, NOW);

    expect(reason?.slice(0, says?.length)).toBe(says);
  });
});

describe('an API server that fails', () => {
  it.each([
    ['nothing was asked', [], undefined],
    ['one in ten', [requests(0, 90, 10)], undefined],
    ['more than one in ten', [requests(0, 89, 11)], 'The API server left 11 of 100 requests'],
    ['too few to tell', [requests(0, 9, 10)], undefined],
    ['enough to tell', [requests(0, 9, 11)], 'The API server left 11 of 20 requests'],
    ['failures among many answers of the same minutes', [requests(4 * MINUTE, 100, 0), requests(0, 9, 11)], undefined],
    ['failures after a pause', [requests(5 * MINUTE, 100, 0), requests(0, 9, 11)], 'The API server left 11 of 20'],
    ['failures that are not over for long enough', [requests(10 * MINUTE, 0, 20)], 'The API server left 20 of 20'],
    ['failures that were over ten minutes ago', [requests(10 * MINUTE + 10 * SECOND, 0, 20)], undefined],
  ])('%s', (_, slots, says) => {
    const reason = apiStormReason(slots, NOW);

    expect(reason?.slice(0, says?.length)).toBe(says);
  });
});

describe('noteRequest', () => {
  it('counts by slots of ten seconds and forgets those that matter no more', () => {
    const times = [0, 9999, 10_000, 10_001];

    const slots = times.reduce<readonly RequestSlot[]>((before, at) => noteRequest(before, at, at !== 9999), []);

    expect(slots).toEqual([
      { at: 0, answered: 1, failed: 1 },
      { at: 10_000, answered: 2, failed: 0 },
    ]);
    expect(noteRequest(slots, KEEP_SLOTS_MS, true)).toEqual([
      { at: 10_000, answered: 2, failed: 0 },
      { at: KEEP_SLOTS_MS, answered: 1, failed: 0 },
    ]);
  });
});
