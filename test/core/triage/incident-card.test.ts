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
  it('has those first that are open and have the most alerts', () => {
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
        { headline, state: 'open', objects: 1, looked: 1, firing: 1, total: 9 },
        { headline, state: 'open', objects: 6, looked: 1, firing: 1, total: 2 },
        {
          headline,
          state: 'resolved',
          objects: 1,
          looked: 1,
          firing: 7,
          total: 8,
          thread: { channel: 'C1', ts: '1.2' },
        },
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

  it('has the most severe first, of many also one that is alone', () => {
    const many = Array.from({ length: 20 }, (_, index) => sampleIncident(`i-n${index}`, { firing: 9, total: 9 }));
    const unknown = { causes: [], roots: [ROOT] };
    const page = sampleIncident('i-page', { ...unknown, severity: 'page', names: ['PaymentsDown'] });
    const alike = [
      sampleIncident('i-a', { ...unknown, names: ['Slow'], severity: 'info' }),
      sampleIncident('i-b', { ...unknown, names: ['Slow'], severity: 'critical', firing: 3 }),
    ];

    const [first, second, third] = cardOf([...many, page, ...alike]).rows;

    expect([first, second, third].map((row) => [row?.headline, row?.firing])).toEqual([
      ['Slow: not looked at yet', 4],
      ['PaymentsDown: not looked at yet', 1],
      ['The tag v1.4.2 does not exist', 9],
    ]);
  });

  it('has one row for all without a cause that say the same, unless they have threads', () => {
    const incidents = ['i-1', 'i-2', 'i-3', 'i-4'].map((id, index) =>
      sampleIncident(id, { causes: [], roots: [ROOT], firing: index + 1, total: 5 }),
    );
    const row = { headline: 'KubePodNotReady: not looked at yet', unknown: true, state: 'open', looked: 0 };

    expect(cardOf(incidents).rows).toEqual([
      { ...row, objects: 3, firing: 8, total: 15 },
      { ...row, objects: 1, firing: 2, total: 5, thread: { channel: 'C1', ts: '1.2' } },
    ]);
  });

  it('counts those that are not known any more', () => {
    const card = digestCard(sampleDigest('d-1', { incidents: ['i-1', 'i-2'] }), new Map(), new Map(), minute(0));

    expect(card).toMatchObject({ rows: [], beyond: 2, firing: 0 });
  });

  it.each<[string, Partial<IncidentRoot>, string]>([
    ['waits', {}, 'KubePodNotReady: not looked at yet'],
    ['was left out', { look: 'left-out' }, 'KubePodNotReady: not looked at yet'],
    ['cannot be asked about', { look: 'impossible' }, 'KubePodNotReady: cannot be looked at'],
  ])('says so where an object %s', (_, change, expected) => {
    const incident = sampleIncident('i-1', { causes: [], roots: [{ ...ROOT, ...change }] });

    const rows = cardOf([incident]).rows.map(({ headline, unknown }) => ({ headline, unknown }));
    expect(rows).toEqual([{ headline: expected, unknown: true }]);
  });

  it('keeps hostile names printable and short', () => {
    const incident = sampleIncident('i-1', { causes: [], roots: [ROOT], names: [`a\u0007\n${'b'.repeat(200)}`] });

    expect(cardOf([incident]).rows[0]?.headline).toBe(`a\\u{7} ${'b'.repeat(72)}…: not looked at yet`);
  });
});
