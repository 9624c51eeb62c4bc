import type { Incident } from './incident.ts';
import { addEvent, plausibleStart } from './incident-fields.ts';
import { lookAgain } from './incident-roots.ts';
import type { StoredAlert } from './stored-alert.ts';

/** An incident without root objects and counts, as its first alert opens it. `now` is RFC 3339. */
export function newIncident(id: string, alert: StoredAlert, now: string): Incident {
  const { cluster, channel, muted, readable, mapped } = alert;
  return {
    id,
    cluster,
    channel,
    state: 'open',
    openedAt: now,
    since: plausibleStart(mapped.alert.startsAt, now),
    changedAt: now,
    severity: '',
    names: [],
    owners: [],
    mentions: [],
    ...(muted === undefined ? {} : { muted }),
    readable,
    roots: [],
    rootsBeyond: 0,
    causes: [],
    firing: 0,
    total: 0,
    changes: [],
    before: [],
    notes: [],
    events: [],
    looks: 0,
    healthyLooks: 0,
    heardAt: now,
  };
}

/** The incident open again; everything in it is looked at anew. */
export function reopened(incident: Incident, text: string, now: string): Incident {
  const { resolvedAt: _, resolvedBy: __, explained: ___, ...rest } = incident;
  return {
    ...rest,
    state: 'open',
    changedAt: now,
    roots: lookAgain(incident.roots),
    looks: 0,
    healthyLooks: 0,
    events: addEvent(incident.events, { at: now, kind: 'reopened', text }),
  };
}
