import { expect, test } from 'vitest';
import { Timeline } from '../../../src/sim/cluster/timeline.ts';

const RECORDED = '2026-01-31T12:00:00Z';
const recordedAt = Date.parse(RECORDED);

function objectAt(time: string): {
  readonly object: { readonly status: { readonly time: string } };
  readonly recordedAt: number;
} {
  return { object: { status: { time } }, recordedAt };
}

test('keeps how long ago something was', () => {
  const timeline = new Timeline(() => new Date('2030-03-01T08:00:00.7Z'), 10_000);

  const moved = timeline.present(objectAt('2026-01-31T11:55:00Z'));

  expect(moved).toEqual({ status: { time: '2030-03-01T07:55:00Z' } });
});

test('keeps fractions, zones and everything that is no time', () => {
  const timeline = new Timeline(() => new Date('2026-01-31T13:00:00Z'), 10_000);

  const moved = timeline.present({
    object: {
      a: '2026-01-31T11:55:00.123456Z',
      b: ['2026-01-31T11:55:00+02:00'],
      c: null,
      d: 5,
      e: 'web',
      f: undefined,
    },
    recordedAt,
  });

  expect(moved).toEqual({
    a: '2026-01-31T12:55:00.123456Z',
    b: ['2026-01-31T12:55:00+02:00'],
    c: null,
    d: 5,
    e: 'web',
    f: undefined,
  });
});

test('moves times in texts that are near the recording', () => {
  const timeline = new Timeline(() => new Date('2026-02-01T12:00:00Z'), 10_000);

  const text = timeline.presentText(
    '2026/01/31 11:59:58 [notice] built 2024-05-01T00:00:00Z\n2026-01-31T11:59:59.5Z done at 2026-01-31 11:59:59',
    recordedAt,
  );

  expect(text).toBe(
    '2026/02/01 11:59:58 [notice] built 2024-05-01T00:00:00Z\n2026-02-01T11:59:59.5Z done at 2026-02-01 11:59:59',
  );
});

test('changes nothing at the time of the recording', () => {
  const timeline = new Timeline(() => new Date(RECORDED), 10_000);
  const stored = objectAt('2026-01-31T11:55:00Z');

  expect(timeline.present(stored)).toBe(stored.object);
});

test('leaves objects alone that belong to no recording', () => {
  const timeline = new Timeline(() => new Date('2030-03-01T08:00:00Z'), 10_000);
  const { object } = objectAt('2026-01-31T11:55:00Z');

  expect(timeline.present({ object })).toBe(object);
});

test('moves on in steps', () => {
  let now = new Date('2026-01-31T12:00:00Z');
  const timeline = new Timeline(() => now, 10_000);
  const stored = objectAt('2026-01-31T11:55:00Z');

  const times = [0, 9, 10, 25].map((seconds) => {
    now = new Date(recordedAt + seconds * 1000);
    return timeline.present(stored)['status'];
  });

  expect(times).toEqual([
    { time: '2026-01-31T11:55:00Z' },
    { time: '2026-01-31T11:55:00Z' },
    { time: '2026-01-31T11:55:10Z' },
    { time: '2026-01-31T11:55:20Z' },
  ]);
});

test('lets incidents age without steps', () => {
  let now = new Date('2026-01-31T13:00:00Z');
  const timeline = new Timeline(() => now, Number.POSITIVE_INFINITY);
  const stored = objectAt('2026-01-31T11:55:00Z');
  const before = timeline.present(stored);
  now = new Date('2026-01-31T19:00:00Z');

  expect(timeline.present(stored)).toBe(before);
});
