import type { Incident, IncidentRoot } from '../../../src/core/triage/incident.ts';

/** The id of {@link sampleIncident}. */
export const INCIDENT_ID = 'i-0123456789abcdef';

/** A root object that was asked about. */
export function sampleRoot(query: IncidentRoot['query'], changes: Partial<IncidentRoot> = {}): IncidentRoot {
  const title = query === undefined ? 'nothing' : `${query.kind ?? ''} ${query.namespace}/${query.name}`;
  const base = { key: title, title, signature: 'x', firing: 1, look: 'done' } as const;
  return { ...base, ...(query === undefined ? {} : { query }), ...changes };
}

/** An open incident of the Deployment `shop/web` in `prod`. */
export function sampleIncident(changes: Partial<Incident> = {}): Incident {
  return {
    id: INCIDENT_ID,
    cluster: 'prod',
    channel: 'COPS',
    state: 'open',
    openedAt: '2026-03-02T09:30:00.000Z',
    since: '2026-03-02T09:25:00.000Z',
    changedAt: '2026-03-02T09:30:00.000Z',
    severity: 'warning',
    names: ['KubePodCrashLooping'],
    owners: [],
    mentions: [],
    readable: ['*'],
    roots: [sampleRoot({ kind: 'Deployment', namespace: 'shop', name: 'web' })],
    rootsBeyond: 0,
    causes: [],
    firing: 1,
    total: 1,
    changes: [],
    before: [],
    notes: [],
    events: [],
    looks: 1,
    healthyLooks: 0,
    heardAt: '2026-03-02T09:30:00.000Z',
    ...changes,
  };
}
