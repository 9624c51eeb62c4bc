import type { Incident, IncidentPeople, IncidentRecord } from '../../src/core/triage/incident.ts';

/** An incident in memory. */
export interface IncidentRow {
  incident: Incident;
  people: IncidentPeople;
  revision: number;
  heard: number;
  nextLook: number;
  expiresAt: number;
}

/** Incidents in memory, with what people did with them. */
export class FakeIncidentRows {
  readonly #keepMs: number;
  readonly #rows = new Map<string, IncidentRow>();

  constructor(keepMs: number) {
    this.#keepMs = keepMs;
  }

  get(id: string, now: number): IncidentRow | undefined {
    const row = this.#rows.get(id);
    return row === undefined || row.expiresAt <= now ? undefined : row;
  }

  record(id: string, now: number): IncidentRecord | undefined {
    const row = this.get(id, now);
    if (row === undefined) {
      return undefined;
    }
    const { incident, people, revision, heard } = row;
    const { snoozed, ...others } = people;
    const heardAt = heard > Date.parse(incident.heardAt) ? new Date(heard).toISOString() : incident.heardAt;
    const snoozing = snoozed !== undefined && Date.parse(snoozed.until) > now;
    return structuredClone({
      incident: { ...incident, heardAt },
      people: { ...others, ...(snoozing ? { snoozed } : {}) },
      revision,
    });
  }

  save(incident: Incident, now: number): void {
    const { id, state, heardAt, nextLookAt } = incident;
    const known = this.get(id, now);
    const open = state === 'open';
    this.#rows.set(id, {
      incident,
      people: known?.people ?? { silences: [] },
      revision: (known?.revision ?? 0) + 1,
      heard: Math.max(known?.heard ?? 0, Date.parse(heardAt)),
      nextLook: open && nextLookAt !== undefined ? Date.parse(nextLookAt) : Number.POSITIVE_INFINITY,
      expiresAt: open ? Number.POSITIVE_INFINITY : now + this.#keepMs,
    });
  }

  /** An alert was heard of whose incident may have become a part of another one; returns whether that is open. */
  hear(id: string, now: number): boolean {
    const row = this.get(id, now);
    if (row?.incident.mergedInto !== undefined) {
      return this.hear(row.incident.mergedInto, now);
    }
    if (row !== undefined) {
      row.heard = now;
    }
    return row?.incident.state === 'open';
  }

  open(cluster: string): readonly string[] {
    return this.#ofCluster(cluster)
      .filter(({ incident }) => incident.state === 'open')
      .toSorted((a, b) => Date.parse(a.incident.openedAt) - Date.parse(b.incident.openedAt))
      .map(({ incident }) => incident.id);
  }

  due(cluster: string, now: number): readonly string[] {
    return this.#ofCluster(cluster)
      .filter(({ nextLook }) => nextLook <= now)
      .toSorted((a, b) => a.nextLook - b.nextLook)
      .map(({ incident }) => incident.id);
  }

  /** Ends what is over and returns of which incidents. */
  endSnoozes(cluster: string, now: number): readonly string[] {
    return this.#ofCluster(cluster).flatMap((row) => {
      const { snoozed, ...people } = row.people;
      if (snoozed === undefined || Date.parse(snoozed.until) > now) {
        return [];
      }
      row.people = people;
      row.revision += 1;
      row.nextLook = row.incident.state === 'open' ? Math.min(row.nextLook, now) : row.nextLook;
      return row.incident.id;
    });
  }

  #ofCluster(cluster: string): readonly IncidentRow[] {
    return [...this.#rows.values()].filter(({ incident }) => incident.cluster === cluster);
  }
}
