import type { ChannelLoad, PastIncident } from '../../src/core/triage/incident.ts';
import { FakeAlertRecords, type FakeTriageOptions } from './fake-alert-records.ts';
import { FakeLease } from './fake-lease.ts';

/** What the fake triage store keeps of one cluster, besides its incidents. */
export interface ClusterRow {
  readonly alerts: FakeAlertRecords;
  readonly keys: Map<string, string>;
  readonly untold: Set<string>;
  readonly loads: Map<string, ChannelLoad>;
  readonly past: Map<string, readonly PastIncident[]>;
  readonly listeners: Set<() => void>;
  readonly lease: FakeLease;
}

/** A cluster of which nothing is known. */
export function blankCluster(options: FakeTriageOptions): ClusterRow {
  return {
    alerts: new FakeAlertRecords(options),
    keys: new Map(),
    untold: new Set(),
    loads: new Map(),
    past: new Map(),
    listeners: new Set(),
    lease: new FakeLease(),
  };
}

/** The first ones; when there are more, they are the last ones next time. */
export function nextOf(ids: Set<string>, most: number): readonly string[] {
  const listed = [...ids].slice(0, most);
  for (const id of ids.size > most ? listed : []) {
    ids.delete(id);
    ids.add(id);
  }
  return listed;
}
