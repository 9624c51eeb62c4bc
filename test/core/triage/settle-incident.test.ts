import { describe, expect, it } from 'vitest';
import type { Incident, IncidentRoot } from '../../../src/core/triage/incident.ts';
import { pastOf, settleIncidents, signatureOf } from '../../../src/core/triage/settle-incident.ts';
import { emptyState, type TriageState, withIncidents } from '../../../src/core/triage/triage-state.ts';
import { sampleIncident } from '../../fakes/triage-samples.ts';
import { minute, only } from './triage-world.ts';

const ROOT: IncidentRoot = {
  key: 'Deployment shop/web',
  title: 'Deployment shop/web',
  query: { kind: 'Deployment', namespace: 'shop', name: 'web' },
  signature: 's',
  firing: 1,
  look: 'done',
};
const { query: _, ...UNASKABLE } = { ...ROOT, look: 'impossible', reason: 'no label' } as const;

function settled(change: Partial<Incident>, now = minute(0), askable = true): TriageState {
  const incident = sampleIncident('i-1', { events: [], heardAt: minute(0), nextLookAt: minute(99), ...change });
  return settleIncidents(withIncidents(emptyState(), [incident]), { now, forgetAfterMs: 2 * 3_600_000, askable });
}

it('looks again after minutes of the given length', () => {
  const incident = sampleIncident('i-1', { looks: 1 });
  const { nextLookAt: _, ...rest } = incident;

  const state = settleIncidents(withIncidents(emptyState(), [rest]), {
    now: minute(0),
    forgetAfterMs: 1,
    askable: true,
    minuteMs: 6000,
  });

  expect(only(state).nextLookAt).toBe(minute(0.1));
});

describe('an incident is over', () => {
  it.each([
    [1, 'The alert is resolved.'],
    [12, 'All 12 alerts are resolved.'],
  ])('when all of %i alerts are resolved', (total, text) => {
    const state = settled({ firing: 0, total, healthyLooks: 2 }, minute(3));

    expect(only(state)).toMatchObject({
      state: 'resolved',
      resolvedBy: 'alerts',
      resolvedAt: minute(3),
      changedAt: minute(3),
      events: [{ id: 'e1', at: minute(3), kind: 'resolved', text }],
    });
    expect(only(state)).not.toHaveProperty('nextLookAt');
    expect(state.changed).toEqual(new Set(['i-1']));
  });

  it('when the cluster was well twice and a cause had been found', () => {
    const well = { healthyLooks: 2, firing: 2, explained: true } as const;

    expect(only(settled(well))).toMatchObject({ resolvedBy: 'cluster', firing: 2 });
    expect(only(settled({ ...well, healthyLooks: 1 })).state).toBe('open');
  });

  it('not while its alerts fire when nothing wrong was ever found, unless nothing was heard of it for long', () => {
    const well = { healthyLooks: 5, firing: 2, causes: [] };

    expect(only(settled(well, minute(120))).state).toBe('open');
    expect(only(settled(well, minute(121)))).toMatchObject({
      resolvedBy: 'silence',
      events: [{ text: 'Nothing was heard of it for 2 hours, and nothing is found to be wrong: it is taken as over.' }],
    });
  });

  it.each<[string, Partial<Incident>, boolean, Incident['state']]>([
    ['when nothing can be asked about it', { roots: [UNASKABLE] }, true, 'resolved'],
    ['when the cluster did not answer', { roots: [{ ...ROOT, look: 'impossible' }] }, true, 'resolved'],
    ['when the cluster cannot be asked', { roots: [ROOT] }, false, 'resolved'],
    ['not when the cluster can tell', { roots: [UNASKABLE, ROOT] }, true, 'open'],
  ])('when nothing was heard of it for long: %s', (_, change, askable, expected) => {
    const late = settled(change, minute(121), askable);
    const early = settled(change, minute(120), askable);

    expect(only(late).state).toBe(expected);
    expect(only(late).events.map(({ text }) => text)).toEqual(
      expected === 'open'
        ? []
        : ['Nothing was heard of it for 2 hours, and the cluster cannot tell: it is taken as over.'],
    );
    expect(only(early).state).toBe('open');
  });

  it('only once', () => {
    const state = settled({ firing: 0 });

    const again = settleIncidents(state, { now: minute(9), forgetAfterMs: 1, askable: true });

    expect(again).toEqual(state);
  });
});

describe('an open incident is looked at again', () => {
  it.each([
    [0, 1],
    [1, 1],
    [2, 2],
    [3, 5],
    [4, 10],
    [5, 15],
    [6, 30],
    [60, 30],
  ])('after %i looks in %i minutes', (looks, minutes) => {
    expect(only(settled({ looks, nextLookAt: minute(0) })).nextLookAt).toBe(minute(minutes));
  });

  it('in five minutes when it was well, but not for ever when nothing wrong was ever found', () => {
    expect(only(settled({ looks: 1, healthyLooks: 1, nextLookAt: minute(0) })).nextLookAt).toBe(minute(5));
    expect(only(settled({ looks: 9, healthyLooks: 2, nextLookAt: minute(0) })).nextLookAt).toBe(minute(30));
  });

  it('in ten minutes at the earliest when it was left out', () => {
    const state = settled({ looks: 1, roots: [{ ...ROOT, look: 'left-out' }], nextLookAt: minute(0) });

    expect(only(state).nextLookAt).toBe(minute(10));
  });

  it('when that was planned, unless something new came', () => {
    expect(settled({ looks: 1, nextLookAt: minute(9) }).changed).toEqual(new Set());
    expect(only(settled({ looks: 0, nextLookAt: minute(9) })).nextLookAt).toBe(minute(1));
    expect(only(settled({ looks: 0, nextLookAt: minute(0.5) })).nextLookAt).toBe(minute(0.5));
  });
});

describe('what is remembered of an incident', () => {
  it('is its trouble with the object', () => {
    const incident = sampleIncident('i-1');
    const [cause] = incident.causes;

    expect(signatureOf(incident)).toBe('image-tag-missing Deployment shop/web');
    expect(signatureOf({ ...incident, causes: [] })).toBeUndefined();
    expect(
      signatureOf({ ...incident, causes: cause === undefined ? [] : [{ ...cause, code: '', state: 'unknown' }] }),
    ).toBeUndefined();
  });

  it('is how it went', () => {
    const over = sampleIncident('i-1', { state: 'resolved', resolvedAt: minute(9), resolvedBy: 'cluster' });
    const thread = { channel: 'C1', ts: '1.2' };

    expect(pastOf(over, thread)).toEqual({
      id: 'i-1',
      openedAt: over.openedAt,
      resolvedAt: minute(9),
      resolvedBy: 'cluster',
      headline: 'The tag v1.4.2 does not exist',
      thread,
    });
    expect(pastOf({ ...over, causes: [] })).toMatchObject({ headline: 'KubePodNotReady' });
    expect(pastOf(over)).not.toHaveProperty('thread');
  });
});
