import { describe, expect, it } from 'vitest';
import {
  changedObject,
  changeWindow,
  type FoundChange,
  type Relevance,
  tellChanges,
  timeWithin,
} from '../../../src/core/triage/cluster-changes.ts';

function change(relevance: Relevance, minute: number, what = 'was changed'): FoundChange {
  const at = `2026-01-31T11:${String(minute).padStart(2, '0')}:00Z`;
  return { at, object: `${relevance} ${minute}`, what, relevance };
}

describe('changeWindow', () => {
  it('goes from an hour before to a minute after', () => {
    const window = changeWindow('2026-01-31T13:00:00+01:00') ?? { from: 0, to: 0 };

    const times = ['10:59:59Z', '11:00:00Z', '12:01:00Z', '12:01:01Z'].map((time) =>
      timeWithin(window, `2026-01-31T${time}`),
    );
    expect(times).toEqual([undefined, '2026-01-31T11:00:00Z', '2026-01-31T12:01:00Z', undefined]);
    expect([timeWithin(window, undefined), timeWithin(window, 'x')]).toEqual([undefined, undefined]);
  });

  it('is unknown for what is no time', () => {
    expect(changeWindow('soon')).toBeUndefined();
  });
});

describe('tellChanges', () => {
  it('tells the newest first, each once', () => {
    const told = tellChanges([change('own', 1), change('cluster', 9), change('own', 1), change('namespace', 5)]);

    expect(told).toEqual([
      { at: '2026-01-31T11:09:00Z', object: 'cluster 9', what: 'was changed' },
      { at: '2026-01-31T11:05:00Z', object: 'namespace 5', what: 'was changed' },
      { at: '2026-01-31T11:01:00Z', object: 'own 1', what: 'was changed' },
    ]);
  });

  it('leaves out the least relevant of many', () => {
    const many = (['cluster', 'namespace', 'referenced', 'own'] as const).flatMap((relevance) =>
      [1, 2, 3].map((minute) => change(relevance, minute + 10)),
    );

    expect(tellChanges(many).map(({ object }) => object)).toEqual([
      'own 13',
      'referenced 13',
      'namespace 13',
      'own 12',
      'referenced 12',
      'namespace 12',
      'own 11',
      'referenced 11',
    ]);
  });
});

describe('changedObject', () => {
  it('is safe to print', () => {
    const metadata = { name: `web\u0007\n${'x'.repeat(500)}`, namespace: 'shop' };

    expect(changedObject({ kind: 'Deployment', metadata })).toMatch(/^Deployment shop\/web\\u\{7\} x+…$/);
    expect(changedObject({})).toBe('');
  });
});
