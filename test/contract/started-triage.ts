import { expect } from 'vitest';
import type { AlertPlace, PendingAlert } from '../../src/core/triage/stored-alert.ts';
import type { AlertIntake } from '../../src/ports/alert-intake.ts';
import type { IncidentDesk } from '../../src/ports/incident-desk.ts';
import type { TriageChange, TriageLease, TriageStore } from '../../src/ports/triage-store.ts';
import type { FakeTriageOptions } from '../fakes/fake-alert-records.ts';
import { sampleChange, sampleIncident } from '../fakes/triage-samples.ts';

/** The three ports over one empty store. */
export interface ContractTriageStore {
  readonly alerts: AlertIntake;
  readonly triage: TriageStore;
  readonly desk: IncidentDesk;
  readonly pass: (ms: number) => Promise<void>;
}

/** Opens an empty store with these times; those that are not given are as they are in use. */
export type OpenTriageStore = (options: FakeTriageOptions) => Promise<ContractTriageStore>;

/** A store with the lease of cluster `prod`. */
export interface StartedTriage extends ContractTriageStore {
  readonly lease: TriageLease;
  /** Saves under the lease. */
  readonly save: (change: Partial<TriageChange>) => Promise<void>;
}

/** Opens a store in which every alert is due at once. */
export async function startTriage(open: OpenTriageStore, options: FakeTriageOptions = {}): Promise<StartedTriage> {
  const stores = await open({ debounceMs: 0, leaseMs: 60_000, ...options });
  const lease = await stores.triage.take('prod', 'me');
  if (lease === undefined) {
    throw new Error('the lease of an empty store is taken');
  }
  return {
    ...stores,
    lease,
    save: async (change) => {
      expect(await stores.triage.save(lease, sampleChange(change))).toBe('saved');
    },
  };
}

/** The alerts of cluster `prod` that are pending. */
export async function pending({ triage }: Pick<ContractTriageStore, 'triage'>): Promise<readonly PendingAlert[]> {
  return (await triage.work('prod')).alerts;
}

/** The same in short: fingerprint, state, and what it was when it was placed. */
export async function shortly(stores: Pick<ContractTriageStore, 'triage'>): Promise<readonly string[]> {
  const alerts = await pending(stores);
  return alerts
    .map(({ alert, was }) => `${alert.mapped.alert.fingerprint} ${alert.mapped.alert.status} ${was?.status ?? 'new'}`)
    .toSorted();
}

/** Places everything that is pending into one incident, as it is. */
export async function placeAll(stores: StartedTriage, incident = 'i-1'): Promise<void> {
  const alerts = await pending(stores);
  await stores.save({ incidents: [sampleIncident(incident)], placed: alerts.map((one) => placed(one, incident)) });
}

/** A pending alert as it is placed. */
export function placed(
  { alert, revision }: PendingAlert,
  incident: string,
): AlertPlace & { readonly fingerprint: string; readonly revision: number } {
  const { fingerprint, status } = alert.mapped.alert;
  return { fingerprint, revision, incident, root: 'Deployment shop/web', status };
}
