import { describe, expect, it } from 'vitest';
import type { Incident, IncidentRoot } from '../../../src/core/triage/incident.ts';
import { digestCard, incidentCard } from '../../../src/core/triage/incident-card.ts';
import { sampleDigest, sampleIncident } from '../../fakes/triage-samples.ts';
import { minute } from './triage-world.ts';

const ROOT: IncidentRoot = { key: 'Node a', title: 'Node a', signature: 's', firing: 1, look: 'waiting' };

function cardOf(incidents: readonly Incident[], beyond = 0) {
  return digestCard(
    sampleDigest('d-1', { incidents: incidents.map(({ id }) => id), beyond }),
    new Map(incidents.map((incident) => [incident.id, incident])),
    new Map([['i-2', { channel: 'C1', ts: '1.2' }]]),
    minute(0),
  );
}

describe('the message of an incident', () => {
  it('has the incident and what people did', () => {
    const record = { incident: sampleIncident('i-1'), people: { silences: [] }, revision: 4 };

    expect(incidentCard(record, { canSilence: true, at: minute(0) })).toEqual({
      incident: record.incident,
      people: record.people,
      canSilence: true,
      at: minute(0),
    });
  });
});

describe('the message of many incidents', () => {
  it('has those with the most alerts first', () => {
    const incidents = [
      sampleIncident('i-1', { firing: 1, total: 9 }),
      sampleIncident('i-2', { firing: 7, total: 8, state: 'resolved' }),
      sampleIncident('i-3', { firing: 1, total: 2, rootsBeyond: 5 }),
    ];
    const headline = 'The tag v1.4.2 does not exist';

    expect(cardOf(incidents)).toEqual({
      id: 'd-1',
      cluster: 'prod',
      state: 'storm',
      startedAt: '2026-01-31T12:00:00.000Z',
      firing: 9,
      total: 19,
      objects: 8,
      looked: 3,
      rows: [
        {
          headline,
          state: 'resolved',
          objects: 1,
          looked: 1,
          firing: 7,
          total: 8,
          thread: { channel: 'C1', ts: '1.2' },
        },
        { headline, state: 'open', objects: 1, looked: 1, firing: 1, total: 9 },
        { headline, state: 'open', objects: 6, looked: 1, firing: 1, total: 2 },
      ],
      beyond: 0,
      at: minute(0),
    });
  });

  it('has 15 rows and counts the others, but not those that joined others', () => {
    const incidents = Array.from({ length: 18 }, (_, index) => sampleIncident(`i-${index}`));
    const joined = sampleIncident('i-joined', { state: 'resolved', resolvedBy: 'merged', mergedInto: 'i-1' });

    const card = cardOf([...incidents, joined], 7);

    expect(card.rows).toHaveLength(15);
    expect(card.beyond).toBe(10);
    expect(card.total).toBe(18);
  });

  it('counts those that are not known any more', () => {
    const card = digestCard(sampleDigest('d-1', { incidents: ['i-1', 'i-2'] }), new Map(), new Map(), minute(0));

    expect(card).toMatchObject({ rows: [], beyond: 2, firing: 0 });
  });

  it.each<[string, Partial<IncidentRoot>, string]>([
    ['waits', {}, 'KubePodNotReady on 1 object: not looked at yet'],
    ['was left out', { look: 'left-out' }, 'KubePodNotReady on 1 object: not looked at yet'],
    ['cannot be asked about', { look: 'impossible' }, 'KubePodNotReady on 1 object: cannot be looked at'],
  ])('says so where an object %s', (_, change, expected) => {
    const incident = sampleIncident('i-1', { causes: [], roots: [{ ...ROOT, ...change }] });

    expect(cardOf([incident]).rows.map(({ headline }) => headline)).toEqual([expected]);
  });

  it('keeps hostile names printable and short', () => {
    const incident = sampleIncident('i-1', { causes: [], roots: [ROOT], names: [`a\u0007\n${'b'.repeat(200)}`] });

    expect(cardOf([incident]).rows[0]?.headline).toBe(`a\\u{7} ${'b'.repeat(72)}… on 1 object: not looked at yet`);
  });
});
