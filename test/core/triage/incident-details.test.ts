import { describe, expect, it } from 'vitest';
import type { IncidentCause } from '../../../src/core/triage/incident.ts';
import {
  explainedBy,
  hasDetails,
  incidentVerdict,
  lookCounts,
  saidApart,
  unexplained,
} from '../../../src/core/triage/incident-details.ts';
import { sampleIncident, sampleRoot } from './incident-samples.ts';

const AT = '2026-03-02T09:30:00.000Z';

function causeWith(changes: Partial<IncidentCause>): IncidentCause {
  return { key: 'c', code: 'x', headline: 'h', state: 'confirmed', root: 'r', at: AT, version: 1, ...changes };
}

const query = { kind: 'Deployment', namespace: 'shop', name: 'web' } as const;

describe('what is known about an incident', () => {
  it('is its first cause, whatever else was found', () => {
    const [healthy, first, other] = [
      causeWith({ key: 'a', state: 'healthy' }),
      causeWith({ key: 'b', state: 'likely' }),
      causeWith({ key: 'c' }),
    ];
    const roots = [sampleRoot(query, { look: 'waiting' })];

    expect(incidentVerdict(sampleIncident({ causes: [healthy, first, other], roots }))).toEqual({
      kind: 'cause',
      first,
      others: [other],
    });
  });

  it('is nothing yet while something waits', () => {
    const roots = [sampleRoot(query), sampleRoot(query, { look: 'waiting' })];

    expect(incidentVerdict(sampleIncident({ causes: [causeWith({ state: 'failed' })], roots }))).toEqual({
      kind: 'running',
    });
  });

  it.each([
    ['unknown', [causeWith({ state: 'healthy', headline: 'no' }), causeWith({ state: 'unknown' })]],
    ['healthy', [causeWith({ state: 'failed', headline: 'no' }), causeWith({ state: 'healthy' })]],
    ['failed', [causeWith({ state: 'failed' })]],
  ])('is %s without a cause', (kind, causes) => {
    expect(incidentVerdict(sampleIncident({ causes }))).toEqual({ kind, text: 'h' });
  });

  it('is why nothing could be asked', () => {
    const roots = [sampleRoot(undefined, { look: 'impossible', reason: 'no name' })];

    expect(incidentVerdict(sampleIncident({ roots }))).toEqual({ kind: 'failed', text: 'no name' });
  });
});

describe('what was looked at', () => {
  it('is counted, and alike when all have one cause', () => {
    const roots = [
      sampleRoot(query, { cause: 'c' }),
      sampleRoot(query, { cause: 'c' }),
      sampleRoot(query, { cause: 'c', look: 'left-out' }),
      sampleRoot(query, { look: 'waiting' }),
      sampleRoot(undefined, { look: 'impossible', reason: 'no name' }),
    ];

    expect(lookCounts(sampleIncident({ roots, rootsBeyond: 10 }))).toEqual({
      total: 15,
      done: 2,
      waiting: 1,
      impossible: 1,
      alike: true,
    });
  });

  it.each([
    ['two causes', ['a', 'b']],
    ['one without a cause', ['a', undefined]],
    ['one alone', ['a']],
  ])('is not alike with %s', (_, causes) => {
    const roots = causes.map((cause) => sampleRoot(query, cause === undefined ? {} : { cause }));

    expect(lookCounts(sampleIncident({ roots })).alike).toBe(false);
  });
});

describe('the objects of a cause', () => {
  it('begin with those that were asked about', () => {
    const left = sampleRoot(query, { key: 'l', look: 'left-out', cause: 'c' });
    const done = sampleRoot(query, { key: 'd', cause: 'c' });
    const other = sampleRoot(query, { key: 'o', cause: 'x' });

    expect(explainedBy(sampleIncident({ roots: [left, other, done] }), causeWith({}))).toEqual([done, left]);
  });

  it('are not those about which nothing could be found out', () => {
    const none = sampleRoot(undefined, { look: 'impossible', reason: 'no name' });

    expect(unexplained(sampleIncident({ roots: [sampleRoot(query), none] }))).toEqual([none]);
  });
});

describe('what answers of objects say beyond a cause', () => {
  const said = (name: string, says: string) =>
    sampleRoot({ ...query, name }, { title: `Deployment shop/${name}`, cause: 'c', says });
  const cause = causeWith({ headline: 'Deployment shop/api: key `A` does not exist' });

  it('is told once each, without what the cause itself says of another object', () => {
    const roots = [
      said('api', cause.headline),
      said('cart', 'Deployment shop/cart: key `A` does not exist'),
      said('jobs', 'Deployment shop/jobs, likely: key `A` does not exist'),
      said('web', 'Deployment shop/web: its probe calls `api`'),
      said('web', 'Deployment shop/web: its probe calls `api`'),
      said('A', 'Deployment shop/A: key `A` does not exist'),
      said('own', 'something else altogether'),
      sampleRoot(query, { cause: 'c' }),
      sampleRoot(query, { cause: 'other', says: 'of another cause' }),
    ];

    expect(saidApart(sampleIncident({ roots }), cause)).toEqual([
      'Deployment shop/web: its probe calls `api`',
      'something else altogether',
    ]);
  });

  it('is not told where only the names of the objects differ', () => {
    const roots = [said('api', ''), said('cart', 'Deployment shop/cart: the other revision of cart uses a:1')];
    const headline = 'Deployment shop/api: the other revision of api uses a:1';

    expect(saidApart(sampleIncident({ roots }), causeWith({ headline, root: 'Deployment shop/api' }))).toEqual([]);
  });
});

describe('hasDetails', () => {
  const six = Array.from({ length: 6 }, () => sampleRoot(query, { cause: 'c' }));
  const past = { id: 'i-1', openedAt: AT, resolvedAt: AT, resolvedBy: 'alerts', headline: 'h' } as const;

  it.each([
    ['one cause of one object', { causes: [causeWith({})] }, false],
    ['many objects that wait', { roots: six }, false],
    ['two causes', { causes: [causeWith({}), causeWith({ key: 'd' })] }, true],
    ['two objects of one cause', { causes: [causeWith({})], roots: six.slice(4) }, true],
    ['more objects than the parent names', { causes: [causeWith({})], roots: six }, true],
    ['objects beyond those that are kept', { causes: [causeWith({})], rootsBeyond: 5 }, true],
    ['a change', { changes: [{ at: AT, object: 'o', what: 'w' }] }, true],
    ['an earlier one', { before: [past] }, true],
    ['a note', { notes: ['cut'] }, true],
    ['a reason', { roots: [sampleRoot(undefined, { look: 'impossible', reason: 'no name' })] }, true],
  ] as const)('with %s', (_, changes, expected) => {
    expect(hasDetails(sampleIncident(changes))).toBe(expected);
  });
});
