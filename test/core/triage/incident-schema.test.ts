import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { Incident } from '../../../src/core/triage/incident.ts';
import {
  channelLoadSchema,
  digestSchema,
  incidentPeopleSchema,
  incidentSchema,
  pastIncidentSchema,
  storedAlertSchema,
} from '../../../src/core/triage/incident-schema.ts';
import type { StoredAlert } from '../../../src/core/triage/stored-alert.ts';
import { sampleIncident, sampleRoot } from './incident-samples.ts';

const AT = '2026-03-02T09:30:00.000Z';
const past = {
  id: 'i-1',
  openedAt: AT,
  resolvedAt: AT,
  resolvedBy: 'silence',
  headline: 'h',
  thread: { channel: 'C1', ts: '1.1' },
} as const;
const incident: Incident = sampleIncident({
  state: 'resolved',
  resolvedAt: AT,
  resolvedBy: 'merged',
  mergedInto: 'i-2',
  explained: true,
  muted: 'night',
  roots: [
    sampleRoot({ namespace: 'shop', name: 'web' }, { reason: 'r', cause: 'c', says: 's', since: AT, look: 'left-out' }),
  ],
  causes: [
    { key: 'c', blames: 'b', code: '', title: 't', headline: 'h', state: 'unknown', root: 'r', at: AT, version: 0 },
  ],
  changes: [{ at: AT, object: 'Deployment shop/web', what: 'w' }],
  before: [past],
  events: [{ id: 'e', at: AT, kind: 'reopened', text: 't' }],
  nextLookAt: AT,
  digest: 'd-1',
});
const people = {
  acknowledged: { user: 'U1', at: AT },
  snoozed: { user: 'U1', until: AT },
  silences: [{ id: 's', alertmanager: 'main', user: 'U1', at: AT, until: AT, matchers: ['a="b"'], undoneBy: 'U2' }],
};
const digest = {
  id: 'd-1',
  cluster: 'prod',
  channel: 'C1',
  state: 'storm',
  startedAt: AT,
  lastNewAt: AT,
  releasedAt: AT,
  incidents: ['i-1'],
  beyond: 0,
  revision: 3,
} as const;

function alertAbout(target: StoredAlert['mapped']['target']): StoredAlert {
  return {
    mapped: {
      alert: {
        sender: 'prom',
        receiver: '',
        groupKey: '',
        fingerprint: 'f',
        status: 'firing',
        name: 'KubePodCrashLooping',
        labels: { alertname: 'KubePodCrashLooping', constructor: 'x' },
        annotations: {},
        startsAt: AT,
        endsAt: AT,
      },
      target,
      cluster: { kind: 'cluster', name: 'prod', from: 'only', says: 's', unknown: 'staging' },
      container: 'web',
      first: ['a'],
      several: [],
      information: false,
      trail: [],
    },
    cluster: 'prod',
    channel: 'C1',
    owner: 'shop',
    mention: 'S1',
    muted: 'night',
    readable: ['*'],
    receivedAt: AT,
    notes: ['cut'],
  };
}

const pod = { kind: 'Pod', namespace: 'shop', name: 'web-0', uid: 'u' } as const;

describe('what triage stores comes back whole', () => {
  it.each<[string, z.ZodType, unknown]>([
    ['an incident', incidentSchema, incident],
    ['an incident of which little is known', incidentSchema, sampleIncident()],
    ['what people did', incidentPeopleSchema, people],
    ['nothing that people did', incidentPeopleSchema, { silences: [] }],
    ['a digest', digestSchema, digest],
    ['the load of a channel', channelLoadSchema, { channel: 'C1', openedAt: [AT], digest }],
    ['an earlier incident', pastIncidentSchema, past],
    ['an alert about an object', storedAlertSchema, alertAbout({ kind: 'object', object: pod })],
    ['an alert about an address', storedAlertSchema, alertAbout({ kind: 'node-address', address: '10.0.0.1' })],
    ['an alert of a scrape', storedAlertSchema, alertAbout({ kind: 'scrape-target', job: 'j', address: 'a' })],
    ['an alert of the control plane', storedAlertSchema, alertAbout({ kind: 'control-plane', part: 'scheduler' })],
    ['an alert about the cluster', storedAlertSchema, alertAbout({ kind: 'cluster' })],
    ['an alert that is ignored', storedAlertSchema, alertAbout({ kind: 'ignored', reason: 'r' })],
    ['an alert about nothing', storedAlertSchema, alertAbout({ kind: 'unmapped', reason: 'r' })],
  ])('%s', (_, schema, value) => {
    expect(schema.parse(JSON.parse(JSON.stringify(value)))).toEqual(value);
  });
});

describe('what does not fit', () => {
  it.each<[string, z.ZodType, unknown]>([
    ['no such state', incidentSchema, { ...incident, state: 'lost' }],
    ['a count below zero', incidentSchema, { ...incident, firing: -1 }],
    ['a time that is none', incidentSchema, { ...incident, since: 'today' }],
    ['no silences', incidentPeopleSchema, {}],
    ['a target of another kind', storedAlertSchema, { ...alertAbout({ kind: 'cluster' }), mapped: {} }],
  ])('is refused: %s', (_, schema, value) => {
    expect(schema.safeParse(value).success).toBe(false);
  });

  it('is dropped where a newer version knows more', () => {
    expect(incidentSchema.parse({ ...incident, mood: 'curious' })).toEqual(incident);
  });
});
