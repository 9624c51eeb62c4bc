import type { Digest, Incident, IncidentSilence, PastIncident } from '../../src/core/triage/incident.ts';
import type { StoredAlert } from '../../src/core/triage/stored-alert.ts';
import type { TriageChange } from '../../src/ports/triage-store.ts';

/** What tests change of an alert. */
export interface AlertChanges {
  readonly cluster?: string;
  readonly status?: 'firing' | 'resolved';
  readonly startsAt?: string;
  /** Of one that is resolved. */
  readonly endsAt?: string;
  readonly notes?: readonly string[];
}

const SAMPLE_START = '2026-01-31T11:58:00.000Z';
export const SAMPLE_LATER_START = '2026-01-31T11:59:00.000Z';
const END = '2026-01-31T11:58:30.000Z';
const LATER_END = '2026-01-31T11:59:30.000Z';

/** An alert about a pod as intake stores it, that fires unless told otherwise. */
export function sampleStoredAlert(fingerprint: string, changes: AlertChanges = {}): StoredAlert {
  const { cluster = 'prod', status = 'firing', startsAt = SAMPLE_START, notes = [] } = changes;
  const endsAt = changes.endsAt ?? (startsAt === SAMPLE_START ? END : LATER_END);
  return {
    mapped: {
      alert: {
        sender: 'prometheus',
        receiver: 'kubewhy',
        groupKey: '{}:{namespace="shop"}',
        fingerprint,
        status,
        name: 'KubePodNotReady',
        labels: { alertname: 'KubePodNotReady', namespace: 'shop', pod: 'web-0', severity: 'warning' },
        annotations: { summary: 'not ready <!channel> \u{1f525}' },
        startsAt,
        ...(status === 'resolved' ? { endsAt } : {}),
      },
      target: { kind: 'object', object: { kind: 'Pod', namespace: 'shop', name: 'web-0', uid: 'u-1' } },
      cluster: { kind: 'cluster', name: cluster, from: 'label', says: 'label cluster says so' },
      container: 'web',
      first: ['image-tag-missing'],
      several: [],
      information: false,
      trail: [],
    },
    cluster,
    channel: 'C1',
    owner: 'team-shop',
    mention: 'S1',
    readable: ['shop', 'team-*'],
    receivedAt: '2026-01-31T12:00:00.000Z',
    notes,
  };
}

/** An open incident with every list filled. */
export function sampleIncident(id: string, changes: Partial<Incident> = {}): Incident {
  return {
    id,
    cluster: 'prod',
    channel: 'C1',
    state: 'open',
    openedAt: '2026-01-31T12:00:00.000Z',
    since: '2026-01-31T11:58:00.000Z',
    changedAt: '2026-01-31T12:00:00.000Z',
    severity: 'warning',
    names: ['KubePodNotReady'],
    owners: ['team-shop'],
    mentions: ['S1'],
    readable: ['shop'],
    roots: [
      {
        key: 'Deployment shop/web',
        title: 'Deployment shop/web',
        query: { kind: 'Deployment', namespace: 'shop', name: 'web' },
        signature: 'KubePodNotReady shop',
        firing: 1,
        look: 'done',
        cause: 'Deployment shop/web',
      },
    ],
    rootsBeyond: 0,
    causes: [
      {
        key: 'Deployment shop/web',
        code: 'image-tag-missing',
        headline: 'The tag v1.4.2 does not exist',
        state: 'confirmed',
        root: 'Deployment shop/web',
        at: '2026-01-31T12:00:02.000Z',
        version: 1,
      },
    ],
    firing: 1,
    total: 1,
    changes: [{ at: '2026-01-31T11:57:00.000Z', object: 'Deployment shop/web', what: 'image changed' }],
    before: [samplePast('i-past')],
    notes: [],
    events: [{ id: 'e-1', at: '2026-01-31T12:00:02.000Z', kind: 'cause', text: 'The cause was found.' }],
    looks: 1,
    healthyLooks: 0,
    heardAt: '2026-01-31T12:00:00.000Z',
    ...changes,
  };
}

/** How an incident went earlier. */
export function samplePast(id: string): PastIncident {
  return {
    id,
    openedAt: '2026-01-30T12:00:00.000Z',
    resolvedAt: '2026-01-30T13:00:00.000Z',
    resolvedBy: 'alerts',
    headline: 'The tag v1.4.1 does not exist',
    thread: { channel: 'C1', ts: '1700000000.000100' },
  };
}

/** A digest of a storm. */
export function sampleDigest(id: string, changes: Partial<Digest> = {}): Digest {
  return {
    id,
    cluster: 'prod',
    channel: 'C1',
    state: 'storm',
    startedAt: '2026-01-31T12:00:00.000Z',
    lastNewAt: '2026-01-31T12:00:00.000Z',
    incidents: ['i-1'],
    beyond: 0,
    revision: 1,
    ...changes,
  };
}

/** A silence of two hours. */
export function sampleSilence(id: string, changes: Partial<IncidentSilence> = {}): IncidentSilence {
  return {
    id,
    alertmanager: 'main',
    user: 'U1',
    at: '2026-01-31T12:00:00.000Z',
    until: '2026-01-31T14:00:00.000Z',
    matchers: ['alertname="KubePodNotReady"'],
    ...changes,
  };
}

/** A change with nothing in it but what is given. */
export function sampleChange(changes: Partial<TriageChange> = {}): TriageChange {
  return { incidents: [], keys: [], placed: [], loads: [], ended: [], ...changes };
}
